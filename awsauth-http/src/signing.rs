//! The signer: its settings, what it signs for, and with which key.

pub(crate) mod caches;
pub(crate) mod clock_skew;
pub(crate) mod destination;
pub(crate) mod host_cache;
pub(crate) mod key_cache;
pub(crate) mod payload_rules;
pub(crate) mod post_form;
mod presign;
pub(crate) mod presigned;
#[cfg(feature = "s3-legacy")]
pub(crate) mod s3_bucket;
pub(crate) mod schemes;
pub(crate) mod settings;
mod sign;
pub(crate) mod signed;
pub(crate) mod signer;
pub(crate) mod signing_override;
