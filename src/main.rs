//! The command line and the server in one binary.

fn main() -> std::process::ExitCode {
    article_enricher::cli::run()
}
