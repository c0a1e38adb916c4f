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
//! not. Sign last: what is added to a request later is not signed, and S3 refuses `x-amz-*` headers that are not.

mod attempt;
mod body;
mod clock_skew;
mod endpoint;
mod error;
mod follow_redirects;
mod head;
mod key_cache;
#[cfg(feature = "tower")]
mod layer;
#[cfg(feature = "http-body")]
mod peeked;
mod presigned;
mod redirect;
mod refusal;
mod repeats;
mod signer;
mod signing_override;
mod sigv4;
mod unchanged;

pub use attempt::{Attempt, Next};
pub use body::BodyBytes;
pub use clock_skew::ClockSkew;
pub use error::Error;
pub use follow_redirects::FollowRedirects;
pub use head::RequestHead;
#[cfg(feature = "tower")]
pub use layer::{
    AnyBody, BytesBody, HttpBody, ReadBody, SigningError, SigningLayer, SigningService, UnchangedLayer,
    UnchangedService,
};
#[cfg(feature = "http-body")]
pub use peeked::Peeked;
pub use presigned::Presigned;
pub use redirect::Redirect;
pub use refusal::Refusal;
pub use repeats::Repeats;
pub use signer::{Signed, Signer};
pub use signing_override::SigningOverride;
pub use unchanged::AsSigned;

pub use awsauth_core::{
    PathRule, PayloadHash, PlusSign, RepeatedParameters, Scheme, SignedHeaders, TokenPlacement,
};
pub use awsauth_credentials::{Credentials, CredentialsError, ProvideCredentials};
pub use {awsauth_core, awsauth_credentials, http};
