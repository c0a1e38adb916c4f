use alloc::boxed::Box;

use super::chunk::{ChainedStringToSign, ChunkKey, ChunkVerifyingKey};
use super::scope::CredentialScope;
use super::signature::Signature;
use super::signing_key::{ALGORITHM, SigningKey};
use crate::hash::HmacKey;
use crate::vocabulary::time::Date;

/// A signing key that owns its scope, for what outlives the request: a body whose chunks are signed while it is sent.
///
/// It is wiped on drop, and `Debug` shows no key.
#[derive(Debug, Clone)]
pub struct OwnedSigningKey {
    date: Date,
    region: Option<Box<str>>,
    service: Box<str>,
    hmac: HmacKey,
}

impl SigningKey<'_> {
    /// Returns a copy of the key that borrows nothing.
    #[must_use]
    pub fn to_owned_key(&self) -> OwnedSigningKey {
        let scope = self.scope();
        OwnedSigningKey {
            date: scope.date(),
            region: scope.region().map(Box::from),
            service: scope.service().into(),
            hmac: self.hmac_key().clone(),
        }
    }
}

impl OwnedSigningKey {
    /// Borrows the key, for signing requests.
    #[must_use]
    pub fn signing_key(&self) -> SigningKey<'_> {
        SigningKey::from_hmac_key(self.hmac.clone(), ChunkVerifyingKey::scope(self))
    }
}

impl ChunkVerifyingKey for OwnedSigningKey {
    type Signature = Signature;

    const ALGORITHM: &'static str = ALGORITHM;

    fn scope(&self) -> CredentialScope<'_> {
        CredentialScope { date: self.date, region: self.region.as_deref(), service: &self.service }
    }

    fn verify_chained(&self, string_to_sign: &ChainedStringToSign<'_>, digits: &str) -> Option<Signature> {
        self.signing_key().verify_chained(string_to_sign, digits)
    }
}

impl ChunkKey for OwnedSigningKey {
    fn sign_chained(&self, string_to_sign: &ChainedStringToSign<'_>) -> Signature {
        Signature::from_bytes(self.hmac.mac_with(|mac| string_to_sign.render(mac)))
    }
}
