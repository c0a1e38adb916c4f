//! One request signed with Signature Version 4A.

use core::time::Duration;

use awsauth_core::{PayloadHash, Scheme};
use awsauth_sigv4a::{Sigv4a, Sigv4aSignature};

use super::body::Body;
use super::context::Context;
use super::v4_headers::{changed_values, signed_headers};
use crate::error::Error;
use crate::request::borrowed::BorrowedRequest;
use crate::request::changes::Changes;
use crate::request::token;
use crate::signing::payload_rules::{check_payload, presigned_payload};
use crate::signing::presigned::Presigned;
use crate::signing::signed::{Signature, SignatureDetails};

pub(super) fn sign(
    context: &Context<'_>,
    body: Body<'_>,
    changes: &mut Changes,
) -> Result<SignatureDetails, Error> {
    let Context { settings, credentials, now, request, .. } = context;
    let destination = context.destination()?;
    let (service, region_set) = (destination.service, destination.region()?);
    let payload = body.hash();
    check_payload(payload, service)?;
    check_pieces(payload)?;
    let key = context.caches.sigv4a_keys.get(credentials)?;
    let core_request = request.core_request();
    let signed = Sigv4a::new(credentials.access_key_id(), &key, service, region_set)
        .options(settings.options(credentials))
        .sign(&core_request, payload, *now)?;
    changes.target = request.changed_target_v4(&signed.target());
    changes.headers.add_v4(signed.headers(), payload, || token::copied(credentials));
    changes.values.extend(changed_values(&signed));
    Ok(details(context, *signed.signature()))
}

pub(super) fn presign(context: &Context<'_>, body: &[u8], expires: Duration) -> Result<Presigned, Error> {
    let Context { settings, credentials, now, request, .. } = context;
    let destination = context.destination()?;
    let (service, region_set) = (destination.service, destination.region()?);
    let payload = presigned_payload(request.stated_payload()?, service, body)?;
    check_pieces(payload)?;
    let validity = context.validity(expires)?;
    let key = context.caches.sigv4a_keys.get(credentials)?;
    let core_request = request.core_request();
    let signed = Sigv4a::new(credentials.access_key_id(), &key, service, region_set)
        .options(settings.options(credentials))
        .presign(&core_request, payload, *now, validity.seconds)?;
    let headers = signed_headers(context, &signed);
    let target = BorrowedRequest::path_and_query(&signed.target())?;
    context.presigned(details(context, *signed.signature()), target, headers, &validity)
}

/// The chunks of these bodies, and the messages, are signed with Signature Version 4 alone.
fn check_pieces(payload: PayloadHash) -> Result<(), Error> {
    match payload {
        PayloadHash::StreamingSigned | PayloadHash::StreamingSignedTrailer | PayloadHash::StreamingEvents => {
            Err(Error::PayloadNotForScheme(Scheme::Sigv4a))
        }
        _ => Ok(()),
    }
}

fn details(context: &Context<'_>, signature: Sigv4aSignature) -> SignatureDetails {
    context.details(Scheme::Sigv4a, Some(Signature::Sigv4a(signature)))
}
