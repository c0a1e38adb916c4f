use super::credential;
use super::headers::may_be_several;
use super::legacy::{self, PlainToken, PresentedBase64, Validity, VerifiedLegacy, credentials, is_amz, only};
use super::policy::VerifyPolicy;
use super::refusal::Refusal;
use super::s3_parameters::{self, PresentedAuthentication};
use super::token::SessionToken;
use crate::schemes::legacy::DateHeader;
use crate::schemes::legacy::SentDate;
use crate::schemes::s3_legacy::{Bucket, DateLine, S3Legacy};
use crate::text::percent::Decoded;
use crate::vocabulary::request::Request;
use crate::vocabulary::time::Timestamp;

impl<'a> VerifyPolicy<'a> {
    /// Verifies a request that is signed with S3's scheme before Signature Version 4, in its header or in its URL.
    /// `bucket` says where the bucket is named; `lookup` returns the secret of an access key ID; see
    /// [`Claim::access_key_id`](super::Claim::access_key_id) for what that may be.
    ///
    /// The signature covers the method, the bucket and the path, the date, every `x-amz-*` header, `content-type` and
    /// `content-md5`, and of the query the sub-resources. A request with more of them than were signed is refused, and
    /// so are parts of another scheme's signature, and query parameters that are not known to be harmless: see
    /// [`unknown_parameters`](Self::unknown_parameters). An `x-amz-*` parameter is accepted if a header says the same,
    /// as in boto3's presigned URLs; act on the header.
    ///
    /// It does not cover the body, except by a `content-md5` that the server checks, nor other headers, nor which part
    /// of a list is wanted: the scheme is that weak.
    ///
    /// # Errors
    /// [`Refusal`]: the error to respond with.
    pub fn verify_s3_legacy<K: AsRef<str>>(
        &self,
        request: &Request<'a>,
        bucket: Bucket<'a>,
        now: Timestamp,
        lookup: impl FnOnce(&str) -> Option<K>,
    ) -> Result<VerifiedLegacy<'a>, Refusal> {
        legacy::check_headers(self, request, |header| {
            is_amz(header) || ["content-md5", "content-type", "date"].iter().any(|name| header.is(name))
        })?;
        let (in_header, in_url) =
            (in_header(request)?, PresentedAuthentication::in_url(request.query.as_bytes())?);
        let is_presigned = in_url.access_key_id.is_some() || in_url.signature.is_some();
        if in_header.signature.is_some() && !in_url.is_empty() {
            return Err(Refusal::repeated("authorization"));
        }
        let header_token = only(request, "x-amz-security-token")?;
        if header_token.is_some() && in_url.token.is_some() {
            return Err(Refusal::repeated("x-amz-security-token"));
        }
        let plus = is_presigned.then_some(self.plus_sign);
        let presented = if is_presigned { in_url } else { in_header };
        let (Some(access_key_id), Some(signature)) = (presented.access_key_id, presented.signature) else {
            return Err(Refusal::MissingAuthentication);
        };
        s3_parameters::check(self, request)?;
        let validity = match plus {
            Some(_) => {
                Validity::Expires(epoch(presented.expires.ok_or_else(|| Refusal::incomplete("Expires"))?)?)
            }
            None => Validity::Signed(date(request)?),
        };
        validity.check(self, now)?;
        let malformed = if is_presigned {
            Refusal::MalformedQueryAuthentication
        } else {
            Refusal::MalformedAuthorization
        };
        let access_key_id = credential::access_key_id(access_key_id, plus).ok_or(malformed)?;
        // Signed as a header's line, wherever it stands; one that is a header has its line already.
        let plain = presented.token.map(|token| PlainToken::new(token, plus)).transpose()?;
        let signature = match plus {
            Some(plus) => PresentedBase64::new(Decoded::new(signature, plus))?,
            None => PresentedBase64::new(signature.iter().copied())?,
        };

        let secret = lookup(access_key_id.as_str()).ok_or(Refusal::UnknownAccessKeyId)?;
        let credentials = credentials(access_key_id.as_str(), secret.as_ref(), plain.as_ref())?;
        let date = match validity {
            Validity::Expires(at) => DateLine::Expires(at),
            Validity::Signed(time) => DateLine::Sent(SentDate::of(DateHeader::AsSent, request, time)?),
        };
        let signer = S3Legacy::new(credentials)
            .bucket(bucket)
            .extra_subresources(self.extra_subresources)
            .unsigned_subresources(self.unsigned_parameters)
            .plus_sign(self.plus_sign);
        let headers = signer.received_headers(request, self.unsigned_headers)?;
        if let Some(name) = headers.repeated().find(|name| !may_be_several(name)) {
            return Err(Refusal::repeated_header(name));
        }
        signature.check(&signer.of_received(request, headers, date)?)?;
        let url_token = presented.token.map(|token| SessionToken::encoded(token, self.plus_sign));
        let session_token = header_token.map(SessionToken::plain).or(url_token);
        Ok(VerifiedLegacy { access_key_id, validity, session_token })
    }
}

/// `AWS AKIDEXAMPLE:signature`. Swift's access key IDs have a colon, and signatures none.
fn in_header<'a>(request: &Request<'a>) -> Result<PresentedAuthentication<'a>, Refusal> {
    let Some(value) = only(request, "authorization")? else { return Ok(PresentedAuthentication::default()) };
    let value = value.strip_prefix(b"AWS ").ok_or(Refusal::UnsupportedAlgorithm)?.trim_ascii();
    let colon = value.iter().rposition(|byte| *byte == b':').ok_or(Refusal::MalformedAuthorization)?;
    let (access_key_id, signature) = value.split_at_checked(colon).unwrap_or_default();
    Ok(PresentedAuthentication {
        access_key_id: Some(access_key_id),
        signature: signature.get(1..),
        ..PresentedAuthentication::default()
    })
}

/// The time of `x-amz-date`, or else of `date`.
fn date(request: &Request<'_>) -> Result<Timestamp, Refusal> {
    let own = only(request, "x-amz-date")?;
    let date = only(request, "date")?;
    let text = core::str::from_utf8(own.or(date).ok_or(Refusal::MissingDate)?);
    let text = text.map_err(|_| Refusal::MissingDate)?;
    // `+0000` for GMT, as RFC 2822 writes it, is what AWS's own examples have.
    let parsed = match text.strip_suffix(" +0000") {
        Some(start) if start.len() == 25 => parse_offset(start),
        _ => Timestamp::parse_http_date(text).or_else(|_| Timestamp::parse(text)).ok(),
    };
    parsed.ok_or(Refusal::MissingDate)
}

/// `Tue, 27 Mar 2007 19:36:42`, in UTC.
fn parse_offset(start: &str) -> Option<Timestamp> {
    let mut date = [0; 29];
    let (place, zone) = date.split_at_mut_checked(25)?;
    place.copy_from_slice(start.as_bytes());
    zone.copy_from_slice(b" GMT");
    Timestamp::parse_http_date(core::str::from_utf8(&date).ok()?).ok()
}

/// Seconds since 1970, in decimal.
fn epoch(digits: &[u8]) -> Result<Timestamp, Refusal> {
    let mut seconds = 0_u64;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return Err(Refusal::MalformedQueryAuthentication);
        }
        seconds = seconds.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
    }
    Timestamp::from_unix(seconds).map_err(|_| Refusal::ExpiryOutOfRange)
}
