use core::iter;

use crate::canonical::amz_headers::AmzHeaders;
use crate::canonical::parameters::Parameters;
use crate::canonical::wire_path::WirePath;
use crate::schemes::legacy::{self, Authorization, LegacyHeader, SentDate, signed_request};
use crate::text::sink::{ByteSink, print_what_is_written};
use crate::vocabulary::credentials::Credentials;
use crate::vocabulary::time::AsciiText;

signed_request! {
    /// A signed request: the target to send in place of its own, and the headers to add.
    ///
    /// Remove those that [`is_authentication_header`](crate::is_authentication_header) names from the request's own headers first.
    struct Signed;
    /// The string to sign of Signature Version 3: `AWS3-HTTPS` signs its bytes, `AWS3` their SHA-256. It prints as text, with U+FFFD
    /// for what is not UTF-8.
    struct StringToSign;
}

/// All of a signature but the key.
#[derive(Clone)]
pub(super) struct Unsigned<'a> {
    pub(super) covered: Covered<'a>,
    pub(super) credentials: Credentials<'a>,
    pub(super) method: &'a str,
    pub(super) path: WirePath<'a>,
    pub(super) query: Parameters<'a>,
}

/// What the signature covers.
#[derive(Clone)]
#[allow(clippy::large_enum_variant, reason = "on the stack, and there is no heap")]
pub(super) enum Covered<'a> {
    /// `AWS3-HTTPS`.
    Date { date: SentDate<'a>, nonce: &'a [u8] },
    /// `AWS3`.
    Request { date: AsciiText<29>, headers: AmzHeaders<'a>, body: &'a [u8] },
}

impl<'a> Signed<'a> {
    /// Returns the path and query to send: the query is sorted and encoded as `AWS3` signs it.
    #[must_use]
    pub fn target(&self) -> Target<'_, 'a> {
        Target(&self.unsigned)
    }

    /// Returns the headers to add: the date, the session token, and `x-amzn-authorization`.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, LegacyHeader<'_, 'a>)> {
        let date = match &self.unsigned.covered {
            Covered::Date { date, .. } => date.added(),
            Covered::Request { date, .. } => Some(("x-amz-date", *date)),
        };
        let token = self.unsigned.credentials.token();
        legacy::added(date, token, ("x-amzn-authorization", self.authorization()))
    }

    fn authorization(&self) -> Authorization<'_, 'a> {
        let (opening, middle, signed_headers) = match &self.unsigned.covered {
            Covered::Date { .. } => ("AWS3-HTTPS AWSAccessKeyId=", ",Algorithm=HmacSHA256", None),
            Covered::Request { headers, .. } => {
                ("AWS3 AWSAccessKeyId=", ",Algorithm=HmacSHA256,SignedHeaders=", Some(headers))
            }
        };
        Authorization {
            opening,
            access_key_id: self.unsigned.credentials.access_key_id(),
            middle,
            signed_headers,
            closing: ",Signature=",
            signature: self.signature,
        }
    }
}

impl Unsigned<'_> {
    pub(super) fn write_string_to_sign(&self, sink: &mut impl ByteSink) {
        match &self.covered {
            Covered::Date { date, nonce } => {
                sink.put(date.as_bytes());
                sink.put(nonce);
            }
            Covered::Request { headers, body, .. } => {
                sink.put(self.method.as_bytes());
                sink.put(b"\n");
                self.path.write_to(sink);
                sink.put(b"\n");
                if self.method != "POST" {
                    self.write_query(sink);
                }
                sink.put(b"\n");
                headers.write_lines(sink);
                sink.put(b"\n");
                sink.put(body);
            }
        }
    }

    fn write_query(&self, sink: &mut impl ByteSink) {
        self.query.write_with(iter::empty::<(_, ())>(), sink, |(), _| {});
    }
}

/// The target of a [`Signed`] request: it prints as `/path?query`, ASCII throughout.
#[derive(Clone, Copy)]
pub struct Target<'s, 'a>(&'s Unsigned<'a>);

impl Target<'_, '_> {
    /// Writes its bytes.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        self.0.path.write_to(sink);
        if self.0.query.iter().next().is_some() {
            sink.put(b"?");
            self.0.write_query(sink);
        }
    }
}

print_what_is_written!(Target);
