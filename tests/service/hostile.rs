//! Clients that keep to no contract. Whatever they do, the server goes on for
//! the others, and stops when it is told to.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use article_enricher::wire::v1;
use article_enricher::wire::v1::enrichment_service_client::EnrichmentServiceClient;
use tokio::task::JoinSet;
use tokio_stream::StreamExt;
use tonic::Code;
use tonic_types::StatusExt;

use crate::server::{PATIENCE, Server};
use crate::{TEXT, raw, request};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// An empty SETTINGS frame.
const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];

/// HEADERS that open a call of `Enrich` on stream 1, in HPACK without Huffman
/// or tables.
fn headers() -> Vec<u8> {
    let mut block = vec![0x83, 0x86]; // :method POST, :scheme http
    for (name, value) in
        [(":path", raw::ENRICH), (":authority", "localhost"), ("content-type", "application/grpc"), ("te", "trailers")]
    {
        block.push(0);
        for text in [name, value] {
            block.push(u8::try_from(text.len()).unwrap());
            block.extend(text.as_bytes());
        }
    }
    frame(1, 0x4, 1, &block)
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// Sends bytes on a connection of their own, which stays open while held.
fn send(server: &Server, parts: &[&[u8]]) -> TcpStream {
    let mut connection = TcpStream::connect(&server.address).unwrap();
    connection.set_read_timeout(Some(PATIENCE)).unwrap();
    for part in parts {
        // The server may have hung up already: that is its right.
        let _ = connection.write_all(part);
    }
    connection
}

/// Whether the server ends the connection, whatever it says before.
fn is_cut(mut connection: TcpStream) -> bool {
    let mut said = Vec::new();
    match connection.read_to_end(&mut said) {
        Ok(_) => true,
        Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
    }
}

/// Bytes without any sense, always the same ones.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    let next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    };
    std::iter::repeat_with(next).take(length).collect()
}

