use core::fmt;

use super::part_name::PartName;
use crate::streaming::aws_chunked::DecodeError;
use crate::vocabulary::error::Error;

macro_rules! refusals {
    ($($(#[$doc:meta])+ $variant:ident $(($part:ident))? => $status:literal $code:literal, $text:literal;)+) => {
        /// Why a request was refused, and the error that a server should respond with. It has nothing of the request or
        /// the secret but the name of the header or parameter that it is about, so it is safe to log.
        ///
        /// Codes and statuses are Amazon S3's where it has one (see [Error
        /// responses](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html)), else those of the query
        /// services (see [Common Errors](https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html)).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Refusal {
            $($(#[$doc])+ $variant $(($part))?,)+
            /// The request has no canonical form, for the reason inside.
            Uncanonical(Error),
            /// The `aws-chunked` body is malformed, or has another length than the request states, for the reason
            /// inside. Send all of it again.
            Undecodable(DecodeError),
        }

        impl Refusal {
            /// Returns the HTTP status to respond with.
            #[must_use]
            pub const fn http_status(self) -> u16 {
                match self {
                    $(Self::$variant { .. } => $status,)+
                    Self::Uncanonical(_) | Self::Undecodable(_) => 400,
                }
            }

            /// Returns the `Code` of AWS's error responses.
            #[must_use]
            pub const fn aws_error_code(self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $code,)+
                    Self::Undecodable(DecodeError::BodyTooShort) => "IncompleteBody",
                    Self::Undecodable(DecodeError::TrailerMissing | DecodeError::TrailersTooLong) => {
                        "MalformedTrailerError"
                    }
                    Self::Uncanonical(_) | Self::Undecodable(_) => "InvalidRequest",
                }
            }

            /// Returns the sentence that `Display` prints before the name, if there is one. For a body that cannot be
            /// decoded, `Display` prints the reason instead.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $text,)+
                    Self::Uncanonical(error) => error.as_str(),
                    Self::Undecodable(_) => "the aws-chunked body cannot be decoded",
                }
            }

            /// Returns the header, parameter or part of the `authorization` header that the refusal is about, if any.
            #[must_use]
            pub const fn part(self) -> Option<PartName> {
                match self {
                    $($(Self::$variant(part) => {
                        let part: $part = part;
                        Some(part)
                    })?)+
                    _ => None,
                }
            }
        }
    };
}

