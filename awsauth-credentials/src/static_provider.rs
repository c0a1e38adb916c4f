use crate::{Credentials, CredentialsError, CredentialsFuture, ProvideCredentials};

/// Credentials given in code.
#[derive(Debug, Clone)]
pub struct StaticProvider(Credentials);

impl StaticProvider {
    /// Always gives these.
    #[must_use]
    pub fn new(credentials: Credentials) -> Self {
        Self(credentials)
    }
}

impl From<Credentials> for StaticProvider {
    fn from(credentials: Credentials) -> Self {
        Self(credentials)
    }
}

impl ProvideCredentials for StaticProvider {
    fn ready(&self) -> Option<Credentials> {
        Some(self.0.clone())
    }

    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(core::future::ready(Ok(self.0.clone())))
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        Ok(self.0.clone())
    }
}
