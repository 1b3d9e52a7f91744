//! What every call of the contract has around it, whatever its method: a span
//! that continues the caller's trace, a deadline, the statuses of the contract
//! for what could not be read, and a line in the log.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use http_body::{Body as HttpBody, Frame};
use opentelemetry::trace::Status as SpanStatus;
use tokio::sync::oneshot;
use tokio::time::timeout_at;
use tonic::body::Body;
use tonic::codegen::{Bytes, Service, http};
use tonic::server::NamedService;
use tonic::{Code, Status};
use tracing::{Instrument, Span, info, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::budget::{Budget, Charge};
use super::connection::Peer;
use super::executor::TooBusy;
use super::guard::Guard;
use super::inbound::Inbound;
use super::load::Load;
use super::stop::Stop;
use super::{deadline, status};
use crate::config::Times;
use crate::telemetry::semconv::{self, is_server_fault, status_name};
use crate::telemetry::{Metrics, continue_trace, trace_id};

/// From a call's deadline until its response has to be sent; the pieces of a
/// stream have the default deadline, each. A client that does not take them by
/// then is cut off: nothing less frees the memory.
const SENDING_TIME: Duration = Duration::from_secs(5);

/// What a method knows of its call.
#[derive(Clone, Debug)]
pub struct Call {
    /// When the caller stops waiting, or the server does for it. None for a
    /// stream whose caller set no deadline.
    pub deadline: Option<Instant>,
    /// The OpenTelemetry trace in hexadecimal, or empty.
    pub trace_id: String,
    /// The bytes that it has in flight.
    pub charge: Arc<Charge>,
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
    admission: Admission,
    metrics: Metrics,
    stop: Stop,
}

/// What decides whether a call is let in.
#[derive(Clone, Debug)]
pub struct Admission {
    /// Who may call.
    pub guard: Guard,
    /// The work that waits.
    pub load: Arc<Load>,
    /// The bytes in flight.
    pub budget: Budget,
}

impl<S> Calls<S> {
    /// Around the calls of `inner`.
    pub fn new(inner: S, times: Times, admission: Admission, metrics: Metrics, stop: Stop) -> Self {
        Self { inner, times, admission, metrics, stop }
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
        let mut record = Record { span: span.clone(), metrics: self.metrics.clone(), method, started: now, code: None };

        let may_call = self.admission.guard.check(request.headers());
        let deadline = match deadline::of_caller(request.headers(), now, &self.times) {
            _ if self.stop.is_set() => Err(status::shutting_down()),
            Err(deadline::MalformedTimeout) => Err(Status::invalid_argument("malformed grpc-timeout")),
            Ok(None) if method != Method::EnrichStream => Ok(Some(now + self.times.default_deadline)),
            Ok(deadline) => Ok(deadline),
        };
        // Before its message is even read. A stream is let in: it waits.
        let admitted = |deadline: Option<Instant>| match (method, deadline) {
            (Method::Enrich | Method::EnrichBatch, Some(by)) => {
                self.admission.load.check(by).map_err(|TooBusy(wait)| status::exhausted(wait)).map(|()| deadline)
            }
            _ => Ok(deadline),
        };
        let deadline = match may_call.and(deadline).and_then(admitted) {
            Ok(deadline) => deadline,
            Err(status) => {
                let response = status.into_http();
                record.read(response.headers());
                return Box::pin(std::future::ready(Ok(response)));
            }
        };

        let reached = Arc::<AtomicBool>::default();
        let peer = request.extensions().get::<Peer>().cloned();
        let charge = Arc::new(self.admission.budget.open());
        request.extensions_mut().insert(Call {
            deadline,
            trace_id: trace_id(&span),
            charge: Arc::clone(&charge),
            reached: Arc::clone(&reached),
        });
        let (is_stream, body_time, time) =
            (method == Method::EnrichStream, self.times.body, self.times.default_deadline);
        let weighed = Arc::clone(&charge);
        let request = request.map(|body| Body::new(Inbound::new(body, weighed, body_time, is_stream)));
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
            Ok(response.map(|inner| Body::new(Recorded { inner, record, charge, peer, deadline, time })))
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

/// Cuts the connection some time after the deadline, unless what is given back
/// has been dropped by then. A body cannot do that: the transport does not
/// even look at it while its client takes nothing.
fn cut_if_unsent(peer: Peer, deadline: Instant) -> oneshot::Sender<()> {
    let (unsent, sent) = oneshot::channel();
    tokio::spawn(async move {
        if timeout_at((deadline + SENDING_TIME).into(), sent).await.is_err() {
            info!(peer = ?peer.tcp.remote_addr(), "cut: takes no answer");
            peer.cut();
        }
    });
    unsent
}

/// Notes how the call ended, on its span and in the log, when it is dropped:
/// after the last byte, or when the caller has gone.
struct Record {
    span: Span,
    metrics: Metrics,
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
        let time = self.started.elapsed();
        self.metrics.call(self.method.name(), name, time);
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
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

/// A body that ends the record with its trailers, and whose bytes are charged
/// until they are sent.
struct Recorded {
    inner: Body,
    record: Record,
    charge: Arc<Charge>,
    peer: Option<Peer>,
    deadline: Option<Instant>,
    /// For the client to take each piece, where there is no deadline.
    time: Duration,
}

impl Recorded {
    /// Bytes that are in flight until they are sent, which has to be soon.
    fn sending(&self, bytes: Bytes) -> Bytes {
        let deadline = self.deadline.unwrap_or_else(|| Instant::now() + self.time);
        let _unsent = self.peer.clone().map(|peer| cut_if_unsent(peer, deadline));
        Bytes::from_owner(Sending { _charge: self.charge.beside(bytes.len()), bytes, _unsent })
    }
}

/// Bytes of a response. The transport takes them long before it can send
/// them, and drops them then.
struct Sending {
    bytes: Bytes,
    _charge: Charge,
    _unsent: Option<oneshot::Sender<()>>,
}

impl AsRef<[u8]> for Sending {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
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
        polled.map(|polled| polled.map(|polled| polled.map(|frame| frame.map_data(|bytes| self.sending(bytes)))))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::super::stop::{Stopper, stop};
    use super::*;
    use crate::service::load::Waiting;
    use std::num::NonZeroUsize;

    const TIMES: Times = Times {
        default_deadline: Duration::from_secs(600),
        max_deadline: Duration::from_secs(600),
        body: Duration::from_secs(600),
        grace: Duration::ZERO,
        drain: Duration::ZERO,
        flush: Duration::ZERO,
    };

    /// Reaches its method or not, then answers with a status or never.
    #[derive(Clone)]
    struct Fake {
        reached: bool,
        status: Option<Code>,
        /// Held by the calls in progress.
        calls: Arc<()>,
    }

    impl Service<http::Request<Body>> for Fake {
        type Response = http::Response<Body>;
        type Error = Infallible;
        type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, request: http::Request<Body>) -> Self::Future {
            let request = tonic::Request::from_http(request);
            if self.reached {
                Call::of(&request).unwrap();
            }
            let (status, call) = (self.status, Arc::clone(&self.calls));
            Box::pin(async move {
                let _call = call;
                match status {
                    Some(code) => Ok(Status::new(code, "as told").into_http()),
                    None => std::future::pending().await,
                }
            })
        }
    }

    fn fake(reached: bool, status: Option<Code>) -> (Calls<Fake>, Stopper) {
        let (stopper, stop) = stop();
        let load = Arc::new(Load::new(NonZeroUsize::MIN, Duration::from_millis(100)));
        let admission = Admission { guard: Guard::default(), load, budget: Budget::new(1000) };
        (
            Calls::new(Fake { reached, status, calls: Arc::default() }, TIMES, admission, Metrics::unread(), stop),
            stopper,
        )
    }

    async fn code(calls: &mut Calls<Fake>, timeout: Option<&str>) -> Code {
        let mut request = http::Request::builder().uri("/enrich.v1.EnrichmentService/Enrich");
        if let Some(timeout) = timeout {
            request = request.header("grpc-timeout", timeout);
        }
        let response = calls.call(request.body(Body::empty()).unwrap()).await.unwrap();
        Status::from_header_map(response.headers()).unwrap().code()
    }

    #[tokio::test]
    async fn the_callers_deadline_ends_the_call_and_drops_the_work() {
        let (mut calls, _stopper) = fake(true, None);
        assert_eq!(code(&mut calls, Some("30m")).await, Code::DeadlineExceeded);
        assert_eq!(code(&mut calls, Some("0n")).await, Code::DeadlineExceeded);
        assert_eq!(Arc::strong_count(&calls.inner.calls), 1);
    }

    #[tokio::test]
    async fn what_was_not_read_is_the_callers_fault_and_what_was_is_ours() {
        for (reached, from, to) in [
            (false, Code::Internal, Code::InvalidArgument),
            (false, Code::OutOfRange, Code::ResourceExhausted),
            (false, Code::Unimplemented, Code::Unimplemented),
            (true, Code::Internal, Code::Internal),
        ] {
            let (mut calls, _stopper) = fake(reached, Some(from));
            assert_eq!(code(&mut calls, None).await, to, "{reached} {from}");
        }
    }

    #[tokio::test]
    async fn what_would_wait_too_long_is_refused_unread() {
        let (mut calls, _stopper) = fake(true, Some(Code::Internal));
        let waiting = Waiting::new(&calls.admission.load, 100_000_000);
        assert_eq!(code(&mut calls, None).await, Code::ResourceExhausted);
        drop(waiting);
        assert_eq!(code(&mut calls, None).await, Code::Internal);
        assert_eq!(calls.admission.budget.used(), 0);
    }

    #[tokio::test]
    async fn a_stopping_server_takes_no_calls() {
        let (mut calls, stopper) = fake(true, Some(Code::Internal));
        stopper.stop();
        assert_eq!(code(&mut calls, None).await, Code::Unavailable);
    }
}
