use core::fmt;
use std::sync::Arc;

use awsauth_core::{LegacySignature, Scheme, SigningKey, Timestamp};
use awsauth_credentials::Credentials;

use super::key_cache::CachedKey;

/// How a request was signed: the scheme, the credential scope, the time, the credentials and the signature.
#[derive(Clone)]
pub struct Signed {
    details: SignatureDetails,
    credentials: Credentials,
}

/// A [`Signed`] without its credentials. Cloning those is an atomic operation, so their owner moves them in at the end.
#[derive(Clone)]
pub(crate) struct SignatureDetails {
    pub(crate) scheme: Scheme,
    pub(crate) scope: Scope,
    pub(crate) signature: Option<Signature>,
    pub(crate) time: Timestamp,
}

/// A signature of any scheme. It prints in the form that is sent, without the escapes of a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Signature {
    /// One of the schemes before Signature Version 4, in base64.
    Base64(LegacySignature),
    /// Signature Version 4, in hex.
    Sigv4(awsauth_core::Signature),
    /// Signature Version 4A, in hex of DER.
    #[cfg(feature = "sigv4a")]
    Sigv4a(awsauth_sigv4a::Sigv4aSignature),
}

/// Service and region, with the signing key if it depends on them.
#[derive(Clone)]
pub(crate) enum Scope {
    Key(Arc<CachedKey>),
    Names(Arc<(Box<str>, Box<str>)>),
}

impl Signed {
    /// Returns the signing scheme.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.details.scheme
    }

    /// Returns the signing name of the service. It is empty if it was neither set nor in the host, which the schemes before
    /// Signature Version 4 allow.
    #[must_use]
    pub fn service(&self) -> &str {
        match &self.details.scope {
            Scope::Key(key) => key.service(),
            Scope::Names(names) => &names.0,
        }
    }

    /// Returns the region, or the region set of Signature Version 4A. It may be empty like [`service`](Self::service).
    #[must_use]
    pub fn region(&self) -> &str {
        match &self.details.scope {
            Scope::Key(key) => key.region(),
            Scope::Names(names) => &names.1,
        }
    }

    /// Returns the access key ID that signed.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.credentials.access_key_id()
    }

    /// Returns the credentials that signed, to invalidate them if the service says that they have expired.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Returns the signature, or `None` if the scheme is [`Scheme::Anonymous`].
    #[must_use]
    pub fn signature(&self) -> Option<Signature> {
        self.details.signature
    }

    /// Returns the signing key and the seed signature with which the chunks of the body are signed. `None` if the scheme is
    /// not Signature Version 4.
    #[must_use]
    pub fn seed(&self) -> Option<(SigningKey<'_>, awsauth_core::Signature)> {
        match (&self.details.scope, self.details.signature) {
            (Scope::Key(key), Some(Signature::Sigv4(signature))) => Some((key.signing_key(), signature)),
            _ => None,
        }
    }

    /// Returns the time of signing.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        self.details.time
    }
}

impl SignatureDetails {
    pub(crate) fn with_credentials(self, credentials: Credentials) -> Signed {
        Signed { details: self, credentials }
    }
}

impl Scope {
    pub(crate) fn new(service: &str, region: &str) -> Self {
        Self::Names(Arc::new((service.into(), region.into())))
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base64(signature) => signature.fmt(f),
            Self::Sigv4(signature) => signature.fmt(f),
            #[cfg(feature = "sigv4a")]
            Self::Sigv4a(signature) => signature.fmt(f),
        }
    }
}

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed")
            .field("scheme", &self.scheme())
            .field("service", &self.service())
            .field("region", &self.region())
            .field("access_key_id", &self.access_key_id())
            .field("time", &self.time())
            .finish_non_exhaustive()
    }
}
