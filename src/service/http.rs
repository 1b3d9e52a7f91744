//! Plain HTTP for those who watch over the server: metrics and probes.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, header};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use crate::telemetry::Metrics;

/// Connections at a time. Nobody needs more.
const CONNECTIONS: usize = 64;
/// For a connection, from its first byte to its last.
const TIME: Duration = Duration::from_secs(10);

/// Answers `/metrics` in Prometheus' text form, `/livez` with 200 as long as
/// the process goes on, and `/readyz` with 200 while `ready`, else 503. Each
/// connection is good for one request.
pub async fn serve(listener: TcpListener, metrics: Metrics, ready: Arc<AtomicBool>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let (Ok(place), accepted) = (Arc::clone(&room).acquire_owned().await, listener.accept().await) else { return };
        let Ok((stream, _)) = accepted else {
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        let answering = answer(stream, metrics.clone(), Arc::clone(&ready));
        tokio::spawn(async move {
            let _ = timeout(TIME, answering).await;
            drop(place);
        });
    }
}

fn answer(stream: TcpStream, metrics: Metrics, ready: Arc<AtomicBool>) -> impl Future {
    let service = service_fn(move |request: Request<_>| {
        let response = respond(&request, &metrics, &ready);
        async { Ok::<_, Infallible>(response) }
    });
    http1::Builder::new().timer(TokioTimer::new()).keep_alive(false).serve_connection(TokioIo::new(stream), service)
}

fn respond<B>(request: &Request<B>, metrics: &Metrics, ready: &AtomicBool) -> Response<String> {
    const TEXT: &str = "text/plain; charset=utf-8";
    let known = matches!(*request.method(), Method::GET | Method::HEAD);
    let (status, kind, body) = match request.uri().path() {
        _ if !known => (StatusCode::METHOD_NOT_ALLOWED, TEXT, "only GET\n".to_owned()),
        "/metrics" => (StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", metrics.prometheus()),
        "/livez" => (StatusCode::OK, TEXT, "ok\n".to_owned()),
        "/readyz" if ready.load(Ordering::Relaxed) => (StatusCode::OK, TEXT, "ok\n".to_owned()),
        "/readyz" => (StatusCode::SERVICE_UNAVAILABLE, TEXT, "stopping\n".to_owned()),
        _ => (StatusCode::NOT_FOUND, TEXT, "metrics, livez and readyz are here\n".to_owned()),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    response
}
