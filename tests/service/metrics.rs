//! What the server answers over plain HTTP.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use crate::server::{PATIENCE, Server};
use crate::{TEXT, request};

/// The status and the body of a GET.
fn get(server: &Server, path: &str) -> (u16, String) {
    let mut connection = TcpStream::connect(server.http.as_ref().unwrap()).unwrap();
    connection.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(connection, "GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// Each sample of `/metrics`, labels in order.
pub fn metrics(server: &Server) -> HashMap<String, f64> {
    let (status, text) = get(server, "/metrics");
    assert_eq!(status, 200);
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    let sample = |line: &str| {
        let (name, value) = line.rsplit_once(' ').unwrap();
        let name = match name.strip_suffix('}').and_then(|name| name.split_once('{')) {
            Some((name, labels)) => {
                let mut labels: Vec<&str> = labels.split(',').collect();
                labels.sort_unstable();
                format!("{name}{{{}}}", labels.join(","))
            }
            None => name.to_owned(),
        };
        (name, value.parse().unwrap())
    };
    samples.map(sample).collect()
}

fn calls(method: &str, status: &str) -> String {
    format!(
        "rpc_server_call_duration_seconds_count{{rpc_method=\"enrich.v1.EnrichmentService/{method}\",\
         rpc_response_status_code=\"{status}\",rpc_system_name=\"grpc\"}}"
    )
}

#[tokio::test]
async fn what_is_done_is_counted() {
    let server = Server::start_with(&["--http-listen", "127.0.0.1:0"], &[]);
    let mut client = server.client().await;
    for _ in 0..3 {
        client.enrich(request(TEXT)).await.unwrap();
    }
    client.enrich(request("")).await.unwrap_err();
    // Health is no call of the contract.
    HealthClient::new(server.channel().await).check(HealthCheckRequest::default()).await.unwrap();

    let seen = metrics(&server);
    let value = |name: &str| *seen.get(name).unwrap_or_else(|| panic!("{name}: {seen:#?}"));
    assert_eq!(value(&calls("Enrich", "OK")), 3.0);
    assert_eq!(value(&calls("Enrich", "INVALID_ARGUMENT")), 1.0);
    assert_eq!(seen.keys().filter(|name| name.starts_with("rpc_server_call_duration_seconds_count")).count(), 2);
    for stage in ["language", "tokens", "entities", "dates", "quotations"] {
        assert_eq!(value(&format!("enricher_stage_duration_seconds_count{{enricher_stage=\"{stage}\"}}")), 3.0);
    }
    assert!(value("enricher_tokens_total") >= 15.0);
    assert_eq!(value("enricher_queued"), 0.0);
    assert_eq!(value("enricher_expected_wait_ms"), 0.0);
    assert_eq!(value("enricher_in_flight_bytes"), 0.0);
    assert!(value("enricher_connections") >= 1.0);
    for reason in ["wait", "bytes", "connections"] {
        assert_eq!(value(&format!("enricher_shed_total{{enricher_reason=\"{reason}\"}}")), 0.0);
    }
    for reason in ["skipped", "panic"] {
        assert_eq!(value(&format!("enricher_undone_total{{enricher_reason=\"{reason}\"}}")), 0.0);
    }
    for outcome in ["ended", "sent", "failed"] {
        assert_eq!(value(&format!("enricher_export_spans_total{{enricher_outcome=\"{outcome}\"}}")), 0.0);
    }
    assert!(value("process_memory_usage_bytes") > 1e6);
    server.stop().await;
}

#[tokio::test]
async fn what_is_refused_is_counted() {
    let flags = ["--http-listen", "127.0.0.1:0", "--workers", "1", "--max-wait", "1ms"];
    let server = Server::start_with(&flags, &[]);
    let client = server.client().await;
    let mut calls_at_once = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let mut client = client.clone();
        calls_at_once
            .spawn(async move { client.enrich(request(&TEXT.repeat(100))).await.err().map(|status| status.code()) });
    }
    let results = calls_at_once.join_all().await;
    let refused = results.iter().filter(|result| **result == Some(tonic::Code::ResourceExhausted)).count();
    assert!((1..50).contains(&refused), "{refused}");
    let seen = metrics(&server);
    assert_eq!(seen["enricher_shed_total{enricher_reason=\"wait\"}"], refused as f64);
    assert_eq!(seen[&calls("Enrich", "RESOURCE_EXHAUSTED")], refused as f64);
    server.stop().await;
}

#[tokio::test]
async fn probes_tell_serving_from_stopping() {
    let server = Server::start_with(&["--http-listen", "127.0.0.1:0", "--grace", "60s"], &[]);
    assert_eq!(get(&server, "/readyz").0, 200);
    assert_eq!(get(&server, "/livez").0, 200);
    assert_eq!(get(&server, "/").0, 404);
    server.terminate();
    tokio::time::timeout(PATIENCE, async {
        while get(&server, "/readyz").0 != 503 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
    assert_eq!(get(&server, "/livez").0, 200);
    server.stop().await;
}
