//! Log lines on standard error.

use std::fmt;
use std::panic;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use opentelemetry::trace::TraceContextExt;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{FilterExt, LevelFilter, dynamic_filter_fn};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::config::{Log, LogFormat};

/// A dead collector is worth one line in this time, not one a batch.
const EXPORTER_SILENCE: Duration = Duration::from_secs(60);

/// The layer that writes the lines.
pub(super) fn layer<S>(log: &Log) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let seldom = seldom_from_exporter();
    // Spans are for traces: this layer need not even see them.
    let events = dynamic_filter_fn(move |metadata, _| metadata.is_event() && seldom(metadata))
        // No bound of its own; without this the filter beside it would have none either.
        .with_max_level_hint(LevelFilter::TRACE);
    let wanted = FilterExt::<S>::and(log.filter.clone(), events);
    // It would complain of a closed standard error on standard error, and panic.
    let lines =
        tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false).log_internal_errors(false);
    match log.format {
        LogFormat::Json => lines.event_format(JsonLine).with_filter(wanted).boxed(),
        LogFormat::Text => lines.with_filter(wanted).boxed(),
    }
}

/// Lets everything pass, but of the exporter's complaints only one in
/// [`EXPORTER_SILENCE`].
fn seldom_from_exporter() -> impl Fn(&Metadata<'_>) -> bool {
    let last = Mutex::new(None::<Instant>);
    move |metadata| {
        if !metadata.target().starts_with("opentelemetry") || *metadata.level() > Level::WARN {
            return true;
        }
        let Ok(mut last) = last.lock() else { return false };
        let due = last.is_none_or(|last| last.elapsed() >= EXPORTER_SILENCE);
        if due {
            *last = Some(Instant::now());
        }
        due
    }
}

/// Logs panics like everything else. Where a panic happened, never what it
/// says: its message may quote the article.
pub(super) fn log_panics() {
    panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string).unwrap_or_default();
        let thread = std::thread::current().name().unwrap_or_default().to_owned();
        tracing::error!(location, thread, "panic");
    }));
}

/// One JSON object a line: time, level, target, the OpenTelemetry trace and
/// span that the line was written in, then the event's own fields.
struct JsonLine;

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut out: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        out.write_str(r#"{"timestamp":""#)?;
        SystemTime.format_time(&mut out)?;
        let metadata = event.metadata();
        write!(out, r#"","level":"{}","target":{}"#, metadata.level(), json(metadata.target()))?;
        let context = tracing::Span::current().context();
        let span = context.span();
        let ids = span.span_context();
        if ids.is_valid() {
            write!(out, r#","trace_id":"{}","span_id":"{}""#, ids.trace_id(), ids.span_id())?;
        }
        let mut fields = JsonFields { out: &mut out, result: Ok(()) };
        event.record(&mut fields);
        fields.result?;
        out.write_str("}\n")
    }
}

/// Writes `,"name":value` for each field.
struct JsonFields<'a, 'w> {
    out: &'a mut Writer<'w>,
    result: fmt::Result,
}

impl JsonFields<'_, '_> {
    fn write(&mut self, field: &Field, value: impl fmt::Display) {
        if self.result.is_ok() {
            self.result = write!(self.out, ",{}:{value}", json(field.name()));
        }
    }
}

impl Visit for JsonFields<'_, '_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        match value.is_finite() {
            true => self.write(field, value),
            false => self.write(field, "null"),
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.write(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.write(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.write(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.write(field, json(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.write(field, json(&format!("{value:?}")));
    }
}

/// The text as a JSON string.
fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;
    use std::sync::Arc;
    use tracing_subscriber::layer::SubscriberExt;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_is_one_json_object() {
        let lines = Lines::default();
        let writer = lines.clone();
        let layer = tracing_subscriber::fmt::layer().with_writer(move || writer.clone()).event_format(JsonLine);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            tracing::info!(rpc.method = "a\"b", micros = 7, share = 0.5, gone = true, none = f64::NAN, "line\nbreak");
        });
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.matches('\n').count(), 1, "{text}");
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["level"], "INFO");
        assert_eq!(line["rpc.method"], "a\"b");
        assert_eq!(line["micros"], 7);
        assert_eq!(line["share"], 0.5);
        assert_eq!(line["gone"], true);
        assert_eq!(line["none"], serde_json::Value::Null);
        assert_eq!(line["message"], "line\nbreak");
        assert!(line.get("trace_id").is_none());
    }

    #[test]
    fn the_exporter_is_quiet() {
        let lines = Lines::default();
        let writer = lines.clone();
        let seldom = seldom_from_exporter();
        let layer = tracing_subscriber::fmt::layer()
            .with_writer(move || writer.clone())
            .event_format(JsonLine)
            .with_filter(dynamic_filter_fn(move |metadata, _| seldom(metadata)));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            for _ in 0..10 {
                tracing::error!(target: "opentelemetry_sdk", "cannot export");
                tracing::info!("at work");
            }
        });
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.matches("cannot export").count(), 1);
        assert_eq!(text.matches("at work").count(), 10);
    }
}
