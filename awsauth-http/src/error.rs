use core::fmt;

use awsauth_core::EndpointError;
use awsauth_credentials::CredentialsError;
use http::HeaderName;

/// Why a request was not signed. It is left as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// This header was signed and then changed or dropped on its way out. Make the change before signing: install what
    /// makes it outside of the signing layer.
    ChangedHeader(HeaderName),
    /// Path, query or method were signed and then changed on their way out. Make the change before signing.
    ChangedTarget,
    /// The body is in the content encoding `aws-chunked` already, from signing it before. Give the data itself.
    AlreadyChunked,
    /// The service does not take bodies in the content encoding `aws-chunked`: S3 does. Give the body's hash.
    ChunkedPayload,
    /// No credentials: the source and its reason are inside. Mend what it names.
    Credentials(CredentialsError),
    /// Service or region are not set, and the host does not tell them. Set them with [`Signer::service`] and
    /// [`Signer::region`].
    ///
    /// [`Signer::service`]: crate::Signer::service
    /// [`Signer::region`]: crate::Signer::region
    Endpoint(EndpointError),
    /// A presigned URL cannot outlive the credentials, and these have expired. Wait for fresh ones.
    ExpiredCredentials,
    /// The request is not for http or https. Mend its URL.
    NotHttp,
    /// The request cannot be signed as it is. See [`awsauth_core::Error`].
    Request(awsauth_core::Error),
    /// The request's URL has no host, and there is no `host` header. Give an absolute URL.
    NoHost,
    /// The client would send another URL than the one that was signed. Give the URL with this part percent-encoded.
    Rewritten,
    /// The scheme is not one that this signer signs whole requests with. Choose another, or use its own crate or type.
    Scheme(crate::Scheme),
    /// The body is not at hand to be hashed. Sign by its hash, or, where the service allows it, unsigned.
    UnhashedBody,
    /// The length of the body is not known, and the service needs it. Set `content-length`, or send what has a length.
    UnknownLength,
    /// The service refuses `UNSIGNED-PAYLOAD`. Give the body's hash.
    UnsignedPayload,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ChangedHeader(name) => write!(f, "the header {name} was changed after signing"),
            Self::ChangedTarget => f.write_str("method, path or query were changed after signing"),
            Self::AlreadyChunked => f.write_str("the body is aws-chunked already: give the data itself"),
            Self::ChunkedPayload => {
                f.write_str("the service does not take aws-chunked bodies: give the body's hash")
            }
            Self::Credentials(error) => error.fmt(f),
            Self::Endpoint(error) => {
                write!(
                    f,
                    "cannot tell service and region: {error}; set them with .service(..) and .region(..)"
                )
            }
            Self::ExpiredCredentials => {
                f.write_str("the credentials have expired, and a presigned URL with them")
            }
            Self::NotHttp => f.write_str("the URL's scheme is neither http nor https"),
            Self::Request(error) => write!(f, "cannot sign this request: {error}"),
            Self::NoHost => f.write_str("the request has no host: give an absolute URL"),
            Self::Rewritten => {
                f.write_str("the client cannot carry this URL as it is signed: percent-encode it")
            }
            Self::Scheme(scheme) => write!(f, "this signer does not sign with {scheme:?}"),
            Self::UnhashedBody => {
                f.write_str("the body streams: sign it by its hash, or unsigned where the service allows")
            }
            Self::UnknownLength => f.write_str(
                "the length of the body is not known: set content-length, or send what has a length",
            ),
            Self::UnsignedPayload => {
                f.write_str("the service refuses unsigned payloads: give the body's hash")
            }
        }
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Credentials(error) => Some(error),
            Self::Endpoint(error) => Some(error),
            Self::Request(error) => Some(error),
            _ => None,
        }
    }
}

impl From<CredentialsError> for Error {
    fn from(error: CredentialsError) -> Self {
        Self::Credentials(error)
    }
}

impl From<EndpointError> for Error {
    fn from(error: EndpointError) -> Self {
        Self::Endpoint(error)
    }
}

impl From<awsauth_core::Error> for Error {
    fn from(error: awsauth_core::Error) -> Self {
        Self::Request(error)
    }
}
