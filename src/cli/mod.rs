//! The command line: one module a subcommand.

mod enrich;
mod resources;
pub mod serve;
mod table;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Turns raw Persian news articles into structured, dated, linked data.
#[derive(Debug, Parser)]
#[command(name = "enricher", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Enrich files or standard input, in process or over a server.
    Enrich(Box<enrich::Args>),
    /// Serve the gRPC contract enrich.v1.EnrichmentService.
    Serve(Box<serve::Args>),
}

/// Runs the command line of the process. Exit codes: 0 when all went well, 1
/// when some articles failed, 2 for wrong usage.
pub fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Enrich(args) => enrich::run(&args),
        Command::Serve(args) => serve::run(*args),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        <Cli as clap::CommandFactory>::command().debug_assert();
    }
}
