//! One request signed with Signature Version 4.

use core::time::Duration;

use awsauth_core::{PayloadHash, Scheme, SignatureText, SigningSpace, Sigv4};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Body, Context};
use crate::error::Error;
use crate::request::changes::Changes;
use crate::request::lent::{CONTENT_SHA256, Lent};
use crate::signing::endpoint::{is_s3_family, takes_unsigned_payload};
use crate::signing::presigned::Presigned;
use crate::signing::signed::{Decided, Scope, Signature};

pub(super) fn sign(context: &Context<'_>, body: Body<'_>, changes: &mut Changes) -> Result<Decided, Error> {
    let Context { settings, credentials, now, lent, .. } = context;
    let destination = context.destination()?;
    let payload = body.hash();
    check_payload(payload, destination.service)?;
    let key = context.keys.get(credentials, *now, destination.region()?, destination.service)?;
    let signature = {
        let (request, signing_key) = (lent.request(), key.signing_key());
        let signer =
            Sigv4::new(credentials.access_key_id(), &signing_key).options(settings.options(credentials));
        let mut space = SigningSpace::new();
        let signed = signer.sign_into(&mut space, &request, payload, *now)?;
        changes.target = lent.changed_target_v4(&signed.target());
        changes.headers.add_v4(signed.headers(), payload, || key.token(credentials));
        changes.values.extend(changed_values(signed));
        *signed.signature()
    };
    Ok(context.signed_v4(Scope::Key(key), signature))
}

pub(super) fn presign(context: &Context<'_>, body: &[u8], expires: Duration) -> Result<Presigned, Error> {
    let Context { settings, credentials, now, lent, .. } = context;
    let destination = context.destination()?;
    let payload = presigned_payload(context, destination.service, body)?;
    let validity = context.validity(expires)?;
    let key = context.keys.get(credentials, *now, destination.region()?, destination.service)?;
    let (signature, target, headers) = {
        let (request, signing_key) = (lent.request(), key.signing_key());
        let signer =
            Sigv4::new(credentials.access_key_id(), &signing_key).options(settings.options(credentials));
        let mut space = SigningSpace::new();
        let signed = signer.presign_into(&mut space, &request, payload, *now, validity.seconds)?;
        let headers = signed_headers(context, signed);
        (*signed.signature(), Lent::path_and_query(&signed.target())?, headers)
    };
    context.presigned(context.signed_v4(Scope::Key(key), signature), target, headers, &validity)
}

/// What the services refuse of either version 4.
pub(super) fn check_payload(payload: PayloadHash, service: &str) -> Result<(), Error> {
    use PayloadHash::{StreamingSigned, StreamingSignedTrailer, StreamingUnsignedTrailer};
    match payload {
        PayloadHash::Unsigned if !takes_unsigned_payload(service) => Err(Error::UnsignedPayload),
        StreamingSigned | StreamingSignedTrailer | StreamingUnsignedTrailer if !is_s3_family(service) => {
            Err(Error::ChunkedPayload)
        }
        _ => Ok(()),
    }
}

/// What stands for the body in a URL: what the caller's header says, from which services read it, or else what is usual. The
/// body may be still to come, and empty until then.
pub(super) fn presigned_payload(
    context: &Context<'_>,
    service: &str,
    body: &[u8],
) -> Result<PayloadHash, Error> {
    let Some(stated) = context.lent.stated_payload()? else { return Ok(usual_payload(service, body)) };
    check_payload(stated, service)?;
    if matches!(stated, PayloadHash::Sha256(_)) && !body.is_empty() && stated != PayloadHash::of(body) {
        return Err(awsauth_core::Error::PayloadHashContradicts.into());
    }
    Ok(stated)
}

fn usual_payload(service: &str, body: &[u8]) -> PayloadHash {
    if is_s3_family(service) { PayloadHash::Unsigned } else { PayloadHash::of(body) }
}

/// Whether a URL for this service, to be sent with these headers, is for one body alone.
pub(super) fn url_covers_body(service: &str, headers: &HeaderMap) -> bool {
    let stated = headers.get(CONTENT_SHA256).and_then(|value| PayloadHash::parse(value.to_str().ok()?).ok());
    matches!(stated.unwrap_or_else(|| usual_payload(service, b"")), PayloadHash::Sha256(_))
}

/// The caller's headers that are sent otherwise than they came, by their places.
pub(super) fn changed_values<S: SignatureText>(
    signed: &awsauth_core::Signed<'_, S>,
) -> impl Iterator<Item = (usize, HeaderValue)> {
    // What is left out of a value leaves a value.
    signed.changed_values().filter_map(|(place, value)| {
        let mut bytes = Vec::new();
        value.write_to(&mut |run: &[u8]| bytes.extend_from_slice(run));
        Some((place, HeaderValue::try_from(bytes).ok()?))
    })
}

/// Those of the request's headers that are signed, for whoever gets the URL to send.
pub(super) fn signed_headers<S: SignatureText>(
    context: &Context<'_>,
    signed: &awsauth_core::Signed<'_, S>,
) -> HeaderMap {
    if context.has_no_headers() {
        return HeaderMap::new();
    }
    let mut names = Vec::new();
    signed.canonical_request().write_signed_headers(&mut |bytes: &[u8]| names.extend_from_slice(bytes));
    let is_signed = |name: &HeaderName| {
        names.split(|byte| *byte == b';').any(|signed| signed == name.as_str().as_bytes())
    };
    let mut changed: Vec<_> = changed_values(signed).collect();
    changed.sort_unstable_by_key(|(place, _)| *place);
    // What the body is said to be is signed by the payload's line, if in no other way.
    let is_bound = |name: &HeaderName| is_signed(name) || name == CONTENT_SHA256;
    context.headers_to_send(|name| name != http::header::HOST && is_bound(name), &changed)
}

impl Context<'_> {
    pub(crate) fn signed_v4(&self, scope: Scope, signature: awsauth_core::Signature) -> Decided {
        let signature = Some(Signature::Sigv4(signature));
        Decided { scheme: Scheme::Sigv4, scope, signature, time: self.now }
    }
}
