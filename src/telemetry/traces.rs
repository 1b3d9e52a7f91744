//! Traces, by OTLP over gRPC.
//!
//! Spans always exist, so that logs and responses carry the caller's trace id;
//! they are exported only where the standard variables name a collector.

use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, Tracer};
use tokio::runtime::{Builder, Runtime};
use tonic::codegen::http::HeaderMap;
use tracing::{Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::registry::LookupSpan;

use super::TelemetryError;
use super::semconv::{SERVICE_NAME, SERVICE_VERSION};

/// Our own spans; those of the transport, the exporter's among them, are not
/// exported.
const TARGET: &str = env!("CARGO_CRATE_NAME");

/// What the standard variables ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// Send spans to the collector.
    export: bool,
    /// The variables name the service themselves.
    named: bool,
    /// What they ask for in vain.
    complaints: Vec<String>,
}

impl Plan {
    pub(super) fn read(variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let given = |name: &str| variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let any = |names: &[&str]| names.iter().find_map(|name| given(name));
        let mut complaints = Vec::new();

        let disabled = given("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let endpoint = any(&["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"]);
        let wanted = match given("OTEL_TRACES_EXPORTER").as_deref() {
            None => endpoint.is_some(),
            Some("otlp") => true,
            Some("none") => false,
            Some(other) => {
                complaints.push(format!("OTEL_TRACES_EXPORTER={other}: only otlp and none are known; no traces"));
                false
            }
        };
        let protocol = any(&["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"]);
        if let Some(other) = protocol.filter(|protocol| wanted && protocol != "grpc") {
            complaints.push(format!("OTEL_EXPORTER_OTLP_PROTOCOL={other}: only grpc is spoken; using it"));
        }
        let attributes = given("OTEL_RESOURCE_ATTRIBUTES").unwrap_or_default();
        let named = given("OTEL_SERVICE_NAME").is_some()
            || attributes.split(',').any(|pair| pair.split('=').next().is_some_and(|key| key.trim() == SERVICE_NAME));
        Self { export: wanted && !disabled, named, complaints }
    }

    /// Says in the log what will be done.
    pub(super) fn log(&self) {
        for complaint in &self.complaints {
            tracing::warn!("{complaint}");
        }
        tracing::info!(export = self.export, "traces");
    }

    fn resource(&self) -> Resource {
        let resource = Resource::builder();
        let resource = match self.named {
            true => resource,
            false => resource.with_service_name(env!("CARGO_PKG_NAME")),
        };
        resource.with_attribute(KeyValue::new(SERVICE_VERSION, env!("CARGO_PKG_VERSION"))).build()
    }
}

/// Traces at work.
#[derive(Debug)]
pub(super) struct Traces {
    provider: SdkTracerProvider,
    /// Where the exporter's connection lives: apart from the server, so that
    /// neither can hold up the other, and alive until the last span is sent.
    runtime: Option<Runtime>,
}

impl Traces {
    pub(super) fn start(plan: &Plan) -> Result<Self, TelemetryError> {
        // The sampler and the limits come from their variables.
        let mut provider = SdkTracerProvider::builder().with_resource(plan.resource());
        let mut runtime = None;
        if plan.export {
            let started = Builder::new_multi_thread().worker_threads(1).thread_name("otlp").enable_all().build()?;
            let entered = started.enter();
            provider = provider.with_batch_exporter(SpanExporter::builder().with_tonic().build()?);
            drop(entered);
            runtime = Some(started);
        } else {
            // Spans with ids and nothing else: nobody would see the rest.
            provider = provider.with_sampler(Sampler::AlwaysOff);
        }
        Ok(Self { provider: provider.build(), runtime })
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

    pub(super) fn stop(self, timeout: Duration) {
        if let Err(error) = self.provider.shutdown_with_timeout(timeout) {
            tracing::warn!(%error, "the last traces may be lost");
        }
        if let Some(runtime) = self.runtime {
            runtime.shutdown_background();
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(variables: &[(&str, &str)]) -> Plan {
        Plan::read(&|name| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn nothing_is_exported_unless_a_collector_is_named() {
        let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317");
        assert!(!plan(&[]).export);
        assert!(!plan(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "")]).export);
        assert!(plan(&[endpoint]).export);
        assert!(plan(&[("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://localhost:4317")]).export);
        assert!(plan(&[("OTEL_TRACES_EXPORTER", "otlp")]).export);
        assert!(!plan(&[endpoint, ("OTEL_TRACES_EXPORTER", "none")]).export);
        assert!(!plan(&[endpoint, ("OTEL_SDK_DISABLED", "true")]).export);
        assert!(!plan(&[endpoint, ("OTEL_TRACES_EXPORTER", "zipkin")]).export);
    }

    #[test]
    fn what_cannot_be_had_is_said() {
        let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318");
        assert_eq!(plan(&[endpoint, ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")]).complaints.len(), 1);
        assert_eq!(plan(&[("OTEL_TRACES_EXPORTER", "zipkin")]).complaints.len(), 1);
        assert_eq!(plan(&[endpoint]).complaints, Vec::<String>::new());
    }

    #[test]
    fn the_service_keeps_the_name_that_the_variables_give() {
        assert!(!plan(&[]).named);
        assert!(plan(&[("OTEL_SERVICE_NAME", "news")]).named);
        assert!(plan(&[("OTEL_RESOURCE_ATTRIBUTES", "a=b, service.name=news")]).named);
        let named = plan(&[]).resource().get(&opentelemetry::Key::new(SERVICE_NAME)).unwrap().to_string();
        assert_eq!(named, "article-enricher");
    }
}
