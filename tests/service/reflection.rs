//! A client that has no proto file at hand, in both versions of reflection.

use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage};
use serde_json::json;
use tokio_stream::StreamExt;
use tonic::transport::Channel;

use crate::server::Server;
use crate::{TEXT, raw};

/// One reflection conversation, in the messages of one version.
macro_rules! ask {
    ($version:ident, $channel:expr, $question:ident($text:expr)) => {{
        use tonic_reflection::pb::$version as pb;
        let question = pb::ServerReflectionRequest {
            message_request: Some(pb::server_reflection_request::MessageRequest::$question($text.into())),
            ..Default::default()
        };
        let mut client = pb::server_reflection_client::ServerReflectionClient::new($channel.clone());
        let mut answers = client.server_reflection_info(tokio_stream::once(question)).await.unwrap().into_inner();
        answers.next().await.unwrap().unwrap().message_response.unwrap()
    }};
}

/// What the server says, in one version: its services, and the file that
/// defines the contract.
macro_rules! look_around {
    ($version:ident, $channel:expr) => {{
        use tonic_reflection::pb::$version::server_reflection_response::MessageResponse;
        let MessageResponse::ListServicesResponse(list) = ask!($version, $channel, ListServices("")) else { panic!() };
        let services: Vec<String> = list.service.into_iter().map(|service| service.name).collect();
        let mut files = Vec::new();
        for name in ["google/protobuf/any.proto", "google/rpc/status.proto", "enrich/v1/enrichment.proto"] {
            let MessageResponse::FileDescriptorResponse(found) = ask!($version, $channel, FileByFilename(name)) else {
                panic!("{name}")
            };
            files.extend(found.file_descriptor_proto);
        }
        let symbol = "enrich.v1.EnrichmentService";
        let MessageResponse::FileDescriptorResponse(found) = ask!($version, $channel, FileContainingSymbol(symbol))
        else {
            panic!()
        };
        assert_eq!(found.file_descriptor_proto.first(), files.last());
        (services, files)
    }};
}

/// Enriches an article with nothing but what reflection told.
async fn enrich(channel: &Channel, files: &[Vec<u8>]) -> serde_json::Value {
    let mut pool = DescriptorPool::new();
    for file in files {
        pool.decode_file_descriptor_proto(file.as_slice()).unwrap();
    }
    let service = pool.get_service_by_name("enrich.v1.EnrichmentService").unwrap();
    let method = service.methods().find(|method| method.name() == "Enrich").unwrap();
    let request = json!({ "article": { "id": "r", "rawText": TEXT }, "omitText": true });
    let request = DynamicMessage::deserialize(method.input(), request).unwrap();
    let response = raw::call(channel, raw::ENRICH, request.encode_to_vec()).await.unwrap();
    let response = DynamicMessage::decode(method.output(), response.as_slice()).unwrap();
    serde_json::to_value(&response).unwrap()
}

/// The comment above a message of the contract, as `grpcurl describe` shows it.
fn comment(files: &[Vec<u8>], message: &str) -> String {
    let mut pool = DescriptorPool::new();
    for file in files {
        pool.decode_file_descriptor_proto(file.as_slice()).unwrap();
    }
    let message = pool.get_message_by_name(message).unwrap();
    let file = message.parent_file();
    let source = file.file_descriptor_proto().source_code_info.as_ref().unwrap();
    let location = source.location.iter().find(|location| location.path == message.path()).unwrap();
    location.leading_comments().to_owned()
}

#[tokio::test]
async fn version_1() {
    let server = Server::start();
    let channel = server.channel().await;
    let (services, files) = look_around!(v1, channel);
    for service in ["enrich.v1.EnrichmentService", "grpc.health.v1.Health"] {
        assert!(services.contains(&service.to_owned()), "{services:?}");
    }
    let response = enrich(&channel, &files).await;
    assert_eq!(response["articleId"], "r");
    assert_eq!(response["language"], "fa");
    assert!(comment(&files, "enrich.v1.Article").contains("One article"));
    server.stop().await;
}

#[tokio::test]
async fn version_1_alpha() {
    let server = Server::start();
    let channel = server.channel().await;
    let (services, files) = look_around!(v1alpha, channel);
    assert!(services.contains(&"enrich.v1.EnrichmentService".to_owned()), "{services:?}");
    assert_eq!(enrich(&channel, &files).await["language"], "fa");
    server.stop().await;
}
