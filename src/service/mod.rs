//! The gRPC server.
//!
//! A call goes `bytes → call (span, deadline, admission) → inbound (weighed) →
//! enrichment (method) → wire (checked and converted) → executor (threads for
//! CPU) → wire → bytes`.

mod accept;
mod budget;
mod call;
mod connection;
mod deadline;
mod enrichment;
mod executor;
mod guard;
mod http;
mod inbound;
mod load;
mod server;
mod status;
mod stop;
mod stream;
mod tls;
mod watched;

pub use server::{ServeError, run};
