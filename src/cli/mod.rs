//! The command line.

pub mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Turns raw Persian news articles into structured, dated, linked data.
#[derive(Debug, Parser)]
#[command(name = "enricher", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the contract over gRPC.
    Serve(serve::Args),
}

/// Reads the command line and does what it says.
pub fn run() -> ExitCode {
    match Cli::parse().command {
        Command::Serve(args) => serve::run(args),
    }
}
