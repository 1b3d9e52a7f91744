//! Traces, by OTLP over gRPC.
//!
//! Spans always exist, so that logs and responses carry the caller's trace id;
//! they are exported only where the standard variables name a collector.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use opentelemetry_otlp::{ExporterBuildError, SpanExporter};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, SpanData, SpanProcessor, Tracer};
use tonic::codegen::http::HeaderMap;
use tracing::{Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::registry::LookupSpan;

use super::plan::Plan;

/// Our own spans; those of the transport, the exporter's among them, are not
/// exported.
const TARGET: &str = env!("CARGO_CRATE_NAME");

/// Traces at work.
#[derive(Debug)]
pub(super) struct Traces {
    provider: SdkTracerProvider,
    /// What became of the spans.
    pub(super) spans: Arc<Spans>,
}

impl Traces {
    /// As planned. An exporter's connection lives in the runtime that is entered.
    pub(super) fn start(plan: &Plan) -> Result<Self, ExporterBuildError> {
        // The sampler and the limits come from their variables.
        let mut provider = SdkTracerProvider::builder().with_resource(plan.resource());
        let spans = Arc::<Spans>::default();
        if plan.traces {
            let exporter = SpanExporter::builder().with_tonic().build()?;
            provider = provider
                .with_span_processor(Ended(Arc::clone(&spans)))
                .with_batch_exporter(Counted { exporter, spans: Arc::clone(&spans) });
        } else {
            // Spans with ids and nothing else: nobody would see the rest.
            provider = provider.with_sampler(Sampler::AlwaysOff);
        }
        Ok(Self { provider: provider.build(), spans })
    }

    /// The layer that turns `tracing` spans into OpenTelemetry's.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let tracer: Tracer = self.provider.tracer(TARGET);
        tracing_opentelemetry::layer()
            .with_tracer(tracer)
            // Each of these costs something on every span and tells nothing here.
            .with_context_activation(false)
            .with_location(false)
            .with_level(false)
            .with_target(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(
                filter_fn(|metadata| metadata.is_span() && metadata.target().starts_with(TARGET))
                    .with_max_level_hint(LevelFilter::INFO),
            )
    }

    pub(super) fn stop(&self, timeout: Duration) {
        if let Err(error) = self.provider.shutdown_with_timeout(timeout) {
            tracing::warn!(%error, "the last traces may be lost");
        }
    }
}

/// What became of the spans: those ended and neither sent nor failed wait, or
/// were dropped for want of room.
#[derive(Debug, Default)]
pub(super) struct Spans {
    ended: AtomicU64,
    sent: AtomicU64,
    failed: AtomicU64,
}

impl Spans {
    /// The counts by their names.
    pub(super) fn counts(&self) -> [(&'static str, u64); 3] {
        [("ended", &self.ended), ("sent", &self.sent), ("failed", &self.failed)]
            .map(|(name, count)| (name, count.load(Ordering::Relaxed)))
    }
}

/// Counts the spans that end and are to be sent.
#[derive(Debug)]
struct Ended(Arc<Spans>);

impl SpanProcessor for Ended {
    fn on_start(&self, _: &mut opentelemetry_sdk::trace::Span, _: &opentelemetry::Context) {}

    fn on_end(&self, span: SpanData) {
        if span.span_context.is_sampled() {
            self.0.ended.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// Counts the spans that are sent, or not.
#[derive(Debug)]
struct Counted {
    exporter: SpanExporter,
    spans: Arc<Spans>,
}

impl opentelemetry_sdk::trace::SpanExporter for Counted {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let count = u64::try_from(batch.len()).unwrap_or(u64::MAX);
        let result = self.exporter.export(batch).await;
        let counter = if result.is_ok() { &self.spans.sent } else { &self.spans.failed };
        counter.fetch_add(count, Ordering::Relaxed);
        result
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

/// Makes `span`, which must not have been entered, a child of the caller's, if
/// the W3C `traceparent` among the headers names one.
pub fn continue_trace(span: &Span, headers: &HeaderMap) {
    let parent = TraceContextPropagator::new().extract(&Headers(headers));
    if parent.span().span_context().is_valid() {
        // Fails only where traces are off altogether.
        let _ = span.set_parent(parent);
    }
}

/// The OpenTelemetry trace that `span` belongs to, in hexadecimal; empty when
/// there is none.
pub fn trace_id(span: &Span) -> String {
    let context = span.context();
    let span = context.span();
    match span.span_context().is_valid() {
        true => span.span_context().trace_id().to_string(),
        false => String::new(),
    }
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(|name| name.as_str()).collect()
    }
}
