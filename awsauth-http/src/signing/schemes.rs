//! One file per scheme: each reads a request, signs it with the core, and says what changes.

mod presign;
#[cfg(feature = "s3-legacy")]
pub(crate) mod s3_legacy;
mod sigv2;
mod sigv3;
mod sigv4;
#[cfg(feature = "sigv4a")]
mod sigv4a;

use core::time::Duration;

use awsauth_core::{Endpoint, EndpointError, PayloadHash, Scheme, Timestamp};
use awsauth_credentials::Credentials;
use http::HeaderMap;

use super::endpoint::{Destination, Found};
use super::key_cache::KeyCache;
use super::presigned::Presigned;
use super::signed::{Decided, Scope, Signature};
use super::signer::Settings;
use super::signer::Signer;
use crate::error::Error;
use crate::request::changes::Changes;
use crate::request::head::RequestHead;
use crate::request::lent::Lent;

/// A body, as far as it is at hand.
#[derive(Clone, Copy)]
pub(crate) enum Body<'b> {
    Bytes(&'b [u8]),
    Hash(PayloadHash),
}

/// All that a scheme signs from.
pub(crate) struct Context<'c> {
    pub(crate) settings: &'c Settings,
    pub(crate) keys: &'c KeyCache,
    pub(crate) credentials: &'c Credentials,
    pub(crate) now: Timestamp,
    lent: &'c Lent<'c>,
    destination: Result<Destination<'c>, EndpointError>,
}

/// Signs a request, which is left as it is: what changes goes into `changes`, which are none before.
pub(crate) fn sign(
    signer: &Signer,
    credentials: &Credentials,
    now: Timestamp,
    head: &impl RequestHead,
    body: Body<'_>,
    changes: &mut Changes,
) -> Result<Decided, Error> {
    Lent::with(head, signer.settings().signed_host.as_deref(), |lent| {
        changes.headers.replacing(lent.old);
        let mut found = Found::default();
        let context = Context::of(signer, credentials, now, lent, &mut found);
        let decided = sign_lent(&context, body, changes)?;
        // Where nothing is signed, nothing is changed but what the caller asks for.
        let is_signed = decided.scheme != Scheme::Anonymous || signer.settings().signed_host.is_some();
        if lent.changes_host() && is_signed {
            changes.host = lent.changed_host()?;
        }
        Ok(decided)
    })
}

fn sign_lent(context: &Context<'_>, body: Body<'_>, changes: &mut Changes) -> Result<Decided, Error> {
    match context.scheme()? {
        Scheme::Anonymous => {
            body.check_whole(Scheme::Anonymous)?;
            changes.target = context.lent.unsigned_target();
            Ok(context.signed(Scheme::Anonymous, None))
        }
        #[cfg(feature = "s3-legacy")]
        Scheme::S3Legacy => s3_legacy::sign(context, body, changes),
        Scheme::Sigv2 => sigv2::sign(context, body, changes),
        Scheme::Sigv3 => sigv3::sign(context, body, changes),
        Scheme::Sigv3Https => sigv3::sign_https(context, body, changes),
        Scheme::Sigv4 => sigv4::sign(context, body, changes),
        #[cfg(feature = "sigv4a")]
        Scheme::Sigv4a => sigv4a::sign(context, body, changes),
        scheme => Err(Error::SchemeNotBuilt(scheme)),
    }
}

/// Makes a URL.
pub(crate) fn presign(
    signer: &Signer,
    credentials: &Credentials,
    now: Timestamp,
    head: &impl RequestHead,
    body: &[u8],
    expires: Duration,
) -> Result<Presigned, Error> {
    Lent::with(head, signer.settings().signed_host.as_deref(), |lent| {
        presign_lent(&Context::of(signer, credentials, now, lent, &mut Found::default()), body, expires)
    })
}

fn presign_lent(context: &Context<'_>, body: &[u8], expires: Duration) -> Result<Presigned, Error> {
    match context.scheme()? {
        #[cfg(feature = "s3-legacy")]
        Scheme::S3Legacy => s3_legacy::presign(context, expires),
        Scheme::Sigv2 => sigv2::presign(context, expires),
        Scheme::Sigv4 => sigv4::presign(context, body, expires),
        #[cfg(feature = "sigv4a")]
        Scheme::Sigv4a => sigv4a::presign(context, body, expires),
        scheme @ (Scheme::Anonymous | Scheme::Sigv3 | Scheme::Sigv3Https) => {
            Err(Error::NotPresignable(scheme))
        }
        scheme => Err(Error::SchemeNotBuilt(scheme)),
    }
}

