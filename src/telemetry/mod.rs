//! What the server says about itself: logs on standard error, traces by OTLP,
//! metrics by OTLP and for Prometheus.

mod logs;
mod metrics;
mod plan;
mod prometheus;
pub mod semconv;
mod traces;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

use crate::config::Log;

pub use metrics::Metrics;
pub use traces::{continue_trace, trace_id};

/// Logs, traces and metrics at work, until [`Telemetry::stop`].
#[derive(Debug)]
pub struct Telemetry {
    traces: traces::Traces,
    metrics: Metrics,
    /// Where the exporters' connections live: apart from the server, so that
    /// neither can hold up the other, and alive until the last span is sent.
    runtime: Option<Runtime>,
}

/// Why there can be no telemetry.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// An `OTEL_*` variable has a value that cannot be used.
    #[error("cannot export telemetry: {0}")]
    Exporter(#[from] opentelemetry_otlp::ExporterBuildError),
    /// The exporter's threads cannot be started.
    #[error("cannot start the exporter: {0}")]
    Runtime(#[from] std::io::Error),
    /// Somebody else set up logging in this process.
    #[error("{0}")]
    Taken(#[from] TryInitError),
}

/// Starts logging, tracing and measuring for the whole process. `variable` reads the
/// standard `OTEL_*` variables, those at least that this crate decides on; the
/// OpenTelemetry SDK reads the others itself.
///
/// # Errors
/// When a variable has a value that cannot be used.
pub fn start(log: &Log, variable: &dyn Fn(&str) -> Option<String>) -> Result<Telemetry, TelemetryError> {
    let plan = plan::Plan::read(variable);
    let runtime = match plan.traces || plan.metrics {
        true => Some(Builder::new_multi_thread().worker_threads(1).thread_name("otlp").enable_all().build()?),
        false => None,
    };
    let entered = runtime.as_ref().map(Runtime::enter);
    let traces = traces::Traces::start(&plan)?;
    let metrics = Metrics::start(&plan)?;
    drop(entered);
    let spans = Arc::clone(&traces.spans);
    metrics.counter(
        semconv::EXPORT_SPANS,
        "{span}",
        "Spans that ended, and were sent or failed; the rest wait or were dropped",
        semconv::OUTCOME,
        move || spans.counts(),
    );
    tracing_subscriber::registry().with(traces.layer()).with(logs::layer(log)).try_init()?;
    logs::log_panics();
    plan.log();
    Ok(Telemetry { traces, metrics, runtime })
}

impl Telemetry {
    /// Where to count.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Sends what is left, for `timeout` at most. Blocks; not for a runtime's
    /// threads.
    pub fn stop(self, timeout: Duration) {
        let by = Instant::now() + timeout;
        self.traces.stop(timeout);
        self.metrics.stop(by.saturating_duration_since(Instant::now()));
        if let Some(runtime) = self.runtime {
            runtime.shutdown_background();
        }
    }
}
