//! What the caller lends, and what goes wrong with it.

#[cfg(feature = "md5")]
pub(crate) mod content_md5;
pub(crate) mod credentials;
pub(crate) mod error;
pub(crate) mod payload;
pub(crate) mod request;
pub(crate) mod scheme;
pub(crate) mod time;
