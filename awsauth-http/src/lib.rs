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
//! Sign last: what is added to a request later is not signed, and S3 refuses `x-amz-*` headers that are not.
//!
//! # Features
//!
//! - `s3-legacy`: S3's scheme before Signature Version 4; adds `sha1`.
//! - `sigv4a`: Signature Version 4A, for several regions at once; adds `awsauth-sigv4a`.

mod body;
mod changes;
mod endpoint;
mod error;
mod head;
mod key_cache;
mod lent;
mod post_form;
mod presigned;
mod render;
mod schemes;
mod sign_body;
mod signed;
mod signer;

#[doc = include_str!("../docs/from-go-aws-auth.md")]
pub mod migration {}

pub use body::BodyBytes;
pub use error::Error;
pub use head::RequestHead;
pub use post_form::{PostForm, PostPolicy};
pub use presigned::Presigned;
#[cfg(feature = "s3-legacy")]
pub use schemes::s3_legacy::S3Bucket;
pub use signed::{Signature, Signed};
pub use signer::Signer;

pub use awsauth_core::{
    PathRule, PayloadHash, PlusSign, RepeatedParameters, Scheme, SignedHeaders, TokenPlacement,
};
pub use awsauth_credentials::{Credentials, CredentialsError, ProvideCredentials};
#[cfg(feature = "sigv4a")]
pub use awsauth_sigv4a;
pub use {awsauth_core, awsauth_credentials, http};
