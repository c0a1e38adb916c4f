use core::fmt;
use std::sync::Arc;

use awsauth_core::{Base64Signature, Scheme, SigningKey, Timestamp};
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

/// A signature of any scheme. It prints as it is sent, but for what a URL escapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Signature {
    /// Of the schemes before Signature Version 4: base64.
    Base64(Base64Signature),
    /// Of Signature Version 4: hex.
    Sigv4(awsauth_core::Signature),
    /// Of Signature Version 4A: hex of DER.
    #[cfg(feature = "sigv4a")]
    Sigv4a(awsauth_sigv4a::Sigv4aSignature),
}

/// Service and region, and the key for them where it is of both.
#[derive(Clone)]
pub(crate) enum Scope {
    Key(Arc<CachedKey>),
    Names(Arc<(Box<str>, Box<str>)>),
}

impl Signed {
    /// The scheme.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.details.scheme
    }

    /// The signing name of the service. It is empty if it was neither set nor in the host, which the schemes before
    /// Signature Version 4 do not mind.
    #[must_use]
    pub fn service(&self) -> &str {
        match &self.details.scope {
            Scope::Key(key) => key.service(),
            Scope::Names(names) => &names.0,
        }
    }

    /// The region, or the region set of Signature Version 4A. It is empty where [`service`](Self::service) may be.
    #[must_use]
    pub fn region(&self) -> &str {
        match &self.details.scope {
            Scope::Key(key) => key.region(),
            Scope::Names(names) => &names.1,
        }
    }

    /// The access key ID that signed.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.credentials.access_key_id()
    }

    /// The credentials that signed: to invalidate them if the service says that they have expired.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The signature; `None` if the scheme is [`Scheme::Anonymous`].
    #[must_use]
    pub fn signature(&self) -> Option<Signature> {
        self.details.signature
    }

    /// What chunks that follow are signed with: the signing key and the seed signature of Signature Version 4. `None` with
    /// any other scheme.
    #[must_use]
    pub fn seed(&self) -> Option<(SigningKey<'_>, awsauth_core::Signature)> {
        match (&self.details.scope, self.details.signature) {
            (Scope::Key(key), Some(Signature::Sigv4(signature))) => Some((key.signing_key(), signature)),
            _ => None,
        }
    }

    /// The instant of signing.
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
