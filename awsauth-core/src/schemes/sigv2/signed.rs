use super::signature_method::SignatureMethod;
use crate::canonical::host::CanonicalHost;
use crate::canonical::parameters::Parameters;
use crate::canonical::wire_path::WirePath;
use crate::schemes::legacy::{LegacySignature, signed_request};
use crate::text::percent;
use crate::text::sink::{ByteSink, print_what_is_written};
use crate::vocabulary::credentials::Credentials;
use crate::vocabulary::time::AsciiText;
use crate::vocabulary::time::Timestamp;

signed_request! {
    /// A request that is signed in its query string: the target to send in place of its own. No header is added.
    struct Signed;
    /// The string to sign of Signature Version 2. It prints its bytes, which are what is signed.
    struct StringToSign;
}

/// A signed form post. Send [`target`](Self::target) and [`body`](Self::body) in place of its own.
#[derive(Debug, Clone)]
pub struct SignedForm<'a>(pub(super) Signed<'a>);

/// All of a signature but the key.
#[derive(Clone)]
pub(super) struct Unsigned<'a> {
    pub(super) credentials: Credentials<'a>,
    pub(super) host: CanonicalHost<'a>,
    pub(super) http_method: &'a str,
    pub(super) method: SignatureMethod,
    pub(super) parameters: Parameters<'a>,
    pub(super) path: WirePath<'a>,
    pub(super) validity: Validity,
}

#[derive(Clone, Copy)]
pub(super) enum Validity {
    Expires(Timestamp),
    Timestamp(Timestamp),
}

impl<'a> Signed<'a> {
    /// Returns the path and query to send.
    #[must_use]
    pub fn target(&self) -> Target<'_, 'a> {
        Target { signed: self, query: true }
    }
}

impl<'a> SignedForm<'a> {
    pub(crate) fn into_signed(self) -> Signed<'a> {
        self.0
    }

    /// Returns the path to send.
    #[must_use]
    pub fn target(&self) -> Target<'_, 'a> {
        Target { signed: &self.0, query: false }
    }

    /// Returns the body to send.
    #[must_use]
    pub fn body(&self) -> FormBody<'_, 'a> {
        FormBody(&self.0)
    }

    /// Returns the signature.
    #[must_use]
    pub fn signature(&self) -> LegacySignature {
        self.0.signature
    }

    /// Returns the string to sign.
    #[must_use]
    pub fn string_to_sign(&self) -> StringToSign<'_, 'a> {
        self.0.string_to_sign()
    }
}

impl Signed<'_> {
    fn write_parameters(&self, sink: &mut impl ByteSink) {
        self.unsigned.write_parameters(sink);
        sink.put(b"&Signature=");
        self.signature.write_escaped(sink);
    }
}

impl Unsigned<'_> {
    pub(super) fn write_string_to_sign(&self, sink: &mut impl ByteSink) {
        sink.put(self.http_method.as_bytes());
        sink.put(b"\n");
        self.host.write_to(sink);
        sink.put(b"\n");
        self.path.write_to(sink);
        sink.put(b"\n");
        self.write_parameters(sink);
    }

    fn write_parameters(&self, sink: &mut impl ByteSink) {
        let (expires, timestamp) = match self.validity {
            Validity::Expires(at) => (Some(at.extended()), None),
            Validity::Timestamp(now) => (None, Some(now.extended())),
        };
        let method = match self.method {
            SignatureMethod::HmacSha256 => "HmacSHA256",
            #[cfg(feature = "sha1")]
            SignatureMethod::HmacSha1 => "HmacSHA1",
        };
        let added = [
            ("AWSAccessKeyId", Some(Value::Text(self.credentials.access_key_id()))),
            ("Expires", expires.map(Value::Time)),
            ("SecurityToken", self.credentials.token().map(Value::Text)),
            ("SignatureMethod", Some(Value::Text(method))),
            ("SignatureVersion", Some(Value::Text("2"))),
            ("Timestamp", timestamp.map(Value::Time)),
        ];
        let added = added.into_iter().filter_map(|(name, value)| Some((name, value?)));
        self.parameters.write_with(added, sink, |value, sink| match value {
            Value::Text(text) => percent::encode(text.as_bytes(), sink),
            Value::Time(text) => percent::encode(text.as_bytes(), sink),
        });
    }
}

enum Value<'a> {
    Text(&'a str),
    Time(AsciiText<20>),
}

/// The target of a signed request: it prints as `/path?query`, or as `/path` if a form was signed, ASCII throughout.
#[derive(Clone, Copy)]
pub struct Target<'s, 'a> {
    signed: &'s Signed<'a>,
    query: bool,
}

impl Target<'_, '_> {
    /// Writes its bytes.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        self.signed.unsigned.path.write_to(sink);
        if self.query {
            sink.put(b"?");
            self.signed.write_parameters(sink);
        }
    }
}

/// The body of a [`SignedForm`]: it prints as `name=value&...`, ASCII throughout.
#[derive(Clone, Copy)]
pub struct FormBody<'s, 'a>(&'s Signed<'a>);

impl FormBody<'_, '_> {
    /// Writes its bytes.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        self.0.write_parameters(sink);
    }

    /// Returns its length in bytes, for `content-length`: they are counted, not stored.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "a signature is never empty")]
    pub fn len(&self) -> usize {
        let mut length = 0_usize;
        self.write_to(&mut |run: &[u8]| length = length.saturating_add(run.len()));
        length
    }
}

print_what_is_written!(FormBody, Target);
