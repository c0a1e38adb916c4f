use std::sync::Arc;

use arc_swap::ArcSwap;
use awsauth_credentials::Credentials;
use awsauth_sigv4a::Sigv4aKey;

use super::check::check;
use crate::error::Error;

/// How many keys are kept. A signer with more credentials than this derives some keys anew.
const CAPACITY: usize = 8;

/// The private keys of Signature Version 4A in use, which depend only on the credentials. Reading takes no lock.
#[derive(Debug, Default)]
pub(crate) struct Sigv4aKeyCache(ArcSwap<Vec<Arc<CachedKey>>>);

#[derive(Debug)]
struct CachedKey {
    credentials: Credentials,
    key: Sigv4aKey,
}

impl Sigv4aKeyCache {
    /// The key of these credentials.
    pub(crate) fn get(&self, credentials: &Credentials) -> Result<Sigv4aKey, Error> {
        let keys = self.0.load();
        if let Some(cached) = keys.iter().find(|cached| cached.is_of(credentials)) {
            return Ok(cached.key.clone());
        }
        check(credentials)?;
        let (id, secret) = (credentials.access_key_id(), credentials.secret_access_key());
        // The only error of a derivation, which does not happen in practice.
        let key = Sigv4aKey::derive(id, secret).map_err(|_| Error::KeyNotDerivable)?;
        let cached = Arc::new(CachedKey { credentials: credentials.clone(), key: key.clone() });
        self.0.rcu(|keys| {
            let kept = keys.iter().take(CAPACITY - 1);
            core::iter::once(&cached).chain(kept).cloned().collect::<Vec<_>>()
        });
        Ok(key)
    }
}

impl CachedKey {
    fn is_of(&self, credentials: &Credentials) -> bool {
        self.credentials.same_as(credentials)
            || (self.credentials.access_key_id() == credentials.access_key_id()
                && self.credentials.secret_access_key() == credentials.secret_access_key())
    }
}
