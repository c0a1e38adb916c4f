use core::fmt::Debug;
use core::future::Future;
use core::pin::Pin;
use std::sync::Arc;

use crate::credentials::Credentials;
use crate::error::CredentialsError;

/// The future that [`ProvideCredentials::provide`] returns.
pub type CredentialsFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Credentials, CredentialsError>> + Send + 'a>>;

/// A provider that signers, caches and chains share.
pub type SharedProvider = Arc<dyn ProvideCredentials>;

/// A provider of credentials, for async and for blocking callers.
///
/// Signers first call [`ready`](Self::ready), which does not wait and needs no future. Only where it returns `None` do they
/// call one of the other two.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a provider of AWS credentials",
    note = "pass `Credentials`, a provider such as `CachedProvider`, or an `Arc` of one; a type of your own implements \
            `ProvideCredentials`"
)]
#[doc(alias = "CredentialsProvider")]
#[doc(alias = "AwsCredentialsProvider")]
pub trait ProvideCredentials: Debug + Send + Sync {
    /// Returns the credentials that are in memory, without waiting; `None` where they must be fetched.
    fn ready(&self) -> Option<Credentials> {
        None
    }

    /// Returns credentials to async callers. The future's errors are those of
    /// [`provide_blocking`](Self::provide_blocking).
    fn provide(&self) -> CredentialsFuture<'_>;

    /// Returns credentials to blocking callers.
    ///
    /// # Errors
    /// [`CredentialsError`] if the provider has none; its [kind](CredentialsError::kind) and
    /// [detail](CredentialsError::detail) say why and what to change.
    fn provide_blocking(&self) -> Result<Credentials, CredentialsError>;

    /// Reports that a service refused these credentials as expired or unknown, so that the next call fetches new ones. Has
    /// no effect if the provider has fetched others since, or caches none.
    fn invalidate(&self, _refused: &Credentials) {}
}

impl<P: ProvideCredentials + ?Sized> ProvideCredentials for Arc<P> {
    fn ready(&self) -> Option<Credentials> {
        self.as_ref().ready()
    }

    fn provide(&self) -> CredentialsFuture<'_> {
        self.as_ref().provide()
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        self.as_ref().provide_blocking()
    }

    fn invalidate(&self, refused: &Credentials) {
        self.as_ref().invalidate(refused);
    }
}
