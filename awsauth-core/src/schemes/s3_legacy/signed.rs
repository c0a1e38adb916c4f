use super::resource::Resource;
use crate::canonical::amz_headers::AmzHeaders;
use crate::schemes::legacy::{self, Authorization, LegacyHeader, SentDate, signed_request};
use crate::text::sink::{ByteSink, print_what_is_written};
use crate::text::{decimal, percent};
use crate::vocabulary::credentials::Credentials;
use crate::vocabulary::time::Timestamp;

signed_request! {
    /// A signed request: the target to send in place of its own, and the headers to add.
    ///
    /// Remove those that [`is_authentication_header`](crate::is_authentication_header) names from the request's own headers first.
    struct Signed;
    /// The string to sign of S3's legacy scheme: its bytes are what is signed. It prints as text, with U+FFFD for what is not UTF-8.
    struct StringToSign;
}

/// All of a signature but the key.
#[derive(Clone)]
pub(super) struct Unsigned<'a> {
    pub(super) amz_headers: AmzHeaders<'a>,
    pub(super) content_md5: &'a [u8],
    pub(super) content_type: &'a [u8],
    pub(super) credentials: Credentials<'a>,
    pub(super) date: DateLine<'a>,
    pub(super) method: &'a str,
    pub(super) resource: Resource<'a>,
}

/// The line of the date.
#[derive(Clone, Copy)]
pub(crate) enum DateLine<'a> {
    /// The request is presigned, and expires then.
    Expires(Timestamp),
    /// The date header; nothing if it is `x-amz-date`, which has a line of its own.
    Sent(SentDate<'a>),
}

impl<'a> Signed<'a> {
    /// Returns the path and query to send: the path as it was except for what no URL can hold, and the signature if the
    /// URL is presigned.
    #[must_use]
    pub fn target(&self) -> Target<'_, 'a> {
        Target(self)
    }

    /// Returns the headers to add: the date, the session token, and `authorization`; none if the URL is presigned.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, LegacyHeader<'_, 'a>)> {
        let date = match self.unsigned.date {
            DateLine::Expires(_) => None,
            DateLine::Sent(date) => Some(date),
        };
        date.into_iter().flat_map(|date| {
            let token = self.unsigned.credentials.token();
            legacy::added(date.added(), token, ("authorization", self.authorization()))
        })
    }

    /// Returns when the URL expires, if it is presigned.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        match self.unsigned.date {
            DateLine::Expires(at) => Some(at),
            DateLine::Sent(_) => None,
        }
    }

    fn authorization(&self) -> Authorization<'_, 'a> {
        Authorization {
            opening: "AWS ",
            access_key_id: self.unsigned.credentials.access_key_id(),
            middle: ":",
            signed_headers: None,
            closing: "",
            signature: self.signature,
        }
    }
}

impl Unsigned<'_> {
    pub(super) fn write_string_to_sign(&self, sink: &mut impl ByteSink) {
        for line in [self.method.as_bytes(), self.content_md5, self.content_type] {
            sink.put(line);
            sink.put(b"\n");
        }
        match &self.date {
            DateLine::Expires(at) => decimal::write(at.unix_seconds(), sink),
            DateLine::Sent(SentDate::XAmzDate(_) | SentDate::OwnXAmzDate(_)) => {}
            DateLine::Sent(date) => sink.put(date.as_bytes()),
        }
        sink.put(b"\n");
        self.amz_headers.write_lines(sink);
        self.resource.write_to(sink);
    }
}

/// The target of a [`Signed`] request: it prints as `/path?query`, ASCII throughout.
#[derive(Clone, Copy)]
pub struct Target<'s, 'a>(&'s Signed<'a>);

impl Target<'_, '_> {
    /// Writes its bytes.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        let Signed { unsigned, signature } = self.0;
        let separator = unsigned.resource.write_target(sink);
        let DateLine::Expires(at) = unsigned.date else { return };
        sink.put(separator);
        sink.put(b"AWSAccessKeyId=");
        percent::encode(unsigned.credentials.access_key_id().as_bytes(), sink);
        sink.put(b"&Expires=");
        decimal::write(at.unix_seconds(), sink);
        sink.put(b"&Signature=");
        signature.write_escaped(sink);
        if let Some(token) = unsigned.credentials.token() {
            sink.put(b"&x-amz-security-token=");
            percent::encode(token.as_bytes(), sink);
        }
    }
}

print_what_is_written!(Target);
