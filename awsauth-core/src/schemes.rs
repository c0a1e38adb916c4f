//! The signing schemes, a folder each, and what the older ones share (`legacy`).

pub(crate) mod legacy;
pub mod post_policy;
#[cfg(feature = "s3-legacy")]
pub mod s3_legacy;
pub mod sigv2;
pub mod sigv3;
pub(crate) mod sigv4;
