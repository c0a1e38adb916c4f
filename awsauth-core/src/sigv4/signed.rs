use core::fmt;

use super::prepare::Unsigned;
use super::{CanonicalRequest, CredentialScope, Signature, StringToSign};
use crate::text::percent;
use crate::text::sink::{FormatterSink, Sink};
use crate::time::Text;
use crate::{PayloadHash, Timestamp};

/// A signed request: the target to send, the headers to add, and all that was decided on the way.
///
/// Send [`target`](Self::target) in place of the request's own target, and [`headers`](Self::headers) besides its own
/// headers, but for those that [`is_authentication`](crate::is_authentication) names.
#[derive(Debug, Clone)]
pub struct Signed<'a, S = Signature> {
    pub(crate) unsigned: Unsigned<'a>,
    pub(crate) signature: S,
}

/// A signature's digits, as headers and URLs carry them.
pub trait SignatureText {
    /// Writes hex digits.
    fn write_to(&self, sink: &mut impl Sink);
}

impl SignatureText for Signature {
    #[inline]
    fn write_to(&self, sink: &mut impl Sink) {
        sink.put(&self.to_hex());
    }
}

impl<'a, S: SignatureText> Signed<'a, S> {
    /// The path and query to send: canonical, and with the signature if it is presigned.
    #[must_use]
    pub fn target(&self) -> Target<'_, 'a, S> {
        Target(self)
    }

    /// The headers to add, in the order of their names but for `authorization`, which is last; none if presigned.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, AddedHeader<'_, 'a, S>)> {
        let added = self.unsigned.canonical_request.headers.added();
        let presigned = self.is_presigned();
        let unsigned_token = if presigned { None } else { self.unsigned.identity.unsigned_token() };
        [
            ("x-amz-content-sha256", added.content_sha256.map(Value::Payload)),
            ("x-amz-date", added.date.map(Value::Date)),
            ("x-amz-region-set", added.region_set.map(Value::Text)),
            ("x-amz-s3session-token", added.s3_session_token.map(Value::Text)),
            ("x-amz-security-token", added.security_token.or(unsigned_token).map(Value::Text)),
            ("authorization", (!presigned).then_some(Value::Authorization(self))),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, AddedHeader(value?))))
    }

    /// The signature.
    #[must_use]
    pub fn signature(&self) -> &S {
        &self.signature
    }

    /// The canonical request.
    #[must_use]
    pub fn canonical_request(&self) -> &CanonicalRequest<'a> {
        &self.unsigned.canonical_request
    }

    /// The string to sign, computed anew.
    #[must_use]
    pub fn string_to_sign(&self) -> StringToSign<'a> {
        self.unsigned.string_to_sign()
    }

    /// The credential scope.
    #[must_use]
    pub fn scope(&self) -> CredentialScope<'a> {
        self.unsigned.identity.scope()
    }

    /// The instant of signing.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        self.unsigned.time
    }

    /// Whether the signature is in the URL.
    #[must_use]
    pub fn is_presigned(&self) -> bool {
        self.unsigned.canonical_request.presigned.is_some()
    }

    fn write_authorization(&self, sink: &mut impl Sink) {
        let identity = &self.unsigned.identity;
        sink.put(identity.algorithm().as_bytes());
        sink.put(b" Credential=");
        sink.put(identity.access_key_id().as_bytes());
        sink.put_byte(b'/');
        identity.scope().write_to("/", sink);
        sink.put(b", SignedHeaders=");
        self.unsigned.canonical_request.headers.write_names(";", sink);
        sink.put(b", Signature=");
        self.signature.write_to(sink);
    }
}

/// The target of a [`Signed`] request: it prints as `/path?query`.
#[derive(Debug, Clone, Copy)]
pub struct Target<'s, 'a, S = Signature>(&'s Signed<'a, S>);

impl<S: SignatureText> Target<'_, '_, S> {
    /// Writes its bytes.
    pub fn write_to(&self, sink: &mut impl Sink) {
        let Signed { unsigned, signature } = self.0;
        unsigned.canonical_request.write_wire_target(sink);
        if self.0.is_presigned() {
            sink.put(b"&X-Amz-Signature=");
            signature.write_to(sink);
            if let Some(token) = unsigned.identity.unsigned_token() {
                sink.put(b"&X-Amz-Security-Token=");
                percent::encode(token.as_bytes(), sink);
            }
        }
    }
}

impl<S: SignatureText> fmt::Display for Target<'_, '_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatterSink::render(f, |sink| self.write_to(sink))
    }
}

/// The value of a header that signing adds. It prints as it is sent, tokens and all.
pub struct AddedHeader<'s, 'a, S = Signature>(Value<'s, 'a, S>);

enum Value<'s, 'a, S> {
    Authorization(&'s Signed<'a, S>),
    Date(Text<16>),
    Payload(PayloadHash),
    Text(&'a str),
}

impl<S: SignatureText> AddedHeader<'_, '_, S> {
    /// Writes its bytes: printable ASCII.
    pub fn write_to(&self, sink: &mut impl Sink) {
        match &self.0 {
            Value::Authorization(signed) => signed.write_authorization(sink),
            Value::Date(date) => sink.put(date.as_bytes()),
            Value::Payload(payload) => payload.write_to(sink),
            Value::Text(text) => sink.put(text.as_bytes()),
        }
    }

    /// Whether logs should not show it: a session token, or `authorization`.
    #[must_use]
    pub fn is_sensitive(&self) -> bool {
        matches!(self.0, Value::Authorization(_) | Value::Text(_))
    }
}

impl<S: SignatureText> fmt::Display for AddedHeader<'_, '_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatterSink::render(f, |sink| self.write_to(sink))
    }
}

impl<S> fmt::Debug for AddedHeader<'_, '_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AddedHeader(..)")
    }
}
