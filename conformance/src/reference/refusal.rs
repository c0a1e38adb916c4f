//! Why a request is not signed.

use core::error::Error;
use core::fmt;

/// Why a request is not signed.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Refusal {
    /// The host is empty, or holds a byte or a port that no host has.
    BadAuthority,
    /// A presigned URL lives from 1 to 604800 seconds.
    BadExpiry,
    /// A header name is not a token of RFC 9110.
    BadHeaderName,
    /// The method is not a token of RFC 9110.
    BadMethod,
    /// A `%` is not followed by two hex digits.
    BadPercentEscape,
    /// The seed signature is not 64 lower-case hex digits.
    BadSeed,
    /// The time is not `YYYYMMDDTHHMMSSZ`, or there is no such instant.
    BadTime,
    /// The URL has no scheme, or has a fragment.
    BadUrl,
    /// A control character in the target, a header value, the scope or the credentials.
    ControlCharacter,
    /// No private key could be derived, which one in 2^32 attempts does to each of 254.
    KeyNotDerived,
    /// An option that the scheme needs was not given.
    MissingOption,
    /// The chunk size is zero.
    NoChunkSize,
    /// A form body is signed, so that a query string beside it would go unsigned.
    QueryOnForm,
    /// The path does not start with `/`.
    RelativePath,
    /// There is more than one `Host` header.
    RepeatedHost,
    /// S3 keeps the first of a repeated parameter only.
    RepeatedParameter,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadAuthority => "the host is empty or malformed",
            Self::BadExpiry => "the lifetime is not 1 to 604800 seconds",
            Self::BadHeaderName => "a header name is not a token",
            Self::BadMethod => "the method is not a token",
            Self::BadPercentEscape => "a percent sign is not followed by two hex digits",
            Self::BadSeed => "the seed signature is not 64 lower-case hex digits",
            Self::BadTime => "the time is not YYYYMMDDTHHMMSSZ",
            Self::BadUrl => "the URL has no scheme or has a fragment",
            Self::ControlCharacter => "a control character cannot be signed",
            Self::KeyNotDerived => "no private key could be derived",
            Self::MissingOption => "an option that the scheme needs was not given",
            Self::NoChunkSize => "the chunk size is zero",
            Self::QueryOnForm => "a query string beside a signed form body would go unsigned",
            Self::RelativePath => "the path does not start with a slash",
            Self::RepeatedHost => "there is more than one Host header",
            Self::RepeatedParameter => "S3 keeps the first of a repeated parameter only",
        })
    }
}

impl Error for Refusal {}
