//! Traces and metrics, as a real OTLP receiver gets them.

use std::collections::{HashMap, HashSet};
use std::sync::mpsc;

use article_enricher::wire::v1;
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{ExportMetricsServiceRequest, ExportMetricsServiceResponse};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{TraceService, TraceServiceServer};
use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::{Span, status::StatusCode};
use serde_json::Value as Json;
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

use crate::server::Server;
use crate::{TEXT, raw, request};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

/// A collector in this process.
struct Collector {
    endpoint: String,
    received: mpsc::Receiver<ExportTraceServiceRequest>,
    metrics: mpsc::Receiver<ExportMetricsServiceRequest>,
}

impl Collector {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let (sender, received) = mpsc::channel();
        let (metrics_sender, metrics) = mpsc::channel();
        let server = tonic::transport::Server::builder()
            .add_service(TraceServiceServer::new(Receiver(sender)))
            .add_service(MetricsServiceServer::new(Receiver(metrics_sender)));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        Self { endpoint, received, metrics }
    }

    fn server(&self, variables: &[(&str, &str)]) -> Server {
        let endpoint = [("OTEL_EXPORTER_OTLP_ENDPOINT", self.endpoint.as_str())];
        Server::start_with(&[], &[&endpoint[..], variables].concat())
    }

    /// All that was received, once the server has ended.
    fn spans(&self) -> Vec<Span> {
        let scopes = self.received.try_iter().flat_map(|request| request.resource_spans).flat_map(|r| r.scope_spans);
        scopes.flat_map(|scope| scope.spans).collect()
    }
}

struct Receiver<T>(mpsc::Sender<T>);

#[tonic::async_trait]
impl MetricsService for Receiver<ExportMetricsServiceRequest> {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        self.0.send(request.into_inner()).unwrap();
        Ok(Response::new(ExportMetricsServiceResponse::default()))
    }
}

#[tonic::async_trait]
impl TraceService for Receiver<ExportTraceServiceRequest> {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        self.0.send(request.into_inner()).unwrap();
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn attributes(attributes: &[KeyValue]) -> HashMap<&str, Value> {
    attributes.iter().map(|pair| (pair.key.as_str(), pair.value.clone().unwrap().value.unwrap())).collect()
}

fn text(text: &str) -> Value {
    Value::StringValue(text.into())
}

/// `message` within the caller's trace.
fn traced<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("traceparent", format!("00-{TRACE}-{PARENT}-01").parse().unwrap());
    request
}

/// The span of the call among all, which are its whole trace.
fn server_span(spans: &[Span]) -> &Span {
    let mut servers = spans.iter().filter(|span| span.kind() == SpanKind::Server);
    let server = servers.next().unwrap();
    assert!(servers.next().is_none());
    server
}

#[tokio::test]
async fn the_callers_trace_arrives_with_a_span_for_each_stage() {
    let collector = Collector::start().await;
    let server = collector.server(&[]);
    let response = server.client().await.enrich(traced(request(TEXT))).await.unwrap().into_inner();
    assert_eq!(response.provenance.unwrap().trace_id, TRACE);
    let log = server.stop().await;

    let received: Vec<_> = collector.received.try_iter().collect();
    let resource = received[0].resource_spans[0].resource.clone().unwrap();
    let resource = attributes(&resource.attributes);
    assert_eq!(resource["service.name"], text("article-enricher"));
    let spans: Vec<Span> =
        received.into_iter().flat_map(|r| r.resource_spans).flat_map(|r| r.scope_spans).flat_map(|s| s.spans).collect();

    assert!(spans.iter().all(|span| hex(&span.trace_id) == TRACE), "{spans:#?}");
    let call = server_span(&spans);
    assert_eq!(call.name, "enrich.v1.EnrichmentService/Enrich");
    assert_eq!(hex(&call.parent_span_id), PARENT);
    assert_eq!(call.status.clone().unwrap_or_default().code(), StatusCode::Unset);
    let said = attributes(&call.attributes);
    assert_eq!(said["rpc.system.name"], text("grpc"));
    assert_eq!(said["rpc.method"], text("enrich.v1.EnrichmentService/Enrich"));
    assert_eq!(said["rpc.response.status_code"], text("OK"));

    let stages: Vec<&Span> = spans.iter().filter(|span| span.parent_span_id == call.span_id).collect();
    assert_eq!(stages.len() + 1, spans.len());
    let names: HashSet<&str> = stages.iter().map(|stage| stage.name.as_str()).collect();
    let expected = ["language", "normalize", "sections", "tokens", "sentences", "entities", "dates"];
    assert!(expected.iter().all(|name| names.contains(name)), "{names:?}");
    assert_eq!(names.len(), stages.len());
    for stage in stages {
        assert!(matches!(attributes(&stage.attributes)["enricher.items"], Value::IntValue(_)), "{stage:?}");
    }
    // Nothing of the article is in any of it.
    for word in ["خبر", "تهران", "سه"] {
        assert!(!format!("{spans:?}").contains(word));
        assert!(!log.iter().any(|line| line.contains(word)));
    }
    // And the log tells the same trace and span.
    let line = log.iter().find(|line| line.contains(TRACE)).unwrap();
    let line: Json = serde_json::from_str(line).unwrap();
    assert_eq!(line["span_id"], hex(&call.span_id));
    assert_eq!(line["rpc.response.status_code"], "OK");
}

