//! The methods of the contract, and health.

use article_enricher::wire::v1;
use article_enricher::wire::v1::enrich_batch_response::result::Outcome as BatchOutcome;
use article_enricher::wire::v1::enrich_stream_response::Outcome as StreamOutcome;
use tokio_stream::StreamExt;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::server::Server;
use crate::{TEXT, request};

#[tokio::test]
async fn enrich() {
    let server = Server::start();
    let mut request = request(TEXT);
    request.article.as_mut().unwrap().id = "a1".into();
    let response = server.client().await.enrich(request.clone()).await.unwrap().into_inner();
    assert_eq!(response.article_id, "a1");
    assert_eq!(response.language, "fa");
    let provenance = response.provenance.unwrap();
    assert_eq!(provenance.stages.len(), 9);
    // Without a caller's trace there is a new one.
    assert_eq!(provenance.trace_id.len(), 32);

    // The same article gives the same response, but for times and trace.
    let mut again = server.client().await.enrich(request).await.unwrap().into_inner();
    again.provenance = None;
    let first = v1::EnrichResponse { provenance: None, ..response };
    assert_eq!(first, again);
    server.stop().await;
}

#[tokio::test]
async fn capabilities_tell_the_limits() {
    let server = Server::start_with(&["--max-article-bytes", "1000", "--max-batch-items", "3"], &[]);
    let capabilities = server.client().await.get_capabilities(v1::GetCapabilitiesRequest {}).await.unwrap();
    let capabilities = capabilities.into_inner();
    assert_eq!(capabilities.service_version, env!("CARGO_PKG_VERSION"));
    let limits = capabilities.limits.unwrap();
    assert_eq!((limits.max_article_bytes, limits.max_batch_items), (1000, 3));
    assert_eq!(limits.max_request_bytes, 4 << 20);
    assert!(capabilities.languages.contains(&"fa".to_owned()));
    server.stop().await;
}

#[tokio::test]
async fn health_of_the_server_and_the_service() {
    let server = Server::start();
    let mut health = HealthClient::new(server.channel().await);
    for service in ["", "enrich.v1.EnrichmentService"] {
        let check = HealthCheckRequest { service: service.into() };
        assert_eq!(health.check(check).await.unwrap().into_inner().status(), ServingStatus::Serving, "{service:?}");
    }
    let unknown = health.check(HealthCheckRequest { service: "no.such.Service".into() }).await.unwrap_err();
    assert_eq!(unknown.code(), tonic::Code::NotFound);
    server.stop().await;
}

#[tokio::test]
async fn a_bad_article_never_fails_its_batch() {
    let server = Server::start();
    let mut requests: Vec<_> = (0..20).map(|at| request(&format!("{TEXT} {at}"))).collect();
    requests[7] = request("");
    for (at, request) in requests.iter_mut().enumerate() {
        request.article.as_mut().unwrap().id = at.to_string();
    }
    let batch = v1::EnrichBatchRequest { requests };
    let results = server.client().await.enrich_batch(batch).await.unwrap().into_inner().results;
    assert_eq!(results.len(), 20);
    for (at, result) in results.into_iter().enumerate() {
        match result.outcome.unwrap() {
            BatchOutcome::Response(response) => assert_eq!(response.article_id, at.to_string()),
            BatchOutcome::Error(error) => {
                assert_eq!((at, error.code), (7, tonic::Code::InvalidArgument.into()));
                assert!(error.message.contains("article.raw_text"), "{}", error.message);
                assert_eq!(error.details.len(), 1);
            }
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn an_empty_batch_has_no_results() {
    let server = Server::start();
    let batch = server.client().await.enrich_batch(v1::EnrichBatchRequest::default()).await.unwrap();
    assert!(batch.into_inner().results.is_empty());
    server.stop().await;
}

#[tokio::test]
async fn bad_items_never_end_a_stream() {
    let server = Server::start();
    let items = (0..200).map(|at| v1::EnrichStreamRequest {
        request_id: format!("r{at}"),
        request: match at % 3 {
            0 => Some(request(TEXT)),
            1 => Some(request("")),
            _ => None,
        },
    });
    let stream = server.client().await.enrich_stream(tokio_stream::iter(items)).await.unwrap();
    let mut answers: Vec<_> = stream.into_inner().map(Result::unwrap).collect().await;
    answers.sort_by_key(|answer| answer.request_id[1..].parse::<usize>().unwrap());
    assert_eq!(answers.len(), 200);
    for (at, answer) in answers.into_iter().enumerate() {
        assert_eq!(answer.request_id, format!("r{at}"));
        match answer.outcome.unwrap() {
            StreamOutcome::Response(response) => assert_eq!((at % 3, response.language.as_str()), (0, "fa")),
            StreamOutcome::Error(error) => {
                assert_ne!(at % 3, 0, "{error:?}");
                assert_eq!(error.code, i32::from(tonic::Code::InvalidArgument));
            }
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn a_stream_answers_before_it_is_closed() {
    let server = Server::start();
    let (requests, receiver) = tokio::sync::mpsc::channel(1);
    let outgoing = tokio_stream::wrappers::ReceiverStream::new(receiver);
    let mut answers = server.client().await.enrich_stream(outgoing).await.unwrap().into_inner();
    for at in 0..5 {
        let item = v1::EnrichStreamRequest { request_id: at.to_string(), request: Some(request(TEXT)) };
        requests.send(item).await.unwrap();
        assert_eq!(answers.next().await.unwrap().unwrap().request_id, at.to_string());
    }
    drop(requests);
    assert!(answers.next().await.is_none());
    server.stop().await;
}
