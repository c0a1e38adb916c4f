use super::bucket::{Bucket, HostBucket};
use super::resource::Resource;
use super::signed::{DateLine, Signed, Unsigned};
use super::subresources::Subresources;
use crate::canonical::amz_headers::{AmzHeaders, SignerHeader};
use crate::canonical::wire_path::WirePath;
use crate::hash::sha1::hmac_sha1;
use crate::schemes::legacy::SentDate;
use crate::schemes::legacy::{DateHeader, LegacySignature};
use crate::text::base64;
use crate::text::percent::PlusSign;
use crate::text::sink::ByteSink;
use crate::vocabulary::credentials::Credentials;
use crate::vocabulary::error::Error;
use crate::vocabulary::request::Request;
use crate::vocabulary::time::Timestamp;

/// Signs requests with S3's scheme before Signature Version 4.
///
/// It signs the method, the path, the date, every `x-amz-*` header, the `content-type` and `content-md5` that are sent,
/// and of the query only the sub-resources (`?acl`, `?versionId=..`, `?response-content-type=..`): all those of S3's
/// API and of well-known signers.
#[derive(Debug, Clone, Copy)]
#[doc(alias = "s3v2")]
#[doc(alias = "signature v2")]
pub struct S3Legacy<'a> {
    credentials: Credentials<'a>,
    bucket: Bucket<'a>,
    date_header: DateHeader,
    subresources: Subresources<'a>,
    plus_sign: PlusSign,
}

impl<'a> S3Legacy<'a> {
    /// Creates a signer. A session token goes into `x-amz-security-token`, signed: a header, or a parameter if the URL
    /// is presigned.
    #[must_use]
    pub const fn new(credentials: Credentials<'a>) -> Self {
        Self {
            credentials,
            bucket: Bucket::ByHost,
            date_header: DateHeader::XAmzDate,
            subresources: Subresources { extra: &[], unsigned: &[] },
            plus_sign: PlusSign::Space,
        }
    }

    /// Sets where the bucket is named.
    #[must_use]
    pub const fn bucket(mut self, bucket: Bucket<'a>) -> Self {
        self.bucket = bucket;
        self
    }

    /// Sets the header that has the date.
    #[must_use]
    pub const fn date_header(mut self, date_header: DateHeader) -> Self {
        self.date_header = date_header;
        self
    }

