use super::credential;
use super::legacy::{self, PlainToken, PresentedBase64, Validity, VerifiedLegacy, credentials};
use super::policy::{UnsignedPayload, VerifyPolicy};
use super::refusal::Refusal;
use super::token::SessionToken;
use crate::canonical::host::CanonicalHost;
use crate::canonical::parameters;
use crate::schemes::sigv2::{SignatureMethod, Sigv2};
use crate::text::percent::Decoded;
use crate::vocabulary::request::Request;
use crate::vocabulary::time::Timestamp;

/// The authentication parameters of Signature Version 2, still encoded.
#[derive(Default)]
struct Parameters<'a> {
    access_key_id: Option<&'a [u8]>,
    expires: Option<&'a [u8]>,
    method: Option<&'a [u8]>,
    signature: Option<&'a [u8]>,
    timestamp: Option<&'a [u8]>,
    token: Option<&'a [u8]>,
    version: Option<&'a [u8]>,
}

impl<'a> VerifyPolicy<'a> {
    /// Verifies a request that is signed with Signature Version 2: in its query, or in the form that is its body, which
    /// is then covered. `lookup` returns the secret of an access key ID; see
    /// [`Claim::access_key_id`](super::Claim::access_key_id) for what that may be.
    ///
    /// `form` is the body of every request whose body the server reads as a form. Without it, a request with the
    /// content type of a form is refused, unless the policy's [`unsigned_payload`](Self::unsigned_payload) is
    /// [`Allowed`](UnsignedPayload::Allowed).
    ///
    /// The scheme covers neither region nor service, nor headers other than `host`: a request with an `x-amz-*` header
    /// is refused, except for `x-amz-user-agent` and those of [`unsigned_headers`](Self::unsigned_headers).
    ///
    /// # Errors
    /// [`Refusal`]: the error to respond with.
    pub fn verify_sigv2<K: AsRef<str>>(
        &self,
        request: &Request<'a>,
        form: Option<&'a [u8]>,
        now: Timestamp,
        lookup: impl FnOnce(&str) -> Option<K>,
    ) -> Result<VerifiedLegacy<'a>, Refusal> {
        let body_is_known = form.is_some();
        // An empty form says nothing: the query is what was signed then.
        let form = form.filter(|form| !form.is_empty());
        let presented = Parameters::read(form.unwrap_or(request.query.as_bytes()))?;
        let (Some(access_key_id), Some(signature)) = (presented.access_key_id, presented.signature) else {
            return Err(Refusal::MissingAuthentication);
        };
        if request.headers.iter().any(|header| header.is("authorization")) {
            return Err(Refusal::repeated("authorization"));
        }
        legacy::check_headers(self, request, |header| header.is("host") || header.is("x-amz-user-agent"))?;
        if !body_is_known && says_form(request) && self.unsigned_payload != UnsignedPayload::Allowed {
            return Err(Refusal::UnsignedPayloadRefused);
        }
        let validity = presented.validity()?;
        validity.check(self, now)?;
        let malformed = Refusal::MalformedQueryAuthentication;
        let access_key_id =
            credential::access_key_id(access_key_id, Some(self.plus_sign)).ok_or(malformed)?;
        let plain = presented.token.map(|token| PlainToken::new(token, Some(self.plus_sign))).transpose()?;
        let signature = PresentedBase64::new(Decoded::new(signature, self.plus_sign))?;

        let secret = lookup(access_key_id.as_str()).ok_or(Refusal::UnknownAccessKeyId)?;
        let credentials = credentials(access_key_id.as_str(), secret.as_ref(), plain.as_ref())?;
        let mut signer =
            Sigv2::new(credentials).plus_sign(self.plus_sign).signature_method(presented.method()?);
        if let Some(host) = self.signed_host {
            signer = signer.signed_host(host);
        }
        let (signer, time) = match validity {
            Validity::Signed(time) => (signer, time),
            Validity::Expires(at) => (signer.expires(1), before(at)?),
        };
        let signed = match form {
            None => signer.sign(request, time)?,
            Some(form) => signer.sign_form(request, form, time)?.into_signed(),
        };
        // AWS signs it in lower case; botocore signs it as it is sent.
        let (received, normal) = (
            CanonicalHost::text_of(request, self.signed_host)?,
            CanonicalHost::of(request, self.signed_host)?,
        );
        let is_normal = normal.is_lower() && normal.text() == received;
        signature.check(&signed.signature()).or_else(|refusal| match is_normal {
            true => Err(refusal),
            false => signature.check(&signer.with_host(&signed, CanonicalHost::verbatim(received))),
        })?;
        let session_token = presented.token.map(|token| SessionToken::encoded(token, self.plus_sign));
        Ok(VerifiedLegacy { access_key_id, validity, session_token })
    }
}

