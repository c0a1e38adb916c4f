//! Signing keys that have been derived.

mod check;
mod sigv4;
#[cfg(feature = "sigv4a")]
mod sigv4a;

pub(crate) use sigv4::{CachedKey, KeyCache};
#[cfg(feature = "sigv4a")]
pub(crate) use sigv4a::Sigv4aKeyCache;
