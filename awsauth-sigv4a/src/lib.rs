//! AWS Signature Version 4A: requests that are signed for several Regions at once, with a key pair that is derived from the
//! secret access key. `no_std`, no heap, no clock, no I/O.
//!
//! Canonical request, options and errors are those of [`awsauth_core`]; this crate adds the key and its ECDSA signatures. S3
//! Multi-Region Access Points, EventBridge's global endpoints and CloudFront KeyValueStore require it. See [AWS Signature
//! Version 4 for API requests](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html).
//!
//! ```
//! use awsauth_core::{PayloadHash, Request, Timestamp};
//! use awsauth_sigv4a::{Sigv4a, Sigv4aKey};
//!
//! let key = Sigv4aKey::derive("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?; // once for each access key: no date in it
//! let now = Timestamp::parse("20150830T123600Z")?;
//!
//! let request = Request::get("/report.csv", "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com");
//! let signed = Sigv4a::new("AKIDEXAMPLE", &key, "s3", "*").sign(&request, PayloadHash::EMPTY, now)?;
//!
//! let names: Vec<_> = signed.headers().map(|(name, _)| name).collect();
//! assert_eq!(names, ["x-amz-content-sha256", "x-amz-date", "x-amz-region-set", "authorization"]);
//! key.public_key().verify(&signed.string_to_sign().sha256(), signed.signature())?;
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

#![no_std]

#[cfg(test)]
extern crate std;

mod chunk_keys;
mod error;
mod key;
mod public_key;
mod signature;
mod signer;
mod verify;

pub use awsauth_core;
pub use chunk_keys::{ScopedKey, ScopedPublicKey};
pub use error::Error;
pub use key::Sigv4aKey;
pub use public_key::PublicKey;
pub use signature::{ALGORITHM, Sigv4aSignature};
pub use signer::Sigv4a;
pub use verify::{PendingBody, verify, verify_head};
