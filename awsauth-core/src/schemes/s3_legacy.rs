//! S3's scheme before Signature Version 4: `AWS AKIDEXAMPLE:signature`, HMAC-SHA1 (see [Signing and authenticating REST
//! requests](https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html), which has presigned URLs too).
//!
//! Regions and buckets older than 2020 still accept it, and so do S3-compatible stores.
//!
//! ```
//! use awsauth_core::{Credentials, Request, S3Legacy, Timestamp};
//!
//! let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")?;
//! let request = Request::get("/photos/puppy.jpg", "johnsmith.s3.amazonaws.com");
//! let now = Timestamp::from_unix(1_175_139_560)?;
//! let link = S3Legacy::new(credentials).presign(&request, now, 60)?;
//! assert_eq!(
//!     link.target().to_string(),
//!     "/photos/puppy.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Expires=1175139620\
//!      &Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D"
//! );
//! # Ok::<(), awsauth_core::Error>(())
//! ```

mod bucket;
mod resource;
mod signed;
mod signer;
mod subresources;

pub use bucket::Bucket;
pub(crate) use signed::DateLine;
pub use signed::{Signed, StringToSign, Target};
pub use signer::{S3Legacy, sign_policy};
pub(crate) use subresources::Subresources;

#[cfg(test)]
mod tests;
