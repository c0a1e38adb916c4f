//! A client's request, as a signer reads and changes it.

mod added_headers;
pub(crate) mod body;
pub(crate) mod borrowed;
pub(crate) mod changes;
#[cfg(feature = "checksums")]
pub(crate) mod checksum;
pub(crate) mod content_length;
pub(crate) mod equal;
pub(crate) mod head;
mod old_signature;
pub(crate) mod render;
pub(crate) mod snapshot;
mod target;
pub(crate) mod timestamp;
pub(crate) mod token;
