//! One request signed with Signature Version 3, either of its two.

use awsauth_core::{Scheme, Sigv3};

use super::body::Body;
use super::context::Context;
use crate::error::Error;
use crate::request::changes::Changes;
use crate::signing::signed::{Signature, SignatureDetails};

/// `AWS3`.
pub(super) fn sign(
    context: &Context<'_>,
    body: Body<'_>,
    changes: &mut Changes,
) -> Result<SignatureDetails, Error> {
    context.check_service(Scheme::Sigv3, false)?;
    body.check_whole(Scheme::Sigv3)?;
    let bytes = body.bytes().ok_or(Error::BodyNotInMemory(Scheme::Sigv3))?;
    finish(context, Scheme::Sigv3, Some(bytes), changes)
}

/// `AWS3-HTTPS`.
pub(super) fn sign_https(
    context: &Context<'_>,
    body: Body<'_>,
    changes: &mut Changes,
) -> Result<SignatureDetails, Error> {
    context.check_service(Scheme::Sigv3Https, false)?;
    body.check_whole(Scheme::Sigv3Https)?;
    finish(context, Scheme::Sigv3Https, None, changes)
}

/// Signs the request with this body, or the date alone.
fn finish(
    context: &Context<'_>,
    scheme: Scheme,
    body: Option<&[u8]>,
    changes: &mut Changes,
) -> Result<SignatureDetails, Error> {
    let signer = Sigv3::new(context.core_credentials()?)
        .plus_sign(context.settings.plus_sign)
        .signed_host(context.request.host);
    let request = context.request.core_request();
    let signed = match body {
        Some(body) => signer.sign(&request, body, context.now)?,
        None => signer.sign_https(&request, context.now)?,
    };
    changes.target = context.request.changed_target(&signed.target());
    changes.headers.add(signed.headers());
    Ok(context.details(scheme, Some(Signature::Base64(signed.signature()))))
}
