use super::scope::CredentialScope;
use super::signature::Signature;
use super::string_to_sign::StringToSign;
use crate::hash::{self, HmacKey, Sha256};
use crate::text::sink::ByteSink;
use crate::text::writer::Writer;

/// The algorithm's name in string to sign, header and query.
pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// A signing key: derived once from a secret for one day, region and service, to sign many requests.
///
/// It is wiped on drop, and `Debug` shows its scope alone. A device may be given the key of the day without the secret.
#[derive(Debug, Clone)]
pub struct SigningKey<'a> {
    scope: CredentialScope<'a>,
    hmac: HmacKey,
}

impl<'a> SigningKey<'a> {
    /// Derives the key of `scope` from a secret access key, by four HMACs (see [Create a signed AWS API
    /// request](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html)).
    ///
    /// The secret is not trimmed: trim what comes out of a file. [`Credentials::new`](crate::Credentials::new) checks a
    /// secret.
    #[must_use]
    #[inline(never)]
    #[doc(alias = "kSigning")]
    pub fn derive(secret_access_key: &str, scope: CredentialScope<'a>) -> Self {
        let date = scope.date();
        let steps: [&[u8]; 4] = [
            date.as_bytes(),
            scope.region().unwrap_or_default().as_bytes(),
            scope.service().as_bytes(),
            b"aws4_request",
        ];
        let hmac = HmacKey::made_by(|key, hasher| {
            let mut derived = [0; 32];
            key.prepare(&[b"AWS4", secret_access_key.as_bytes()], hasher);
            for step in steps {
                key.mac_with_hasher(hasher, |mac| Writer::put(mac, step), &mut derived);
                key.prepare(&[&derived], hasher);
            }
            hash::wipe(&mut derived);
        });
        Self { scope, hmac }
    }

    /// Creates a key from one that was derived elsewhere: the 32 bytes of the last HMAC.
    #[must_use]
    pub fn from_derived(derived: &[u8; 32], scope: CredentialScope<'a>) -> Self {
        Self { scope, hmac: HmacKey::new(derived) }
    }

    /// Creates a key from [`hmac_key`](Self::hmac_key), for caches: `scope` must be the scope that it was derived for.
    #[must_use]
    pub fn from_hmac_key(hmac: HmacKey, scope: CredentialScope<'a>) -> Self {
        Self { scope, hmac }
    }

    /// Returns the key without its scope, which borrows nothing.
    #[must_use]
    pub fn hmac_key(&self) -> &HmacKey {
        &self.hmac
    }

    /// Returns the scope of the key.
    #[must_use]
    pub const fn scope(&self) -> CredentialScope<'a> {
        self.scope
    }

    /// Signs a string to sign.
    #[must_use]
    #[inline(never)]
    pub fn sign(&self, string_to_sign: &StringToSign<'_>) -> Signature {
        self.sign_with(|mac| string_to_sign.render(mac))
    }

    /// Signs a canonical request, which `render` writes, by the string to sign of its digest.
    #[inline]
    pub(super) fn sign_rendered<'s>(
        &self,
        render: impl FnOnce(&mut Writer<'_>),
        string_to_sign: impl FnOnce([u8; 32]) -> StringToSign<'s>,
    ) -> Signature {
        if cfg!(target_pointer_width = "64") {
            // One hasher does for both.
            let mut hasher = Sha256::initial();
            render(&mut hasher);
            let mut digest = [0; 32];
            hasher.finish_into(&mut digest);
            let string_to_sign = string_to_sign(digest);
            self.hmac.mac_with_hasher(&mut hasher, |mac| string_to_sign.render(mac), &mut digest);
            hasher.wipe();
            return Signature::from_bytes(digest);
        }
        self.sign(&string_to_sign(digest_of(render)))
    }

    #[inline]
    pub(crate) fn sign_with(&self, render: impl FnOnce(&mut Sha256)) -> Signature {
        Signature::from_bytes(self.hmac.mac_with(render))
    }
}

/// Its stack is free again before signing needs its own.
#[inline(never)]
fn digest_of(render: impl FnOnce(&mut Writer<'_>)) -> [u8; 32] {
    hash::sha256_of(render)
}
