use super::credential;
use super::legacy::{PlainToken, PresentedBase64, Validity, VerifiedLegacy, credentials};
use super::sigv2::before;
use super::{Policy, Refusal, SessionToken};
use crate::canonical::parameters;
use crate::s3_legacy::{Bucket, S3Legacy};
use crate::text::percent::Decoded;
use crate::{DateHeader, PlusSign, Request, Timestamp};

/// What a request presents, in its header or in its URL.
#[derive(Default)]
struct Presented<'a> {
    access_key_id: Option<&'a [u8]>,
    expires: Option<&'a [u8]>,
    signature: Option<&'a [u8]>,
    token: Option<&'a [u8]>,
}

impl<'a> Policy<'a> {
    /// Verifies a request that is signed with S3's scheme before Signature Version 4, in its header or in its URL.
    /// `bucket` says where the bucket is named; `lookup` finds the secret of an access key ID, such as
    /// [`Claim::access_key_id`](super::Claim::access_key_id) says.
    ///
    /// The body is not covered, nor are headers but `x-amz-*`, `content-type` and `content-md5`, nor query parameters but
    /// the sub-resources: the scheme is that weak.
    ///
    /// # Errors
    /// [`Refusal`]: what to answer.
    pub fn verify_s3_legacy<K: AsRef<str>>(
        &self,
        request: &Request<'a>,
        bucket: Bucket<'a>,
        now: Timestamp,
        lookup: impl FnOnce(&str) -> Option<K>,
    ) -> Result<VerifiedLegacy<'a>, Refusal> {
        let in_header = Presented::in_header(request)?;
        let in_url = Presented::in_url(request.query.as_bytes())?;
        let is_presigned = in_url.access_key_id.is_some() || in_url.signature.is_some();
        if in_header.signature.is_some() && is_presigned {
            return Err(Refusal::RepeatedAuthentication);
        }
        let plus = is_presigned.then_some(self.plus_sign);
        let presented = if is_presigned { in_url } else { in_header };
        let (Some(access_key_id), Some(signature)) = (presented.access_key_id, presented.signature) else {
            return Err(Refusal::MissingAuthentication);
        };
        let validity = match plus {
            Some(_) => Validity::Expires(epoch(presented.expires.ok_or(Refusal::IncompleteSignature)?)?),
            None => Validity::Signed(date(request)?),
        };
        validity.check(self, now)?;
        let malformed = if is_presigned {
            Refusal::MalformedQueryAuthentication
        } else {
            Refusal::MalformedAuthorization
        };
        let access_key_id = credential::access_key_id(access_key_id, plus).ok_or(malformed)?;
        let plain = presented.token.map(|token| PlainToken::new(token, plus)).transpose()?;
        let signature = match plus {
            Some(plus) => PresentedBase64::new(Decoded::new(signature, plus))?,
            None => PresentedBase64::new(signature.iter().copied())?,
        };

        let secret = lookup(access_key_id.as_str()).ok_or(Refusal::UnknownAccessKeyId)?;
        let credentials = credentials(access_key_id.as_str(), secret.as_ref(), plain.as_ref())?;
        let signer = S3Legacy::new(credentials).bucket(bucket).plus_sign(self.plus_sign);
        let computed = match validity {
            Validity::Signed(time) => signer.date_header(DateHeader::AsSent).sign(request, time)?.signature(),
            Validity::Expires(at) => signer.presign(request, before(at)?, 1)?.signature(),
        };
        signature.check(&computed)?;
        let session_token = presented.token.map(|token| match plus {
            Some(plus) => SessionToken::encoded(token, plus),
            None => SessionToken::plain(token),
        });
        Ok(VerifiedLegacy { access_key_id, validity, session_token })
    }
}

impl<'a> Presented<'a> {
    /// `AWS AKIDEXAMPLE:signature`, and the token's header. Swift's access key IDs have a colon, and signatures none.
    fn in_header(request: &Request<'a>) -> Result<Self, Refusal> {
        let token = only(request, "x-amz-security-token")?;
        let Some(value) = only(request, "authorization")? else { return Ok(Self::default()) };
        let value = value.strip_prefix(b"AWS ").ok_or(Refusal::UnsupportedAlgorithm)?.trim_ascii();
        let colon = value.iter().rposition(|byte| *byte == b':').ok_or(Refusal::MalformedAuthorization)?;
        let (access_key_id, signature) = value.split_at_checked(colon).unwrap_or_default();
        Ok(Self { access_key_id: Some(access_key_id), expires: None, signature: signature.get(1..), token })
    }

    fn in_url(query: &'a [u8]) -> Result<Self, Refusal> {
        parameters::check(query)?;
        let mut presented = Self::default();
        for pair in query.split(|byte| *byte == b'&') {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = halves.next().unwrap_or_default();
            if let Some(place) = presented.place(name)
                && place.replace(halves.next().unwrap_or_default()).is_some()
            {
                return Err(Refusal::RepeatedAuthentication);
            }
        }
        Ok(presented)
    }

    fn place(&mut self, name: &[u8]) -> Option<&mut Option<&'a [u8]>> {
        let is = |other: &str| Decoded::new(name, PlusSign::Literal).eq(other.bytes());
        [
            ("AWSAccessKeyId", &mut self.access_key_id),
            ("Expires", &mut self.expires),
            ("Signature", &mut self.signature),
            ("x-amz-security-token", &mut self.token),
        ]
        .into_iter()
        .find_map(|(other, place)| is(other).then_some(place))
    }
}

/// The value of a header that may be sent once.
fn only<'a>(request: &Request<'a>, name: &str) -> Result<Option<&'a [u8]>, Refusal> {
    let mut values = request.headers.iter().filter(|header| header.is(name));
    let value = values.next().map(|header| header.value.trim_ascii());
    match values.next() {
        Some(_) => Err(Refusal::RepeatedAuthentication),
        None => Ok(value),
    }
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
