//! TLS: the server's certificate, and whose clients it trusts.

use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use super::watched::{FileError, Watched};
use crate::config::TlsFiles;

/// TLS as the files say now.
#[derive(Clone, Debug)]
pub struct Tls(Arc<Watched<Arc<ServerConfig>>>);

impl Tls {
    /// From these files on.
    ///
    /// # Errors
    /// When there are no certificate and key in them that fit.
    pub fn start(files: &TlsFiles) -> Result<Self, FileError> {
        let paths = [Some(&files.certificate), Some(&files.key), files.client_ca.as_ref()];
        Watched::start(paths.into_iter().flatten().cloned().collect(), read).map(Self)
    }

    /// For the next connection.
    pub fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&*self.0.current()))
    }
}

/// Reads certificate chain, key and, where there is one, the bundle of those
/// who may sign clients' certificates; then clients need one.
fn read(files: &[Vec<u8>]) -> Result<Arc<ServerConfig>, (usize, String)> {
    let (chain, key, client_ca) = match files {
        [chain, key] => (chain, key, None),
        [chain, key, client_ca] => (chain, key, Some(client_ca)),
        _ => return Err((0, "needs a certificate and a key".to_owned())),
    };
    let chain = certificates(chain).map_err(|error| (0, error))?;
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| (1, error.to_string()))?;
    let provider = Arc::new(ring::default_provider());
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let config = config.map_err(|error| (0, error.to_string()))?;
    let config = match client_ca {
        None => config.with_no_client_auth(),
        Some(bundle) => {
            let mut roots = RootCertStore::empty();
            for certificate in certificates(bundle).map_err(|error| (2, error))? {
                roots.add(certificate).map_err(|error| (2, error.to_string()))?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
            config.with_client_cert_verifier(verifier.map_err(|error| (2, error.to_string()))?)
        }
    };
    let mut config = config.with_single_cert(chain, key).map_err(|error| (1, error.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(Arc::new(config))
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let read = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
    match read.is_empty() {
        true => Err("no certificate in PEM".to_owned()),
        false => Ok(read),
    }
}
