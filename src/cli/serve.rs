//! Stub; see the service.

/// Stub.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// Stub.
pub(super) fn run(_args: Args) -> std::process::ExitCode {
    std::process::ExitCode::FAILURE
}
