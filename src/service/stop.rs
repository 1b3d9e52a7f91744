//! The moment from which the server takes no more calls.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use http_body::{Body as HttpBody, Frame};
use tokio::sync::watch;
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::{Bytes, Service, http};

use super::guard::Guard;
use super::status;

/// Says to everybody that new calls are refused from now on.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

/// Knows whether new calls are refused.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

/// A stopper and what learns from it.
pub fn stop() -> (Stopper, Stop) {
    let (stopper, stop) = watch::channel(false);
    (Stopper(stopper), Stop(stop))
}

impl Stopper {
    /// From now on.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Whether it has been said.
    pub fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// Until it is said.
    pub async fn wait(mut self) {
        // The sender going away means the same.
        let _ = self.0.wait_for(|stopped| *stopped).await;
    }
}

/// Ends the open streams of a service when the server stops: those of health
/// and reflection last as long as the client likes, and would hold up the
/// stopping. Nor lets everybody in.
#[derive(Clone, Debug)]
pub struct EndAtStop<S> {
    inner: S,
    guard: Guard,
    stop: Stop,
}

impl<S> EndAtStop<S> {
    /// `inner`, whose streams end at `stop`, for those that `guard` lets in.
    pub fn new(inner: S, guard: Guard, stop: Stop) -> Self {
        Self { inner, guard, stop }
    }
}

impl<S: tonic::server::NamedService> tonic::server::NamedService for EndAtStop<S> {
    const NAME: &'static str = S::NAME;
}

impl<S> Service<http::Request<Body>> for EndAtStop<S>
where
    S: Service<http::Request<Body>, Response = http::Response<Body>>,
    S::Error: Send + 'static,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        if let Err(status) = self.guard.check(request.headers()) {
            return Box::pin(std::future::ready(Ok(status.into_http())));
        }
        let stop = self.stop.clone();
        let response = self.inner.call(request);
        Box::pin(async move {
            let response = response.await?;
            Ok(response.map(|inner| Body::new(Ending { inner, stopping: Some(Box::pin(stop.wait())), ended: false })))
        })
    }
}

/// A body that ends when the server stops.
struct Ending {
    inner: Body,
    /// None once the server stops.
    stopping: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    ended: bool,
}

impl HttpBody for Ending {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        if self.stopping.as_mut().is_some_and(|stopping| stopping.as_mut().poll(context).is_ready()) {
            self.stopping = None;
        }
        // What is ready is still sent.
        let polled = Pin::new(&mut self.inner).poll_frame(context);
        if polled.is_ready() || self.stopping.is_some() {
            return polled;
        }
        self.ended = true;
        let mut trailers = http::HeaderMap::new();
        status::shutting_down().add_header(&mut trailers)?;
        Poll::Ready(Some(Ok(Frame::trailers(trailers))))
    }

    fn is_end_stream(&self) -> bool {
        self.ended || self.inner.is_end_stream()
    }
}
