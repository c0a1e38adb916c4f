use super::signed::{Covered, Signed, Unsigned};
use crate::canonical::amz_headers::{AmzHeaders, SignerHeader};
use crate::canonical::headers;
use crate::canonical::host::CanonicalHost;
use crate::canonical::parameters::{self, Parameters};
use crate::canonical::wire_path::WirePath;
use crate::hash::{HmacKey, Sha256};
use crate::schemes::legacy::SentDate;
use crate::schemes::legacy::{DateHeader, LegacySignature};
use crate::text::percent::PlusSign;
use crate::vocabulary::credentials::Credentials;
use crate::vocabulary::error::Error;
use crate::vocabulary::request::Request;
use crate::vocabulary::time::Timestamp;

/// Signs requests with Signature Version 3.
#[derive(Debug, Clone, Copy)]
#[doc(alias = "AWS3-HTTPS")]
pub struct Sigv3<'a> {
    credentials: Credentials<'a>,
    date_header: DateHeader,
    plus_sign: PlusSign,
    signed_host: Option<&'a str>,
}

impl<'a> Sigv3<'a> {
    /// Creates a signer. A session token goes into `x-amz-security-token`, which `AWS3` signs and `AWS3-HTTPS` does
    /// not.
    #[must_use]
    pub const fn new(credentials: Credentials<'a>) -> Self {
        Self { credentials, date_header: DateHeader::XAmzDate, plus_sign: PlusSign::Space, signed_host: None }
    }

    /// Sets the header that has the date. `AWS3` signs no `date`, and so always adds `x-amz-date`.
    #[must_use]
    pub const fn date_header(mut self, date_header: DateHeader) -> Self {
        self.date_header = date_header;
        self
    }

    /// Sets what a bare `+` in the query means.
    #[must_use]
    pub const fn plus_sign(mut self, plus_sign: PlusSign) -> Self {
        self.plus_sign = plus_sign;
        self
    }

    /// Sets the host that `AWS3` signs, if it is not the one in the request: behind a tunnel or a CNAME.
    #[must_use]
    pub const fn signed_host(mut self, host: &'a str) -> Self {
        self.signed_host = Some(host);
        self
    }

    /// Signs with `AWS3-HTTPS`: the date, and the request's `x-amz-nonce` if it has one. The rest is left to TLS.
    ///
    /// # Errors
    /// Any [`Error`] that says what is wrong with the request; [`Error::MissingDate`] if the request must have a date
    /// and does not.
    pub fn sign_https(&self, request: &Request<'a>, now: Timestamp) -> Result<Signed<'a>, Error> {
        request.headers.iter().try_for_each(headers::check)?;
        let covered = Covered::Date {
            date: SentDate::of(self.date_header, request, now)?,
            nonce: request.header("x-amz-nonce").unwrap_or_default(),
        };
        let unsigned = self.prepare(request, covered)?;
        let key = HmacKey::new(self.credentials.secret());
        let mac = key.mac_with(|mac| unsigned.write_string_to_sign(mac));
        Ok(Signed { unsigned, signature: LegacySignature::sha256(mac) })
    }

    /// Signs with `AWS3`: method, path, query (but for `POST`), `host`, every `x-amz-*` header, and the body.
    ///
    /// # Errors
    /// Any [`Error`] that says what is wrong with the request.
    pub fn sign(&self, request: &Request<'a>, body: &'a [u8], now: Timestamp) -> Result<Signed<'a>, Error> {
        let date = now.http_date();
        let added = [
            Some(SignerHeader::Host(CanonicalHost::of(request, self.signed_host)?)),
            Some(SignerHeader::Date(date)),
            self.credentials.token().map(SignerHeader::Token),
        ];
        let headers = AmzHeaders::new(request, "x-amz", false, added)?;
        let unsigned = self.prepare(request, Covered::Request { date, headers, body })?;
        let mut hasher = Sha256::initial();
        unsigned.write_string_to_sign(&mut hasher);
        let mac = HmacKey::new(self.credentials.secret()).mac(&hasher.finish());
        Ok(Signed { unsigned, signature: LegacySignature::sha256(mac) })
    }

    fn prepare(&self, request: &Request<'a>, covered: Covered<'a>) -> Result<Unsigned<'a>, Error> {
        request.check_method()?;
        let query = request.query.as_bytes();
        parameters::check(query)?;
        Ok(Unsigned {
            covered,
            credentials: self.credentials,
            method: request.method,
            path: WirePath::new(request.path)?,
            query: Parameters::new(query, self.plus_sign, |_| true)?,
        })
    }
}
