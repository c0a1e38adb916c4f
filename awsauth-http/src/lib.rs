//! Signs `http::Request`s for AWS in place, with credentials that renew themselves.
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
//! Service and region are read from the host where it is one of AWS's; set what it does not say with [`Signer::service`] and
//! [`Signer::region`]. The scheme is the one that the endpoint takes, see [`Scheme::for_endpoint`], unless
//! [`Signer::scheme`] sets another. If you come from go-aws-auth or goamz, [`migration`] lists each of their calls.
//!
//! A body that streams can be signed chunk by chunk as it is sent: [`Signer::sign_chunked`]. Sign last: what is added to a
//! request later is not signed, and S3 refuses unsigned `x-amz-*` headers.
//!
//! # When a service refuses a request
//!
//! - **Retries:** sign each attempt anew, for its own time. Signing a signed request again replaces the old signature.
//! - **Redirects:** have the client follow none, since the old signature is invalid at another address. [`Redirect`] reads
//!   where S3 has the bucket; sign the request anew for that host and region.
//! - **A wrong clock:** install a [`ClockSkew`]. **Expired credentials** must be reported to the provider. [`Attempt`] does
//!   both, given the head of the response and, for an [`ErrorResponse`], the beginning of its body.
//!
//! [`Retries`] combines these for one request, and the layers do all of it by themselves.
//!
//! # Servers
//!
//! A server verifies requests with [`verify`](verify()) and a [`VerifyPolicy`] of what it accepts. The
//! [module](mod@verify) lists which function is for which body.
//!
//! # Features
//!
//! - `checksums`: checksums of bodies, in a header or in the trailer of a chunked body, computed as it is sent or verified;
//!   adds `base64`, `crc`, `md-5`, `sha1` and `sha2`.
//! - `explain`: the signature doctor, `Signer::explain`; adds `roxmltree`, `serde_json` and `sha2`.
//! - `http-body`: `ChunkedBody`, a body for async clients that is signed as it is sent; `InspectedBody`, the body of a response
//!   that was read ahead and stays complete.
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
pub use chunked::{
    AwsChunked, ChunkedError, ChunkedPayload, ChunkedReader, declare_decoded_body, is_aws_chunked,
};
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

#[cfg(feature = "s3-legacy")]
pub use awsauth_core::verify::UnknownParameters;
pub use awsauth_core::verify::{CanonicalPath, MissingPayloadHash, NonCanonicalPath, PartName};
pub use awsauth_core::verify::{
    Claim, Refusal, StreamingPayload, UnsignedPayload, VerifyPolicy, VerifyingKey,
};
pub use awsauth_core::{
    PathRule, PayloadHash, PlusSign, RepeatedParameters, Scheme, SignedHeaders, TokenPlacement,
};
pub use awsauth_credentials::{Credentials, CredentialsError, ProvideCredentials};
#[cfg(feature = "sigv4a")]
pub use awsauth_sigv4a;
#[cfg(feature = "http-body")]
pub use http_body;
pub use {awsauth_core, awsauth_credentials, bytes, http};
