use std::sync::Arc;

use arc_swap::ArcSwap;
use awsauth_core::{ChunkVerifyingKey, CredentialScope, OwnedSigningKey, SigningKey, Timestamp};
use awsauth_credentials::Credentials;
use http::HeaderValue;

use super::check::check;
use crate::request::equal::equal;
use crate::request::token;

/// How many keys are kept. A signer for more scopes than this derives some keys anew.
const CAPACITY: usize = 32;

/// The signing keys in use. Reading takes no lock. A missing key is derived, and published by copying the list.
#[derive(Debug, Default)]
pub(crate) struct KeyCache {
    keys: ArcSwap<Vec<Arc<CachedKey>>>,
}

/// A signing key, with all that it depends on.
#[derive(Debug)]
pub(crate) struct CachedKey {
    credentials: Credentials,
    day: Day,
    key: OwnedSigningKey,
    token: Option<HeaderValue>,
}

/// The number of a day. It is cheaper than the date, which only a new key needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
struct Day(u64);

impl KeyCache {
    /// The key of these credentials for the scope of this day.
    pub(crate) fn get(
        &self,
        credentials: &Credentials,
        now: Timestamp,
        region: &str,
        service: &str,
    ) -> Result<Arc<CachedKey>, awsauth_core::Error> {
        let day = Day::of(now);
        let keys = self.keys.load();
        if let Some(key) = keys.iter().find(|key| key.is_for(credentials, day, region, service)) {
            return Ok(Arc::clone(key));
        }
        let scope = CredentialScope::new(now.date(), region, service)?;
        check(credentials)?;
        let key = Arc::new(CachedKey {
            credentials: credentials.clone(),
            day,
            key: SigningKey::derive(credentials.secret_access_key(), scope).to_owned_key(),
            token: token::shared(credentials),
        });
        self.keys.rcu(|keys| {
            // The newest first, without yesterday's keys.
            let kept = keys.iter().filter(|kept| kept.day >= day).take(CAPACITY - 1);
            core::iter::once(&key).chain(kept).cloned().collect::<Vec<_>>()
        });
        Ok(key)
    }
}

impl Day {
    fn of(time: Timestamp) -> Self {
        Self(time.unix_seconds() / 86_400)
    }
}

impl CachedKey {
    pub(crate) fn region(&self) -> &str {
        self.key.scope().region().unwrap_or_default()
    }

    pub(crate) fn service(&self) -> &str {
        self.key.scope().service()
    }

    pub(crate) fn signing_key(&self) -> SigningKey<'_> {
        self.key.signing_key()
    }

    /// The session token of these credentials, which the key must be for.
    pub(crate) fn token(&self, credentials: &Credentials) -> Option<HeaderValue> {
        if self.credentials.same_as(credentials) { self.token.clone() } else { token::copied(credentials) }
    }

    fn is_for(&self, credentials: &Credentials, day: Day, region: &str, service: &str) -> bool {
        let same_secret = || {
            self.credentials.same_as(credentials)
                || self.credentials.secret_access_key() == credentials.secret_access_key()
        };
        self.day == day
            && equal(self.region().as_bytes(), region.as_bytes())
            && equal(self.service().as_bytes(), service.as_bytes())
            && same_secret()
    }
}
