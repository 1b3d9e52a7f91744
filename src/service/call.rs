//! What every call of the contract has around it, whatever its method: a span
//! that continues the caller's trace, a deadline, the statuses of the contract
//! for what could not be read, and a line in the log.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Instant;

use http_body::{Body as HttpBody, Frame};
use opentelemetry::trace::Status as SpanStatus;
use tonic::body::Body;
use tonic::codegen::{Bytes, Service, http};
use tonic::server::NamedService;
use tonic::{Code, Status};
use tracing::{Instrument, Span, info, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::stop::Stop;
use super::{deadline, status};
use crate::config::Times;
use crate::telemetry::semconv::{self, is_server_fault, status_name};
use crate::telemetry::{continue_trace, trace_id};

/// What a method knows of its call.
#[derive(Clone, Debug)]
pub struct Call {
    /// When the caller stops waiting, or the server does for it. None for a
    /// stream whose caller set no deadline.
    pub deadline: Option<Instant>,
    /// The OpenTelemetry trace in hexadecimal, or empty.
    pub trace_id: String,
    /// Whether the method has been reached.
    reached: Arc<AtomicBool>,
}

impl Call {
    /// That of a request which came through [`Calls`].
    ///
    /// # Errors
    /// INTERNAL for one that did not.
    pub fn of<T>(request: &tonic::Request<T>) -> Result<Self, Status> {
        let call = request.extensions().get::<Self>().ok_or_else(|| Status::internal("the call has no context"))?;
        call.reached.store(true, Ordering::Relaxed);
        Ok(call.clone())
    }
}

/// A method of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    Enrich,
    EnrichBatch,
    EnrichStream,
    GetCapabilities,
    /// None of the contract.
    Other,
}

impl Method {
    fn of(path: &str) -> Self {
        match path.rsplit('/').next() {
            Some("Enrich") => Self::Enrich,
            Some("EnrichBatch") => Self::EnrichBatch,
            Some("EnrichStream") => Self::EnrichStream,
            Some("GetCapabilities") => Self::GetCapabilities,
            _ => Self::Other,
        }
    }

    /// With its service, as the conventions want it.
    const fn name(self) -> &'static str {
        match self {
            Self::Enrich => "enrich.v1.EnrichmentService/Enrich",
            Self::EnrichBatch => "enrich.v1.EnrichmentService/EnrichBatch",
            Self::EnrichStream => "enrich.v1.EnrichmentService/EnrichStream",
            Self::GetCapabilities => "enrich.v1.EnrichmentService/GetCapabilities",
            Self::Other => semconv::OTHER,
        }
    }
}

/// The service with all that around its calls.
#[derive(Clone, Debug)]
pub struct Calls<S> {
    inner: S,
    times: Times,
    stop: Stop,
}

impl<S> Calls<S> {
    /// Around the calls of `inner`.
    pub fn new(inner: S, times: Times, stop: Stop) -> Self {
        Self { inner, times, stop }
    }
}

impl<S: NamedService> NamedService for Calls<S> {
    const NAME: &'static str = S::NAME;
}

impl<S> Service<http::Request<Body>> for Calls<S>
where
    S: Service<http::Request<Body>, Response = http::Response<Body>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
        let now = Instant::now();
        let method = Method::of(request.uri().path());
        let span = info_span!(
            "rpc",
            otel.name = method.name(),
            otel.kind = "server",
            { semconv::RPC_SYSTEM_NAME } = semconv::GRPC,
            { semconv::RPC_METHOD } = method.name(),
        );
        continue_trace(&span, request.headers());
        let mut record = Record { span: span.clone(), method, started: now, code: None };

        let deadline = match deadline::of_caller(request.headers(), now, &self.times) {
            _ if self.stop.is_set() => Err(status::shutting_down()),
            Err(deadline::MalformedTimeout) => Err(Status::invalid_argument("malformed grpc-timeout")),
            Ok(None) if method != Method::EnrichStream => Ok(Some(now + self.times.default_deadline)),
            Ok(deadline) => Ok(deadline),
        };
        let deadline = match deadline {
            Ok(deadline) => deadline,
            Err(status) => {
                let response = status.into_http();
                record.read(response.headers());
                return Box::pin(std::future::ready(Ok(response)));
            }
        };

        let reached = Arc::<AtomicBool>::default();
        request.extensions_mut().insert(Call { deadline, trace_id: trace_id(&span), reached: Arc::clone(&reached) });
        let answer = self.inner.call(request);
        let answer = async move {
            let response = tokio::select! {
                biased;
                Ok(response) = answer => response,
                () = until(deadline) => status::deadline_exceeded().into_http(),
            };
            let response = match Status::from_header_map(response.headers()) {
                Some(unread) if !reached.load(Ordering::Relaxed) => status::of_unread(unread).into_http(),
                _ => response,
            };
            if record.read(response.headers()) {
                return Ok(response);
            }
            Ok(response.map(|inner| Body::new(Recorded { inner, record })))
        };
        Box::pin(answer.instrument(span))
    }
}

/// Until the deadline, or for ever.
pub async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}

/// Notes how the call ended, on its span and in the log, when it is dropped:
/// after the last byte, or when the caller has gone.
struct Record {
    span: Span,
    method: Method,
    started: Instant,
    /// None while it has not ended.
    code: Option<Code>,
}

impl Record {
    /// Reads the status from headers or trailers, and says whether it is there.
    fn read(&mut self, headers: &http::HeaderMap) -> bool {
        if let Some(status) = headers.get("grpc-status") {
            self.code = Some(Code::from_bytes(status.as_bytes()));
        }
        self.code.is_some()
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let code = self.code.unwrap_or(Code::Cancelled);
        let name = status_name(code);
        self.span.set_attribute(semconv::RPC_RESPONSE_STATUS_CODE, name);
        if is_server_fault(code) {
            self.span.set_attribute(semconv::ERROR_TYPE, name);
            self.span.set_status(SpanStatus::error(""));
        }
        let micros = u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.span.in_scope(|| {
            info!(
                { semconv::RPC_METHOD } = self.method.name(),
                { semconv::RPC_RESPONSE_STATUS_CODE } = name,
                micros,
                "call"
            );
        });
    }
}

/// A body that ends the record with its trailers.
struct Recorded {
    inner: Body,
    record: Record,
}

impl HttpBody for Recorded {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(trailers) = frame.trailers_ref()
        {
            self.record.read(trailers);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.inner.size_hint()
    }
}
