//! The methods of the contract.

use std::sync::Arc;
use std::time::{Duration, Instant};

use prost::Message;
use tokio::task::JoinSet;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};
use tracing::{Instrument, Span, info_span};

use super::budget::Charge;
use super::call::Call;
use super::executor::{Executor, Slot, TooBusy};
use super::status;
use super::stop::Stop;
use super::stream::Exchange;
use crate::config::{Config, Limits};
use crate::telemetry::Metrics;
use crate::wire::v1::enrichment_service_server::EnrichmentService;
use crate::wire::v1::{self, enrich_batch_response, get_capabilities_response};
use crate::wire::{self, read_request, write_response};
use crate::{Enricher, Enrichment, Feature, StageStatus, Violation};

/// Bytes from which on a response is compressed.
const LARGE: usize = 64 * 1024;

/// The service of the contract. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Service {
    work: Arc<Work>,
    stop: Stop,
}

/// What enriches articles, one after the other or side by side.
#[derive(Debug)]
pub(super) struct Work {
    enricher: Arc<Enricher>,
    metrics: Metrics,
    executor: Executor,
    limits: Limits,
    max_response_bytes: usize,
    /// Articles of one call that are worked on at a time.
    pub(super) side_by_side: usize,
    /// The time an article has that the caller gave none.
    pub(super) default_deadline: Duration,
}

impl Service {
    /// With what it works with.
    pub fn new(config: &Config, enricher: Enricher, metrics: Metrics, executor: Executor, stop: Stop) -> Self {
        let work = Work {
            enricher: Arc::new(enricher),
            metrics,
            executor,
            limits: config.limits,
            max_response_bytes: config.flow.max_response_bytes,
            // For each thread one to work on and one to follow.
            side_by_side: config.workers.get() * 2,
            default_deadline: config.times.default_deadline,
        };
        Self { work: Arc::new(work), stop }
    }
}

impl Work {
    /// A slot for an article, if its turn can be expected in time.
    fn try_slot(&self, request: &impl Message, deadline: Instant) -> Result<Slot, Status> {
        self.executor.try_slot(request.encoded_len(), deadline).map_err(|TooBusy(wait)| status::exhausted(wait))
    }

    /// A slot for one more article of a call that has been let in: such a call
    /// is not refused, it waits.
    pub(super) async fn slot(&self, request: &v1::EnrichRequest) -> Result<Slot, Status> {
        self.executor.slot(request.encoded_len()).await.ok_or_else(status::shutting_down)
    }

    /// Until when work for `call` may last that begins now.
    fn deadline(&self, call: &Call) -> Instant {
        call.deadline.unwrap_or_else(|| Instant::now() + self.default_deadline)
    }

    /// Enriches one article. Its response is added to the charge.
    pub(super) async fn enrich(
        &self,
        slot: Slot,
        request: v1::EnrichRequest,
        deadline: Instant,
        trace_id: String,
        charge: &Charge,
    ) -> Result<v1::EnrichResponse, Status> {
        let max_article_bytes = usize::try_from(self.limits.max_article_bytes).unwrap_or(usize::MAX);
        let request = read_request(request, max_article_bytes).map_err(|violations| status::invalid(&violations))?;
        let (enricher, metrics) = (Arc::clone(&self.enricher), self.metrics.clone());
        let work = move |cancel: &_| {
            let enrichment = enricher.enrich(&request.article, &request.options, cancel)?;
            measure(&metrics, &enrichment);
            let features = request.options.features;
            Ok(write_response(
                &enrichment,
                &enricher.resources().components,
                features,
                request.form,
                request.article_id,
                trace_id,
            ))
        };
        let result = self.executor.run(slot, deadline, work).await.map_err(status::of_failure)?;
        let response = result.map_err(|error| status::of_error(&error))?;
        let length = response.encoded_len();
        charge.add(length);
        match length <= self.max_response_bytes {
            true => Ok(response),
            false => Err(status::too_long(length, self.max_response_bytes)),
        }
    }
}

#[tonic::async_trait]
impl EnrichmentService for Service {
    type EnrichStreamStream = ReceiverStream<Result<v1::EnrichStreamResponse, Status>>;

