//! The server from its first listening to its last answer.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tonic::codec::CompressionEncoding;
use tonic::transport::server::Router;
use tonic::transport::{self, Server};
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;
use tracing::{info, warn};

use super::accept::{Acceptor, Connections};
use super::budget::Budget;
use super::call::{Admission, Calls};
use super::enrichment::Service;
use super::executor::Executor;
use super::guard::Guard;
use super::http;
use super::stop::{EndAtStop, Stop, stop};
use super::tls::Tls;
use super::watched::FileError;
use crate::Enricher;
use crate::config::{Config, Time};
use crate::telemetry::{Metrics, semconv};
use crate::wire::v1::enrichment_service_server::EnrichmentServiceServer;
use crate::wire::{DESCRIPTORS, SERVICE};

/// Why the server could not serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The system grants no threads or signals.
    #[error("cannot start: {0}")]
    Start(#[source] io::Error),
    /// The address cannot be had.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, #[source] io::Error),
    /// A certificate, a key or the tokens cannot be had.
    #[error(transparent)]
    File(#[from] FileError),
    /// The descriptors are broken: an error for whoever built the binary.
    #[error("cannot serve reflection: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
    /// The listening socket failed.
    #[error("stopped serving: {0}")]
    Transport(#[from] transport::Error),
}

/// Serves until SIGTERM or SIGINT, then stops: health says NOT_SERVING, the
/// grace passes, new calls are refused, and those that run have the drain time
/// to finish. A second signal cuts the wait.
///
/// # Errors
/// When it cannot serve.
pub fn run(config: &Config, enricher: Enricher, metrics: &Metrics) -> Result<(), ServeError> {
    let runtime = runtime(config).map_err(ServeError::Start)?;
    let served = runtime.block_on(serve(config, enricher, metrics));
    // What the drain cut off is not waited for once more.
    runtime.shutdown_background();
    served
}

/// The threads that move bytes. One alone would stand still whenever a long
/// answer is encoded.
fn runtime(config: &Config) -> io::Result<Runtime> {
    let threads = config.workers.get().max(2);
    Builder::new_multi_thread().worker_threads(threads).thread_name("io").enable_all().build()
}

async fn serve(config: &Config, enricher: Enricher, metrics: &Metrics) -> Result<(), ServeError> {
    let mut signals = Signals::listen().map_err(ServeError::Start)?;
    let executor =
        Executor::start(config.workers, config.flow.queue, config.flow.max_wait).map_err(ServeError::Start)?;
    let (stopper, stop) = stop();
    let tls = config.security.tls.as_ref().map(Tls::start).transpose()?;
    let guard = config.security.tokens.clone().map(Guard::start).transpose()?.unwrap_or_default();
    let admission =
        Admission { guard, load: Arc::clone(executor.load()), budget: Budget::new(config.flow.max_in_flight_bytes) };
    let connections = Arc::new(Connections::new(config.flow.max_connections));
    measure(metrics, &admission, &connections);
    let service = Service::new(config, enricher, metrics.clone(), executor, stop.clone());
    let (health, router) = router(config, service, admission, metrics, stop.clone()).await?;

    let (listener, address) = listen(config.listen).await?;
    let ready = Arc::new(AtomicBool::new(true));
    if let Some(address) = config.http_listen {
        let (listener, address) = listen(address).await?;
        info!(%address, "http");
        tokio::spawn(http::serve(listener, metrics.clone(), Arc::clone(&ready)));
    }
    let incoming = Acceptor::new(listener, connections, tls, stop.clone()).start();
    // Tests, and people who asked for port 0, read the address from this line.
    info!(%address, workers = config.workers.get(), version = env!("CARGO_PKG_VERSION"), "listening");

    let stopping = async {
        signals.next().await;
        info!(grace = %Time(config.times.grace), "stopping: not serving");
        ready.store(false, Ordering::Relaxed);
        for service in ["", SERVICE] {
            health.set_service_status(service, ServingStatus::NotServing).await;
        }
        let _ = timeout(config.times.grace, signals.next()).await;
        info!(drain = %Time(config.times.drain), "stopping: no new calls");
        stopper.stop();
        let _ = timeout(config.times.drain, signals.next()).await;
    };
    tokio::select! {
        served = router.serve_with_incoming_shutdown(ReceiverStream::new(incoming), stop.wait()) => {
            served?;
            info!("stopped");
        }
        () = stopping => warn!("stopped: calls were cut off"),
    }
    Ok(())
}

/// A listening socket, and its address: the port may be a free one.
async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), ServeError> {
    let cannot_listen = |error| ServeError::Listen(address, error);
    let listener = TcpListener::bind(address).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    Ok((listener, address))
}

/// What is measured of the server as a whole.
fn measure(metrics: &Metrics, admission: &Admission, connections: &Arc<Connections>) {
    let Admission { load, budget, .. } = admission.clone();
    metrics.gauge(semconv::QUEUED, "{article}", "Articles that wait for a thread", move || load.jobs() as u64);
    let load = Arc::clone(&admission.load);
    let wait = move || u64::try_from(load.expected_wait().as_millis()).unwrap_or(u64::MAX);
    metrics.gauge(semconv::EXPECTED_WAIT, "", "Milliseconds that one more article would wait", wait);
    let in_flight = "Bytes of requests and unsent responses";
    metrics.gauge(semconv::IN_FLIGHT, "By", in_flight, move || budget.used() as u64);
    let open = Arc::clone(connections);
    metrics.gauge(semconv::CONNECTIONS, "{connection}", "Open connections", move || open.open() as u64);

    let (Admission { load, budget, .. }, connections) = (admission.clone(), Arc::clone(connections));
    let shed =
        move || [("wait", load.refusals()), ("bytes", budget.refusals()), ("connections", connections.refused())];
    metrics.counter(semconv::SHED, "", "Calls and connections that were turned away", semconv::REASON, shed);
    let load = Arc::clone(&admission.load);
    let undone = move || [("skipped", load.skips()), ("panic", load.panics())];
    let description =
        "Articles that were let in and not enriched: nobody waited for them any more, or a stage panicked";
    metrics.counter(semconv::UNDONE, "{article}", description, semconv::REASON, undone);
}

/// Everything that is served.
async fn router(
    config: &Config,
    service: Service,
    admission: Admission,
    metrics: &Metrics,
    stop: Stop,
) -> Result<(HealthReporter, Router), ServeError> {
    let max_request_bytes = usize::try_from(config.limits.max_request_bytes).unwrap_or(usize::MAX);
    let enrichment = EnrichmentServiceServer::new(service)
        .send_compressed(CompressionEncoding::Zstd)
        .send_compressed(CompressionEncoding::Gzip)
        .max_decoding_message_size(max_request_bytes)
        .max_encoding_message_size(config.flow.max_response_bytes);

    let (health, health_service) = tonic_health::server::health_reporter();
    health.set_service_status(SERVICE, ServingStatus::Serving).await;
    let reflection = || {
        // With the comments of the contract: they teach who asks for them.
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };

    let guard = admission.guard.clone();
    let router = transport()
        .add_service(Calls::new(enrichment, config.times, admission, metrics.clone(), stop.clone()))
        .add_service(EndAtStop::new(health_service, Guard::default(), stop.clone()))
        .add_service(EndAtStop::new(reflection().build_v1()?, guard.clone(), stop.clone()))
        .add_service(EndAtStop::new(reflection().build_v1alpha()?, guard, stop));
    Ok((health, router))
}

/// HTTP/2 with bounds where its defaults have none.
fn transport() -> Server {
    /// Long enough to cost nothing, short enough for clients behind a
    /// connection-level balancer to spread over new servers.
    const CONNECTION_AGE: Duration = Duration::from_secs(30 * 60);

    Server::builder()
        .max_concurrent_streams(100)
        // What a connection may hold in flight before its bytes are read.
        .initial_stream_window_size(64 * 1024)
        .initial_connection_window_size(1024 * 1024)
        .http2_max_header_list_size(16 * 1024)
        // Clients that provoke resets are cut off (rapid reset, MadeYouReset).
        .http2_max_pending_accept_reset_streams(Some(20))
        .http2_max_local_error_reset_streams(Some(1024))
        // Peers that are gone without a word are noticed.
        .http2_keepalive_interval(Some(Duration::from_secs(20)))
        .http2_keepalive_timeout(Some(Duration::from_secs(10)))
        // A grace for it would suppress GOAWAY; calls may finish without one.
        .max_connection_age(CONNECTION_AGE.mul_f64(jitter()))
}

/// From 0.9 to 1.1, different in each process, so that the connections of a
/// fleet that started together do not end together.
fn jitter() -> f64 {
    let random = RandomState::new().build_hasher().finish();
    0.9 + 0.2 * f64::from((random >> 32) as u32) / f64::from(u32::MAX)
}

/// SIGTERM and SIGINT.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// From now on, neither kills the process.
    fn listen() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => (),
            _ = self.interrupt.recv() => (),
        }
    }
}
