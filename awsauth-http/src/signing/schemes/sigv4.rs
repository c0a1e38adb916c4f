//! One request signed with Signature Version 4.

use core::time::Duration;

use awsauth_core::{SigningSpace, Sigv4};

use super::body::Body;
use super::context::Context;
use super::v4_headers::{changed_values, signed_headers};
use crate::error::Error;
use crate::request::borrowed::BorrowedRequest;
use crate::request::changes::Changes;
use crate::signing::payload_rules::{check_payload, presigned_payload};
use crate::signing::presigned::Presigned;
use crate::signing::signed::{Scope, SignatureDetails};

pub(super) fn sign(
    context: &Context<'_>,
    body: Body<'_>,
    changes: &mut Changes,
) -> Result<SignatureDetails, Error> {
    let Context { settings, credentials, now, request, .. } = context;
    let destination = context.destination()?;
    let payload = body.hash();
    check_payload(payload, destination.service)?;
    let key = context.caches.keys.get(credentials, *now, destination.region()?, destination.service)?;
    let signature = {
        let (core_request, signing_key) = (request.core_request(), key.signing_key());
        let signer =
            Sigv4::new(credentials.access_key_id(), &signing_key).options(settings.options(credentials));
        let mut space = SigningSpace::new();
        let signed = signer.sign_into(&mut space, &core_request, payload, *now)?;
        changes.target = request.changed_target_v4(&signed.target());
        changes.headers.add_v4(signed.headers(), payload, || key.token(credentials));
        changes.values.extend(changed_values(signed));
        *signed.signature()
    };
    Ok(context.details_v4(Scope::Key(key), signature))
}

pub(super) fn presign(context: &Context<'_>, body: &[u8], expires: Duration) -> Result<Presigned, Error> {
    let Context { settings, credentials, now, request, .. } = context;
    let destination = context.destination()?;
    let payload = presigned_payload(request.stated_payload()?, destination.service, body)?;
    let validity = context.validity(expires)?;
    let key = context.caches.keys.get(credentials, *now, destination.region()?, destination.service)?;
    let (signature, target, headers) = {
        let (core_request, signing_key) = (request.core_request(), key.signing_key());
        let signer =
            Sigv4::new(credentials.access_key_id(), &signing_key).options(settings.options(credentials));
        let mut space = SigningSpace::new();
        let signed = signer.presign_into(&mut space, &core_request, payload, *now, validity.seconds)?;
        let headers = signed_headers(context, signed);
        (*signed.signature(), BorrowedRequest::path_and_query(&signed.target())?, headers)
    };
    context.presigned(context.details_v4(Scope::Key(key), signature), target, headers, &validity)
}
