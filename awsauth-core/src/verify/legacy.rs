use core::fmt;

use subtle::ConstantTimeEq;

use super::credential::AccessKeyId;
use super::policy::VerifyPolicy;
use super::refusal::Refusal;
use super::token::SessionToken;
use crate::canonical::headers::starts_with;
use crate::canonical::host::CanonicalHost;
use crate::schemes::legacy::LegacySignature;
use crate::schemes::sigv4::SignatureText;
#[cfg(feature = "alloc")]
use crate::text::percent::Decoded;
use crate::text::percent::PlusSign;
use crate::vocabulary::credentials::Credentials;
use crate::vocabulary::request::{Header, Request};
use crate::vocabulary::time::Timestamp;

/// A verified request of a scheme before Signature Version 4. The signature covers the body only if that is a form.
#[derive(Clone)]
pub struct VerifiedLegacy<'a> {
    pub(super) access_key_id: AccessKeyId<'a>,
    pub(super) validity: Validity,
    pub(super) session_token: Option<SessionToken<'a>>,
}

/// How long a request is valid.
#[derive(Debug, Clone, Copy)]
pub(super) enum Validity {
    /// Until then.
    Expires(Timestamp),
    /// As long as clocks may be off.
    Signed(Timestamp),
}

impl VerifiedLegacy<'_> {
    /// Returns the access key ID of the signer.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.access_key_id.as_str()
    }

    /// Returns when it was signed; `None` if it states when it expires instead.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        match self.validity {
            Validity::Expires(_) => None,
            Validity::Signed(time) => Some(time),
        }
    }

    /// Returns when it expires; `None` if it states when it was signed instead.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        match self.validity {
            Validity::Expires(at) => Some(at),
            Validity::Signed(_) => None,
        }
    }

    /// Returns the session token, which its issuer must check.
    #[must_use]
    pub fn session_token(&self) -> Option<SessionToken<'_>> {
        self.session_token
    }
}

impl fmt::Debug for VerifiedLegacy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedLegacy")
            .field("access_key_id", &self.access_key_id())
            .field("validity", &self.validity)
            .finish_non_exhaustive()
    }
}

/// Checks the headers of a request of which only those of `signed`, and whatever else the scheme covers, are signed:
/// what is signed as one is there once, nothing is of another scheme, and nothing unsigned is there that must not.
///
/// # Errors
/// [`Refusal::RepeatedHeader`], [`Refusal::RepeatedAuthentication`], [`Refusal::UnsignedHeader`];
/// [`Refusal::HostMismatch`].
pub(super) fn check_headers(
    policy: &VerifyPolicy<'_>,
    request: &Request<'_>,
    is_signed: impl Fn(&Header<'_>) -> bool,
) -> Result<(), Refusal> {
    check_host(request)?;
    let mut once = [("content-md5", false), ("content-type", false)];
    for header in request.headers {
        if header.is("x-amzn-authorization") {
            return Err(Refusal::repeated("x-amzn-authorization"));
        }
        if let Some((_, is_present)) = once.iter_mut().find(|(name, _)| header.is(name))
            && core::mem::replace(is_present, true)
        {
            return Err(Refusal::repeated_header(header.name));
        }
        let any = |names: &[&str]| names.iter().any(|name| header.is(name));
        let must_be_signed = is_amz(header) && !any(policy.unsigned_headers) || any(policy.required_headers);
        if must_be_signed && !is_signed(header) {
            return Err(Refusal::unsigned_header(header.name));
        }
    }
    Ok(())
}

/// A server may route by either.
fn check_host(request: &Request<'_>) -> Result<(), Refusal> {
    if let Some(header) = request.header("host")
        && !request.host.is_empty()
    {
        let header = CanonicalHost::new(header, request.protocol)?;
        let authority = CanonicalHost::new(request.host.as_bytes(), request.protocol)?;
        if !header.text().eq_ignore_ascii_case(authority.text()) {
            return Err(Refusal::HostMismatch);
        }
    }
    Ok(())
}

pub(super) fn is_amz(header: &Header<'_>) -> bool {
    starts_with(header.name, "x-amz-")
}

/// The value of a header that may be sent once.
#[cfg(feature = "s3-legacy")]
pub(super) fn only<'a>(request: &Request<'a>, name: &str) -> Result<Option<&'a [u8]>, Refusal> {
    let mut values = request.headers.iter().filter(|header| header.is(name));
    let value = values.next().map(|header| header.value.trim_ascii());
    match values.next() {
        Some(_) => Err(Refusal::repeated(name)),
        None => Ok(value),
    }
}

