use core::fmt;
use core::hash::{Hash, Hasher};

use subtle::ConstantTimeEq;

use super::scope::CredentialScope;
use super::string_to_sign::StringToSign;
use crate::hash::{self, HmacKey, Sha256};
use crate::text::hex;
use crate::text::sink::Sink;
use crate::text::writer::Writer;
use crate::vocabulary::error::Error;

/// The key of one day, region and service, derived from the secret once, to sign many times.
///
/// It is wiped on drop, and `Debug` shows its scope alone. A device may be given a key of the day without the secret.
#[derive(Debug, Clone)]
pub struct SigningKey<'a> {
    scope: CredentialScope<'a>,
    hmac: HmacKey,
}

/// A signature: 32 bytes, which print as 64 lower-case hex digits. Two compare in a time that does not tell where they differ.
#[derive(Clone, Copy, Eq)]
pub struct Signature([u8; 32]);

impl<'a> SigningKey<'a> {
    /// Derives the key of `scope` from a secret access key: four HMACs (AWS: "Derive a signing key").
    ///
    /// The secret is taken as it is: trim what comes out of a file. [`Credentials::new`](crate::Credentials::new) says
    /// whether one can be right.
    #[must_use]
    #[inline(never)]
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

    /// From a key that was derived elsewhere: the 32 bytes of the last HMAC.
    #[must_use]
    pub fn from_derived(derived: &[u8; 32], scope: CredentialScope<'a>) -> Self {
        Self { scope, hmac: HmacKey::new(derived) }
    }

    /// From a key that [`hmac_key`](Self::hmac_key) gave, for caches: the scope must be the one that it had.
    #[must_use]
    pub fn from_hmac_key(hmac: HmacKey, scope: CredentialScope<'a>) -> Self {
        Self { scope, hmac }
    }

    /// The key without its scope, which borrows nothing.
    #[must_use]
    pub fn hmac_key(&self) -> &HmacKey {
        &self.hmac
    }

    /// The scope that the key is for.
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
            return Signature(digest);
        }
        self.sign(&string_to_sign(digest_of(render)))
    }

    #[inline]
    pub(crate) fn sign_with(&self, render: impl FnOnce(&mut Sha256)) -> Signature {
        Signature(self.hmac.mac_with(render))
    }
}

/// Its stack is free again before signing needs its own.
#[inline(never)]
fn digest_of(render: impl FnOnce(&mut Writer<'_>)) -> [u8; 32] {
    hash::sha256_of(render)
}

impl Signature {
    /// From its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// From its 64 lower-case hex digits.
    ///
    /// # Errors
    /// [`Error::MalformedSignature`] if it is anything else.
    pub fn parse(digits: &str) -> Result<Self, Error> {
        hex::decode(digits.as_bytes()).map(Self).ok_or(Error::MalformedSignature)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether the two are equal, in a time that does not tell where they differ: what `==` says.
    #[must_use]
    pub fn ct_eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }

    /// Its 64 hex digits.
    #[must_use]
    pub fn to_hex(&self) -> [u8; 64] {
        hex::encode(&self.0)
    }
}

impl PartialEq for Signature {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other)
    }
}

impl Hash for Signature {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(core::str::from_utf8(&self.to_hex()).unwrap_or_default())
    }
}

/// Without its digits: whoever has them can send the request.
impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(..)")
    }
}
