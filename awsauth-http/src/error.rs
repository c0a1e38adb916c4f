use core::fmt;

use awsauth_core::{EndpointError, Scheme};
use awsauth_credentials::CredentialsError;
use http::HeaderName;

/// Why a request was not signed. The request is then unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The body has the content encoding `aws-chunked` already, as it was signed before. Give the data itself.
    AlreadyChunked,
    /// The scheme signs the bytes of the body (`AWS3`), or signs in the body (a form, with Signature Version 2), and only its
    /// hash was given. Sign with [`Signer::sign`] or [`Signer::sign_body`]. Through an adapter, give a body that is in memory,
    /// and no hash of it.
    ///
    /// [`Signer::sign`]: crate::Signer::sign
    /// [`Signer::sign_body`]: crate::Signer::sign_body
    BodyNotInMemory(Scheme),
    /// Signature Version 2 signs in the form that is posted, and a body of this type cannot be replaced. Give a `Bytes`, a
    /// `Vec<u8>` or a `String`, or sign with [`Signer::sign_body`](crate::Signer::sign_body). In a tower layer, read bodies
    /// with `SigningLayer::for_forms` or `for_bytes`.
    BodyNotReplaceable,
    /// This header was changed or removed after signing. Make the change before signing: install the layer that makes it
    /// outside of the signing layer.
    ChangedHeader(HeaderName),
    /// Path, query or method were changed after signing. Make the change before signing.
    ChangedTarget,
    /// A checksum in a header covers the whole body, and the body streams. Put the checksum into the trailer of an
    /// `aws-chunked` body, with `AwsChunked::checksum`, or set the header yourself.
    ChecksumOfStream,
    /// The service does not accept bodies with the content encoding `aws-chunked`; only S3 does. Give the body's hash.
    ChunkedPayload,
    /// The provider gave no credentials. The error inside names the source and the reason; fix that.
    Credentials(CredentialsError),
    /// Service or region are not set, and cannot be read from the host. Set them with [`Signer::service`] and
    /// [`Signer::region`].
    ///
    /// [`Signer::service`]: crate::Signer::service
    /// [`Signer::region`]: crate::Signer::region
    Endpoint(EndpointError),
    /// A presigned URL expires with the credentials, and these have expired. Get fresh credentials.
    ExpiredCredentials,
    /// No private key for Signature Version 4A can be derived from the secret access key, which does not happen in practice.
    /// Create another access key.
    KeyNotDerivable,
    /// The request's URL has no host, and there is no `host` header. Give an absolute URL.
    NoHost,
    /// The URL's scheme is not http or https, nor ws or wss (a websocket). Fix the URL.
    NotHttp,
    /// The scheme has no presigned URLs. Sign the request itself, or choose another scheme with
    /// [`Signer::scheme`](crate::Signer::scheme). If the scheme is [`Anonymous`](crate::Scheme::Anonymous), use the plain URL.
    NotPresignable(Scheme),
    /// The scheme does not sign bodies in chunks or messages of this kind. Give the body's hash, or choose a scheme that signs
    /// them.
    PayloadNotForScheme(Scheme),
    /// The request cannot be signed as it is. See [`awsauth_core::Error`] for the fix.
    Request(awsauth_core::Error),
    /// The client would rewrite the signed URL, and so send another one. Give the URL percent-encoded.
    Rewritten,
    /// This build does not include the scheme. Enable the feature `s3-legacy` or `sigv4a` of this crate.
    SchemeNotBuilt(Scheme),
    /// The scheme was set for a service that does not accept it. Leave out [`Signer::scheme`](crate::Signer::scheme), or fix
    /// the service or the host.
    SchemeNotForService {
        /// The scheme that was set.
        scheme: Scheme,
        /// The signing name of the service.
        service: Box<str>,
    },
    /// The body is not in memory to be hashed, and it is not set how to sign it. Set that with `.stream_payload(..)` of the
    /// adapter or layer, or for one request with [`SigningOverride::stream_payload`](crate::SigningOverride::stream_payload):
    /// by its hash, in chunks, or unsigned where the service allows that. With ureq this is also the error for a body that is
    /// longer than `SigningMiddleware::body_limit`.
    UnhashedBody,
    /// The length of the body is not known, and the service needs it. Set `content-length`, or send a body that has a length.
    UnknownLength,
    /// The host is one of AWS's, but the service that its label (inside) names is not known. Set the signing name with
    /// [`Signer::service`](crate::Signer::service); the region is then read from the host, if it has one.
    UnknownService(Box<str>),
    /// The service, one of AWS's, does not accept `UNSIGNED-PAYLOAD`. Give the body's hash.
    UnsignedPayload,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyChunked => f.write_str("the body is aws-chunked already: give the data itself"),
            Self::BodyNotInMemory(scheme) => {
                write!(f, "{scheme:?} signs the body itself: give its bytes to .sign(..) or .sign_body(..), not its hash")
            }
            Self::BodyNotReplaceable => f.write_str(
                "a signed form replaces the body: give Bytes, Vec<u8> or String, use .sign_body(..), or .for_forms() of \
                 the layer",
            ),
            Self::ChangedHeader(name) => write!(f, "the header {name} was changed after signing"),
            Self::ChangedTarget => f.write_str("method, path or query were changed after signing"),
            Self::ChecksumOfStream => {
                f.write_str("the body streams: put its checksum into the trailer, with AwsChunked::checksum")
            }
            Self::ChunkedPayload => {
                f.write_str("the service does not accept aws-chunked bodies: give the body's hash")
            }
            Self::Credentials(error) => error.fmt(f),
            Self::Endpoint(error) => write!(f, "cannot determine service and region: {error}"),
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
                write!(f, "{scheme:?} is not built in: enable the feature {feature} of awsauth-http")
            }
            Self::SchemeNotForService { scheme, service } => {
                write!(f, "{service} does not accept {scheme:?}: leave out .scheme(..), or fix service or host")
            }
            Self::UnhashedBody => f.write_str(
                "the body streams: set how it is signed with .stream_payload(..): in chunks, by its hash, or unsigned where the \
                 service allows",
            ),
            Self::UnknownLength => f.write_str(
                "the length of the body is not known: set content-length, or send a body that has a length",
            ),
            Self::UnknownService(label) => {
                write!(f, "the host names the AWS service \"{label}\", which is not known: set it with .service(..)")
            }
            Self::UnsignedPayload => {
                f.write_str("the service does not accept unsigned payloads: give the body's hash")
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