/// Whether a presigned URL of this scheme, for this service and to be sent with these headers, is for one body alone.
pub(crate) fn url_covers_body(scheme: Scheme, service: &str, headers: &HeaderMap) -> bool {
    matches!(scheme, Scheme::Sigv4 | Scheme::Sigv4a) && sigv4::url_covers_body(service, headers)
}

impl<'b> Body<'b> {
    fn hash(self) -> PayloadHash {
        match self {
            Self::Bytes(bytes) => PayloadHash::of(bytes),
            Self::Hash(hash) => hash,
        }
    }

    /// The whole body, if it is at hand.
    fn bytes(self) -> Option<&'b [u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Hash(PayloadHash::EMPTY) => Some(b""),
            Self::Hash(_) => None,
        }
    }

    /// Refuses bodies whose chunks another scheme signs.
    fn check_whole(self, scheme: Scheme) -> Result<(), Error> {
        match self {
            Self::Bytes(_) | Self::Hash(PayloadHash::Sha256(_) | PayloadHash::Unsigned) => Ok(()),
            Self::Hash(_) => Err(Error::PayloadNotForScheme(scheme)),
        }
    }
}

impl<'c> Context<'c> {
    #[inline]
    pub(crate) fn of(
        signer: &'c Signer,
        credentials: &'c Credentials,
        now: Timestamp,
        lent: &'c Lent<'c>,
        found: &'c mut Found,
    ) -> Self {
        let settings = signer.settings();
        let destination = Destination::find(settings, signer.hosts(), lent.host, lent.path, found);
        Self { settings, keys: signer.keys(), credentials, now, lent, destination }
    }

    #[inline]
    pub(crate) fn scheme(&self) -> Result<Scheme, Error> {
        match self.settings.scheme {
            Some(scheme) => Ok(scheme),
            None => Ok(self.destination()?.scheme),
        }
    }

    #[inline]
    pub(crate) fn destination(&self) -> Result<&Destination<'c>, Error> {
        match &self.destination {
            Ok(destination) => Ok(destination),
            Err(error) => Err(self.endpoint_error(*error)),
        }
    }

    /// With the label that is not known.
    #[cold]
    fn endpoint_error(&self, error: EndpointError) -> Error {
        match (error, Endpoint::service_label(self.lent.host)) {
            (EndpointError::UnknownService, Some(label)) => Error::UnknownService(label.into()),
            (error, _) => error.into(),
        }
    }

    /// The service, if it is known: the schemes before Signature Version 4 need not be told it.
    fn known_service(&self) -> &str {
        match &self.destination {
            Ok(destination) => destination.service,
            Err(_) => self.settings.service.as_deref().unwrap_or_default(),
        }
    }

    fn known_region(&self) -> &str {
        match &self.destination {
            Ok(destination) => destination.region().unwrap_or_default(),
            Err(_) => self.settings.region.as_deref().unwrap_or_default(),
        }
    }

    /// The scheme, if S3 is (or is not) what it is for.
    fn check_service(&self, scheme: Scheme, is_for_s3: bool) -> Result<(), Error> {
        match self.known_service() {
            "" => Ok(()),
            service if (service == "s3") == is_for_s3 => Ok(()),
            service => Err(Error::SchemeNotForService { scheme, service: service.into() }),
        }
    }

    /// Credentials of the schemes that sign with the secret itself.
    pub(crate) fn core_credentials(&self) -> Result<awsauth_core::Credentials<'c>, Error> {
        let credentials = awsauth_core::Credentials::new(
            self.credentials.access_key_id(),
            self.credentials.secret_access_key(),
        )?;
        match self.credentials.session_token() {
            Some(token) => Ok(credentials.session_token(token)?),
            None => Ok(credentials),
        }
    }

    /// The outcome of a scheme whose signature has no credential scope.
    pub(crate) fn signed(&self, scheme: Scheme, signature: Option<Signature>) -> Decided {
        let scope = Scope::new(self.known_service(), self.known_region());
        Decided { scheme, scope, signature, time: self.now }
    }
}
