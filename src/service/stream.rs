//! `EnrichStream`: articles in, results out as they are done.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{timeout, timeout_at};
use tonic::{Status, Streaming};
use tracing::{Instrument, Span};

use super::budget::Charge;
use super::call::{Call, until};
use super::enrichment::{Work, item_span};
use super::status;
use super::stop::Stop;
use crate::Violation;
use crate::wire::v1::{self, enrich_stream_response::Outcome};

/// Where the results go.
type Answers = mpsc::Sender<Result<v1::EnrichStreamResponse, Status>>;

/// One stream at work.
///
/// No more than [`Work::side_by_side`] articles are in it at any time, done
/// and not yet sent ones among them. Beyond that nothing is read, and the
/// caller feels it: back-pressure both ways.
pub(super) struct Exchange {
    work: Arc<Work>,
    call: Call,
    requests: Streaming<v1::EnrichStreamRequest>,
    at_work: JoinSet<(v1::EnrichStreamResponse, Charge)>,
}

impl Exchange {
    pub(super) fn new(work: Arc<Work>, call: Call, requests: Streaming<v1::EnrichStreamRequest>) -> Self {
        Self { work, call, requests, at_work: JoinSet::new() }
    }

    /// Until the caller has sent all and has all results, or has gone, or takes
    /// none any more, or its deadline passes, or the server stops. Dropping what is at work tells it
    /// that its caller has gone.
    pub(super) async fn run(mut self, answers: Answers, stop: Stop) {
        let deadline = self.call.deadline;
        let end = tokio::select! {
            end = self.exchange(&answers, stop) => end,
            () = until(deadline) => Err(status::deadline_exceeded()),
            () = answers.closed() => return,
        };
        drop(self);
        if let Err(status) = end {
            // Gone since, or too slow to take it: nothing is left to say.
            let _ = answers.send(Err(status)).await;
        }
    }

    /// Reads while there is room, sends what is done. When reading ends, for
    /// whatever reason, what was read is still answered.
    async fn exchange(&mut self, answers: &Answers, stop: Stop) -> Result<(), Status> {
        let mut stopped = std::pin::pin!(stop.wait());
        // Why reading ended, once it has.
        let mut end = None;
        // Done, and waiting to be sent.
        let mut answer = None;
        loop {
            let room = self.at_work.len() + usize::from(answer.is_some()) < self.work.side_by_side;
            tokio::select! {
                place = timeout(self.work.default_deadline, answers.reserve()), if answer.is_some() => {
                    match (place, answer.take()) {
                        (Ok(Ok(place)), Some((answer, _charge))) => place.send(Ok(answer)),
                        (Ok(_), _) => return Ok(()),
                        (Err(_), _) => return Err(Status::deadline_exceeded("the answers are not taken")),
                    }
                },
                Some(done) = self.at_work.join_next(), if answer.is_none() => match done {
                    Ok(done) => answer = Some(done),
                    Err(_) => return Err(Status::internal("internal error; the stream was cut")),
                },
                () = &mut stopped, if end.is_none() => end = Some(Err(status::shutting_down())),
                request = self.requests.message(), if end.is_none() && room => match request {
                    Ok(Some(request)) => self.start(request),
                    Ok(None) => end = Some(Ok(())),
                    Err(status) => end = Some(Err(status::of_unread(status))),
                },
                else => return end.unwrap_or(Ok(())),
            }
        }
    }

    /// Puts one article to work.
    fn start(&mut self, request: v1::EnrichStreamRequest) {
        let v1::EnrichStreamRequest { request_id, request } = request;
        let own = Instant::now() + self.work.default_deadline;
        let deadline = self.call.deadline.map_or(own, |deadline| deadline.min(own));
        let (work, trace_id) = (Arc::clone(&self.work), self.call.trace_id.clone());
        // What has come in so far is in flight as long as this item is.
        let charge = self.call.charge.split();
        let item = async move {
            let outcome = match request {
                None => Err(status::invalid(&[Violation::new("request", "required")])),
                Some(request) => match timeout_at(deadline.into(), work.slot(&request)).await {
                    Ok(Ok(slot)) => work.enrich(slot, request, deadline, trace_id, &charge).await,
                    Ok(Err(stopping)) => Err(stopping),
                    Err(_) => Err(status::deadline_exceeded()),
                },
            };
            let outcome = match outcome {
                Ok(response) => Outcome::Response(response),
                Err(status) => Outcome::Error(status::to_message(&status)),
            };
            (v1::EnrichStreamResponse { request_id, outcome: Some(outcome) }, charge)
        };
        self.at_work.spawn(item.instrument(item_span(&Span::current())));
    }
}
