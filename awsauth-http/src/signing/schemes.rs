//! One file per scheme. Each reads a request, signs it with the core, and returns what to change.

mod body;
mod context;
#[cfg(feature = "s3-legacy")]
mod s3_legacy;
mod sigv2;
mod sigv3;
mod sigv4;
#[cfg(feature = "sigv4a")]
mod sigv4a;
mod v4_headers;
mod validity;

use core::time::Duration;

use awsauth_core::{Scheme, Timestamp};
use awsauth_credentials::Credentials;

pub(crate) use body::Body;
pub(crate) use context::Context;

use super::caches::Caches;
use super::destination::ResolvedHost;
use super::presigned::Presigned;
use super::settings::Settings;
use super::signed::SignatureDetails;
use crate::error::Error;
use crate::request::borrowed::BorrowedRequest;
use crate::request::changes::Changes;
use crate::request::head::RequestHead;

/// Signs a request and leaves it unchanged: the changes to make go into `changes`, which must be empty.
pub(crate) fn sign(
    settings: &Settings,
    caches: &Caches,
    credentials: &Credentials,
    now: Timestamp,
    head: &impl RequestHead,
    body: Body<'_>,
    changes: &mut Changes,
) -> Result<SignatureDetails, Error> {
    BorrowedRequest::with(head, settings.signed_host.as_deref(), |request| {
        changes.headers.set_old(request.old);
        let mut resolved = ResolvedHost::default();
        let context = Context::new(settings, caches, credentials, now, request, &mut resolved);
        let details = sign_borrowed(&context, body, changes)?;
        // Where nothing is signed, nothing changes but what the caller has set.
        let is_signed = details.scheme != Scheme::Anonymous || settings.signed_host.is_some();
        if request.changes_host() && is_signed {
            changes.host = request.changed_host()?;
        }
        Ok(details)
    })
}

/// Makes a presigned URL.
pub(crate) fn presign(
    settings: &Settings,
    caches: &Caches,
    credentials: &Credentials,
    now: Timestamp,
    head: &impl RequestHead,
    body: &[u8],
    expires: Duration,
) -> Result<Presigned, Error> {
    BorrowedRequest::with(head, settings.signed_host.as_deref(), |request| {
        let mut resolved = ResolvedHost::default();
        let context = Context::new(settings, caches, credentials, now, request, &mut resolved);
        presign_borrowed(&context, body, expires)
    })
}

fn sign_borrowed(
    context: &Context<'_>,
    body: Body<'_>,
    changes: &mut Changes,
) -> Result<SignatureDetails, Error> {
    match context.scheme()? {
        Scheme::Anonymous => {
            body.check_whole(Scheme::Anonymous)?;
            changes.target = context.request.unsigned_target();
            Ok(context.details(Scheme::Anonymous, None))
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

fn presign_borrowed(context: &Context<'_>, body: &[u8], expires: Duration) -> Result<Presigned, Error> {
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
