//! Forms with which a browser uploads to S3 by itself (see [Browser-Based Uploads Using
//! POST](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-UsingHTTPPOST.html)).
//!
//! ```
//! use awsauth_core::post_policy::{Condition, Field};
//! use awsauth_core::{CredentialScope, PostPolicy, SigningKey, Sigv4, Timestamp};
//!
//! let now = Timestamp::parse("20151229T000000Z")?;
//! let scope = CredentialScope::new(now.date(), "us-east-1", "s3")?;
//! let key = SigningKey::derive("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", scope);
//!
//! let fields = [Field::new("acl", "public-read"), Field::new("success_action_status", "201")];
//! let conditions = [Condition::starts_with("Content-Type", "image/")];
//! let form = PostPolicy::key_prefix("examplebucket", "user/user1/", now.plus_seconds(3_600)?)
//!     .fields(&fields)
//!     .conditions(&conditions)
//!     .content_length_range(1, 1_048_576)
//!     .sign(&Sigv4::new("AKIAIOSFODNN7EXAMPLE", &key), now)?;
//!
//! for (name, value) in form.fields() {
//!     println!("{name}={value}"); // in this order, then the fields of `conditions`, and `file` last
//! }
//! # Ok::<(), awsauth_core::Error>(())
//! ```

mod authentication;
mod check;
mod json;
mod policy;
mod signed;

pub use policy::{Condition, Field, PostPolicy};
pub use signed::{EncodedPolicy, FieldValue, PolicyJson, SignedPolicy, sign_policy};

#[cfg(test)]
mod tests;
