//! Connections as they are accepted.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use atomic_waker::AtomicWaker;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Sleep, sleep};
use tonic::transport::server::{Connected, TcpConnectInfo};

use super::stop::Stop;

/// For a client to say that it speaks HTTP/2.
const OPENING_TIME: Duration = Duration::from_secs(10);
/// What it says: the preface and the head of its SETTINGS. From there on the
/// transport's own keepalive watches over the connection.
const OPENING_BYTES: usize = 24 + 9;
/// How long a client may take no bytes at all while there are some for it.
const WRITING_TIME: Duration = Duration::from_secs(30);

/// A connection that is cut if it does not open in time, or has not when the
/// server stops, or takes no answer: the transport alone would wait for it.
pub struct Connection {
    stream: Box<dyn Transport>,
    peer: Peer,
    state: State,
    /// When it is too late to take what is being written.
    stalled: Option<Pin<Box<Sleep>>>,
    _place: OwnedSemaphorePermit,
}

/// Who is at the other end, as calls know it.
#[derive(Clone, Debug)]
pub struct Peer {
    /// The addresses.
    pub tcp: TcpConnectInfo,
    cut: Arc<Cut>,
}

/// Whether the connection is to be cut, and whom to tell.
#[derive(Debug, Default)]
struct Cut {
    now: AtomicBool,
    reading: AtomicWaker,
}

impl Peer {
    /// One that has just come.
    pub fn new(tcp: TcpConnectInfo) -> Self {
        Self { tcp, cut: Arc::default() }
    }

    /// Cuts the connection, with all its calls.
    pub fn cut(&self) {
        self.cut.now.store(true, Ordering::Release);
        self.cut.reading.wake();
    }
}

/// TCP, or TLS over it.
pub trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

enum State {
    /// Some bytes have been read, too few yet; and when it is too late.
    Opening(usize, Pin<Box<dyn Future<Output = ()> + Send>>),
    Open,
    Cut,
}

impl Connection {
    /// One that is ready for HTTP/2 since just now: who is at the other end,
    /// and the place it has among all.
    pub fn new(stream: Box<dyn Transport>, peer: Peer, place: OwnedSemaphorePermit, stop: Stop) -> Self {
        let too_late = async move {
            let _ = tokio::time::timeout(OPENING_TIME, stop.wait()).await;
        };
        Self { stream, peer, state: State::Opening(0, Box::pin(too_late)), stalled: None, _place: place }
    }

    /// What has come of writing, unless that takes too long.
    fn written(&mut self, polled: Poll<io::Result<usize>>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if polled.is_ready() {
            self.stalled = None;
            return polled;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(WRITING_TIME)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl Connected for Connection {
    type ConnectInfo = Peer;

    fn connect_info(&self) -> Peer {
        self.peer.clone()
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        this.peer.cut.reading.register(context.waker());
        if this.peer.cut.now.load(Ordering::Acquire) {
            this.state = State::Cut;
        }
        let (read, too_late) = match &mut this.state {
            State::Open => return Pin::new(&mut this.stream).poll_read(context, buffer),
            State::Opening(read, too_late) => (read, too_late),
            State::Cut => return Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
        };
        let before = buffer.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(context, buffer);
        *read += buffer.filled().len() - before;
        if *read >= OPENING_BYTES {
            this.state = State::Open;
        } else if polled.is_pending() {
            ready!(too_late.as_mut().poll(context));
            this.state = State::Cut;
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        polled
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(polled, context)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.written(polled, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
