//! One request signed with S3's scheme before Signature Version 4.

use core::time::Duration;
use std::sync::Arc;

use awsauth_core::s3_legacy::{Bucket, S3Legacy};
use awsauth_core::{Scheme, is_authentication_header};
use http::HeaderName;
use http::header::{CONTENT_TYPE, HOST};

use super::{Body, Context};
use crate::error::Error;
use crate::request::changes::Changes;
use crate::request::lent::Lent;
use crate::signing::presigned::Presigned;
use crate::signing::signed::{Decided, Signature};
use crate::signing::signer::Signer;

const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");

/// Where S3's scheme before Signature Version 4 finds the bucket, which it signs before the path.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum S3Bucket {
    /// What the host says: of S3's own hosts the labels before `s3`; of others the whole host, a CNAME that is named as
    /// its bucket. An IP address, or a host without a dot, names none.
    #[default]
    ByHost,
    /// In the path, whatever the host: path-style requests to a store's own host.
    InPath,
    /// This one, which is not in the path: a host that serves a bucket of another name.
    Named(Arc<str>),
}

#[derive(Debug, Clone, Default)]
pub(crate) struct S3LegacySettings {
    bucket: S3Bucket,
    extra_subresources: &'static [&'static str],
    unsigned_subresources: &'static [&'static str],
}

impl Signer {
    /// The same finding the bucket here, which [`Scheme::S3Legacy`] signs; the other schemes do not ask.
    #[must_use]
    pub fn s3_bucket(self, bucket: S3Bucket) -> Self {
        self.set(|settings| settings.s3_legacy.bucket = bucket)
    }

    /// The same signing these parameters as sub-resources too, with [`Scheme::S3Legacy`]: for stores that have more of
    /// them than S3.
    #[must_use]
    pub fn extra_subresources(self, names: &'static [&'static str]) -> Self {
        self.set(|settings| settings.s3_legacy.extra_subresources = names)
    }

    /// The same not signing these sub-resources, with [`Scheme::S3Legacy`]: for stores that have them and do not sign them.
    /// S3's newer ones are in nobody's list but this signer's, and Ceph's gateway, for one, leaves out `legal-hold`,
    /// `replication` and `retention`.
    #[must_use]
    pub fn unsigned_subresources(self, names: &'static [&'static str]) -> Self {
        self.set(|settings| settings.s3_legacy.unsigned_subresources = names)
    }
}

pub(super) fn sign(context: &Context<'_>, body: Body<'_>, changes: &mut Changes) -> Result<Decided, Error> {
    context.check_service(Scheme::S3Legacy, true)?;
    body.check_whole(Scheme::S3Legacy)?;
    let signature = with_signer(context, |signer, request| {
        let signed = signer.sign(request, context.now)?;
        changes.target = context.lent.changed_target(&signed.target());
        changes.headers.add(signed.headers());
        Ok(signed.signature())
    })?;
    Ok(context.signed(Scheme::S3Legacy, Some(Signature::Base64(signature))))
}

pub(super) fn presign(context: &Context<'_>, expires: Duration) -> Result<Presigned, Error> {
    context.check_service(Scheme::S3Legacy, true)?;
    let validity = context.validity(expires)?;
    let (signature, target) = with_signer(context, |signer, request| {
        let signed = signer.presign(request, context.now, validity.seconds)?;
        Ok((signed.signature(), Lent::path_and_query(&signed.target())?))
    })?;
    let is_signed = |name: &HeaderName| {
        let is_amz = name.as_str().starts_with("x-amz-") && !is_authentication_header(name.as_str());
        is_amz || *name == CONTENT_TYPE || *name == CONTENT_MD5
    };
    let headers = context.headers_to_send(is_signed, &[]);
    let signed = context.signed(Scheme::S3Legacy, Some(Signature::Base64(signature)));
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
    let others = context.lent.headers.iter().filter(|header| header.name != HOST.as_str());
    let headers = others.copied().collect::<Vec<_>>();
    sign(signer, &context.lent.request().headers(&headers))
}
