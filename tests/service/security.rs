//! TLS, certificates of clients, tokens, and compression.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use article_enricher::wire::v1::enrichment_service_client::EnrichmentServiceClient;
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tonic::codec::CompressionEncoding;
use tonic::transport::Channel;
use tonic::{Code, Request};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use crate::server::{PATIENCE, Server, enricher};
use crate::{TEXT, raw, request};

/// Files of one test, gone with it.
struct Files(PathBuf);

impl Files {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("enricher-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, content: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Somebody who signs certificates.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// A certificate for localhost and its key, in PEM.
    fn sign(&self) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        (params.signed_by(&key, &self.0).unwrap().pem(), key.serialize_pem())
    }
}

/// A connection over TLS, by who trusts `authority` and may have a certificate.
async fn connect(
    server: &Server,
    authority: &Authority,
    own: Option<&(String, String)>,
) -> Result<Channel, tonic::transport::Error> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.0.pem().as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots);
    let mut config = match own {
        None => config.with_no_client_auth(),
        Some((certificate, key)) => {
            let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
            config.with_client_auth_cert(chain, PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap()).unwrap()
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    let (connector, address) = (TlsConnector::from(Arc::new(config)), server.address.clone());
    let connect = tower::service_fn(move |_| {
        let (connector, address) = (connector.clone(), address.clone());
        async move {
            let stream = TcpStream::connect(address).await?;
            connector.connect(ServerName::try_from("localhost").unwrap(), stream).await.map(TokioIo::new)
        }
    });
    server.endpoint().connect_with_connector(connect).await
}

async fn enrich(channel: Channel) -> Result<(), Code> {
    EnrichmentServiceClient::new(channel).enrich(request(TEXT)).await.map(drop).map_err(|status| status.code())
}

#[tokio::test]
async fn certificates_are_served_and_read_anew() {
    let (files, authority) = (Files::new("tls"), Authority::new());
    let (certificate, key) = authority.sign();
    let (certificate_file, key_file) = (files.write("tls.crt", &certificate), files.write("tls.key", &key));
    let server = Server::start_with(&["--tls-certificate", &certificate_file, "--tls-key", &key_file], &[]);
    let channel = connect(&server, &authority, None).await.unwrap();
    enrich(channel.clone()).await.unwrap();
    // Who speaks no TLS, or trusts others, gets nowhere.
    assert!(server.endpoint().connect().await.is_err() || enrich(server.channel().await).await.is_err());
    let other = Authority::new();
    assert!(connect(&server, &other, None).await.is_err());

    // What makes no sense changes nothing.
    files.write("tls.crt", "no certificate");
    tokio::time::sleep(Duration::from_millis(1500)).await;
    enrich(connect(&server, &authority, None).await.unwrap()).await.unwrap();

    let (certificate, key) = other.sign();
    files.write("tls.crt", &certificate);
    files.write("tls.key", &key);
    tokio::time::timeout(PATIENCE, async {
        while connect(&server, &other, None).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await
    .unwrap();
    // Connections from before go on.
    enrich(channel).await.unwrap();
    let log = server.stop().await;
    assert!(log.iter().any(|line| line.contains("keeping what was read before")), "{log:#?}");
}

#[tokio::test]
async fn clients_need_a_certificate_where_it_is_asked_for() {
    let (files, authority, clients) = (Files::new("mtls"), Authority::new(), Authority::new());
    let (certificate, key) = authority.sign();
    let (certificate, key) = (files.write("tls.crt", &certificate), files.write("tls.key", &key));
    let bundle = files.write("ca.crt", &clients.0.pem());
    let flags = ["--tls-certificate", &certificate, "--tls-key", &key, "--tls-client-ca", &bundle];
    let server = Server::start_with(&flags, &[]);
    enrich(connect(&server, &authority, Some(&clients.sign())).await.unwrap()).await.unwrap();
    for own in [None, Some(&authority.sign())] {
        // In TLS 1.3 a client learns only later that it is not wanted.
        let refused = match connect(&server, &authority, own).await {
            Ok(channel) => enrich(channel).await.is_err(),
            Err(_) => true,
        };
        assert!(refused);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_silent_handshake_holds_up_nothing() {
    let (files, authority) = (Files::new("silent"), Authority::new());
    let (certificate, key) = authority.sign();
    let (certificate, key) = (files.write("tls.crt", &certificate), files.write("tls.key", &key));
    let server = Server::start_with(&["--tls-certificate", &certificate, "--tls-key", &key], &[]);
    let silent: Vec<_> = (0..50).map(|_| std::net::TcpStream::connect(&server.address).unwrap()).collect();
    enrich(connect(&server, &authority, None).await.unwrap()).await.unwrap();
    server.stop().await;
    drop(silent);
}

#[tokio::test]
async fn calls_need_a_token_and_health_none() {
    let files = Files::new("tokens");
    let tokens = files.write("tokens", "# ours\nfirst\nsecond\n");
    let server = Server::start_with(&["--tokens-file", &tokens], &[]);
    let mut client = server.client().await;
    let mut enrich = async |authorization: Option<&str>| {
        let mut request = Request::new(request(TEXT));
        if let Some(value) = authorization {
            request.metadata_mut().insert("authorization", value.parse().unwrap());
        }
        client.enrich(request).await.map(drop).map_err(|status| status.code())
    };
    assert_eq!(enrich(Some("Bearer first")).await, Ok(()));
    assert_eq!(enrich(Some("bearer second")).await, Ok(()));
    for wrong in [None, Some("Bearer third"), Some("Bearer "), Some("Basic first"), Some("first")] {
        assert_eq!(enrich(wrong).await, Err(Code::Unauthenticated), "{wrong:?}");
    }
    HealthClient::new(server.channel().await).check(HealthCheckRequest::default()).await.unwrap();
    let reflection = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    let status = raw::call(&server.channel().await, reflection, Vec::new()).await.unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated);

    files.write("tokens", "third\n");
    tokio::time::timeout(PATIENCE, async {
        while enrich(Some("Bearer third")).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await
    .unwrap();
    assert_eq!(enrich(Some("Bearer first")).await, Err(Code::Unauthenticated));
    server.stop().await;
}

#[test]
fn files_that_are_not_there_are_named() {
    for flags in [["--tokens-file", "/no/such/file"], ["--tokens-file", "/dev/null"]] {
        let output =
            enricher(&[&flags[..], &["--listen", "127.0.0.1:0", "--http-listen", "off"]].concat()).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8(output.stderr).unwrap().contains(flags[1]));
    }
}

#[tokio::test]
async fn large_responses_are_compressed_for_who_takes_that() {
    let server = Server::start();
    let long = TEXT.repeat(200);
    let plain = server.client().await.enrich(request(&long)).await.unwrap().into_inner();
    for encoding in [CompressionEncoding::Gzip, CompressionEncoding::Zstd] {
        let mut client = server.client().await.accept_compressed(encoding);
        let response = client.enrich(request(&long)).await.unwrap();
        let name = response.metadata().get("grpc-encoding").unwrap().to_str().unwrap().to_owned();
        assert_eq!(name, encoding.to_string());
        assert_eq!(response.into_inner().tokens, plain.tokens);
        client.enrich(request(TEXT)).await.unwrap();
    }
    // Compressed requests are not taken, bombs among them.
    let mut client = server.client().await.send_compressed(CompressionEncoding::Gzip);
    let status = client.enrich(request(&"a".repeat(100_000_000))).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented, "{status:?}");
    server.stop().await;
}
