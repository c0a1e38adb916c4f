use super::host_cache::HostCache;
use super::key_cache::KeyCache;
#[cfg(feature = "sigv4a")]
use super::key_cache::Sigv4aKeyCache;

/// What clones of a signer share.
#[derive(Debug, Default)]
pub(crate) struct Caches {
    pub(crate) hosts: HostCache,
    pub(crate) keys: KeyCache,
    #[cfg(feature = "sigv4a")]
    pub(crate) sigv4a_keys: Sigv4aKeyCache,
}
