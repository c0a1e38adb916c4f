use core::fmt;

use super::authentication::{Authentication, Parameter};
use crate::canonical::headers::{Added, CanonicalHeaders, Value};
use crate::canonical::path::CanonicalPath;
use crate::canonical::query::CanonicalQuery;
use crate::hash::Sha256;
use crate::text::ascii::{self, TOKEN};
use crate::text::decimal;
use crate::text::percent;
use crate::text::sink::{FormatterSink, Sink};
use crate::{Error, PayloadHash};

/// The canonical request. It prints as what AWS shows in `<CanonicalRequest>` (AWS: "Create a signed AWS API request").
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
    /// Its SHA-256, which the string to sign holds in hex.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        self.write_to(&mut hasher);
        hasher.finish()
    }

    /// Writes its bytes. Header values may be other than UTF-8, which `Display` shows as U+FFFD.
    pub fn write_to(&self, sink: &mut impl Sink) {
        sink.put(self.method.as_bytes());
        sink.put_byte(b'\n');
        self.path.write_to(sink);
        sink.put_byte(b'\n');
        self.write_query(sink);
        sink.put_byte(b'\n');
        self.headers.write_lines(|kind| self.added(kind), sink);
        sink.put_byte(b'\n');
        self.headers.write_names(sink);
        sink.put_byte(b'\n');
        self.payload.write_to(sink);
    }

    /// The payload's line.
    #[must_use]
    pub fn payload_hash(&self) -> PayloadHash {
        self.payload
    }

    /// Writes the signed headers: lower-case names, sorted, with `;` between them.
    pub fn write_signed_headers(&self, sink: &mut impl Sink) {
        self.headers.write_names(sink);
    }

    /// Writes path and query as they go on the wire: canonical, so that the server finds what was signed.
    pub(crate) fn write_wire_target(&self, sink: &mut impl Sink) {
        self.path.write_wire(sink);
        if self.authentication.is_presigned() || !self.query.is_empty() {
            sink.put_byte(b'?');
            self.write_query(sink);
        }
    }

    pub(crate) fn check_method(method: &str) -> Result<(), Error> {
        if method.is_empty() || !method.bytes().all(|byte| ascii::is(byte, TOKEN)) {
            return Err(Error::MalformedMethod);
        }
        Ok(())
    }

    /// The value of an added header.
    pub(crate) fn added(&self, kind: Added) -> Option<Value<'a>> {
        match kind {
            Added::ContentSha256 => {
                self.authentication.content_sha256_header.then_some(Value::Payload(self.payload))
            }
            kind => self.authentication.added(kind),
        }
    }

    fn write_query<S: Sink>(&self, sink: &mut S) {
        let authentication = &self.authentication;
        self.query.write_with(authentication.parameters(), sink, |value, sink| match value {
            Parameter::Credential => {
                let mut sink = percent::Encoder(sink);
                sink.put(authentication.access_key_id.as_bytes());
                sink.put_byte(b'/');
                authentication.scope.write_to(&mut sink);
            }
            Parameter::Expires(seconds) => decimal::write_short(seconds, sink),
            Parameter::SignedHeaders => self.headers.write_names(&mut percent::Encoder(sink)),
            Parameter::Text(text) => percent::encode(text.as_bytes(), sink),
            Parameter::Time => sink.put(authentication.time.as_bytes()),
        });
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
