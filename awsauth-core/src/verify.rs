//! Verifies requests that others have signed: the same canonical form, read from the other side.
//!
//! A [`VerifyPolicy`] says what a server accepts. [`VerifyPolicy::verify`] verifies a request in one call. Where the
//! key comes from a database, [`VerifyPolicy::claim`] reads what the request claims, and [`Claim::verify`] checks it
//! with the key. Where the body is still to come, or comes in chunks or messages, [`VerifyPolicy::verify_head`] returns
//! a [`PendingBody`], which gives a [`Verified`] only after the body has been checked. Signatures are compared in
//! constant time. Time and memory are linear in the length of the request.
//!
//! What is verified is the canonical form. **Route by it**: by [`Claim::canonical_path`], because the request's own
//! path may be another way to write it (`/public/../admin`). [`VerifyPolicy::new`] refuses such paths, except for S3's
//! family, whose keys are opaque. A request's `host` header and its authority, if it has one, are the same host: route
//! by [`Verified::host`].
//!
//! A signature does not identify a request: the same request can be signed twice at one instant, and an ECDSA signature
//! (Signature Version 4A) can be turned into another valid one. To refuse replays, remember the string to sign.
//!
//! ```
//! use awsauth_core::verify::{VerifyPolicy, Refusal};
//! use awsauth_core::{Header, Request, Timestamp, sha256};
//!
//! # let headers = [
//! #     Header::new("host", b"examplebucket.s3.amazonaws.com"),
//! #     Header::new("range", b"bytes=0-9"),
//! #     Header::new("x-amz-content-sha256", b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
//! #     Header::new("x-amz-date", b"20130524T000000Z"),
//! #     Header::new("authorization", b"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
//! #     SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,\
//! #     Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
//! # ];
//! # let received = Request::get("/test.txt", "examplebucket.s3.amazonaws.com").headers(&headers);
//! # let (body, now) = (b"", Timestamp::parse("20130524T000000Z")?);
//! let policy = VerifyPolicy::new("s3", "us-east-1");
//! let verified = policy.verify(&received, Some(sha256(body)), now, |claim| match claim.access_key_id() {
//!     "AKIAIOSFODNN7EXAMPLE" => Some("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), // or the day's key, an `HmacKey`
//!     _ => None,
//! });
//! match verified {
//!     Ok(verified) => assert_eq!(verified.access_key_id(), "AKIAIOSFODNN7EXAMPLE"),
//!     Err(refusal) => panic!("{} {}: {refusal}", refusal.http_status(), refusal.aws_error_code()),
//! }
//! # Ok::<(), awsauth_core::Error>(())
//! ```

mod asymmetric;
mod authorization;
mod awaited_signature;
mod chunks;
mod claim;
mod credential;
mod events;
mod form;
mod headers;
mod host;
mod key;
mod legacy;
#[cfg(feature = "s3-legacy")]
mod legacy_form;
#[cfg(test)]
mod linear;
mod part_name;
mod path;
mod payload;
mod pending;
mod policy;
mod presented_signature;
mod presigned;
mod reading;
mod refusal;
mod region_set;
#[cfg(feature = "s3-legacy")]
mod s3_legacy;
#[cfg(feature = "s3-legacy")]
mod s3_parameters;
mod scope_and_time;
mod sigv2;
mod token;
mod verified;
mod verify_request;

pub use crate::canonical::header_list::SignedHeaderName;
pub use asymmetric::{AsymmetricClaim, PendingAsymmetric, VerifiedAsymmetric};
pub use awaited_signature::AwaitedSignature;
pub use chunks::ChunkVerifier;
pub use claim::Claim;
pub use events::{Event, EventVerifier};
pub use form::VerifiedForm;
pub use host::SignedHost;
pub use key::VerifyingKey;
pub use legacy::VerifiedLegacy;
#[cfg(feature = "s3-legacy")]
pub use legacy_form::VerifiedLegacyForm;
pub use part_name::PartName;
pub use path::CanonicalPath;
pub use pending::{
    BodyDecoder, ClaimKey, ClaimScope, PendingBody, PendingChunks, PendingEvents, PendingHash,
};
#[cfg(feature = "s3-legacy")]
pub use policy::UnknownParameters;
pub use policy::{MissingPayloadHash, NonCanonicalPath, StreamingPayload, UnsignedPayload, VerifyPolicy};
pub use refusal::Refusal;
pub use region_set::RegionSet;
pub use token::SessionToken;
pub use verified::Verified;
