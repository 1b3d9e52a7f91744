//! `enricher`: the server and the command line.

fn main() -> std::process::ExitCode {
    article_enricher::cli::main()
}
