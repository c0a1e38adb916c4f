//! One request signed with Signature Version 2: in its query, or in the form that it posts.

use core::time::Duration;

use awsauth_core::{Scheme, Sigv2};
use bytes::Bytes;
use http::header::CONTENT_TYPE;

use super::body::Body;
use super::context::Context;
use crate::error::Error;
use crate::request::borrowed::BorrowedRequest;
use crate::request::changes::Changes;
use crate::request::render::{Render, text};
use crate::signing::presigned::Presigned;
use crate::signing::signed::{Signature, SignatureDetails};

pub(super) fn sign(
    context: &Context<'_>,
    body: Body<'_>,
    changes: &mut Changes,
) -> Result<SignatureDetails, Error> {
    context.check_service(Scheme::Sigv2, false)?;
    body.check_whole(Scheme::Sigv2)?;
    if !posts_form(context) {
        return sign_query(context, changes);
    }
    match body.bytes() {
        None => Err(Error::BodyNotInMemory(Scheme::Sigv2)),
        Some(b"") => sign_query(context, changes),
        Some(form) => sign_form(context, form, changes),
    }
}

pub(super) fn presign(context: &Context<'_>, expires: Duration) -> Result<Presigned, Error> {
    context.check_service(Scheme::Sigv2, false)?;
    let validity = context.validity(expires)?;
    let signer = signer(context)?;
    let request = context.request.core_request();
    let signed = signer.presign(&request, context.now, validity.seconds)?;
    let target = BorrowedRequest::path_and_query(&signed.target())?;
    let signed = context.details(Scheme::Sigv2, Some(Signature::Base64(signed.signature())));
    context.presigned(signed, target, http::HeaderMap::new(), &validity)
}

fn sign_query(context: &Context<'_>, changes: &mut Changes) -> Result<SignatureDetails, Error> {
    let signer = signer(context)?;
    let request = context.request.core_request();
    let signed = signer.sign(&request, context.now)?;
    changes.target = Some(text(&signed.target()).into());
    Ok(context.details(Scheme::Sigv2, Some(Signature::Base64(signed.signature()))))
}

fn sign_form(context: &Context<'_>, form: &[u8], changes: &mut Changes) -> Result<SignatureDetails, Error> {
    let signer = signer(context)?;
    let request = context.request.core_request();
    let signed = signer.sign_form(&request, form, context.now)?;
    let mut form = Vec::with_capacity(signed.body().len());
    signed.body().render(&mut |run: &[u8]| form.extend_from_slice(run));
    changes.target = context.request.changed_target(&signed.target());
    changes.form = Some(Bytes::from(form));
    Ok(context.details(Scheme::Sigv2, Some(Signature::Base64(signed.signature()))))
}

fn signer<'c>(context: &Context<'c>) -> Result<Sigv2<'c>, Error> {
    Ok(Sigv2::new(context.core_credentials()?)
        .plus_sign(context.settings.plus_sign)
        .signed_host(context.request.host))
}

fn posts_form(context: &Context<'_>) -> bool {
    let media_type = context
        .request
        .map
        .get(CONTENT_TYPE)
        .and_then(|value| value.as_bytes().split(|byte| *byte == b';').next().map(<[u8]>::trim_ascii));
    context.request.method == "POST"
        && media_type.is_some_and(|name| name.eq_ignore_ascii_case(b"application/x-www-form-urlencoded"))
}