impl Validity {
    /// Checks that the request is neither too old nor too new.
    pub(super) fn check(self, policy: &VerifyPolicy<'_>, now: Timestamp) -> Result<(), Refusal> {
        let (now, skew) = (now.unix_seconds(), u64::from(policy.allowed_skew));
        match self {
            Self::Expires(at) if now > at.unix_seconds() => Err(Refusal::Expired),
            Self::Expires(at) if at.unix_seconds() > now + u64::from(policy.maximum_expires) + skew => {
                Err(Refusal::ExpiryOutOfRange)
            }
            Self::Signed(time) if time.unix_seconds().abs_diff(now) > skew => Err(Refusal::TimeTooSkewed),
            _ => Ok(()),
        }
    }
}

/// The base64 of a signature as it was presented: it can be compared in constant time, and in no other way.
#[derive(Clone, Copy)]
pub(super) struct PresentedBase64([u8; LONGEST]);

/// HMAC-SHA-256's.
const LONGEST: usize = 44;

impl PresentedBase64 {
    /// From its bytes, which are no longer than a signature.
    pub(super) fn new(bytes: impl Iterator<Item = u8>) -> Result<Self, Refusal> {
        let mut text = [0; LONGEST];
        let mut places = text.iter_mut();
        for byte in bytes {
            *places.next().ok_or(Refusal::SignatureMismatch)? = byte;
        }
        Ok(Self(text))
    }

    pub(super) fn check(self, computed: &LegacySignature) -> Result<(), Refusal> {
        let mut text = [0; LONGEST];
        let mut length = 0;
        computed.write_to(&mut |run: &[u8]| {
            if let Some(place) = text.get_mut(length..length + run.len()) {
                place.copy_from_slice(run);
            }
            length += run.len();
        });
        if bool::from(self.0.ct_eq(&text)) { Ok(()) } else { Err(Refusal::SignatureMismatch) }
    }
}

/// A session token as it was issued: borrowed if nothing in it is escaped, else on the heap.
pub(super) struct PlainToken<'a> {
    borrowed: &'a str,
    #[cfg(feature = "alloc")]
    decoded: Option<alloc::string::String>,
}

impl<'a> PlainToken<'a> {
    /// # Errors
    /// [`Refusal::MalformedQueryAuthentication`] if it is not ASCII, or escaped where there is no heap.
    pub(super) fn new(text: &'a [u8], plus: Option<PlusSign>) -> Result<Self, Refusal> {
        let malformed = Refusal::MalformedQueryAuthentication;
        let escaped = plus.filter(|_| text.iter().any(|byte| matches!(byte, b'%' | b'+')));
        #[cfg(feature = "alloc")]
        if let Some(plus) = escaped {
            let decoded = Decoded::new(text, plus).collect();
            let decoded = alloc::string::String::from_utf8(decoded).map_err(|_| malformed)?;
            return Ok(Self { borrowed: "", decoded: Some(decoded) });
        }
        #[cfg(not(feature = "alloc"))]
        if escaped.is_some() {
            return Err(malformed);
        }
        Ok(Self {
            borrowed: core::str::from_utf8(text).map_err(|_| malformed)?,
            #[cfg(feature = "alloc")]
            decoded: None,
        })
    }

    fn as_str(&self) -> &str {
        #[cfg(feature = "alloc")]
        if let Some(decoded) = &self.decoded {
            return decoded;
        }
        self.borrowed
    }
}

/// Credentials to sign a received request with once more.
pub(super) fn credentials<'c>(
    access_key_id: &'c str,
    secret: &'c str,
    token: Option<&'c PlainToken<'_>>,
) -> Result<Credentials<'c>, Refusal> {
    let credentials = Credentials::new(access_key_id, secret)?;
    match token {
        Some(token) => Ok(credentials.session_token(token.as_str())?),
        None => Ok(credentials),
    }
}
