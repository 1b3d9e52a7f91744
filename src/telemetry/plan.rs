//! What the standard `OTEL_*` variables ask for.

use opentelemetry::KeyValue;
use opentelemetry_sdk::Resource;

use super::semconv::{SERVICE_NAME, SERVICE_VERSION};

/// What the standard variables ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// Send spans to the collector.
    pub(super) traces: bool,
    /// Send metrics to the collector.
    pub(super) metrics: bool,
    /// The variables name the service themselves.
    named: bool,
    /// What they ask for in vain.
    complaints: Vec<String>,
}

impl Plan {
    pub(super) fn read(variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let given = |name: &str| variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let mut complaints = Vec::new();

        let disabled = given("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let mut wanted = |signal: &str| {
            let any = |what: &str| {
                let own = given(&format!("OTEL_EXPORTER_OTLP_{signal}_{what}"));
                own.or_else(|| given(&format!("OTEL_EXPORTER_OTLP_{what}")))
            };
            let exporter = format!("OTEL_{signal}_EXPORTER");
            let wanted = match given(&exporter).as_deref() {
                None => any("ENDPOINT").is_some(),
                Some("otlp") => true,
                Some("none") => false,
                // Metrics are there for Prometheus in any case.
                Some("prometheus") if signal == "METRICS" => false,
                Some(other) => {
                    complaints.push(format!("{exporter}={other}: only otlp and none are known; none it is"));
                    false
                }
            };
            if let Some(other) = any("PROTOCOL").filter(|protocol| wanted && protocol != "grpc") {
                complaints.push(format!("OTEL_EXPORTER_OTLP_PROTOCOL={other}: only grpc is spoken; using it"));
            }
            wanted && !disabled
        };
        let (traces, metrics) = (wanted("TRACES"), wanted("METRICS"));
        complaints.dedup();
        let attributes = given("OTEL_RESOURCE_ATTRIBUTES").unwrap_or_default();
        let named = given("OTEL_SERVICE_NAME").is_some()
            || attributes.split(',').any(|pair| pair.split('=').next().is_some_and(|key| key.trim() == SERVICE_NAME));
        Self { traces, metrics, named, complaints }
    }

    /// Says in the log what will be done.
    pub(super) fn log(&self) {
        for complaint in &self.complaints {
            tracing::warn!("{complaint}");
        }
        tracing::info!(traces = self.traces, metrics = self.metrics, "export");
    }

    /// Who we are.
    pub(super) fn resource(&self) -> Resource {
        let resource = Resource::builder();
        let resource = match self.named {
            true => resource,
            false => resource.with_service_name(env!("CARGO_PKG_NAME")),
        };
        resource.with_attribute(KeyValue::new(SERVICE_VERSION, env!("CARGO_PKG_VERSION"))).build()
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
        let exports = |variables: &[(&str, &str)]| {
            let plan = plan(variables);
            (plan.traces, plan.metrics)
        };
        assert_eq!(exports(&[]), (false, false));
        assert_eq!(exports(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "")]), (false, false));
        assert_eq!(exports(&[endpoint]), (true, true));
        assert_eq!(exports(&[("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://localhost:4317")]), (true, false));
        assert_eq!(exports(&[("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://localhost:4317")]), (false, true));
        assert_eq!(exports(&[("OTEL_TRACES_EXPORTER", "otlp")]), (true, false));
        assert_eq!(exports(&[endpoint, ("OTEL_TRACES_EXPORTER", "none")]), (false, true));
        assert_eq!(exports(&[endpoint, ("OTEL_METRICS_EXPORTER", "prometheus")]), (true, false));
        assert_eq!(exports(&[endpoint, ("OTEL_SDK_DISABLED", "true")]), (false, false));
        assert_eq!(exports(&[endpoint, ("OTEL_TRACES_EXPORTER", "zipkin")]), (false, true));
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
