use core::fmt;

use awsauth_core::{EndpointError, Scheme};
use awsauth_credentials::CredentialsError;
use http::HeaderName;

/// Why a request was not signed. It is left as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The body is in the content encoding `aws-chunked` already, from signing it before. Give the data itself.
    AlreadyChunked,
    /// The scheme signs the body itself (`AWS3`), or in it (a form, with Signature Version 2), and only its hash is at
    /// hand. Sign with [`Signer::sign`] or [`Signer::sign_body`]; through an adapter give a body that is at hand, and no
    /// hash of it.
    ///
    /// [`Signer::sign`]: crate::Signer::sign
    /// [`Signer::sign_body`]: crate::Signer::sign_body
    BodyNotInMemory(Scheme),
    /// Signature Version 2 signs in the form that is posted, and a body of this type cannot be replaced. Give a `Bytes`, a
    /// `Vec<u8>` or a `String`, or sign with [`Signer::sign_body`](crate::Signer::sign_body); in a tower layer read bodies
    /// with `SigningLayer::for_forms` or `for_bytes`.
    BodyNotReplaceable,
    /// This header was signed and then changed or dropped on its way out. Make the change before signing: install what
    /// makes it outside of the signing layer.
    ChangedHeader(HeaderName),
    /// Path, query or method were signed and then changed on their way out. Make the change before signing.
    ChangedTarget,
    /// A checksum of the whole body is asked for, and the body streams. Put it into the trailer of an `aws-chunked` one,
    /// with `AwsChunked::checksum`, or set the header.
    ChecksumOfStream,
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
    /// The secret access key yields no private key of Signature Version 4A, which happens to none in practice. Create
    /// another access key.
    KeyNotDerivable,
    /// The request's URL has no host, and there is no `host` header. Give an absolute URL.
    NoHost,
    /// The request is not for http or https, nor for a websocket (ws, wss). Mend its URL.
    NotHttp,
    /// The scheme has no presigned URLs. Sign the request itself, or use the plain URL if the scheme is
    /// [`Anonymous`](crate::Scheme::Anonymous); else choose another with [`Signer::scheme`](crate::Signer::scheme).
    NotPresignable(Scheme),
    /// The scheme does not sign bodies in chunks or messages of this kind. Give the body's hash, or choose the scheme that
    /// signs the chunks.
    PayloadNotForScheme(Scheme),
    /// The request cannot be signed as it is. See [`awsauth_core::Error`].
    Request(awsauth_core::Error),
    /// The client would send another URL than the one that was signed. Give the URL with this part percent-encoded.
    Rewritten,
    /// The scheme was built without. Turn on the feature `s3-legacy` or `sigv4a` of this crate.
    SchemeNotBuilt(Scheme),
    /// The scheme was set for a service that does not take it. Leave out [`Signer::scheme`](crate::Signer::scheme), or mend
    /// the service or the host.
    SchemeNotForService {
        /// The scheme.
        scheme: Scheme,
        /// The signing name of the service.
        service: Box<str>,
    },
    /// The body is not at hand to be hashed, and nothing says how it is signed. Say so with `.stream_payload(..)` of the
    /// adapter or layer, with ureq's `Signing::payload`, or for one request with
    /// [`SigningOverride::payload`](crate::SigningOverride::payload): by its hash, where the service allows it unsigned, or
    /// in chunks. With ureq a body that is longer than `Signing::body_limit` is one, too.
    UnhashedBody,
    /// The length of the body is not known, and the service needs it. Set `content-length`, or send what has a length.
    UnknownLength,
    /// The host is one of AWS's, but the service that it names is not known: this is the label. Set the signing name with
    /// [`Signer::service`](crate::Signer::service); the region is read from the host then, if that has one.
    UnknownService(Box<str>),
    /// The service, one of AWS's, refuses `UNSIGNED-PAYLOAD`. Give the body's hash.
    UnsignedPayload,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyChunked => f.write_str("the body is aws-chunked already: give the data itself"),
            Self::BodyNotInMemory(scheme) => {
                write!(f, "{scheme:?} signs the body itself: give it at hand, to .sign(..) or .sign_body(..), not its hash")
            }
            Self::BodyNotReplaceable => f.write_str(
                "a signed form takes the place of the body: give Bytes, Vec<u8> or String, use .sign_body(..), or .for_forms() of \
                 the layer",
            ),
            Self::ChangedHeader(name) => write!(f, "the header {name} was changed after signing"),
            Self::ChangedTarget => f.write_str("method, path or query were changed after signing"),
            Self::ChecksumOfStream => {
                f.write_str("the body streams: put its checksum into the trailer, with AwsChunked::checksum")
            }
            Self::ChunkedPayload => {
                f.write_str("the service does not take aws-chunked bodies: give the body's hash")
            }
            Self::Credentials(error) => error.fmt(f),
            Self::Endpoint(error) => write!(f, "cannot tell service and region: {error}"),
            Self::ExpiredCredentials => {
                f.write_str("the credentials have expired, and a presigned URL with them")
            }
            Self::KeyNotDerivable => {
                f.write_str("the secret access key yields no private key: create another access key")
            }
            Self::NoHost => f.write_str("the request has no host: give an absolute URL"),
            Self::NotHttp => f.write_str("the URL's scheme is none of http, https, ws and wss"),
            Self::NotPresignable(scheme) => {
                write!(f, "{scheme:?} has no presigned URLs: sign the request, or choose another scheme")
            }
            Self::PayloadNotForScheme(scheme) => {
                write!(f, "{scheme:?} does not sign a body in such pieces: give the body's hash")
            }
            Self::Request(error) => write!(f, "cannot sign this request: {error}"),
            Self::Rewritten => {
                f.write_str("the client cannot carry this URL as it is signed: percent-encode it")
            }
            Self::SchemeNotBuilt(scheme) => {
                let feature = match scheme {
                    Scheme::S3Legacy => "s3-legacy",
                    _ => "sigv4a",
                };
                write!(f, "{scheme:?} is not built in: turn on the feature {feature} of awsauth-http")
            }
            Self::SchemeNotForService { scheme, service } => {
                write!(f, "{service} does not take {scheme:?}: leave out .scheme(..), or mend service or host")
            }
            Self::UnhashedBody => f.write_str(
                "the body streams: say how it is signed with .stream_payload(..), with ureq .payload(..): in chunks, by its \
                 hash, or unsigned where the service allows",
            ),
            Self::UnknownLength => f.write_str(
                "the length of the body is not known: set content-length, or send what has a length",
            ),
            Self::UnknownService(label) => {
                write!(f, "the host names the AWS service \"{label}\", which is not known: set it with .service(..)")
            }
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
