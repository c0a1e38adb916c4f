//! The headers that declare an `aws-chunked` body.

use awsauth_core::Error;
use awsauth_core::aws_chunked::Framing;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue};

const X_AMZ_DECODED_CONTENT_LENGTH: HeaderName = HeaderName::from_static("x-amz-decoded-content-length");
const X_AMZ_SDK_CHECKSUM_ALGORITHM: HeaderName = HeaderName::from_static("x-amz-sdk-checksum-algorithm");
const X_AMZ_TRAILER: HeaderName = HeaderName::from_static("x-amz-trailer");
const AWS_CHUNKED: &[u8] = b"aws-chunked";

const CHANGED: [HeaderName; 6] = [
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    X_AMZ_DECODED_CONTENT_LENGTH,
    X_AMZ_SDK_CHECKSUM_ALGORITHM,
    X_AMZ_TRAILER,
];

/// Returns whether these are the headers of a request that was signed for an `aws-chunked` body. Its body is framed already:
/// adapters that hold head and body together must not frame it again.
#[must_use]
pub fn is_aws_chunked(headers: &HeaderMap) -> bool {
    headers.contains_key(X_AMZ_DECODED_CONTENT_LENGTH)
        && headers
            .get("x-amz-content-sha256")
            .is_some_and(|value| value.as_bytes().starts_with(b"STREAMING-"))
}

/// Turns the headers of an `aws-chunked` body into those of its decoded data, of `length` bytes: `content-encoding` without
/// `aws-chunked`, the `content-length`, and none of the headers that describe the chunks.
/// [`verify_and_decode`](crate::verify_and_decode) does so by itself; call it after [`PendingBody::decode`].
///
/// [`PendingBody::decode`]: crate::PendingBody::decode
pub fn declare_decoded_body(headers: &mut HeaderMap, length: usize) {
    let own: Vec<_> = codings(headers).collect();
    let own = HeaderValue::from_bytes(&own.join(&b", "[..])).ok().filter(|own| !own.is_empty());
    for name in CHANGED {
        headers.remove(name);
    }
    headers.extend(own.map(|own| (CONTENT_ENCODING, own)));
    headers.insert(CONTENT_LENGTH, length.into());
}

/// The headers that a declaration replaces.
pub(super) struct SavedHeaders([Vec<HeaderValue>; 6]);

/// Declares a body with this framing, and a checksum by this algorithm. Returns what is needed to undo that.
pub(super) fn declare(
    headers: &mut HeaderMap,
    framing: &Framing<'_>,
    algorithm: Option<&'static str>,
) -> Result<SavedHeaders, Error> {
    let encoding = content_encoding(headers)?;
    let mut names = Vec::new();
    framing.trailer_names().write_to(&mut |run: &[u8]| names.extend_from_slice(run));
    let names = HeaderValue::from_bytes(&names).map_err(|_| Error::MalformedHeaderName)?;

    let saved = SavedHeaders(CHANGED.map(|name| headers.get_all(name).iter().cloned().collect()));
    headers.insert(CONTENT_ENCODING, encoding);
    headers.insert(CONTENT_LENGTH, framing.encoded_length().into());
    headers.remove(TRANSFER_ENCODING);
    headers.insert(X_AMZ_DECODED_CONTENT_LENGTH, framing.decoded_length().into());
    if let Some(algorithm) = algorithm {
        headers.insert(X_AMZ_SDK_CHECKSUM_ALGORITHM, HeaderValue::from_static(algorithm));
    }
    if names.is_empty() {
        headers.remove(X_AMZ_TRAILER);
    } else {
        headers.insert(X_AMZ_TRAILER, names);
    }
    Ok(saved)
}

impl SavedHeaders {
    pub(super) fn restore(self, headers: &mut HeaderMap) {
        for (name, values) in CHANGED.into_iter().zip(self.0) {
            headers.remove(&name);
            for value in values {
                headers.append(&name, value);
            }
        }
    }
}

/// `aws-chunked` and then the caller's own codings on one line, as AWS writes them: `aws-chunked,gzip`.
fn content_encoding(headers: &HeaderMap) -> Result<HeaderValue, Error> {
    let mut codings = AWS_CHUNKED.to_vec();
    for coding in self::codings(headers) {
        codings.push(b',');
        codings.extend_from_slice(coding);
    }
    HeaderValue::from_bytes(&codings).map_err(|_| Error::ControlInHeader)
}

/// The content codings without `aws-chunked`, in order.
fn codings(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    let lines = headers.get_all(CONTENT_ENCODING).into_iter();
    let codings = lines.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    codings
        .map(<[u8]>::trim_ascii)
        .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(AWS_CHUNKED))
}
