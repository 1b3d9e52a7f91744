//! Metrics in Prometheus' text form, named by the rules that OpenTelemetry has
//! for it: `rpc.server.call.duration` in `s` is `rpc_server_call_duration_seconds`.

use std::fmt::{Display, Write};

use opentelemetry::KeyValue;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, Metric, MetricData, ResourceMetrics};

/// The text.
pub(super) fn text(metrics: &ResourceMetrics) -> String {
    let mut out = String::new();
    line(&mut out, "# TYPE target_info gauge");
    let resource = metrics.resource().iter().map(|(key, value)| (key.as_str(), value.to_string()));
    sample(&mut out, "target_info", "", resource, &1);
    for metric in metrics.scope_metrics().flat_map(|scope| scope.metrics()) {
        match metric.data() {
            AggregatedMetrics::F64(data) => write_metric(&mut out, metric, data),
            AggregatedMetrics::U64(data) => write_metric(&mut out, metric, data),
            AggregatedMetrics::I64(data) => write_metric(&mut out, metric, data),
        }
    }
    out
}

fn write_metric<T: Display + Copy>(out: &mut String, metric: &Metric, data: &MetricData<T>) {
    let (kind, total) = match data {
        MetricData::Gauge(_) => ("gauge", ""),
        MetricData::Sum(sum) if sum.is_monotonic() => ("counter", "_total"),
        MetricData::Sum(_) => ("gauge", ""),
        MetricData::Histogram(_) => ("histogram", ""),
        // None of ours.
        MetricData::ExponentialHistogram(_) => return,
    };
    let unit = match metric.unit() {
        "s" => "_seconds",
        "By" => "_bytes",
        _ => "",
    };
    let name = format!("{}{unit}{total}", plain(metric.name()));
    line(out, &format!("# HELP {name} {}", metric.description().replace('\\', r"\\").replace('\n', r"\n")));
    line(out, &format!("# TYPE {name} {kind}"));
    match data {
        MetricData::Gauge(gauge) => {
            gauge.data_points().for_each(|point| sample(out, &name, "", labels(point.attributes()), &point.value()));
        }
        MetricData::Sum(sum) => {
            sum.data_points().for_each(|point| sample(out, &name, "", labels(point.attributes()), &point.value()));
        }
        MetricData::Histogram(histogram) => {
            for point in histogram.data_points() {
                let bounds = point.bounds().map(|bound| bound.to_string()).chain(["+Inf".to_owned()]);
                let mut count = 0;
                for (bound, more) in bounds.zip(point.bucket_counts()) {
                    count += more;
                    sample(out, &name, "_bucket", labels(point.attributes()).chain([("le", bound)]), &count);
                }
                sample(out, &name, "_sum", labels(point.attributes()), &point.sum());
                sample(out, &name, "_count", labels(point.attributes()), &point.count());
            }
        }
        MetricData::ExponentialHistogram(_) => (),
    }
}

fn labels<'a>(attributes: impl Iterator<Item = &'a KeyValue>) -> impl Iterator<Item = (&'a str, String)> {
    attributes.map(|pair| (pair.key.as_str(), pair.value.to_string()))
}

fn sample<'a>(
    out: &mut String,
    name: &str,
    suffix: &str,
    labels: impl Iterator<Item = (&'a str, String)>,
    value: &dyn Display,
) {
    let labels: Vec<_> = labels.map(|(key, value)| format!("{}=\"{}\"", plain(key), escaped(&value))).collect();
    let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
    line(out, &format!("{name}{suffix}{labels} {value}"));
}

fn line(out: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{text}");
}

/// The name with nothing but letters, digits and underscores.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

fn escaped(value: &str) -> String {
    value.replace('\\', r"\\").replace('"', r#"\""#).replace('\n', r"\n")
}

#[cfg(test)]
mod tests {
    use super::super::metrics::Metrics;
    use std::time::Duration;

    #[test]
    fn the_text_is_that_of_prometheus() {
        let metrics = Metrics::unread();
        metrics.call("a.B/C", "OK", Duration::from_micros(300));
        metrics.call("a.B/C", "OK", Duration::from_secs(100));
        metrics.tokens(7);
        metrics.gauge("enricher.test", "By", "one\nline", || 9);
        metrics.counter("enricher.shed", "{call}", "x", "enricher.reason", || [("a\"b", 3)]);
        let text = metrics.prometheus();
        let labels = r#"rpc_method="a.B/C",rpc_response_status_code="OK",rpc_system_name="grpc""#;
        let has = |line: &str| assert!(text.lines().any(|l| sorted(l) == sorted(line)), "{line}\n{text}");
        has("# TYPE rpc_server_call_duration_seconds histogram");
        has(&format!("rpc_server_call_duration_seconds_bucket{{{labels},le=\"0.00025\"}} 0"));
        has(&format!("rpc_server_call_duration_seconds_bucket{{{labels},le=\"0.0005\"}} 1"));
        has(&format!("rpc_server_call_duration_seconds_bucket{{{labels},le=\"+Inf\"}} 2"));
        has(&format!("rpc_server_call_duration_seconds_count{{{labels}}} 2"));
        has("enricher_tokens_total 7");
        has(r"# HELP enricher_test_bytes one\nline");
        has("enricher_test_bytes 9");
        has(r#"enricher_shed_total{enricher_reason="a\"b"} 3"#);
        assert!(text.contains("target_info{") && text.contains("service_name=\"article-enricher\""), "{text}");
        let memory = text.lines().find_map(|l| l.strip_prefix("process_memory_usage_bytes ")).unwrap();
        assert!(memory.parse::<u64>().unwrap() > 1 << 20);
    }

    /// The attributes come in any order.
    fn sorted(line: &str) -> Vec<&str> {
        let mut parts: Vec<_> = line.split(['{', '}', ',']).collect();
        parts.sort_unstable();
        parts
    }
}
