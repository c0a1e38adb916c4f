//! A client's request as a signer reads and changes it.

pub(crate) mod added_headers;
pub(crate) mod body;
pub(crate) mod changes;
#[cfg(feature = "checksums")]
pub(crate) mod checksum;
pub(crate) mod content_length;
pub(crate) mod equal;
pub(crate) mod head;
pub(crate) mod lent;
pub(crate) mod old_signature;
pub(crate) mod payload;
pub(crate) mod render;
pub(crate) mod snapshot;
pub(crate) mod target;
pub(crate) mod token;
