//! TLS to PostgreSQL, asked for as libpq asks for it: `sslmode`, and `sslrootcert` for an authority of one's own.
//!
//! As there, `prefer` and `require` encrypt and do not ask who answers; `verify-full` does. `verify-ca` is taken for
//! `verify-full`, which is the stricter.

use std::sync::Arc;

use anyhow::Result;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::problem::exit::Exit;

/// Whom a connection trusts.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Security {
    verifies: bool,
    authorities: Option<String>,
}

/// Takes what concerns trust out of a URL, as the client's own parser does not know it.
///
/// # Errors
/// Where the URL asks for something that is not known.
pub fn take_security(url: &str) -> Result<(String, Security)> {
    let Some((address, query)) = url.split_once('?') else { return Ok((url.into(), Security::default())) };
    let mut security = Security::default();
    let mut kept = Vec::new();
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some(("sslmode", "verify-full" | "verify-ca")) => {
                security.verifies = true;
                kept.push("sslmode=require");
            }
            Some(("sslmode", "allow")) => kept.push("sslmode=prefer"),
            Some(("sslrootcert", file)) => {
                security.authorities = Some(file.replace("%2F", "/").replace("%2f", "/"));
            }
            Some((key @ ("sslcert" | "sslkey" | "sslpassword" | "sslcrl"), _)) => {
                return Err(
                    Exit::Config.error(format!("`{key}` is not known: client certificates cannot be used"))
                );
            }
            _ => kept.push(pair),
        }
    }
    // As in libpq, an authority of one's own is there to be asked.
    security.verifies |= security.authorities.is_some();
    Ok((format!("{address}?{}", kept.join("&")), security))
}

impl Security {
    /// What makes TLS connections.
    ///
    /// # Errors
    /// Where the authorities cannot be read.
    pub fn connector(&self) -> Result<MakeRustlsConnect> {
        let provider = Arc::new(ring::default_provider());
        let verifier: Arc<dyn ServerCertVerifier> = if self.verifies {
            let roots = Arc::new(self.read_authorities()?);
            WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider)).build()?
        } else {
            Arc::new(Encrypted(Arc::clone(&provider)))
        };
        let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        let config = builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
        Ok(MakeRustlsConnect::new(config))
    }

    fn read_authorities(&self) -> Result<RootCertStore> {
        let mut roots = RootCertStore::empty();
        match &self.authorities {
            Some(file) => {
                for certificate in
                    CertificateDer::pem_file_iter(file).map_err(|error| unread(file, &error))?
                {
                    let certificate = certificate.map_err(|error| unread(file, &error))?;
                    roots.add(certificate).map_err(|error| unread(file, &error))?;
                }
            }
            None => drop(roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs)),
        }
        Ok(roots)
    }
}

fn unread(file: &str, error: &dyn std::error::Error) -> anyhow::Error {
    Exit::Io.error(format!("cannot read the certificates of {file}: {error}"))
}

/// Encrypts, whoever answers.
#[derive(Debug)]
struct Encrypted(Arc<CryptoProvider>);

impl ServerCertVerifier for Encrypted {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_whom_to_trust() {
        let security =
            |verifies, file: Option<&str>| Security { verifies, authorities: file.map(str::to_owned) };
        for (url, kept, expected) in [
            ("postgres://h/d", "postgres://h/d", security(false, None)),
            ("postgres://h/d?sslmode=verify-full", "postgres://h/d?sslmode=require", security(true, None)),
            (
                "postgres://h/d?sslrootcert=a.pem&sslmode=require",
                "postgres://h/d?sslmode=require",
                security(true, Some("a.pem")),
            ),
            ("postgres://h/d?connect_timeout=3", "postgres://h/d?connect_timeout=3", security(false, None)),
        ] {
            assert_eq!(take_security(url).unwrap(), (kept.to_owned(), expected));
        }
        assert!(take_security("postgres://h/d?sslkey=k").is_err());
    }
}
