//! Metrics: read by Prometheus, or sent by OTLP, or both.

use std::fmt;
use std::sync::{Arc, Weak};
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, Meter, MeterProvider};
use opentelemetry_otlp::{ExporterBuildError, MetricExporter};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{InstrumentKind, ManualReader, Pipeline, SdkMeterProvider, Temporality};

use super::plan::Plan;
use super::{prometheus, semconv};

/// Bounds of durations in seconds: stages begin at microseconds, calls may
/// take a minute.
const SECONDS: [f64; 19] = [
    0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
    0.5, 1.0, 2.5, 10.0, 60.0,
];

/// What the server counts and measures. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    provider: SdkMeterProvider,
    reader: Arc<ManualReader>,
    meter: Meter,
    calls: Histogram<f64>,
    stages: Histogram<f64>,
    tokens: Counter<u64>,
}

impl Metrics {
    /// As planned. An exporter's connection lives in the runtime that is entered.
    pub(super) fn start(plan: &Plan) -> Result<Self, ExporterBuildError> {
        let reader = Arc::new(ManualReader::builder().build());
        let mut provider =
            SdkMeterProvider::builder().with_resource(plan.resource()).with_reader(Shared(Arc::clone(&reader)));
        if plan.metrics {
            provider = provider.with_periodic_exporter(MetricExporter::builder().with_tonic().build()?);
        }
        let provider = provider.build();
        let meter = provider.meter(env!("CARGO_CRATE_NAME"));
        let seconds = |name: &'static str, description: &'static str| {
            let histogram = meter.f64_histogram(name).with_unit("s").with_description(description);
            histogram.with_boundaries(SECONDS.to_vec()).build()
        };
        let calls = seconds(semconv::RPC_SERVER_CALL_DURATION, "Time from the head of a call to its status");
        let stages = seconds(semconv::STAGE_DURATION, "Time of one stage over one article");
        let tokens = meter.u64_counter(semconv::TOKENS).with_unit("{token}");
        let tokens = tokens.with_description("Tokens of the articles enriched").build();
        let metrics = Self { provider, reader, meter, calls, stages, tokens };
        metrics.gauge(semconv::PROCESS_MEMORY_USAGE, "By", "Resident memory", resident_bytes);
        Ok(metrics)
    }

    /// Metrics that nobody reads.
    #[cfg(test)]
    pub(crate) fn unread() -> Self {
        Self::start(&Plan::default()).unwrap()
    }

    /// A call has ended.
    pub fn call(&self, method: &'static str, status: &'static str, time: Duration) {
        let attributes = [
            KeyValue::new(semconv::RPC_SYSTEM_NAME, semconv::GRPC),
            KeyValue::new(semconv::RPC_METHOD, method),
            KeyValue::new(semconv::RPC_RESPONSE_STATUS_CODE, status),
        ];
        self.calls.record(time.as_secs_f64(), &attributes);
    }

    /// A stage has ended.
    pub fn stage(&self, name: &'static str, time: Duration) {
        self.stages.record(time.as_secs_f64(), &[KeyValue::new(semconv::STAGE, name)]);
    }

    /// An article of so many tokens has been enriched.
    pub fn tokens(&self, count: usize) {
        self.tokens.add(u64::try_from(count).unwrap_or(u64::MAX), &[]);
    }

    /// A value that goes up and down, asked for when it is needed.
    pub fn gauge(
        &self,
        name: &'static str,
        unit: &'static str,
        description: &'static str,
        value: impl Fn() -> u64 + Send + Sync + 'static,
    ) {
        let gauge = self.meter.u64_observable_gauge(name).with_unit(unit).with_description(description);
        gauge.with_callback(move |observer| observer.observe(value(), &[])).build();
    }

    /// A value that only grows, by the values of one attribute, asked for when
    /// it is needed.
    pub fn counter<const N: usize>(
        &self,
        name: &'static str,
        unit: &'static str,
        description: &'static str,
        attribute: &'static str,
        values: impl Fn() -> [(&'static str, u64); N] + Send + Sync + 'static,
    ) {
        let counter = self.meter.u64_observable_counter(name).with_unit(unit).with_description(description);
        let observed = counter.with_callback(move |observer| {
            for (label, value) in values() {
                observer.observe(value, &[KeyValue::new(attribute, label)]);
            }
        });
        observed.build();
    }

    /// All of it in Prometheus' text form.
    pub fn prometheus(&self) -> String {
        let mut metrics = ResourceMetrics::default();
        match self.reader.collect(&mut metrics) {
            Ok(()) => prometheus::text(&metrics),
            // When stopping.
            Err(_) => String::new(),
        }
    }

    pub(super) fn stop(&self, timeout: Duration) {
        if let Err(error) = self.provider.shutdown_with_timeout(timeout) {
            tracing::warn!(%error, "the last metrics may be lost");
        }
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

/// The reader where the SDK wants to own one.
#[derive(Debug)]
struct Shared(Arc<ManualReader>);

impl MetricReader for Shared {
    fn register_pipeline(&self, pipeline: Weak<Pipeline>) {
        self.0.register_pipeline(pipeline);
    }

    fn collect(&self, metrics: &mut ResourceMetrics) -> OTelSdkResult {
        self.0.collect(metrics)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn temporality(&self, kind: InstrumentKind) -> Temporality {
        self.0.temporality(kind)
    }
}

/// Memory of this process that is in RAM; 0 where the system does not say.
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()).and_then(|number| number.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}