    async fn enrich(&self, request: Request<v1::EnrichRequest>) -> Result<Response<v1::EnrichResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let deadline = self.work.deadline(&call);
        let slot = self.work.try_slot(&request, deadline)?;
        let response = self.work.enrich(slot, request, deadline, call.trace_id, &call.charge).await?;
        Ok(compressed_if_large(response))
    }

    async fn enrich_batch(
        &self,
        request: Request<v1::EnrichBatchRequest>,
    ) -> Result<Response<v1::EnrichBatchResponse>, Status> {
        let call = Call::of(&request)?;
        let requests = request.into_inner().requests;
        let (length, limit) = (requests.len(), self.work.limits.max_batch_items);
        if length > usize::try_from(limit).unwrap_or(usize::MAX) {
            let description = format!("{length} articles; the limit is {limit}");
            return Err(status::invalid(&[Violation::new("requests", description)]));
        }
        let deadline = self.work.deadline(&call);
        let mut first = match requests.first() {
            Some(request) => Some(self.work.try_slot(request, deadline)?),
            None => None,
        };

        let mut results = vec![enrich_batch_response::Result::default(); length];
        let mut at_work = JoinSet::new();
        let mut requests = requests.into_iter().enumerate();
        loop {
            // The slot before the item, so that items wait in order.
            if at_work.len() < self.work.side_by_side
                && let Some((at, request)) = requests.next()
            {
                let slot = match first.take() {
                    Some(slot) => slot,
                    None => self.work.slot(&request).await?,
                };
                let (work, trace_id) = (Arc::clone(&self.work), call.trace_id.clone());
                let charge = Arc::clone(&call.charge);
                let item = async move { (at, work.enrich(slot, request, deadline, trace_id, &charge).await) };
                at_work.spawn(item.instrument(item_span(&Span::current())));
                continue;
            }
            match at_work.join_next().await {
                Some(Ok((at, outcome))) => {
                    if let Some(result) = results.get_mut(at) {
                        result.outcome = Some(batch_outcome(outcome));
                    }
                }
                Some(Err(_)) => return Err(Status::internal("internal error; the batch was not enriched")),
                None => break,
            }
        }
        let response = v1::EnrichBatchResponse { results };
        let (length, limit) = (response.encoded_len(), self.work.max_response_bytes);
        match length <= limit {
            true => Ok(compressed_if_large(response)),
            false => Err(status::too_long(length, limit)),
        }
    }

    async fn enrich_stream(
        &self,
        request: Request<Streaming<v1::EnrichStreamRequest>>,
    ) -> Result<Response<Self::EnrichStreamStream>, Status> {
        let call = Call::of(&request)?;
        let (answers, receiver) = tokio::sync::mpsc::channel(1);
        let exchange = Exchange::new(Arc::clone(&self.work), call, request.into_inner());
        tokio::spawn(exchange.run(answers, self.stop.clone()).in_current_span());
        Ok(Response::new(ReceiverStream::new(receiver)))
    }

    async fn get_capabilities(
        &self,
        request: Request<v1::GetCapabilitiesRequest>,
    ) -> Result<Response<v1::GetCapabilitiesResponse>, Status> {
        Call::of(&request)?;
        let Limits { max_article_bytes, max_request_bytes, max_batch_items } = self.work.limits;
        let limits = get_capabilities_response::Limits { max_article_bytes, max_request_bytes, max_batch_items };
        Ok(Response::new(wire::capabilities(&self.work.enricher.resources().components, limits)))
    }
}

/// The response, in plain form unless it is large: for a caller who takes
/// compressed ones too, CPU is dearer than a few packets.
fn compressed_if_large<T: Message>(message: T) -> Response<T> {
    let is_small = message.encoded_len() < LARGE;
    let mut response = Response::new(message);
    if is_small {
        response.disable_compression();
    }
    response
}

/// Counts what was done for one article.
fn measure(metrics: &Metrics, enrichment: &Enrichment<'_>) {
    for stage in enrichment.stages.iter().filter(|stage| stage.status != StageStatus::Skipped) {
        metrics.stage(stage_name(stage.feature), Duration::from_micros(stage.micros.into()));
    }
    metrics.tokens(enrichment.document.tokens.len());
}

/// The stage as its span calls it.
const fn stage_name(feature: Feature) -> &'static str {
    match feature {
        Feature::Language => "language",
        Feature::Sections => "sections",
        Feature::Sentences => "sentences",
        Feature::Tokens => "tokens",
        Feature::Entities => "entities",
        Feature::Dates => "dates",
        Feature::Keyphrases => "keyphrases",
        Feature::Quotations => "quotations",
        Feature::Sources => "sources",
    }
}

/// A span for one article of many, under that of its call.
pub(super) fn item_span(call: &Span) -> Span {
    info_span!(parent: call, "article")
}

fn batch_outcome(outcome: Result<v1::EnrichResponse, Status>) -> enrich_batch_response::result::Outcome {
    use enrich_batch_response::result::Outcome;
    match outcome {
        Ok(response) => Outcome::Response(response),
        Err(status) => Outcome::Error(status::to_message(&status)),
    }
}