refusals! {
    /// Something follows the last chunk, the trailers or the message that ends an event stream. Send nothing after it.
    AfterEnd => 400 "InvalidRequest", "something follows the end of the body";
    /// An event stream, or a body whose chunks a [`ChunkVerifier`](super::ChunkVerifier) checks (one that is decoded is
    /// `Undecodable`), ended before its last chunk, its trailers or the message that ends an event stream. Send all of it.
    BodyCutOff => 400 "IncompleteBody", "the body ended before its last, empty chunk or message";
    /// A checksum in the body's trailers does not match its data. Send all of it again.
    ChecksumMismatch => 400 "BadDigest", "a checksum is not that of the body";
    /// A chunk, the trailers or a message of an event stream have another signature, or one before them had. Send all of
    /// it again.
    ChunkSignatureMismatch => 403 "SignatureDoesNotMatch", "the signature of a chunk, of the trailers or of a message is wrong";
    /// An `aws-chunked` body needs exactly one `x-amz-decoded-content-length`. Send it.
    DecodedLengthNeeded => 411 "MissingContentLength", "an aws-chunked body needs one x-amz-decoded-content-length";
    /// The presigned URL has expired. Presign anew.
    Expired => 403 "AccessDenied", "the presigned URL has expired";
    /// `X-Amz-Expires` is not in 1..=the policy's maximum, in seconds. Presign for a shorter time.
    ExpiryOutOfRange => 400 "AuthorizationQueryParametersError", "X-Amz-Expires is out of range";
    /// The `host` header differs from the target's authority (RFC 9112, section 3.2.2; RFC 9113, section 8.3.1). Send
    /// the same in both, or only one.
    HostMismatch => 400 "InvalidRequest", "the host header is not the authority of the target";
    /// The authentication lacks this part: credential, signed headers, signature, or a URL's date or expiry.
    IncompleteSignature(PartName) => 400 "IncompleteSignature", "a part of the authentication is missing";
    /// The `authorization` header is not of the form that AWS describes.
    MalformedAuthorization => 400 "AuthorizationHeaderMalformed", "the authorization header is malformed";
    /// The `X-Amz-*` parameters of a presigned URL are not of the form that AWS describes.
    MalformedQueryAuthentication => 400 "AuthorizationQueryParametersError", "the X-Amz-* parameters are malformed";
    /// `x-amz-content-sha256` is neither 64 lower-case hex digits nor one of AWS's literals.
    MalformedPayloadHash => 400 "InvalidArgument", "x-amz-content-sha256 is neither a SHA-256 nor a known literal";
    /// The request is not signed with Signature Version 4.
    MissingAuthentication => 403 "MissingAuthenticationToken", "the request is not signed";
    /// There is neither a valid `x-amz-date` nor a valid `date` header.
    MissingDate => 403 "AccessDenied", "a valid x-amz-date or date header is required";
    /// S3 requires `x-amz-content-sha256` in every request that is signed in its headers. Send it, with the body's
    /// SHA-256 or one of AWS's literals.
    MissingPayloadHash => 400 "InvalidRequest", "missing required header: x-amz-content-sha256";
    /// This header, which the signature lists, is not in the request: it was not sent, or a proxy removed it.
    MissingSignedHeader(PartName) => 403 "SignatureDoesNotMatch", "a signed header is not in the request";
    /// The path is not in its canonical form, so it could be routed as another path than was signed. Send the canonical
    /// one: no empty segments or dots, nothing escaped that need not be, escapes in upper case.
    NonCanonicalPath => 400 "InvalidURI", "the path is not in its canonical form";
    /// The presigned URL is from the future by more than the allowed skew. Check the signer's clock.
    NotYetValid => 403 "AccessDenied", "the presigned URL is not valid yet";
    /// The request does not state the hash of its body. Verify again with the hash of the body.
    PayloadHashNeeded => 400 "InvalidRequest", "without x-amz-content-sha256 the body must be read first";
    /// The body is not the one that was signed.
    PayloadMismatch => 400 "XAmzContentSHA256Mismatch", "the body is not the one that was signed";
    /// The body is of a kind that is signed with another algorithm than the request. Sign both with one.
    PayloadOfAnotherAlgorithm => 400 "InvalidArgument", "x-amz-content-sha256 is of another algorithm than the signature";
    /// There is more than one authentication: `authorization` besides presigned parameters, parts of two schemes, or this
    /// part twice. Send one.
    RepeatedAuthentication(PartName) => 400 "InvalidArgument", "there is more than one authentication";
    /// This header is there more than once, of which one is meant: `content-type`, `content-md5` or an `x-amz-*` other than
    /// `x-amz-meta-*` and S3's lists of attributes. Send it once.
    RepeatedHeader(PartName) => 400 "InvalidRequest", "a header is repeated that is signed as one";
    /// The credential's day is not the day of the request's time.
    ScopeOfAnotherDay => 403 "SignatureDoesNotMatch", "the credential scope is of another day than the request";
    /// The signature is not the one of this request with this secret.
    SignatureMismatch => 403 "SignatureDoesNotMatch", "the signature does not match";
    /// The body is framed, in chunks or as an event stream, which is not accepted here. Send it unframed, with its
    /// hash; a server that means to accept such bodies verifies the head, and then the body as it arrives.
    StreamingPayloadRefused => 400 "InvalidArgument", "a body in chunks or messages is not accepted here";
    /// The request's time is further from the server's than the allowed skew. Check both clocks.
    TimeTooSkewed => 403 "RequestTimeTooSkewed", "the request's time is too far from the server's";
    /// The signature lists more headers than any request has.
    TooManySignedHeaders => 400 "InvalidRequest", "too many signed headers";
    /// There is no key for this access key ID.
    UnknownAccessKeyId => 403 "InvalidAccessKeyId", "the access key ID is not known";
    /// A checksum in the body's trailers uses an algorithm that is not supported here. Send one of another.
    UnknownChecksum => 400 "InvalidRequest", "the algorithm of the checksum is not supported here";
    /// This header is in the request and not signed: `host`, an `x-amz-*` or another required one. Sign it, or leave it out.
    UnsignedHeader(PartName) => 403 "AccessDenied", "a header is not signed that must be";
    /// A query parameter is neither signed with S3's legacy scheme nor known to be harmless: a sub-resource that is not
    /// in the list, or `x-amz-*`, `content-type` or `content-md5` without a header that says the same. Leave it out,
    /// send the header, or have the policy name it.
    UnsignedParameter => 403 "AccessDenied", "a query parameter is not signed that must be";
    /// The policy requires the signature to cover the body, and it does not.
    UnsignedPayloadRefused => 400 "InvalidRequest", "the payload must be signed";
    /// The authentication names another algorithm than the one that is verified, usually `AWS4-HMAC-SHA256`.
    UnsupportedAlgorithm => 400 "InvalidRequest", "the algorithm is not accepted here";
    /// The credential, or the set of Regions, is for another region than the policy's.
    WrongRegion => 400 "AuthorizationHeaderMalformed", "the credential is for another region";
    /// The credential is for another service than the policy's.
    WrongService => 400 "AuthorizationHeaderMalformed", "the credential is for another service";
}

impl Refusal {
    /// There is no such part.
    pub(super) fn incomplete(part: &str) -> Self {
        Self::IncompleteSignature(PartName::new(part))
    }

    /// There is a second such part, or one of another scheme.
    pub(super) fn repeated(part: &str) -> Self {
        Self::RepeatedAuthentication(PartName::new(part))
    }

    /// There is a second such header.
    pub(super) fn repeated_header(name: &str) -> Self {
        Self::RepeatedHeader(PartName::of_header(name))
    }

    /// This header is not signed.
    pub(super) fn unsigned_header(name: &str) -> Self {
        Self::UnsignedHeader(PartName::of_header(name))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Undecodable(error) = self {
            return error.fmt(f);
        }
        f.write_str(self.as_str())?;
        match self.part() {
            Some(part) if part != PartName::EMPTY => write!(f, ": {part}"),
            _ => Ok(()),
        }
    }
}

impl core::error::Error for Refusal {}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Uncanonical(error)
    }
}

impl From<DecodeError> for Refusal {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::ChunkSignatureMismatch | DecodeError::TrailerSignatureMismatch => {
                Self::ChunkSignatureMismatch
            }
            error => Self::Undecodable(error),
        }
    }
}
