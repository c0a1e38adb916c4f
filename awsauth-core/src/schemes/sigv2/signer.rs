use super::signature_method::SignatureMethod;
use super::signed::{Signed, SignedForm, Unsigned, Validity};
use crate::canonical::host::CanonicalHost;
use crate::canonical::parameters::{self, Parameters};
use crate::canonical::wire_path::WirePath;
use crate::hash::HmacKey;
use crate::schemes::legacy::LegacySignature;
use crate::text::percent::PlusSign;
use crate::vocabulary::credentials::Credentials;
use crate::vocabulary::error::Error;
use crate::vocabulary::request::Request;
use crate::vocabulary::time::Timestamp;

/// The `content-type` with which a form must be posted.
pub const FORM_CONTENT_TYPE: &str = "application/x-www-form-urlencoded; charset=utf-8";

/// Signs requests with Signature Version 2.
///
/// All parameters are signed and sent in the order of their names' bytes, encoded as RFC 3986 says. A parameter that
/// occurs twice stays twice, in arrival order; AWS's own lists are numbered (`Attribute.1.Name`). An old signature, its
/// time and its token are replaced, so signing a signed request again is fine.
#[derive(Debug, Clone, Copy)]
#[doc(alias = "signature v2")]
pub struct Sigv2<'a> {
    credentials: Credentials<'a>,
    expires: Option<u32>,
    method: SignatureMethod,
    plus_sign: PlusSign,
    signed_host: Option<&'a str>,
}

impl<'a> Sigv2<'a> {
    /// Creates a signer with HmacSHA256 and a `Timestamp`. A session token goes into `SecurityToken`.
    #[must_use]
    pub const fn new(credentials: Credentials<'a>) -> Self {
        Self {
            credentials,
            expires: None,
            method: SignatureMethod::HmacSha256,
            plus_sign: PlusSign::Space,
            signed_host: None,
        }
    }

    /// Sets how many seconds a request is valid: `Expires` is sent in place of `Timestamp`.
    #[must_use]
    pub const fn expires(mut self, seconds: u32) -> Self {
        self.expires = Some(seconds);
        self
    }

    /// Sets the HMAC.
    #[must_use]
    pub const fn signature_method(mut self, method: SignatureMethod) -> Self {
        self.method = method;
        self
    }

    /// Sets what a bare `+` in query and form means.
    #[must_use]
    pub const fn plus_sign(mut self, plus_sign: PlusSign) -> Self {
        self.plus_sign = plus_sign;
        self
    }

    /// Sets the host to sign, if it is not the one in the request: behind a tunnel or a CNAME.
    #[must_use]
    pub const fn signed_host(mut self, host: &'a str) -> Self {
        self.signed_host = Some(host);
        self
    }

    /// Signs a request in its query string.
    ///
    /// # Errors
    /// Any [`Error`] that says what is wrong with the request; [`Error::ExpiryInPast`] if it is valid for 0 seconds.
    pub fn sign(&self, request: &Request<'a>, now: Timestamp) -> Result<Signed<'a>, Error> {
        parameters::check(request.query.as_bytes())?;
        let unsigned = self.prepare(request, request.query.as_bytes(), now)?;
        Ok(Signed { signature: self.mac(&unsigned), unsigned })
    }

    /// Returns the signature of what was signed, with its host in other letters.
    pub(crate) fn with_host(&self, signed: &Signed<'a>, host: CanonicalHost<'a>) -> LegacySignature {
        self.mac(&Unsigned { host, ..signed.unsigned.clone() })
    }

    /// Presigns a URL that is valid until `expires` seconds after `now`.
    ///
    /// # Errors
    /// As for [`sign`](Self::sign).
    pub fn presign(&self, request: &Request<'a>, now: Timestamp, expires: u32) -> Result<Signed<'a>, Error> {
        self.expires(expires).sign(request, now)
    }

    /// Signs a form post. `form` is `name=value&...`, percent-encoded; send [`SignedForm::body`] in its place, with
    /// [`FORM_CONTENT_TYPE`].
    ///
    /// # Errors
    /// As for [`sign`](Self::sign); [`Error::QueryBesideForm`] if the target has a query; [`Error::MalformedForm`] or
    /// [`Error::MalformedPercent`] if the form is malformed.
    pub fn sign_form(
        &self,
        request: &Request<'a>,
        form: &'a [u8],
        now: Timestamp,
    ) -> Result<SignedForm<'a>, Error> {
        if !request.query.is_empty() {
            return Err(Error::QueryBesideForm);
        }
        parameters::check(form).map_err(|error| match error {
            Error::ControlInTarget | Error::FragmentInTarget => Error::MalformedForm,
            other => other,
        })?;
        let unsigned = self.prepare(request, form, now)?;
        Ok(SignedForm(Signed { signature: self.mac(&unsigned), unsigned }))
    }

    fn prepare(
        &self,
        request: &Request<'a>,
        parameters: &'a [u8],
        now: Timestamp,
    ) -> Result<Unsigned<'a>, Error> {
        request.check_method()?;
        let validity = match self.expires {
            None => Validity::Timestamp(now),
            Some(0) => return Err(Error::ExpiryInPast),
            Some(seconds) => Validity::Expires(now.plus_seconds(seconds.into())?),
        };
        Ok(Unsigned {
            credentials: self.credentials,
            host: CanonicalHost::of(request, self.signed_host)?,
            http_method: request.method,
            method: self.method,
            parameters: Parameters::new(parameters, self.plus_sign, |parameter| {
                !AUTHENTICATION.iter().any(|name| parameter.is(name))
            })?,
            path: WirePath::new(request.path)?,
            validity,
        })
    }

    fn mac(&self, unsigned: &Unsigned<'a>) -> LegacySignature {
        let secret = self.credentials.secret();
        match self.method {
            SignatureMethod::HmacSha256 => {
                let key = HmacKey::new(secret);
                LegacySignature::sha256(key.mac_with(|mac| unsigned.write_string_to_sign(mac)))
            }
            #[cfg(feature = "sha1")]
            SignatureMethod::HmacSha1 => {
                let mac = crate::hash::sha1::hmac_sha1(secret, |mac| unsigned.write_string_to_sign(mac));
                LegacySignature::sha1(mac)
            }
        }
    }
}

/// What a signature consists of.
const AUTHENTICATION: [&str; 7] = [
    "AWSAccessKeyId",
    "Expires",
    "SecurityToken",
    "Signature",
    "SignatureMethod",
    "SignatureVersion",
    "Timestamp",
];