    /// Sets parameters to sign as sub-resources besides S3's own, for stores that have more than S3.
    #[must_use]
    pub const fn extra_subresources(mut self, names: &'a [&'a str]) -> Self {
        self.subresources.extra = names;
        self
    }

    /// Sets sub-resources that are not signed, for stores that have them and do not sign them: only this signer knows
    /// S3's newer ones, and Ceph's gateway, for example, leaves out `legal-hold`, `replication` and `retention`.
    #[must_use]
    pub const fn unsigned_subresources(mut self, names: &'a [&'a str]) -> Self {
        self.subresources.unsigned = names;
        self
    }

    /// Sets what a bare `+` in the query means.
    #[must_use]
    pub const fn plus_sign(mut self, plus_sign: PlusSign) -> Self {
        self.plus_sign = plus_sign;
        self
    }

    /// Signs with an `authorization` header.
    ///
    /// # Errors
    /// Any [`Error`] that says what is wrong with the request; [`Error::NotAnS3Host`] if the host does not name the
    /// bucket; [`Error::MissingDate`] if the request must have a date and does not; [`Error::AmbiguousSubresource`] and
    /// [`Error::ControlInSubresource`] if the value of a sub-resource could be read as something else.
    pub fn sign(&self, request: &Request<'a>, now: Timestamp) -> Result<Signed<'a>, Error> {
        let date = SentDate::of(self.date_header, request, now)?;
        let own_date = matches!(date, SentDate::OwnXAmzDate(_));
        let added = match date {
            SentDate::XAmzDate(text) => Some(SignerHeader::Date(text)),
            _ => None,
        };
        let headers = self.headers(request, own_date, added)?;
        self.finish(request, self.resource(request)?.sent(), headers, DateLine::Sent(date))
    }

    /// Presigns the URL: whoever has it can send the request until `expires` seconds after `now`.
    ///
    /// The `x-amz-*` headers, `content-type` and `content-md5` of the request must be sent with it.
    ///
    /// # Errors
    /// As for [`sign`](Self::sign); [`Error::ExpiryInPast`] if `expires` is 0; [`Error::AmzParameter`] if there is an
    /// `x-amz-*` parameter in the query, [`Error::AuthenticationParameter`] if there is an `Expires` or a `Signature` of the
    /// caller's own.
    pub fn presign(&self, request: &Request<'a>, now: Timestamp, expires: u32) -> Result<Signed<'a>, Error> {
        if expires == 0 {
            return Err(Error::ExpiryInPast);
        }
        let expires = now.plus_seconds(expires.into())?;
        let headers = self.headers(request, false, None)?;
        let resource = self.resource(request)?.sent();
        let signed = self.finish(request, resource, headers, DateLine::Expires(expires))?;
        if signed.unsigned.resource.has_amz_parameter() {
            return Err(Error::AmzParameter);
        }
        if signed.unsigned.resource.has_reserved_parameter() {
            return Err(Error::AuthenticationParameter);
        }
        Ok(signed)
    }

    /// Returns the signature of a request as it was received, with its [`received_headers`](Self::received_headers).
    pub(crate) fn of_received(
        &self,
        request: &Request<'a>,
        headers: AmzHeaders<'a>,
        date: DateLine<'a>,
    ) -> Result<LegacySignature, Error> {
        Ok(self.finish(request, self.resource(request)?, headers, date)?.signature)
    }

    /// Returns the headers that are signed of a request as it was received: all of its `x-amz-*` but those named, and the
    /// token where that is in the URL.
    pub(crate) fn received_headers(
        &self,
        request: &Request<'a>,
        unsigned_headers: &[&str],
    ) -> Result<AmzHeaders<'a>, Error> {
        let token = self.credentials.token().map(SignerHeader::Token);
        AmzHeaders::received(request, unsigned_headers, [token, None, None])
    }

    fn headers(
        &self,
        request: &Request<'a>,
        own_date: bool,
        date: Option<SignerHeader<'a>>,
    ) -> Result<AmzHeaders<'a>, Error> {
        let token = self.credentials.token().map(SignerHeader::Token);
        AmzHeaders::new(request, "x-amz-", own_date, [date, token, None])
    }

    fn resource(&self, request: &Request<'a>) -> Result<Resource<'a>, Error> {
        request.check_method()?;
        let bucket = HostBucket::of(self.bucket, request)?;
        Resource::new(bucket, WirePath::new(request.path)?, request.query, self.plus_sign, self.subresources)
    }

    fn finish(
        &self,
        request: &Request<'a>,
        resource: Resource<'a>,
        amz_headers: AmzHeaders<'a>,
        date: DateLine<'a>,
    ) -> Result<Signed<'a>, Error> {
        let unsigned = Unsigned {
            amz_headers,
            content_md5: request.header("content-md5").unwrap_or_default(),
            content_type: request.header("content-type").unwrap_or_default(),
            credentials: self.credentials,
            date,
            method: request.method,
            resource,
        };
        let mac = hmac_sha1(self.credentials.secret(), |mac| unsigned.write_string_to_sign(mac));
        Ok(Signed { unsigned, signature: LegacySignature::sha1(mac) })
    }
}

/// Signs a ready-made POST policy, in base64, without line breaks.
///
/// # Errors
/// [`Error::MalformedPolicy`] if it is not base64 in one line.
pub fn sign_policy(credentials: &Credentials<'_>, policy: &str) -> Result<LegacySignature, Error> {
    if !base64::is_valid(policy) {
        return Err(Error::MalformedPolicy);
    }
    Ok(LegacySignature::sha1(hmac_sha1(credentials.secret(), |mac| mac.put(policy.as_bytes()))))
}
