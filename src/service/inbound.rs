//! The body of a request on its way in: weighed, and not waited for for ever.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use http_body::{Body as HttpBody, Frame};
use tokio::time::{Sleep, sleep_until};
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::Bytes;

use super::budget::Charge;
use super::status;

/// When to come back after there was no room for a request's bytes.
const RETRY_DELAY: Duration = Duration::from_millis(250);

/// A body whose bytes are charged as they come, and whose messages have to
/// come in a given time.
pub struct Inbound {
    inner: Body,
    charge: Arc<Charge>,
    time: Duration,
    framing: Framing,
    /// Since when a message is awaited; None between those of a stream, which
    /// may come when they like.
    since: Option<Instant>,
    late: Option<Pin<Box<Sleep>>>,
}

impl Inbound {
    /// The body of a call with one message, or of a stream of them.
    pub fn new(inner: Body, charge: Arc<Charge>, time: Duration, is_stream: bool) -> Self {
        let since = (!is_stream).then(Instant::now);
        Self { inner, charge, time, framing: Framing::default(), since, late: None }
    }

    fn weigh(&mut self, data: &[u8]) -> Result<(), Status> {
        if !self.charge.try_add(data.len()) {
            return Err(status::exhausted(RETRY_DELAY));
        }
        match self.framing.advance(data) {
            true => (self.since, self.late) = (None, None),
            false => _ = self.since.get_or_insert_with(Instant::now),
        }
        Ok(())
    }
}

impl HttpBody for Inbound {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = &mut *self;
        match Pin::new(&mut this.inner).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                let weighed = frame.data_ref().map_or(Ok(()), |data| this.weigh(data));
                Poll::Ready(Some(weighed.map(|()| frame)))
            }
            Poll::Pending => {
                let Some(since) = this.since else { return Poll::Pending };
                let time = this.time;
                let late = this.late.get_or_insert_with(|| Box::pin(sleep_until((since + time).into())));
                ready!(late.as_mut().poll(context));
                Poll::Ready(Some(Err(Status::deadline_exceeded("the request took too long to arrive"))))
            }
            ended => ended,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.inner.size_hint()
    }
}

/// Where messages begin and end: each is a byte of flags, its length in four
/// bytes, then so many bytes.
#[derive(Debug, Default)]
struct Framing {
    /// Bytes of the head that have come.
    head: usize,
    length: usize,
    /// Bytes of the message that have come.
    body: usize,
}

impl Framing {
    const HEAD: usize = 5;

    /// Takes bytes, and says whether a message ends with them.
    fn advance(&mut self, mut data: &[u8]) -> bool {
        while let Some((&byte, rest)) = data.split_first() {
            if self.head < Self::HEAD {
                if self.head > 0 {
                    self.length = self.length << 8 | usize::from(byte);
                }
                self.head += 1;
                data = rest;
            } else {
                let taken = data.len().min(self.length - self.body);
                self.body += taken;
                data = data.get(taken..).unwrap_or_default();
            }
            if self.head == Self::HEAD && self.body == self.length {
                *self = Self::default();
            }
        }
        self.head == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::budget::Budget;

    #[test]
    fn messages_end_where_their_lengths_say() {
        let two = [0, 0, 0, 0, 3, 7, 7, 7, 1, 0, 0, 0, 0];
        for cut in 0..=two.len() {
            let mut framing = Framing::default();
            let (first, second) = two.split_at(cut);
            assert_eq!(framing.advance(first), matches!(cut, 0 | 8 | 13), "{cut}");
            assert!(framing.advance(second), "{cut}");
        }
    }

    /// The statuses of reading a body to its end.
    async fn read(mut body: Inbound) -> Result<usize, Status> {
        let mut length = 0;
        while let Some(frame) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            length += frame?.data_ref().map_or(0, Bytes::len);
        }
        Ok(length)
    }

    /// Sends some bytes, and then no more.
    struct Begun(Option<Bytes>);

    impl HttpBody for Begun {
        type Data = Bytes;
        type Error = Status;

        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
            self.0.take().map_or(Poll::Pending, |bytes| Poll::Ready(Some(Ok(Frame::data(bytes)))))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_does_not_come_is_given_up() {
        let budget = Budget::new(100);
        for (bytes, is_stream) in
            [(None, false), (Some(&[0, 0, 0, 0, 1][..]), false), (Some(&[0, 0, 0, 0, 9, 1, 2][..]), true)]
        {
            let body = Body::new(Begun(bytes.map(Bytes::from_static)));
            let body = Inbound::new(body, Arc::new(budget.open()), Duration::from_secs(10), is_stream);
            assert_eq!(read(body).await.unwrap_err().code(), tonic::Code::DeadlineExceeded);
        }
        // A stream may be silent between its messages.
        let body = Body::new(Begun(Some(Bytes::from_static(&[0, 0, 0, 0, 0]))));
        let body = Inbound::new(body, Arc::new(budget.open()), Duration::from_secs(10), true);
        assert!(tokio::time::timeout(Duration::from_secs(60), read(body)).await.is_err());
        assert_eq!(budget.used(), 0);
    }

    #[tokio::test]
    async fn what_does_not_fit_is_refused() {
        let budget = Budget::new(10);
        let body = |length: usize| {
            let body = Body::new(Begun(Some(Bytes::from(vec![0; length]))));
            Inbound::new(body, Arc::new(budget.open()), Duration::from_millis(1), false)
        };
        assert_eq!(read(body(11)).await.unwrap_err().code(), tonic::Code::ResourceExhausted);
        assert_eq!(read(body(9)).await.unwrap_err().code(), tonic::Code::DeadlineExceeded);
    }
}
