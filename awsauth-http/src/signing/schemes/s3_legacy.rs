//! One request signed with S3's scheme before Signature Version 4.

use core::time::Duration;

use awsauth_core::s3_legacy::{Bucket, S3Legacy};
use awsauth_core::{Scheme, is_authentication_header};
use http::HeaderName;
use http::header::{CONTENT_TYPE, HOST};

use super::body::Body;
use super::context::Context;
use crate::error::Error;
use crate::request::borrowed::BorrowedRequest;
use crate::request::changes::Changes;
use crate::signing::presigned::Presigned;
use crate::signing::s3_bucket::S3Bucket;
use crate::signing::settings::S3LegacySettings;
use crate::signing::signed::{Signature, SignatureDetails};

const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");

pub(super) fn sign(
    context: &Context<'_>,
    body: Body<'_>,
    changes: &mut Changes,
) -> Result<SignatureDetails, Error> {
    context.check_service(Scheme::S3Legacy, true)?;
    body.check_whole(Scheme::S3Legacy)?;
    let signature = with_signer(context, |signer, request| {
        let signed = signer.sign(request, context.now)?;
        changes.target = context.request.changed_target(&signed.target());
        changes.headers.add(signed.headers());
        Ok(signed.signature())
    })?;
    Ok(context.details(Scheme::S3Legacy, Some(Signature::Base64(signature))))
}

pub(super) fn presign(context: &Context<'_>, expires: Duration) -> Result<Presigned, Error> {
    context.check_service(Scheme::S3Legacy, true)?;
    let validity = context.validity(expires)?;
    let (signature, target) = with_signer(context, |signer, request| {
        let signed = signer.presign(request, context.now, validity.seconds)?;
        Ok((signed.signature(), BorrowedRequest::path_and_query(&signed.target())?))
    })?;
    let is_signed = |name: &HeaderName| {
        let is_amz = name.as_str().starts_with("x-amz-") && !is_authentication_header(name.as_str());
        is_amz || *name == CONTENT_TYPE || *name == CONTENT_MD5
    };
    let headers = context.headers_to_send(is_signed, &[]);
    let signed = context.details(Scheme::S3Legacy, Some(Signature::Base64(signature)));
    context.presigned(signed, target, headers, &validity)
}

/// The core reads the bucket from the `host` header, if there is one: that must not stand in the way of the signed host.
fn with_signer<T>(
    context: &Context<'_>,
    sign: impl FnOnce(S3Legacy<'_>, &awsauth_core::Request<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let S3LegacySettings { bucket, extra_subresources, unsigned_subresources } = &context.settings.s3_legacy;
    let bucket = match bucket {
        S3Bucket::ByHost => Bucket::ByHost,
        S3Bucket::InPath => Bucket::InPath,
        S3Bucket::Named(name) => Bucket::Named(name),
    };
    let signer = S3Legacy::new(context.core_credentials()?)
        .bucket(bucket)
        .extra_subresources(extra_subresources)
        .unsigned_subresources(unsigned_subresources)
        .plus_sign(context.settings.plus_sign);
    let others = context.request.headers.iter().filter(|header| header.name != HOST.as_str());
    let headers = others.copied().collect::<Vec<_>>();
    sign(signer, &context.request.core_request().headers(&headers))
}
