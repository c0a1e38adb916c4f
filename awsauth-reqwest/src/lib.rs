//! Signs `reqwest` requests for AWS: one line per request, with credentials that renew themselves.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use awsauth_reqwest::{Credentials, SignRequest, Signer};
//! use reqwest::redirect::Policy;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = reqwest::Client::builder().redirect(Policy::none()).build()?;
//! let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
//!
//! let url = "https://sqs.eu-west-1.amazonaws.com/?Action=ListQueues";
//! let response = client.get(url).aws_sign(&signer).await?.send().await?;
//!
//! let url = "https://bucket.s3.eu-west-1.amazonaws.com/report.txt";
//! let link = signer.presign(client.get(url), Duration::from_secs(900)).await?;
//! println!("{} works with {:?} until {:?}", link.url, link.headers, link.expires_at);
//! # Ok(())
//! # }
//! ```
//!
//! The URL that is sent is the one that was signed, in AWS's canonical form. Sign last: what is added to a request later is
//! not signed, the `default_headers` of the client included. Sign each attempt anew: a client that follows redirects or retries by itself sends an old signature. Build
//! clients with `reqwest::redirect::Policy::none()`, as reqwest sends the header with the session token to other hosts, too.
//!
//! # Features
//!
//! - `checksums`: checksums of bodies, in a header (`WithChecksum`) or in the trailer of a chunked body, computed as it is
//!   sent.
//! - `explain`: says why a service refused a request: `Signer::explain` for one request,
//!   `SigningMiddleware::explain_errors` for every request of a client.
//! - `middleware`: `SigningMiddleware` for `reqwest-middleware`, which signs each attempt of every request.
//! - `xxhash`: the checksums of the xxHash family.
//!
//! Bodies that stream can be signed chunk by chunk as they are sent, without reading them twice or holding them in memory:
//! [`Signer::stream_payload`].
//!
//! This crate chooses no TLS backend: choose one with reqwest's own features.

#[cfg(feature = "checksums")]
mod checksum;
mod error;
#[cfg(feature = "explain")]
mod explain;
mod head;
#[cfg(any(feature = "explain", feature = "middleware"))]
mod inspected_response;
#[cfg(feature = "middleware")]
mod middleware;
mod object_url;
mod sign;
mod signer;
mod stream;

#[cfg(feature = "checksums")]
pub use checksum::WithChecksum;
pub use error::Error;
#[cfg(feature = "middleware")]
pub use middleware::{SigningMiddleware, UnchangedMiddleware};
pub use object_url::object_url;
pub use signer::{Presigned, SignRequest, Signer};

#[cfg(feature = "checksums")]
pub use awsauth_http::Checksum;
#[cfg(feature = "explain")]
pub use awsauth_http::explain::{Cause, Diagnosis, Trace};
pub use awsauth_http::{
    AwsChunked, ChunkedError, ClockSkew, Credentials, CredentialsError, ErrorResponse, FollowRedirects,
    PathRule, Payload, PayloadHash, PlusSign, ProvideCredentials, Redirect, RepeatedParameters, Scheme,
    Signed, SignedHeaders, SigningOverride, TokenPlacement,
};
#[cfg(feature = "middleware")]
pub use reqwest_middleware;
pub use {awsauth_http, reqwest};
