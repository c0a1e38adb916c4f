use core::fmt;
use core::iter;

use crate::canonical::amz_headers::AmzHeaders;
use crate::canonical::parameters::Parameters;
use crate::canonical::wire_path::WirePath;
use crate::schemes::legacy;
use crate::schemes::legacy::{Authorization, SentDate};
use crate::schemes::legacy::{LegacyHeader, LegacySignature};
use crate::text::sink::{ByteSink, print_what_is_written};
use crate::vocabulary::credentials::Credentials;
use crate::vocabulary::time::AsciiText;

/// A signed request. Send [`target`](Self::target) in place of its own, and [`headers`](Self::headers) besides its own
/// headers, but for those that [`is_authentication_header`](crate::is_authentication_header) names.
#[derive(Debug, Clone)]
pub struct Signed<'a> {
    pub(super) unsigned: Unsigned<'a>,
    pub(super) signature: LegacySignature,
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
    /// The path and query to send: the query is sorted and encoded as `AWS3` signs it.
    #[must_use]
    pub fn target(&self) -> Target<'_, 'a> {
        Target(&self.unsigned)
    }

    /// The headers to add: the date, the session token, and `x-amzn-authorization`.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, LegacyHeader<'_, 'a>)> {
        let date = match &self.unsigned.covered {
            Covered::Date { date, .. } => date.added(),
            Covered::Request { date, .. } => Some(("x-amz-date", *date)),
        };
        let token = self.unsigned.credentials.token();
        legacy::added(date, token, ("x-amzn-authorization", self.authorization()))
    }

    /// The signature.
    #[must_use]
    pub fn signature(&self) -> LegacySignature {
        self.signature
    }

    /// The string to sign.
    #[must_use]
    pub fn string_to_sign(&self) -> StringToSign<'_, 'a> {
        StringToSign(&self.unsigned)
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

/// The string to sign. It prints its bytes, and what is not UTF-8 among them as U+FFFD.
#[derive(Clone, Copy)]
pub struct StringToSign<'s, 'a>(&'s Unsigned<'a>);

impl StringToSign<'_, '_> {
    /// Writes its bytes: `AWS3-HTTPS` signs them, `AWS3` their SHA-256.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        self.0.write_string_to_sign(sink);
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

impl fmt::Debug for Unsigned<'_> {
    /// Neither headers nor query: these may hold tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unsigned").field("credentials", &self.credentials).finish_non_exhaustive()
    }
}

print_what_is_written!(StringToSign, Target);
