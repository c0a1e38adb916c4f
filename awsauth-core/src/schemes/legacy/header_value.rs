use core::iter;

use super::signature::LegacySignature;
use crate::canonical::amz_headers::AmzHeaders;
use crate::schemes::sigv4::SignatureText;
use crate::text::sink::{ByteSink, print_what_is_written};
use crate::vocabulary::time::AsciiText;

/// The value of a header that signing with a scheme before Signature Version 4 adds. It prints as it is sent, including
/// tokens.
pub struct LegacyHeader<'s, 'a>(Value<'s, 'a>);

enum Value<'s, 'a> {
    Authorization(Authorization<'s, 'a>),
    Date(AsciiText<29>),
    Token(&'a str),
}

/// Returns the headers that a signature adds, in this order.
pub(crate) fn added<'s, 'a>(
    date: Option<(&'static str, AsciiText<29>)>,
    token: Option<&'a str>,
    authorization: (&'static str, Authorization<'s, 'a>),
) -> impl Iterator<Item = (&'static str, LegacyHeader<'s, 'a>)> {
    let date = date.map(|(name, text)| (name, Value::Date(text)));
    let token = token.map(|token| ("x-amz-security-token", Value::Token(token)));
    let (name, authorization) = authorization;
    date.into_iter()
        .chain(token)
        .chain(iter::once((name, Value::Authorization(authorization))))
        .map(|(name, value)| (name, LegacyHeader(value)))
}

/// The header that carries the signature.
pub(crate) struct Authorization<'s, 'a> {
    /// The text before the access key ID.
    pub(crate) opening: &'static str,
    pub(crate) access_key_id: &'a str,
    /// The text after it.
    pub(crate) middle: &'static str,
    /// The headers whose names follow, if any.
    pub(crate) signed_headers: Option<&'s AmzHeaders<'a>>,
    /// The text before the signature.
    pub(crate) closing: &'static str,
    pub(crate) signature: LegacySignature,
}

impl LegacyHeader<'_, '_> {
    /// Writes its bytes: printable ASCII.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        match &self.0 {
            Value::Authorization(authorization) => authorization.write_to(sink),
            Value::Date(text) => sink.put(text.as_bytes()),
            Value::Token(text) => sink.put(text.as_bytes()),
        }
    }

    /// Returns whether the value must stay out of logs: a session token, or the signature.
    #[must_use]
    pub fn is_sensitive(&self) -> bool {
        !matches!(self.0, Value::Date(_))
    }
}

impl Authorization<'_, '_> {
    fn write_to(&self, sink: &mut impl ByteSink) {
        sink.put(self.opening.as_bytes());
        sink.put(self.access_key_id.as_bytes());
        sink.put(self.middle.as_bytes());
        if let Some(headers) = self.signed_headers {
            headers.write_names(sink);
        }
        sink.put(self.closing.as_bytes());
        self.signature.write_to(sink);
    }
}

print_what_is_written!(LegacyHeader);