/// Whether its body is a form, which the query's signature does not cover: `application/x-www-form-urlencoded` or
/// `multipart/form-data`, anywhere in the content type, as servers are lenient.
fn says_form(request: &Request<'_>) -> bool {
    let content_type = request.header("content-type").unwrap_or_default();
    content_type.windows(FORM.len()).any(|part| part.eq_ignore_ascii_case(FORM))
}

const FORM: &[u8] = b"form-";

/// The second before `at`, so that what is signed for one second expires at `at`.
fn before(at: Timestamp) -> Result<Timestamp, Refusal> {
    let before = at.unix_seconds().checked_sub(1).ok_or(Refusal::Expired)?;
    Ok(Timestamp::from_unix(before)?)
}

impl<'a> Parameters<'a> {
    fn read(text: &'a [u8]) -> Result<Self, Refusal> {
        parameters::check(text)?;
        let mut read = Self::default();
        for pair in text.split(|byte| *byte == b'&') {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = halves.next().unwrap_or_default();
            if let Some((name, place)) = read.place(name)
                && place.replace(halves.next().unwrap_or_default()).is_some()
            {
                return Err(Refusal::repeated(name));
            }
        }
        Ok(read)
    }

    fn place(&mut self, name: &[u8]) -> Option<(&'static str, &mut Option<&'a [u8]>)> {
        let is = |other: &str| Decoded::new(name, crate::text::percent::PlusSign::Literal).eq(other.bytes());
        [
            ("AWSAccessKeyId", &mut self.access_key_id),
            ("Expires", &mut self.expires),
            ("SecurityToken", &mut self.token),
            ("Signature", &mut self.signature),
            ("SignatureMethod", &mut self.method),
            ("SignatureVersion", &mut self.version),
            ("Timestamp", &mut self.timestamp),
        ]
        .into_iter()
        .find(|(other, _)| is(other))
    }

    fn method(&self) -> Result<SignatureMethod, Refusal> {
        match (self.version, self.method) {
            (None, _) => Err(Refusal::incomplete("SignatureVersion")),
            (_, None) => Err(Refusal::incomplete("SignatureMethod")),
            (Some(b"2"), Some(b"HmacSHA256")) => Ok(SignatureMethod::HmacSha256),
            #[cfg(feature = "sha1")]
            (Some(b"2"), Some(b"HmacSHA1")) => Ok(SignatureMethod::HmacSha1),
            _ => Err(Refusal::UnsupportedAlgorithm),
        }
    }

    fn validity(&self) -> Result<Validity, Refusal> {
        match (self.timestamp, self.expires) {
            (Some(_), Some(_)) => Err(Refusal::repeated("Expires")),
            (Some(time), None) => Ok(Validity::Signed(extended(time)?)),
            (None, Some(at)) => Ok(Validity::Expires(extended(at)?)),
            (None, None) => Err(Refusal::MissingDate),
        }
    }
}

/// Parses `2015-08-30T12:36:00Z`, percent-encoded. Other forms of a time are not accepted.
fn extended(text: &[u8]) -> Result<Timestamp, Refusal> {
    let mut basic = [0; 16];
    let mut places = basic.iter_mut();
    for (at, byte) in Decoded::new(text, crate::text::percent::PlusSign::Literal).enumerate() {
        match (at, byte) {
            (4 | 7, b'-') | (13 | 16, b':') => {}
            (4 | 7 | 13 | 16, _) => return Err(Refusal::MissingDate),
            _ => *places.next().ok_or(Refusal::MissingDate)? = byte,
        }
    }
    core::str::from_utf8(&basic)
        .ok()
        .and_then(|basic| Timestamp::parse(basic).ok())
        .ok_or(Refusal::MissingDate)
}