#[tokio::test]
async fn garbage_is_cut_off() {
    let server = Server::start();
    let noise = noise(100_000);
    let long_header =
        frame(1, 0x4, 1, &[&[0x83, 0x86, 0x84, 0x00, 0x7f, 0xff, 0xff, 0xff, 0x7f], &noise[..8000]].concat());
    let cases: [(&str, Vec<&[u8]>); 6] = [
        ("noise", vec![&noise]),
        ("HTTP/1.1", vec![b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"]),
        ("noise after the preface", vec![PREFACE, SETTINGS, &noise]),
        ("a frame over the limit", vec![PREFACE, SETTINGS, &[0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1]]),
        ("DATA on no stream", vec![PREFACE, SETTINGS, &[0, 0, 1, 0, 0, 0, 0, 0, 1, 7]]),
        ("broken HPACK", vec![PREFACE, SETTINGS, &long_header]),
    ];
    for (name, parts) in cases {
        let connection = send(&server, &parts);
        assert!(tokio::task::spawn_blocking(|| is_cut(connection)).await.unwrap(), "{name}");
        server.client().await.enrich(request(TEXT)).await.unwrap();
    }
    server.stop().await;
}

#[tokio::test]
async fn silent_and_half_open_connections_hold_up_nothing() {
    let server = Server::start_with(&["--default-deadline", "100ms", "--drain-timeout", "60s"], &[]);
    let headers = headers();
    // A message is announced, and does not come.
    let announced = frame(0, 0, 1, &[0, 0, 0, 16, 0, 1, 2, 3]);
    let parts: [&[&[u8]]; 5] = [
        &[],
        &[&PREFACE[..10]],
        &[PREFACE, SETTINGS],
        &[PREFACE, SETTINGS, &headers],
        &[PREFACE, SETTINGS, &headers, &announced],
    ];
    let held: Vec<_> = (0..50).flat_map(|_| parts.map(|parts| send(&server, parts))).collect();
    server.client().await.enrich(request(TEXT)).await.unwrap();
    // Those that got as far as a call have it ended by its deadline. Those
    // that speak HTTP/2 have to answer a ping, and do not: let them go.
    let (open, unopened): (Vec<_>, Vec<_>) = held.into_iter().enumerate().partition(|(at, _)| at % 5 > 1);
    drop(open);
    server.stop().await;
    drop(unopened);
}

#[tokio::test]
async fn a_thousand_calls_at_once_are_answered_or_refused() {
    let server = Server::start_with(&["--workers", "2", "--queue", "8"], &[]);
    let mut calls = JoinSet::new();
    for _ in 0..10 {
        let client = server.client().await;
        for _ in 0..100 {
            let mut client = client.clone();
            calls.spawn(async move { client.enrich(request(&TEXT.repeat(100))).await });
        }
    }
    let (mut answered, mut refused) = (0, 0);
    while let Some(result) = calls.join_next().await {
        match result.unwrap() {
            Ok(_) => answered += 1,
            Err(status) => {
                assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
                assert!(status.get_details_retry_info().unwrap().retry_delay.is_some());
                refused += 1;
            }
        }
    }
    assert_eq!(answered + refused, 1000);
    assert!(answered > 0);
    // Every slot is back.
    for _ in 0..20 {
        server.client().await.enrich(request(TEXT)).await.unwrap();
    }
    server.stop().await;
}

#[tokio::test]
async fn calls_that_are_given_up_leave_nothing_behind() {
    let server = Server::start_with(&["--workers", "1", "--queue", "4"], &[]);
    for round in 0..30 {
        let mut client = server.client().await;
        let call = tokio::spawn(async move { client.enrich(request(&TEXT.repeat(2000))).await });
        tokio::time::sleep(Duration::from_micros(round * 200)).await;
        call.abort();
        let _ = call.await;
    }
    // A slot that is not free yet will be soon; one that is lost never.
    let mut client = server.client().await;
    tokio::time::timeout(PATIENCE, async {
        while client.enrich(request(TEXT)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
    server.stop().await;
}

#[tokio::test]
async fn a_stream_that_is_not_read_reads_no_more_itself() {
    let server = Server::start_with(&["--workers", "1"], &[]);
    let (requests, receiver) = tokio::sync::mpsc::channel(1);
    let outgoing = tokio_stream::wrappers::ReceiverStream::new(receiver);
    let mut answers = server.client().await.enrich_stream(outgoing).await.unwrap().into_inner();
    // Each answer is longer than the windows of HTTP/2.
    let item = v1::EnrichStreamRequest { request_id: "r".into(), request: Some(request(&TEXT.repeat(2000))) };
    let mut sent = 0;
    while sent < 500 && tokio::time::timeout(Duration::from_millis(500), requests.send(item.clone())).await.is_ok() {
        sent += 1;
    }
    assert!(sent < 500, "back-pressure");
    // Half-closed, all that was taken is answered.
    drop(requests);
    let mut answered = 0;
    while let Some(answer) = answers.next().await {
        answer.unwrap();
        answered += 1;
    }
    assert_eq!(answered, sent);
    server.stop().await;
}

#[tokio::test]
async fn streams_whose_answers_nobody_takes_hold_no_slots() {
    let server = Server::start_with(&["--workers", "1", "--queue", "2", "--drain-timeout", "300ms"], &[]);
    for _ in 0..20 {
        // The client goes on sending after its side of the answers is dropped.
        let items = tokio_stream::iter(0..).map(|at| v1::EnrichStreamRequest {
            request_id: at.to_string(),
            request: Some(request(&TEXT.repeat(100))),
        });
        let mut answers = server.client().await.enrich_stream(items).await.unwrap().into_inner();
        answers.next().await.unwrap().unwrap();
    }
    let mut client = server.client().await;
    tokio::time::timeout(PATIENCE, async {
        while client.enrich(request(TEXT)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
    server.stop().await;
}

#[tokio::test]
async fn connections_beyond_the_cap_are_closed_at_once() {
    let server = Server::start_with(&["--max-connections", "10"], &[]);
    let held: Vec<_> = (0..10).map(|_| send(&server, &[PREFACE, SETTINGS])).collect();
    let beyond = send(&server, &[]);
    assert!(tokio::task::spawn_blocking(|| is_cut(beyond)).await.unwrap());
    drop(held);
    // Their places come back.
    tokio::time::timeout(PATIENCE, async {
        loop {
            let Ok(channel) = server.endpoint().connect().await else { continue };
            if EnrichmentServiceClient::new(channel).enrich(request(TEXT)).await.is_ok() {
                break;
            }
        }
    })
    .await
    .unwrap();
    server.stop().await;
}

#[tokio::test]
async fn without_descriptors_the_server_rests_and_serves_again() {
    let server = Server::start_limited(48);
    let held: Vec<_> = (0..100).map(|_| send(&server, &[PREFACE, SETTINGS])).collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let before = server.cpu_time();
    tokio::time::sleep(Duration::from_millis(1000)).await;
    let share = (server.cpu_time() - before).as_secs_f64();
    println!("CPU of an idle server without descriptors: {:.1} %", share * 100.0);
    assert!(share < 0.3, "{share}");
    drop(held);
    server.client().await.enrich(request(TEXT)).await.unwrap();
    let log = server.stop().await;
    // Said once each time it begins, not for each connection.
    let said = log.iter().filter(|line| line.contains("cannot accept")).count();
    assert!((1..=10).contains(&said), "{log:#?}");
}

#[tokio::test]
async fn a_message_that_does_not_come_is_not_waited_for() {
    let server = Server::start_with(&["--body-timeout", "100ms"], &[]);
    let channel = server.channel().await;
    let status = raw::call_without_message(&channel, raw::ENRICH).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
    assert!(status.message().contains("too long to arrive"), "{status:?}");
    server.client().await.enrich(request(TEXT)).await.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn bytes_in_flight_are_bounded() {
    let limits = ["--max-article-bytes=90000", "--max-request-bytes=100000", "--max-in-flight-bytes=100000"];
    let server = Server::start_with(&limits, &[]);
    let mut client = server.client().await;
    let long = request(&"خبر ".repeat(8000));
    client.enrich(long.clone()).await.unwrap();
    // Most of a message comes, and is held.
    let mut parts = vec![PREFACE.to_vec(), SETTINGS.to_vec(), headers(), frame(0, 0, 1, &[0, 0, 1, 0x38, 0x80])];
    parts.extend((0..4).map(|_| frame(0, 0, 1, &[0; 15_000])));
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let held = send(&server, &parts);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let status = client.enrich(long.clone()).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
    assert!(status.get_details_retry_info().unwrap().retry_delay.is_some());
    client.enrich(request(TEXT)).await.unwrap();
    drop(held);
    tokio::time::timeout(PATIENCE, async { while client.enrich(long.clone()).await.is_err() {} }).await.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn a_response_that_is_too_long_is_said_to_be() {
    let server = Server::start_with(&["--max-response-bytes", "3000"], &[]);
    let mut client = server.client().await;
    let status = client.enrich(request(&TEXT.repeat(20))).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
    assert!(status.message().contains("the limit is 3000"), "{status:?}");
    client.enrich(request(TEXT)).await.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn who_takes_no_answer_is_cut_off_and_holds_nothing() {
    let server = Server::start_with(&["--default-deadline=3s", "--max-wait=60s", "--http-listen", "127.0.0.1:0"], &[]);
    // EnrichRequest.article (1) { Article.raw_text (2) }, and a window of 64 KiB that never opens again.
    let text = TEXT.repeat(100);
    let tagged = |tag: u8, bytes: &[u8]| {
        let length = [bytes.len() as u8 & 0x7f | 0x80, u8::try_from(bytes.len() >> 7).unwrap()];
        [&[tag], &length[..], bytes].concat()
    };
    let message = tagged(0x0a, &tagged(0x12, text.as_bytes()));
    let message = [&[0], &u32::try_from(message.len()).unwrap().to_be_bytes()[..], &message].concat();
    let parts = [PREFACE, SETTINGS, &headers(), &frame(0, 1, 1, &message)];
    let held: Vec<_> = (0..20).map(|_| send(&server, &parts)).collect();
    tokio::time::timeout(PATIENCE, async {
        while in_flight(&server) < 500_000.0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .unwrap();
    println!("{} bytes in flight for 20 clients that take nothing", in_flight(&server));
    for connection in held {
        assert!(tokio::task::spawn_blocking(|| is_cut(connection)).await.unwrap());
    }
    tokio::time::timeout(PATIENCE, async {
        while in_flight(&server) > 0.0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .unwrap();
    server.client().await.enrich(request(TEXT)).await.unwrap();
    server.stop().await;
}

fn in_flight(server: &Server) -> f64 {
    crate::metrics::metrics(server)["enricher_in_flight_bytes"]
}
