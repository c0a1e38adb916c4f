use core::fmt::Debug;
use core::future::Future;
use core::pin::Pin;
use std::sync::Arc;

use crate::credentials::Credentials;
use crate::error::CredentialsError;

/// What [`ProvideCredentials::provide`] returns.
pub type CredentialsFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Credentials, CredentialsError>> + Send + 'a>>;

/// A provider that signers, caches and chains share.
pub type SharedProvider = Arc<dyn ProvideCredentials>;

/// A source of credentials, for async and for blocking callers.
///
/// Signers first ask [`ready`](Self::ready), which waits for nobody and needs no future, and only where it has nothing
/// one of the other two.
pub trait ProvideCredentials: Debug + Send + Sync {
    /// Credentials that are at hand, without waiting; `None` where the source must be asked.
    fn ready(&self) -> Option<Credentials> {
        None
    }

    /// Credentials, for async callers.
    fn provide(&self) -> CredentialsFuture<'_>;

    /// Credentials, for blocking callers.
    ///
    /// # Errors
    /// What kept the source from giving any; see [`CredentialsError`].
    fn provide_blocking(&self) -> Result<Credentials, CredentialsError>;

    /// Tells the source that a service refused these credentials as expired or unknown, so that the next call fetches.
    /// Ignored where other credentials have come since, and by sources that keep none.
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