#[tokio::test]
async fn the_callers_fault_is_no_error_and_the_servers_is() {
    let collector = Collector::start().await;
    let server = collector.server(&[]);
    server.client().await.enrich(traced(request(""))).await.unwrap_err();
    server.stop().await;
    let spans = collector.spans();
    let call = server_span(&spans);
    assert_eq!(call.status.clone().unwrap_or_default().code(), StatusCode::Unset);
    assert_eq!(attributes(&call.attributes)["rpc.response.status_code"], text("INVALID_ARGUMENT"));
    assert!(!attributes(&call.attributes).contains_key("error.type"));

    let collector = Collector::start().await;
    let server = collector.server(&[("ENRICHER_DEFAULT_DEADLINE", "20ms")]);
    raw::call_without_message(&server.channel().await, raw::ENRICH).await.unwrap_err();
    server.stop().await;
    let spans = collector.spans();
    let call = server_span(&spans);
    assert_eq!(call.status.clone().unwrap_or_default().code(), StatusCode::Error);
    assert_eq!(attributes(&call.attributes)["error.type"], text("DEADLINE_EXCEEDED"));
}

#[tokio::test]
async fn each_article_of_a_batch_has_a_span() {
    let collector = Collector::start().await;
    let server = collector.server(&[("OTEL_SERVICE_NAME", "news")]);
    let batch = v1::EnrichBatchRequest { requests: vec![request(TEXT); 3] };
    server.client().await.enrich_batch(traced(batch)).await.unwrap();
    server.stop().await;
    let spans = collector.spans();
    let call = server_span(&spans);
    let articles: Vec<_> = spans.iter().filter(|span| span.parent_span_id == call.span_id).collect();
    assert_eq!(articles.iter().map(|span| span.name.as_str()).collect::<Vec<_>>(), ["article"; 3]);
    for article in articles {
        assert!(spans.iter().any(|span| span.parent_span_id == article.span_id && span.name == "tokens"));
    }
}

#[tokio::test]
async fn the_standard_variables_decide() {
    for variable in
        [("OTEL_TRACES_EXPORTER", "none"), ("OTEL_SDK_DISABLED", "true"), ("OTEL_TRACES_SAMPLER", "always_off")]
    {
        let collector = Collector::start().await;
        let server = collector.server(&[variable]);
        let response = server.client().await.enrich(traced(request(TEXT))).await.unwrap().into_inner();
        // The trace goes on all the same, for those who do record it.
        assert_eq!(response.provenance.unwrap().trace_id, TRACE, "{variable:?}");
        server.stop().await;
        assert_eq!(collector.spans(), [], "{variable:?}");
    }
}

#[tokio::test]
async fn it_works_as_well_with_no_collector() {
    // An address where nothing listens: bound for a moment, then free.
    let nowhere = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let endpoint = format!("http://{nowhere}");
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()),
        ("OTEL_BSP_SCHEDULE_DELAY", "10"),
        ("ENRICHER_FLUSH_TIMEOUT", "300ms"),
    ];
    let server = Server::start_with(&[], &variables);
    let mut client = server.client().await;
    for _ in 0..500 {
        let response = client.enrich(traced(request(TEXT))).await.unwrap().into_inner();
        assert_eq!(response.provenance.unwrap().trace_id, TRACE);
    }
    let log = server.stop().await;
    // It may be said once, but not with each batch.
    let complaints = log.iter().filter(|line| line.contains(r#""target":"opentelemetry"#)).count();
    assert!(complaints <= 1, "{log:#?}");
}

#[tokio::test]
async fn metrics_are_sent_where_the_variables_say() {
    for (variables, expected) in [(&[][..], true), (&[("OTEL_METRICS_EXPORTER", "none")], false)] {
        let collector = Collector::start().await;
        let server = collector.server(variables);
        server.client().await.enrich(request(TEXT)).await.unwrap();
        server.stop().await;
        let scopes = collector.metrics.try_iter().flat_map(|r| r.resource_metrics).flat_map(|r| r.scope_metrics);
        let names: HashSet<String> = scopes.flat_map(|scope| scope.metrics).map(|metric| metric.name).collect();
        for name in ["rpc.server.call.duration", "enricher.stage.duration", "enricher.shed", "process.memory.usage"] {
            assert_eq!(names.contains(name), expected, "{name}: {names:?}");
        }
    }
}
