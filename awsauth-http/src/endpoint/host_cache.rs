use core::array;
use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};
use crate::equal::equal;
use awsauth_core::{Endpoint, EndpointError, Scheme};

/// Hosts that are remembered, one in each place: who signs for more buckets than this resolves some of them anew.
const PLACES: usize = 32;
/// What is longer is no DNS name, and not worth the room.
const MAX_HOST: usize = 260;

/// What hosts stand for, of those last signed for. Reading takes no lock.
#[derive(Debug)]
pub(crate) struct HostCache([ArcSwap<KnownHost>; PLACES]);

#[derive(Debug)]
struct KnownHost {
    host: Box<str>,
    endpoint: Result<Endpoint, EndpointError>,
    region: Result<Box<str>, EndpointError>,
}

/// What a host stands for.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) signing_name: &'static str,
    pub(crate) scheme: Scheme,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Cached(Guard<Arc<KnownHost>>),
    Anew(Endpoint),
}

impl HostCache {
    /// As [`Endpoint::resolve`].
    #[inline]
    pub(crate) fn resolve(&self, host: &str, path: &str) -> Result<Resolved, EndpointError> {
        let Some(place) = self.0.get(place_of(host)) else {
            return Endpoint::resolve(host, path).map(Resolved::anew);
        };
        let known = place.load();
        if equal(known.host.as_bytes(), host.as_bytes()) {
            return Resolved::cached(known);
        }
        Self::resolve_into(place, host, path)
    }

    #[cold]
    fn resolve_into(
        place: &ArcSwap<KnownHost>,
        host: &str,
        path: &str,
    ) -> Result<Resolved, EndpointError> {
        let (endpoint, by_path) = Endpoint::resolve_noting_path(host, path);
        if !by_path && host.len() <= MAX_HOST {
            place.store(Arc::new(KnownHost::new(host, endpoint)));
        }
        endpoint.map(Resolved::anew)
    }
}

impl Default for HostCache {
    fn default() -> Self {
        let none = Arc::new(KnownHost::new("", Endpoint::resolve("", "")));
        Self(array::from_fn(|_| ArcSwap::new(Arc::clone(&none))))
    }
}

impl KnownHost {
    fn new(host: &str, endpoint: Result<Endpoint, EndpointError>) -> Self {
        let region = endpoint.and_then(|endpoint| endpoint.region_name().map(Box::from));
        Self { host: host.into(), endpoint, region }
    }
}

impl Resolved {
    /// As [`Endpoint::region_name`].
    pub(crate) fn region_name(&self) -> Result<&str, EndpointError> {
        match &self.source {
            Source::Cached(known) => known.region.as_deref().map_err(|error| *error),
            Source::Anew(endpoint) => endpoint.region_name(),
        }
    }

    fn cached(known: Guard<Arc<KnownHost>>) -> Result<Self, EndpointError> {
        let endpoint = known.endpoint.as_ref().map_err(|error| *error)?;
        let (signing_name, scheme) = (endpoint.signing_name(), Scheme::for_endpoint(endpoint));
        Ok(Self { signing_name, scheme, source: Source::Cached(known) })
    }

    fn anew(endpoint: Endpoint) -> Self {
        let scheme = Scheme::for_endpoint(&endpoint);
        Self { signing_name: endpoint.signing_name(), scheme, source: Source::Anew(endpoint) }
    }
}

/// Two hosts of one place only push each other out, so the hash may be as simple as this.
fn place_of(host: &str) -> usize {
    let (words, _) = host.as_bytes().as_chunks::<8>();
    let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
    let hash = words.iter().fold(host.len() as u64, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    let end = host.as_bytes().last_chunk().map_or(0, |word| u64::from_le_bytes(*word));
    usize::from(mix(hash, end).to_le_bytes()[0]) % PLACES
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
    fn answers_as_the_table_does_whatever_was_asked_before() {
        let cache = HostCache::default();
        let buckets = (0..100).map(|number| format!("bucket-{number}.s3.eu-west-1.amazonaws.com"));
        let hosts: Vec<_> = HOSTS.iter().map(|host| (*host).to_owned()).chain(buckets).collect();
        for path in PATHS.iter().chain(PATHS.iter().rev()) {
            for host in &hosts {
                for _ in 0..2 {
                    let resolved = cache.resolve(host, path);
                    let resolved = resolved.as_ref().map(facts).map_err(|error| *error);
                    let endpoint = Endpoint::resolve(host, path).map(Resolved::anew);
                    let endpoint = endpoint.as_ref().map(facts).map_err(|error| *error);
                    assert_eq!(resolved, endpoint, "{host}{path}");
                }
            }
        }
    }

    fn facts(resolved: &Resolved) -> (&str, Scheme, Result<&str, EndpointError>) {
        (resolved.signing_name, resolved.scheme, resolved.region_name())
    }

    #[test]
    fn places_are_all_in_use() {
        let mut used = [false; PLACES];
        for number in 0..500 {
            used[place_of(&format!("bucket-{number}.s3.eu-west-1.amazonaws.com"))] = true;
        }
        assert!(used.iter().all(|used| *used), "{used:?}");
    }
}
