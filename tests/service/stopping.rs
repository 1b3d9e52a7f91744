//! SIGTERM: what is admitted is finished, what is new is refused, exit 0.

use std::time::{Duration, Instant};

use article_enricher::wire::v1;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::server::Server;
use crate::{TEXT, raw, request};

#[tokio::test]
async fn an_idle_server_stops_at_once() {
    let server = Server::start();
    // Connections that wait for nothing hold up nothing.
    let (_idle, _silent) = (server.channel().await, std::net::TcpStream::connect(&server.address).unwrap());
    let log = server.stop().await;
    assert!(log.last().unwrap().contains(r#""message":"stopped""#), "{log:#?}");
}

#[tokio::test]
async fn what_a_stream_has_sent_is_answered() {
    let server = Server::start();
    let (requests, receiver) = tokio::sync::mpsc::channel(64);
    let mut answers = server.client().await.enrich_stream(ReceiverStream::new(receiver)).await.unwrap().into_inner();
    let item = |id: &str| v1::EnrichStreamRequest { request_id: id.into(), request: Some(request(TEXT)) };
    requests.send(item("first")).await.unwrap();
    answers.next().await.unwrap().unwrap();

    server.terminate();
    // Whatever else is sent is answered or, at the end, refused as a whole.
    let end = loop {
        let _ = requests.send(item("more")).await;
        match answers.next().await {
            Some(Ok(answer)) => assert_eq!(answer.request_id, "more"),
            Some(Err(status)) => break status,
            None => panic!("the stream ends without a status"),
        }
    };
    assert_eq!(end.code(), Code::Unavailable, "{end:?}");
    let (status, log) = server.wait().await;
    assert!(status.success(), "{log:#?}");
}

#[tokio::test]
async fn health_says_so_before_calls_are_refused() {
    let server = Server::start_with(&["--grace", "60s"], &[]);
    let mut health = HealthClient::new(server.channel().await);
    let check = HealthCheckRequest { service: "enrich.v1.EnrichmentService".into() };
    let mut watch = health.watch(check.clone()).await.unwrap().into_inner();
    assert_eq!(watch.next().await.unwrap().unwrap().status(), ServingStatus::Serving);

    server.terminate();
    assert_eq!(watch.next().await.unwrap().unwrap().status(), ServingStatus::NotServing);
    let everything = HealthCheckRequest::default();
    assert_eq!(health.check(everything).await.unwrap().into_inner().status(), ServingStatus::NotServing);
    // The grace: calls still work.
    server.client().await.enrich(request(TEXT)).await.unwrap();
    // A second signal cuts it, and the watch does not hold up the end.
    server.stop().await;
}

#[tokio::test]
async fn a_stalled_call_is_cut_off_at_the_end_of_the_drain_time() {
    let server = Server::start_with(&["--drain-timeout", "200ms"], &[]);
    let channel = server.channel().await;
    let stalled = tokio::spawn(async move { raw::call_without_message(&channel, raw::ENRICH).await });
    // Time for the call to begin. If it has not by then, it is refused instead.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let started = Instant::now();
    server.stop().await;
    assert!(started.elapsed() < Duration::from_secs(20));
    assert!(stalled.await.unwrap().is_err());
}
