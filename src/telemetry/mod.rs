//! What the server says about itself: logs on standard error, traces by OTLP.

mod logs;
pub mod semconv;
mod traces;

use std::time::Duration;

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

use crate::config::Log;

pub use traces::{continue_trace, trace_id};

/// Logs and traces at work, until [`Telemetry::stop`].
#[derive(Debug)]
pub struct Telemetry {
    traces: traces::Traces,
}

/// Why there can be no telemetry.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// An `OTEL_*` variable has a value that cannot be used.
    #[error("cannot export traces: {0}")]
    Exporter(#[from] opentelemetry_otlp::ExporterBuildError),
    /// The exporter's threads cannot be started.
    #[error("cannot start the exporter: {0}")]
    Runtime(#[from] std::io::Error),
    /// Somebody else set up logging in this process.
    #[error("{0}")]
    Taken(#[from] TryInitError),
}

/// Starts logging and tracing for the whole process. `variable` reads the
/// standard `OTEL_*` variables, those at least that this crate decides on; the
/// OpenTelemetry SDK reads the others itself.
///
/// # Errors
/// When a variable has a value that cannot be used.
pub fn start(log: &Log, variable: &dyn Fn(&str) -> Option<String>) -> Result<Telemetry, TelemetryError> {
    let plan = traces::Plan::read(variable);
    let traces = traces::Traces::start(&plan)?;
    tracing_subscriber::registry().with(traces.layer()).with(logs::layer(log)).try_init()?;
    logs::log_panics();
    plan.log();
    Ok(Telemetry { traces })
}

impl Telemetry {
    /// Sends what is left, for `timeout` at most. Blocks; not for a runtime's
    /// threads.
    pub fn stop(self, timeout: Duration) {
        self.traces.stop(timeout);
    }
}
