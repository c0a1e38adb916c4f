//! The types that every scheme shares: requests, payload hashes, credentials, times and errors.

#[cfg(feature = "md5")]
pub(crate) mod content_md5;
pub(crate) mod credentials;
pub(crate) mod error;
pub(crate) mod payload;
pub(crate) mod request;
pub(crate) mod scheme;
pub(crate) mod time;
