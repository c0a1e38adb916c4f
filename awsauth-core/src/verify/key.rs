use crate::hash::HmacKey;
use crate::schemes::sigv4::{CredentialScope, SigningKey};

/// What a server stores of an access key: the secret access key as a `str`, or an [`HmacKey`] that was derived from it
/// for the scope of the request.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key to verify requests with",
    note = "`lookup` returns the secret access key as a `&str` or `String`, or the derived key as an `HmacKey`"
)]
pub trait VerifyingKey {
    /// Returns the signing key of `scope`. A key that was derived for another scope verifies nothing.
    fn signing_key<'a>(&self, scope: CredentialScope<'a>) -> SigningKey<'a>;
}

impl VerifyingKey for str {
    fn signing_key<'a>(&self, scope: CredentialScope<'a>) -> SigningKey<'a> {
        SigningKey::derive(self, scope)
    }
}

impl VerifyingKey for HmacKey {
    fn signing_key<'a>(&self, scope: CredentialScope<'a>) -> SigningKey<'a> {
        SigningKey::from_hmac_key(self.clone(), scope)
    }
}

impl<K: VerifyingKey + ?Sized> VerifyingKey for &K {
    fn signing_key<'a>(&self, scope: CredentialScope<'a>) -> SigningKey<'a> {
        K::signing_key(self, scope)
    }
}

#[cfg(feature = "alloc")]
impl VerifyingKey for alloc::string::String {
    fn signing_key<'a>(&self, scope: CredentialScope<'a>) -> SigningKey<'a> {
        self.as_str().signing_key(scope)
    }
}

#[cfg(feature = "alloc")]
impl<K: VerifyingKey + ?Sized> VerifyingKey for alloc::boxed::Box<K> {
    fn signing_key<'a>(&self, scope: CredentialScope<'a>) -> SigningKey<'a> {
        K::signing_key(self, scope)
    }
}

#[cfg(feature = "alloc")]
impl<K: VerifyingKey + ?Sized> VerifyingKey for alloc::sync::Arc<K> {
    fn signing_key<'a>(&self, scope: CredentialScope<'a>) -> SigningKey<'a> {
        K::signing_key(self, scope)
    }
}
