//! The names of OpenTelemetry attributes, all in one place.
//!
//! From the semantic conventions for RPC and for recording errors
//! (opentelemetry.io/docs/specs/semconv, release candidate of RPC after
//! v1.37); names that start with `enricher.` are our own. The library writes
//! its own `enricher.items` in `pipeline.rs`: it knows nothing of exporters.

/// Which RPC system it is: always [`GRPC`].
pub const RPC_SYSTEM_NAME: &str = "rpc.system.name";
/// The value of [`RPC_SYSTEM_NAME`].
pub const GRPC: &str = "grpc";
/// The method with its service, `enrich.v1.EnrichmentService/Enrich`, or
/// [`OTHER`].
pub const RPC_METHOD: &str = "rpc.method";
/// A value for what the caller made up, so that series stay few.
pub const OTHER: &str = "_OTHER";
/// The status code by name, `INVALID_ARGUMENT`.
pub const RPC_RESPONSE_STATUS_CODE: &str = "rpc.response.status_code";
/// The status code by name once more, only where it is the server's fault.
pub const ERROR_TYPE: &str = "error.type";
/// The resource attribute that names the service.
pub const SERVICE_NAME: &str = "service.name";
/// The resource attribute with the version of the service.
pub const SERVICE_VERSION: &str = "service.version";

/// The histogram of calls.
pub const RPC_SERVER_CALL_DURATION: &str = "rpc.server.call.duration";
/// Resident memory.
pub const PROCESS_MEMORY_USAGE: &str = "process.memory.usage";
/// The histogram of stages, by [`STAGE`].
pub const STAGE_DURATION: &str = "enricher.stage.duration";
/// The name of a stage.
pub const STAGE: &str = "enricher.stage";
/// Tokens of the articles enriched.
pub const TOKENS: &str = "enricher.tokens";
/// Articles that wait for a thread.
pub const QUEUED: &str = "enricher.queued";
/// How long one more would wait.
pub const EXPECTED_WAIT: &str = "enricher.expected_wait_ms";
/// Bytes of requests and responses in flight.
pub const IN_FLIGHT: &str = "enricher.in_flight";
/// Open connections.
pub const CONNECTIONS: &str = "enricher.connections";
/// What was turned away, by [`REASON`].
pub const SHED: &str = "enricher.shed";
/// What was let in and not done, by [`REASON`].
pub const UNDONE: &str = "enricher.undone";
/// Why.
pub const REASON: &str = "enricher.reason";
/// Spans by what became of them, [`OUTCOME`].
pub const EXPORT_SPANS: &str = "enricher.export.spans";
/// `ended`, `sent` or `failed`.
pub const OUTCOME: &str = "enricher.outcome";

/// The status code by its name in the conventions.
pub const fn status_name(code: tonic::Code) -> &'static str {
    use tonic::Code;
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

/// Whether the conventions call this status of a server an error: the
/// caller's faults are none.
pub const fn is_server_fault(code: tonic::Code) -> bool {
    use tonic::Code;
    matches!(
        code,
        Code::Unknown
            | Code::DeadlineExceeded
            | Code::Unimplemented
            | Code::Internal
            | Code::Unavailable
            | Code::DataLoss
    )
}
