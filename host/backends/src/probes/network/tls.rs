//! TLS: a handshake that remembers the certificate, also one that it refuses, and how long that lasts.

use std::error::Error;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use encargo_model::{Text, Timestamp, text};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;
use tokio_rustls::TlsConnector;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

use super::super::{Address, Answer, Service};
use super::dial::{Stream, of_io};

const DAY: i64 = 86_400;

/// What of a certificate is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Certificate {
    /// When it ends, in seconds since 1970.
    pub(super) ends: i64,
}

impl Certificate {
    /// An answer with how many days are left, which is a warning where they are few. `now` is in seconds since 1970.
    pub(super) fn told(&self, answer: Answer, days: u32, now: i64) -> Answer {
        let left = (self.ends - now).div_euclid(DAY);
        let soon = (left < i64::from(days)).then(|| {
            let ends = Timestamp(self.ends.saturating_mul(1_000_000));
            text!(
                "its certificate ends in {left} days, on {}",
                "su certificado acaba en {left} días, el {}";
                ends.date_time().date_naive()
            )
        });
        answer.with("certificate_left", left as f64, "days").but(soon.into_iter().collect())
    }
}

/// The certificate that a server showed last.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown(Arc<Mutex<Option<Certificate>>>);

impl Shown {
    pub(super) fn certificate(&self) -> Option<Certificate> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, der: &CertificateDer<'_>) {
        if let Ok((_, read)) = X509Certificate::from_der(der) {
            let certificate = Certificate { ends: read.validity().not_after.timestamp() };
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(certificate);
        }
    }
}

/// Asks another verifier, and keeps what was shown whatever that one says.
#[derive(Debug)]
struct Keeping {
    inner: Arc<dyn ServerCertVerifier>,
    shown: Shown,
}

impl ServerCertVerifier for Keeping {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.shown.keep(end_entity);
        self.inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls12_signature(message, cert, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls13_signature(message, cert, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// How TLS is spoken: by whom a certificate has to be signed, and where it is remembered.
pub(super) fn client(ca_file: Option<&Path>) -> Result<(ClientConfig, Shown), Text> {
    let provider = Arc::new(ring::default_provider());
    let (inner, shown) = (verifier(ca_file, &provider)?, Shown::default());
    let keeping = Arc::new(Keeping { inner, shown: shown.clone() });
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| no_roots())?
        .dangerous()
        .with_custom_certificate_verifier(keeping)
        .with_no_client_auth();
    Ok((config, shown))
}

fn verifier(ca_file: Option<&Path>, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, Text> {
    let Some(file) = ca_file else {
        return Ok(Arc::new(Verifier::new(Arc::clone(provider)).map_err(|_| no_roots())?));
    };
    let unreadable = || {
        text!(
            "the certificates in `{}` cannot be read",
            "no se pueden leer los certificados de `{}`";
            file.display()
        )
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|_| unreadable())? {
        roots.add(certificate.map_err(|_| unreadable())?).map_err(|_| unreadable())?;
    }
    let built = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build();
    Ok(built.map_err(|_| unreadable())?)
}

fn no_roots() -> Text {
    text!("this machine trusts no certificate at all", "esta máquina no confía en ningún certificado")
}

/// Speaks TLS over a connection.
///
/// # Errors
/// A sentence; what is wrong with the certificate, where it is that.
pub(super) async fn over(
    stream: Box<dyn Stream>,
    service: &Service,
    address: &Address,
) -> Result<(Box<dyn Stream>, Certificate), Text> {
    let (config, shown) = client(service.ca_file.as_deref())?;
    let host = address.host().unwrap_or_default();
    let name = ServerName::try_from(host).map_err(|_| text!("its host is no name", "su host no es un nombre"))?;
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    let stream = stream.map_err(|error| of_io(&error))?;
    let certificate = shown.certificate();
    let certificate = certificate.ok_or_else(|| text!("it showed no certificate", "no mostró ningún certificado"))?;
    Ok((Box::new(stream), certificate))
}

/// What TLS says is wrong, wherever in an error it stands.
pub(super) fn of_source(error: &(dyn Error + 'static)) -> Option<Text> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<rustls::Error>() {
            return Some(of_rustls(error));
        }
        let inside = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = inside.map(|inside| inside as &(dyn Error + 'static)).or_else(|| error.source());
    }
    None
}

fn of_rustls(error: &rustls::Error) -> Text {
    let rustls::Error::InvalidCertificate(wrong) = error else {
        return text!("it speaks no TLS that is known here", "no habla un TLS conocido aquí");
    };
    match wrong {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            text!("its certificate has ended", "su certificado ha caducado")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            text!("its certificate has not begun yet", "su certificado aún no ha empezado")
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            text!("its certificate is for another name", "su certificado es de otro nombre")
        }
        // Where somebody is trusted who has the name of its issuer, the signature is not theirs.
        CertificateError::UnknownIssuer
        | CertificateError::BadSignature
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            text!(
                "its certificate is signed by nobody who is trusted here",
                "su certificado lo firma alguien en quien aquí no se confía"
            )
        }
        CertificateError::Revoked => text!("its certificate was revoked", "su certificado fue revocado"),
        // What is left is seldom, and whoever mends it looks for the word.
        other => text!("its certificate is not accepted: {other}", "no se acepta su certificado: {other}"),
    }
}
