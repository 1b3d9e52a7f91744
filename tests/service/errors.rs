//! Each row of the contract's table of errors, and that the server goes on.

use article_enricher::wire::v1;
use prost::Message;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::server::{Server, enricher};
use crate::{TEXT, raw, request};

/// The fields that the details name.
fn fields(status: &Status) -> Vec<String> {
    let violations = status.get_details_bad_request().map(|details| details.field_violations);
    violations.unwrap_or_default().into_iter().map(|violation| violation.field).collect()
}

#[tokio::test]
async fn every_violation_is_listed_by_field() {
    let server = Server::start();
    let mut client = server.client().await;
    let with = |change: fn(&mut v1::EnrichRequest, &mut v1::Article)| {
        let mut request = request(TEXT);
        let mut article = request.article.take().unwrap();
        change(&mut request, &mut article);
        request.article = Some(article);
        request
    };
    for (request, expected) in [
        (v1::EnrichRequest::default(), vec!["article"]),
        (with(|_, article| article.content = None), vec!["article.content"]),
        (request(""), vec!["article.raw_text"]),
        (request(" \n\t "), vec!["article.raw_text"]),
        (with(|_, article| article.document_date = "2025-02-30".into()), vec!["article.document_date"]),
        (with(|_, article| article.document_date = "yesterday".into()), vec!["article.document_date"]),
        (with(|_, article| article.time_zone = "Mars/Olympus".into()), vec!["article.time_zone"]),
        (with(|request, _| request.features = vec![4, 99]), vec!["features[1]"]),
        (with(|request, _| request.features = vec![99; 100_000]), vec!["features"]),
        (with(|request, _| request.offset_unit = 9), vec!["offset_unit"]),
        (with(|request, _| request.min_confidence = 1.5), vec!["min_confidence"]),
        (
            with(|request, article| {
                request.features = vec![99];
                article.document_date = "x".into();
                article.time_zone = "y".into();
            }),
            vec!["features[0]", "article.document_date", "article.time_zone"],
        ),
    ] {
        let status = client.enrich(request).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
        assert_eq!(fields(&status), expected);
    }
    client.enrich(request(TEXT)).await.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn a_long_article_is_refused_with_its_length_and_the_limit() {
    let server = Server::start();
    let mut client = server.client().await;
    let status = client.enrich(request(&"خبر ".repeat(300_000))).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(fields(&status), ["article.raw_text"]);
    assert!(status.message().contains("2100000") && status.message().contains("1048576"), "{status:?}");
    client.enrich(request(&"خبر ".repeat(100_000))).await.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn a_message_over_the_transports_limit_is_refused() {
    let server = Server::start();
    let mut client = server.client().await;
    for _ in 0..5 {
        let status = client.enrich(request(&"خبر ".repeat(10_000_000 / 7))).await.unwrap_err();
        assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
    }
    client.enrich(request(TEXT)).await.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn bytes_that_are_no_message_are_the_callers_fault() {
    let server = Server::start();
    let channel = server.channel().await;
    let article = |text: &[u8]| {
        // EnrichRequest.article (1) { Article.raw_text (2) = text }
        let inner = [&[0x12, text.len() as u8], text].concat();
        [&[0x0a, inner.len() as u8], inner.as_slice()].concat()
    };
    for bytes in [
        b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff".to_vec(),
        b"hello".to_vec(),
        vec![0x0a, 0x7f],
        article(b"\xc3\x28"),
        article(b"\xed\xa0\x80"),
        article(b"\xd8"),
    ] {
        let status = raw::call(&channel, raw::ENRICH, bytes.clone()).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument, "{bytes:x?}: {status:?}");
    }
    // The same bytes where they are right.
    let response = raw::call(&channel, raw::ENRICH, article("خبر".as_bytes())).await.unwrap();
    v1::EnrichResponse::decode(response.as_slice()).unwrap();
    server.stop().await;
}

#[tokio::test]
async fn a_stream_ends_at_bytes_that_are_no_message() {
    let server = Server::start();
    let status = raw::call(&server.channel().await, "/enrich.v1.EnrichmentService/EnrichStream", vec![0xff; 20]).await;
    assert_eq!(status.unwrap_err().code(), Code::InvalidArgument);
    server.stop().await;
}

#[tokio::test]
async fn a_batch_has_a_limit() {
    let server = Server::start_with(&["--max-batch-items", "2"], &[]);
    let batch = v1::EnrichBatchRequest { requests: vec![request(TEXT); 3] };
    let status = server.client().await.enrich_batch(batch).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(fields(&status), ["requests"]);
    server.stop().await;
}

#[tokio::test]
async fn unknown_methods_are_unimplemented() {
    let server = Server::start();
    let channel = server.channel().await;
    for method in ["/enrich.v1.EnrichmentService/Translate", "/no.such.Service/Enrich"] {
        let status = raw::call(&channel, method, Vec::new()).await.unwrap_err();
        assert_eq!(status.code(), Code::Unimplemented, "{method}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_call_ends_at_its_deadline() {
    let server = Server::start_with(&["--default-deadline", "50ms"], &[]);
    let channel = server.channel().await;
    let status = raw::call_without_message(&channel, raw::ENRICH).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
    server.client().await.enrich(request(TEXT)).await.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn a_malformed_timeout_is_the_callers_fault() {
    let server = Server::start();
    let mut request = tonic::Request::new(request(TEXT));
    request.metadata_mut().insert("grpc-timeout", "soon".parse().unwrap());
    let status = server.client().await.enrich(request).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    server.stop().await;
}

#[test]
fn a_set_up_that_cannot_work_is_wrong_usage() {
    for (flags, named) in [
        (vec!["--max-article-bytes", "9000000"], "--max-article-bytes"),
        (vec!["--workers", "0"], "--workers"),
        (vec!["--listen", "nowhere"], "--listen"),
        (vec!["--grace", "5"], "--grace"),
    ] {
        let output = enricher(&flags).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(named), "{said}");
    }
}

#[tokio::test]
async fn an_address_that_is_taken_is_a_failure() {
    let server = Server::start();
    let output = enricher(&["--listen", &server.address]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("cannot listen"));
    server.stop().await;
}
