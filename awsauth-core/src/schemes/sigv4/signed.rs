use core::fmt;

use super::authentication::{Authentication, begin_authorization};
use super::canonical_request::CanonicalRequest;
use super::scope::CredentialScope;
use super::signature::{Signature, SignatureText};
use super::string_to_sign::StringToSign;
use super::unsigned::Unsigned;
use crate::canonical::added_headers::SignerHeader;
use crate::canonical::header_value::CanonicalHeaderValue;
use crate::text::percent;
use crate::text::sink::{ByteSink, FormatterSink};
use crate::text::writer::{Writer, gather};
use crate::vocabulary::time::Timestamp;

/// A signed request: the target to send, the headers to add, and every step of the signature.
///
/// Send [`target`](Self::target) in place of the request's own target. Add [`headers`](Self::headers) after removing
/// its own headers of the same names and those that [`is_authentication_header`](crate::is_authentication_header)
/// names.
#[derive(Debug, Clone)]
pub struct Signed<'a, S = Signature> {
    pub(crate) unsigned: Unsigned<'a>,
    pub(crate) signature: S,
}

impl<'a> Unsigned<'a> {
    /// Signs with the signature that `sign` makes of the string to sign.
    #[inline]
    pub fn sign_with<S>(self, sign: impl FnOnce(&StringToSign<'a>) -> S) -> Signed<'a, S> {
        let signature = sign(&self.string_to_sign());
        Signed { unsigned: self, signature }
    }
}

impl<'a, S: SignatureText> Signed<'a, S> {
    /// Returns the path and query to send: canonical, and with the signature if the URL is presigned.
    #[must_use]
    pub fn target(&self) -> Target<'_, 'a, S> {
        Target(self)
    }

    /// Returns the headers to add, in the order of their names except that `authorization` is last; none if the URL is
    /// presigned.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, AddedHeader<'_, 'a, S>)> {
        AddedHeaders { signed: self, next: 0 }
    }

    /// Returns the caller's headers whose values must be sent differently, by their indices in
    /// [`Request::headers`](crate::Request::headers): signed headers with a tab. AWS's own signers and most servers
    /// collapse each run of spaces and tabs to a single space; others keep a tab. Usually there are none.
    pub fn changed_values(&self) -> impl Iterator<Item = (usize, CanonicalHeaderValue<'a>)> {
        self.unsigned.canonical_request.headers.with_tabs()
    }

    /// Returns the signature.
    #[must_use]
    pub fn signature(&self) -> &S {
        &self.signature
    }

    /// Returns the canonical request.
    #[must_use]
    pub fn canonical_request(&self) -> &CanonicalRequest<'a> {
        &self.unsigned.canonical_request
    }

    /// Returns the string to sign, computed anew.
    #[must_use]
    pub fn string_to_sign(&self) -> StringToSign<'a> {
        self.unsigned.string_to_sign()
    }

    /// Returns the credential scope.
    #[must_use]
    pub fn scope(&self) -> CredentialScope<'a> {
        self.unsigned.canonical_request.authentication.scope
    }

    /// Returns the time of signing.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        self.unsigned.time
    }

    /// Returns whether the signature is in the URL.
    #[must_use]
    pub fn is_presigned(&self) -> bool {
        self.unsigned.canonical_request.authentication.presigned().is_some()
    }

    fn write_authorization(&self, writer: &mut Writer<'_>) {
        let Authentication { algorithm, access_key_id, scope, .. } =
            self.unsigned.canonical_request.authentication;
        begin_authorization(algorithm, access_key_id, scope, writer);
        self.unsigned.canonical_request.headers.write_names(writer);
        writer.put_literal(b", Signature=");
        self.signature.write_to(&mut |digits: &[u8]| writer.put(digits));
    }
}

/// The target of a [`Signed`] request: it prints as `/path?query`.
#[derive(Debug, Clone, Copy)]
pub struct Target<'s, 'a, S = Signature>(&'s Signed<'a, S>);

impl<S: SignatureText> Target<'_, '_, S> {
    /// Writes its bytes.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        // Small images are better off without a second way.
        if cfg!(target_pointer_width = "64")
            && let Some((path, query)) = self.0.unsigned.canonical_request.unchanged_target()
        {
            sink.put(path);
            if !query.is_empty() {
                sink.put(b"?");
                sink.put(query);
            }
            return;
        }
        gather(sink, |writer| self.render(writer));
    }

    /// Returns whether it is the request's own path and query, byte for byte, so that it need not be written. An empty
    /// path counts as `/`, and a `?` with nothing behind it is ignored. It may be the same even where this is `false`:
    /// for a path that has `//`, begins a segment with a dot or, for services that resolve those but do not encode
    /// twice, has an escape.
    #[must_use]
    #[inline]
    pub fn is_unchanged(&self) -> bool {
        self.0.unsigned.canonical_request.unchanged_target().is_some()
    }

    fn render(&self, writer: &mut Writer<'_>) {
        let Signed { unsigned, signature } = self.0;
        unsigned.canonical_request.write_wire_target(writer);
        if self.0.is_presigned() {
            writer.put_literal(b"&X-Amz-Signature=");
            signature.write_to(&mut |digits: &[u8]| writer.put(digits));
            if let Some(token) = unsigned.canonical_request.authentication.unsigned_token() {
                writer.put_literal(b"&X-Amz-Security-Token=");
                percent::encode(token.as_bytes(), writer);
            }
        }
    }
}

impl<S: SignatureText> fmt::Display for Target<'_, '_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatterSink::render(f, |sink| self.write_to(sink))
    }
}

/// The value of a header that signing adds. It prints as it is sent, including tokens.
pub struct AddedHeader<'s, 'a, S = Signature> {
    signed: &'s Signed<'a, S>,
    /// `authorization`, if it is none of these.
    kind: Option<SignerHeader>,
}

impl<S: SignatureText> AddedHeader<'_, '_, S> {
    /// Writes its bytes: printable ASCII.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        let request = &self.signed.unsigned.canonical_request;
        match self.kind.map(|kind| request.authentication.value(kind)) {
            Some(Some(value)) => sink.put(value),
            Some(None) => request.payload.write_to(sink),
            None => gather(sink, |writer| self.signed.write_authorization(writer)),
        }
    }

    /// Returns whether the value must stay out of logs: a session token, or `authorization`.
    #[must_use]
    pub fn is_sensitive(&self) -> bool {
        matches!(self.kind, None | Some(SignerHeader::S3SessionToken | SignerHeader::SecurityToken))
    }
}

struct AddedHeaders<'s, 'a, S> {
    signed: &'s Signed<'a, S>,
    next: usize,
}

impl<'s, 'a, S> Iterator for AddedHeaders<'s, 'a, S> {
    type Item = (&'static str, AddedHeader<'s, 'a, S>);

    fn next(&mut self) -> Option<Self::Item> {
        let signed = self.signed;
        let authentication = &signed.unsigned.canonical_request.authentication;
        if !authentication.in_headers() {
            return None;
        }
        while let Some(kind) = SignerHeader::ALL.get(self.next) {
            self.next += 1;
            let sends_unsigned =
                || *kind == SignerHeader::SecurityToken && authentication.unsigned_token().is_some();
            if authentication.adds(*kind) || sends_unsigned() {
                return Some((kind.name(), AddedHeader { signed, kind: Some(*kind) }));
            }
        }
        let is_first_beyond = self.next == SignerHeader::ALL.len();
        self.next = usize::MAX;
        is_first_beyond.then_some(("authorization", AddedHeader { signed, kind: None }))
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
