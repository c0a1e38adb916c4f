//! Signs `reqwest` requests for AWS: one line a request, with credentials that renew themselves.
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
//! let reply = client.get(url).aws_sign(&signer).await?.send().await?;
//!
//! let url = "https://bucket.s3.eu-west-1.amazonaws.com/report.txt";
//! let link = signer.presign(client.get(url), Duration::from_secs(900)).await?;
//! println!("{} works until {:?}", link.url, link.expires_at);
//! # Ok(())
//! # }
//! ```
//!
//! What goes out is the URL that was signed, in AWS's canonical form. Sign last: what is added to a request later is not
//! signed, and a client that follows redirects or retries sends an old signature; sign each attempt anew. Build clients
//! with `reqwest::redirect::Policy::none()`: reqwest keeps a session token's header when another host is named.
//!
//! # Features
//!
//! - `checksums`: checksums of bodies, in a header (`WithChecksum`) or, computed as they are sent, in the trailer of chunked
//!   ones.
//! - `explain`: `Signer::explain` says why a service refused, of one request; `SigningMiddleware::explain_refusals` of every
//!   one.
//! - `middleware`: `SigningMiddleware` for `reqwest-middleware`, which signs each attempt of every request.
//! - `xxhash`: the checksums of the xxHash family.
//!
//! Bodies that stream are signed chunk by chunk as they are sent, if [`Signer::stream_payload`] asks for that: neither read
//! twice nor held in memory.
//!
//! No TLS backend is forced: choose one with reqwest's own features.

#[cfg(any(feature = "explain", feature = "middleware"))]
mod answer;
#[cfg(feature = "checksums")]
mod checksum;
mod error;
#[cfg(feature = "explain")]
mod explain;
mod head;
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
