//! The contract on the wire: the generated messages, their conversion from and
//! to the library's own types, and the one JSON form of them.

pub mod json;
mod request;
mod response;

pub use request::{Form, Request, read_request};
pub use response::{capabilities, write_response};

/// The messages and services of `proto/enrich/v1/enrichment.proto`.
#[allow(missing_docs, clippy::all, clippy::pedantic, clippy::restriction, reason = "generated code")]
pub mod v1 {
    tonic::include_proto!("enrich.v1");
}

/// The compiled protos with all they import: a serialised
/// `google.protobuf.FileDescriptorSet`, comments included.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// The full name of the service.
pub const SERVICE: &str = "enrich.v1.EnrichmentService";
