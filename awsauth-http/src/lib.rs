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
//! not. A body that streams is signed chunk by chunk as it is sent: [`Signer::sign_chunked`]. Sign last: what is added to
//! a request later is not signed, and S3 refuses `x-amz-*` headers that are not.

mod body;
mod chunked;
mod endpoint;
mod error;
mod head;
mod key_cache;
mod payload;
mod presigned;
mod signer;
mod sigv4;

pub use body::BodyBytes;
#[cfg(feature = "checksums")]
pub use chunked::Checksum;
#[cfg(feature = "http-body")]
pub use chunked::ChunkedBody;
pub use chunked::{AwsChunked, ChunkedError, ChunkedPayload, ChunkedReader, is_aws_chunked};
pub use error::Error;
pub use head::RequestHead;
pub use payload::Payload;
pub use presigned::Presigned;
pub use signer::{Signed, Signer};

pub use awsauth_core::{
    PathRule, PayloadHash, PlusSign, RepeatedParameters, Scheme, SignedHeaders, TokenPlacement,
};
pub use awsauth_credentials::{Credentials, CredentialsError, ProvideCredentials};
#[cfg(feature = "http-body")]
pub use http_body;
pub use {awsauth_core, awsauth_credentials, http};
