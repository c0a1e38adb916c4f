use core::fmt;

use super::authentication::Place;
use super::prepare::Unsigned;
use super::{CanonicalRequest, CredentialScope, Signature, StringToSign};
use crate::Timestamp;
use crate::canonical::headers::{Added, Value};
use crate::text::percent;
use crate::text::sink::{FormatterSink, Sink};

/// A signed request: the target to send, the headers to add, and all that was decided on the way.
///
/// Send [`target`](Self::target) in place of the request's own target, and [`headers`](Self::headers) in place of its own
/// headers of the same names and of those that [`is_authentication`](crate::is_authentication) names.
#[derive(Debug, Clone)]
pub struct Signed<'a, S = Signature> {
    pub(crate) unsigned: Unsigned<'a>,
    pub(crate) signature: S,
}

/// A signature's digits, as headers, URLs and forms carry them.
pub trait SignatureText {
    /// Writes the digits: hex or base64, as the scheme has it.
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
        let request = &self.unsigned.canonical_request;
        let headers_sign = request.authentication.place == Place::Headers;
        let signed = Added::ALL.into_iter().filter_map(|kind| Some((kind.name(), request.added(kind)?)));
        let unsigned_token = request.authentication.unsigned_token().filter(|_| headers_sign);
        let token = unsigned_token.map(|token| (Added::SecurityToken.name(), Value::Bytes(token.as_bytes())));
        let authorization =
            headers_sign.then_some(("authorization", AddedHeader(Content::Authorization(self))));
        signed
            .chain(token)
            .map(|(name, value)| (name, AddedHeader(Content::Value(value))))
            .chain(authorization)
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
        self.unsigned.canonical_request.authentication.scope
    }

    /// The instant of signing.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        self.unsigned.time
    }

    /// Whether the signature is in the URL.
    #[must_use]
    pub fn is_presigned(&self) -> bool {
        self.unsigned.canonical_request.authentication.is_presigned()
    }

    fn write_authorization(&self, sink: &mut impl Sink) {
        let authentication = &self.unsigned.canonical_request.authentication;
        sink.put(authentication.algorithm.as_bytes());
        sink.put(b" Credential=");
        sink.put(authentication.access_key_id.as_bytes());
        sink.put_byte(b'/');
        authentication.scope.write_to(sink);
        sink.put(b", SignedHeaders=");
        self.unsigned.canonical_request.headers.write_names(sink);
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
            if let Some(token) = unsigned.canonical_request.authentication.unsigned_token() {
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
pub struct AddedHeader<'s, 'a, S = Signature>(Content<'s, 'a, S>);

enum Content<'s, 'a, S> {
    Authorization(&'s Signed<'a, S>),
    Value(Value<'a>),
}

impl<S: SignatureText> AddedHeader<'_, '_, S> {
    /// Writes its bytes: printable ASCII.
    pub fn write_to(&self, sink: &mut impl Sink) {
        match &self.0 {
            Content::Authorization(signed) => signed.write_authorization(sink),
            Content::Value(value) => value.write_to(sink),
        }
    }

    /// Whether logs should not show it: a session token, or `authorization`.
    #[must_use]
    pub fn is_sensitive(&self) -> bool {
        matches!(self.0, Content::Authorization(_) | Content::Value(Value::Bytes(_)))
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
