use awsauth_core::verify::ClaimScope;
use awsauth_core::{ChainedStringToSign, ChunkKey, ChunkVerifyingKey, CredentialScope};

use crate::key::Sigv4aKey;
use crate::public_key::PublicKey;
use crate::signature::{ALGORITHM, Sigv4aSignature};

/// A private key with a credential scope, which signs the chunks of a body. [`Sigv4aKey::scoped`] makes one.
///
/// It is the key for [`Framing::encoder`](awsauth_core::aws_chunked::Framing::encoder) and
/// [`ChunkSigner`](awsauth_core::ChunkSigner).
#[derive(Debug, Clone, Copy)]
pub struct ScopedKey<'a> {
    key: &'a Sigv4aKey,
    scope: CredentialScope<'a>,
}

/// A public key with the credential scope of a request, which verifies the chunks of its body. The decoder that
/// [`PendingBody::decoder`](crate::PendingBody::decoder) returns holds one.
#[derive(Debug, Clone)]
pub struct ScopedPublicKey<'a> {
    key: PublicKey,
    scope: ClaimScope<'a>,
}

impl Sigv4aKey {
    /// Returns the key with the scope of a request, to sign the chunks of that request's body.
    #[must_use]
    pub fn scoped<'a>(&'a self, scope: CredentialScope<'a>) -> ScopedKey<'a> {
        ScopedKey { key: self, scope }
    }
}

impl<'a> ScopedPublicKey<'a> {
    pub(crate) fn new(key: PublicKey, scope: ClaimScope<'a>) -> Self {
        Self { key, scope }
    }
}

impl ChunkKey for ScopedKey<'_> {
    fn sign_chained(&self, string_to_sign: &ChainedStringToSign<'_, Sigv4aSignature>) -> Sigv4aSignature {
        self.key.sign_digest(&string_to_sign.sha256())
    }
}

/// Both keys verify in the same way; they differ in where their public key and their scope are.
macro_rules! verify_chunks {
    ($type:ident, |$this:ident| $public_key:expr, $scope:expr) => {
        impl ChunkVerifyingKey for $type<'_> {
            type Signature = Sigv4aSignature;

            const ALGORITHM: &'static str = ALGORITHM;

            fn scope(&self) -> CredentialScope<'_> {
                let $this = self;
                $scope
            }

            fn verify_chained(
                &self,
                string_to_sign: &ChainedStringToSign<'_, Sigv4aSignature>,
                digits: &str,
            ) -> Option<Sigv4aSignature> {
                let $this = self;
                let signature = Sigv4aSignature::parse(digits).ok()?;
                let is_valid = $public_key.verify(&string_to_sign.sha256(), &signature).is_ok();
                is_valid.then_some(signature)
            }
        }
    };
}

verify_chunks!(ScopedKey, |this| this.key.public_key(), this.scope);
verify_chunks!(ScopedPublicKey, |this| this.key, this.scope.scope());
