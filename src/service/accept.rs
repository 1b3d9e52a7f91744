//! Accepting connections: so many and no more, and calmly when the system can
//! give none.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{sleep, timeout};
use tonic::transport::server::Connected;
use tracing::warn;

use super::connection::{Connection, Peer};
use super::stop::Stop;
use super::tls::Tls;

/// The wait after the system had no descriptor or memory for a connection; it
/// doubles up to [`LONGEST_REST`]. The connection stays in the system's queue.
const REST: Duration = Duration::from_millis(50);
/// The longest such wait.
const LONGEST_REST: Duration = Duration::from_secs(1);

/// For both sides to agree on TLS.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);

/// The connections there are.
#[derive(Debug)]
pub struct Connections {
    most: usize,
    /// Those that may be added.
    room: Arc<Semaphore>,
    refused: AtomicU64,
}

impl Connections {
    /// For at most `most` at a time.
    pub fn new(most: usize) -> Self {
        Self { most, room: Arc::new(Semaphore::new(most)), refused: AtomicU64::new(0) }
    }

    /// Those that are open.
    pub fn open(&self) -> usize {
        self.most - self.room.available_permits()
    }

    /// Those that were too many.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }
}

/// Accepts until the server stops or nobody takes the connections any more.
pub struct Acceptor {
    listener: TcpListener,
    connections: Arc<Connections>,
    tls: Option<Tls>,
    stop: Stop,
}

impl Acceptor {
    /// On this socket. Connections beyond those there may be are closed as
    /// they come: a client that learns so at once can go elsewhere.
    pub fn new(listener: TcpListener, connections: Arc<Connections>, tls: Option<Tls>, stop: Stop) -> Self {
        Self { listener, connections, tls, stop }
    }

    /// The connections, from a task of its own.
    pub fn start(self) -> mpsc::Receiver<io::Result<Connection>> {
        let (accepted, connections) = mpsc::channel(64);
        let stop = self.stop.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = self.run(&accepted) => (),
                () = accepted.closed() => (),
                () = stop.wait() => (),
            }
        });
        connections
    }

    async fn run(&self, accepted: &mpsc::Sender<io::Result<Connection>>) {
        let mut rest = REST;
        loop {
            let stream = match self.listener.accept().await {
                Ok((stream, _)) => stream,
                // That one has gone while it waited; the next may be sound.
                Err(error) if is_of_the_peer(&error) => continue,
                Err(error) => {
                    if rest == REST {
                        warn!(%error, "cannot accept connections for now");
                    }
                    sleep(rest).await;
                    rest = LONGEST_REST.min(rest * 2);
                    continue;
                }
            };
            rest = REST;
            let Ok(place) = Arc::clone(&self.connections.room).try_acquire_owned() else {
                self.connections.refused.fetch_add(1, Ordering::Relaxed);
                continue;
            };
            // Fails only on a connection that is dead already.
            if stream.set_nodelay(true).is_err() {
                continue;
            }
            let (peer, stop) = (Peer::new(stream.connect_info()), self.stop.clone());
            let Some(tls) = &self.tls else {
                if accepted.send(Ok(Connection::new(Box::new(stream), peer, place, stop))).await.is_err() {
                    return;
                }
                continue;
            };
            // Apart from the others, whom it shall not hold up.
            let (handshake, accepted) = (timeout(HANDSHAKE_TIME, tls.acceptor().accept(stream)), accepted.clone());
            tokio::spawn(async move {
                tokio::select! {
                    Ok(Ok(stream)) = handshake => {
                        let _ = accepted.send(Ok(Connection::new(Box::new(stream), peer, place, stop))).await;
                    }
                    () = stop.clone().wait() => (),
                    else => (),
                }
            });
        }
    }
}

/// Whether the error is that of one connection, not of the listener.
fn is_of_the_peer(error: &io::Error) -> bool {
    use io::ErrorKind;
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionRefused
            | ErrorKind::Interrupted
            | ErrorKind::PermissionDenied
    )
}
