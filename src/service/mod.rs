//! The gRPC server.
//!
//! A call goes `bytes → call (span, deadline) → enrichment (method) → wire
//! (checked and converted) → executor (threads for CPU) → wire → bytes`.

mod call;
mod connection;
mod deadline;
mod enrichment;
mod executor;
mod server;
mod status;
mod stop;
mod stream;

pub use server::{ServeError, run};
