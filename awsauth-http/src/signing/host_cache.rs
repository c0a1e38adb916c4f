use core::array;
use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};
use awsauth_core::{Endpoint, EndpointError, Scheme};

use crate::request::equal::equal;

/// How many hosts are remembered. Signers for more buckets than this resolve some of them anew.
const SLOTS: usize = 32;
/// Longer names are no DNS names, and not worth the memory.
const MAX_HOST: usize = 260;

/// What the hosts that were signed for last stand for. Reading takes no lock.
#[derive(Debug)]
pub(crate) struct HostCache([ArcSwap<CachedHost>; SLOTS]);

#[derive(Debug)]
pub(crate) struct CachedHost {
    host: Box<str>,
    endpoint: Result<Endpoint, EndpointError>,
    region: Result<Box<str>, EndpointError>,
}

/// The result of looking a host up; it borrows from the cache.
#[derive(Debug, Default)]
pub(crate) enum HostLookup {
    #[default]
    None,
    Cached(Guard<Arc<CachedHost>>),
    Resolved(Result<Endpoint, EndpointError>),
}

/// What a host stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HostFacts<'f> {
    pub(crate) signing_name: &'static str,
    pub(crate) scheme: Scheme,
    pub(crate) region: Result<&'f str, EndpointError>,
}

impl HostCache {
    /// Does what [`Endpoint::resolve`] does.
    #[inline]
    pub(crate) fn find(&self, host: &str, path: &str, lookup: &mut HostLookup) {
        let Some(slot) = self.0.get(slot_of(host)) else {
            *lookup = HostLookup::Resolved(Endpoint::resolve(host, path));
            return;
        };
        let known = slot.load();
        *lookup = match equal(known.host.as_bytes(), host.as_bytes()) {
            true => HostLookup::Cached(known),
            false => HostLookup::Resolved(resolve_into(slot, host, path)),
        };
    }
}

#[cold]
fn resolve_into(slot: &ArcSwap<CachedHost>, host: &str, path: &str) -> Result<Endpoint, EndpointError> {
    let (endpoint, by_path) = Endpoint::resolve_noting_path(host, path);
    if !by_path && host.len() <= MAX_HOST {
        slot.store(Arc::new(CachedHost::new(host, endpoint)));
    }
    endpoint
}

impl HostLookup {
    #[inline]
    pub(crate) fn facts(&self) -> Result<HostFacts<'_>, EndpointError> {
        let (endpoint, region) = match self {
            Self::None => return Err(EndpointError::UnknownHost),
            Self::Cached(known) => (known.endpoint.as_ref(), known.region.as_deref().map_err(|error| *error)),
            Self::Resolved(endpoint) => {
                let region = endpoint.as_ref().map_err(|error| *error).and_then(Endpoint::region_name);
                (endpoint.as_ref(), region)
            }
        };
        let endpoint = endpoint.map_err(|error| *error)?;
        let (signing_name, scheme) = (endpoint.signing_name(), Scheme::for_endpoint(endpoint));
        Ok(HostFacts { signing_name, scheme, region })
    }
}

impl Default for HostCache {
    fn default() -> Self {
        let none = Arc::new(CachedHost::new("", Endpoint::resolve("", "")));
        Self(array::from_fn(|_| ArcSwap::new(Arc::clone(&none))))
    }
}

impl CachedHost {
    fn new(host: &str, endpoint: Result<Endpoint, EndpointError>) -> Self {
        let region = endpoint.and_then(|endpoint| endpoint.region_name().map(Box::from));
        Self { host: host.into(), endpoint, region }
    }
}

/// Two hosts in one slot only evict each other, so the hash may be as simple as this.
fn slot_of(host: &str) -> usize {
    let (words, _) = host.as_bytes().as_chunks::<8>();
    let mix = |hash: u64, word: &[u8; 8]| hash.rotate_left(11) ^ u64::from_le_bytes(*word);
    let hash = words.iter().chain(host.as_bytes().last_chunk()).fold(0, mix);
    usize::from(hash.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()[0]) % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hosts of all kinds: of S3 and others, with and without a region, by path, unknown, none at all.
    const HOSTS: &[&str] = &[
        "bucket.s3.eu-west-1.amazonaws.com",
        "Bucket.S3.eu-west-1.amazonaws.com",
        "bucket.s3-accelerate.amazonaws.com",
        "sqs.eu-west-1.amazonaws.com",
        "sqs.eu-west-1.amazonaws.com:443",
        "id-ats.iot.us-east-1.amazonaws.com",
        "maps.geo.us-east-1.amazonaws.com",
        "transcribestreaming.us-east-1.amazonaws.com",
        "nosuchservice.us-east-1.amazonaws.com",
        "files.example.com",
        "127.0.0.1:9000",
        "user@host",
        "",
    ];
    const PATHS: &[&str] = &["/", "/key", "/mqtt", "/maps/v0/maps/name/tiles/1", "/stream-transcription", ""];

    #[test]
    fn returns_what_the_table_says_whatever_was_looked_up_before() {
        let cache = HostCache::default();
        let buckets = (0..100).map(|number| format!("bucket-{number}.s3.eu-west-1.amazonaws.com"));
        let hosts: Vec<_> = HOSTS.iter().map(|host| (*host).to_owned()).chain(buckets).collect();
        for path in PATHS.iter().chain(PATHS.iter().rev()) {
            for host in &hosts {
                for _ in 0..2 {
                    let mut lookup = HostLookup::default();
                    cache.find(host, path, &mut lookup);
                    let resolved = HostLookup::Resolved(Endpoint::resolve(host, path));
                    assert_eq!(lookup.facts(), resolved.facts(), "{host}{path}");
                }
            }
        }
    }

    #[test]
    fn all_slots_are_used() {
        let mut used = [false; SLOTS];
        for number in 0..500 {
            used[slot_of(&format!("bucket-{number}.s3.eu-west-1.amazonaws.com"))] = true;
        }
        assert!(used.iter().all(|used| *used), "{used:?}");
    }
}
