//! Signs `http::Request`s for AWS, in place, with credentials that renew themselves.
//!
//! ```
//! use awsauth_http::{Credentials, Signer};
//!
//! let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
//! let mut request = http::Request::get("https://sqs.eu-west-1.amazonaws.com/?Action=ListQueues").body(())?;
//!
//! let signed = signer.sign_blocking(&mut request)?; // or `signer.sign(&mut request).await?`
//! assert_eq!((signed.service(), signed.region()), ("sqs", "eu-west-1"));
//! assert!(request.headers().contains_key("authorization"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Service and region come from the host where it says so; [`Signer::service`] and [`Signer::region`] tell what it does
//! not. The scheme is that of the endpoint, see [`Scheme::for_endpoint`], or what [`Signer::scheme`] says. Who comes from
//! go-aws-auth or goamz finds each call of theirs in [`migration`].
//!
//! A body that streams is signed chunk by chunk as it is sent: [`Signer::sign_chunked`]. Sign last: what is added to a
//! request later is not signed, and S3 refuses `x-amz-*` headers that are not.
//!
//! # When the answer is no
//!
//! - **Retries:** sign each attempt anew, for its own instant. Signing a signed request again replaces the old signature.
//! - **Redirects:** have the client follow none, since an old signature is void elsewhere. [`Redirect`] reads where S3 has
//!   a bucket, to be signed anew for that host and region.
//! - **A wrong clock:** install a [`ClockSkew`]; **expired credentials** are to be reported to the provider. [`Attempt`]
//!   does both, given the answer's head and, for a [`ErrorResponse`], the beginning of its body.
//!
//! [`Repeats`] joins these for one request, and the layers do it all by themselves.
//!
//! # On the other side
//!
//! A server verifies with [`verify`](verify()), and a [`VerifyPolicy`] of what it accepts; the [module](mod@verify) says which call is
//! for which body.
//!
//! # Features
//!
//! - `checksums`: checksums of bodies, in a header or, computed as they are sent or verified, in the trailer of chunked ones;
//!   adds `base64`, `crc`, `md-5`, `sha1` and `sha2`.
//! - `explain`: the signature doctor, `Signer::explain`; adds `roxmltree`, `serde_json` and `sha2`.
//! - `http-body`: `ChunkedBody`, a body of an async client signed as it is sent; `InspectedBody`, the body of an answer that was
//!   looked into and is handed on as it came.
//! - `s3-legacy`: S3's scheme before Signature Version 4; adds `sha1`.
//! - `sigv4a`: Signature Version 4A, for several regions at once; adds `awsauth-sigv4a`.
//! - `tower`: `SigningLayer`, which signs every request of a client.
//! - `xxhash`: the checksums of the xxHash family; adds `twox-hash`.

mod chunked;
mod error;
#[cfg(feature = "explain")]
pub mod explain;
#[cfg(feature = "tower")]
mod layer;
mod payload;
mod request;
mod response;
mod signing;
pub mod verify;

#[doc = include_str!("../docs/from-go-aws-auth.md")]
pub mod migration {}

#[cfg(feature = "http-body")]
pub use chunked::ChunkedBody;
pub use chunked::{AwsChunked, ChunkedError, ChunkedPayload, ChunkedReader, is_aws_chunked};
pub use error::Error;
#[cfg(feature = "tower")]
pub use layer::{
    AnyBody, BytesBody, FormBody, HttpBody, ReadBody, SigningError, SigningLayer, SigningService,
    UnchangedLayer, UnchangedService,
};
pub use payload::Payload;
pub use request::body::BodyBytes;
#[cfg(feature = "checksums")]
pub use request::checksum::{Checksum, WithChecksum, insert_content_md5};
pub use request::content_length::declare_empty_body;
pub use request::head::RequestHead;
pub use request::snapshot::SignedSnapshot;
pub use response::attempt::{Attempt, RetryAction};
pub use response::error_response::ErrorResponse;
pub use response::follow_redirects::FollowRedirects;
#[cfg(feature = "http-body")]
pub use response::inspected_body::InspectedBody;
pub use response::redirect::Redirect;
pub use response::retries::Retries;
pub use signing::clock_skew::ClockSkew;
pub use signing::post_form::{PostForm, PostPolicy};
pub use signing::presigned::Presigned;
#[cfg(feature = "s3-legacy")]
pub use signing::s3_bucket::S3Bucket;
pub use signing::signed::{Signature, Signed};
pub use signing::signer::Signer;
pub use signing::signing_override::SigningOverride;
pub use verify::{
    PendingBody, PendingChunks, PendingEvents, PendingHash, Verified, verify, verify_and_decode,
    verify_and_decode_async, verify_async, verify_head, verify_head_async,
};

pub use awsauth_core::verify::{CanonicalPath, MissingPayloadHash, NonCanonicalPath, PartName};
pub use awsauth_core::verify::{Claim, StreamingPayload, UnsignedPayload, VerifyPolicy, VerifyingKey};
pub use awsauth_core::{
    PathRule, PayloadHash, PlusSign, RepeatedParameters, Scheme, SignedHeaders, TokenPlacement,
};
pub use awsauth_credentials::{Credentials, CredentialsError, ProvideCredentials};
#[cfg(feature = "sigv4a")]
pub use awsauth_sigv4a;
#[cfg(feature = "http-body")]
pub use http_body;
pub use {awsauth_core, awsauth_credentials, bytes, http};
