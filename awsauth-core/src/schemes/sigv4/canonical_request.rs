use core::fmt;

use super::authentication::{Authentication, Presigned};
use crate::canonical::added_headers::SignerHeader;
use crate::canonical::headers::CanonicalHeaders;
use crate::canonical::path::CanonicalPath;
use crate::canonical::query::{CanonicalQuery, Merge};
use crate::hash;
use crate::text::sink::{ByteSink, FormatterSink};
use crate::text::writer::{Writer, gather};
use crate::vocabulary::payload::PayloadHash;

/// The canonical request. It prints as AWS shows it in `<CanonicalRequest>` (see [Create a signed AWS API
/// request](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html)).
#[derive(Clone)]
pub struct CanonicalRequest<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: CanonicalPath<'a>,
    pub(crate) query: CanonicalQuery<'a>,
    pub(crate) headers: CanonicalHeaders<'a>,
    pub(crate) payload: PayloadHash,
    pub(crate) authentication: Authentication<'a>,
}

impl<'a> CanonicalRequest<'a> {
    /// A blank one, to be filled where it stays: it is large, and moving it is a copy.
    #[inline(always)]
    pub(crate) const fn blank() -> Self {
        Self {
            method: "",
            path: CanonicalPath::ROOT,
            query: CanonicalQuery::none(),
            headers: CanonicalHeaders::none(),
            payload: PayloadHash::Unsigned,
            authentication: Authentication::received(),
        }
    }

    /// Returns its SHA-256, which the string to sign has in hex.
    #[must_use]
    #[inline(never)]
    pub fn sha256(&self) -> [u8; 32] {
        hash::sha256_of(|hasher| self.render(hasher))
    }

    /// Writes its bytes. Header values that are not UTF-8 show as U+FFFD in `Display`.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        gather(sink, |writer| self.render(writer));
    }

    pub(super) fn render(&self, writer: &mut Writer<'_>) {
        self.render_target(writer);
        let mut digits = [0; 64];
        let payload = self.payload.text(&mut digits);
        self.render_headers(payload, writer);
        writer.put(payload);
    }

    /// All but the payload's line, of a request that was received.
    pub(crate) fn render_but_payload(&self, writer: &mut Writer<'_>) {
        self.render_target(writer);
        self.render_headers(b"", writer);
    }

    #[inline(always)]
    fn render_target(&self, writer: &mut Writer<'_>) {
        writer.put(self.method.as_bytes());
        writer.put_byte(b'\n');
        self.path.write_to(writer);
        writer.put_byte(b'\n');
        writer.advance();
        match self.authentication.presigned() {
            Some(presigned) => self.write_presigned_query(presigned, Merge::into(&self.query), writer),
            None => self.query.write_to(writer),
        }
        writer.put_byte(b'\n');
        writer.advance();
    }

    /// Writes the query in its order, and what the signature adds to it.
    fn write_presigned_query(&self, presigned: Presigned, query: Merge<'_, '_>, writer: &mut Writer<'_>) {
        (presigned.write_query)(&self.authentication, &self.headers, query, writer);
    }

    #[inline(always)]
    fn render_headers(&self, payload: &[u8], writer: &mut Writer<'_>) {
        let added = SignerHeader::ALL.map(|kind| self.authentication.value(kind).unwrap_or(payload));
        self.headers.write_lines(&added, writer);
        writer.put_byte(b'\n');
        self.headers.write_names(writer);
        writer.put_byte(b'\n');
    }

    /// Returns the payload hash: its last line.
    #[must_use]
    pub fn payload_hash(&self) -> PayloadHash {
        self.payload
    }

    /// Writes the signed headers: lower-case names, sorted, with `;` between them.
    pub fn write_signed_headers(&self, sink: &mut impl ByteSink) {
        gather(sink, |writer| self.headers.write_names(writer));
    }

    /// Writes path and query as they go on the wire: such that the server computes what was signed.
    pub(crate) fn write_wire_target(&self, writer: &mut Writer<'_>) {
        self.path.write_wire(writer);
        match self.authentication.presigned() {
            None if self.query.is_empty() => {}
            presigned => {
                writer.put_byte(b'?');
                self.query.write_wire(writer, |parameters, writer| match presigned {
                    Some(presigned) => self.write_presigned_query(presigned, parameters, writer),
                    None => parameters.finish(writer),
                });
            }
        }
    }

    /// Path and query, if they go on the wire as they came.
    #[inline]
    pub(crate) fn unchanged_target(&self) -> Option<(&'a [u8], &'a [u8])> {
        if self.authentication.presigned().is_some() {
            return None;
        }
        Some((self.path.sent_verbatim()?, self.query.verbatim()?))
    }
}

impl fmt::Display for CanonicalRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatterSink::render(f, |sink| self.write_to(sink))
    }
}

impl fmt::Debug for CanonicalRequest<'_> {
    /// The method alone: headers and query may hold tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CanonicalRequest").field("method", &self.method).finish_non_exhaustive()
    }
}
