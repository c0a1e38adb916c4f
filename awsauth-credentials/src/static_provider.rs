use crate::credentials::Credentials;
use crate::error::CredentialsError;
use crate::provider::{CredentialsFuture, ProvideCredentials};

/// A provider of credentials that are given in code.
#[derive(Debug, Clone)]
pub struct StaticProvider(Credentials);

impl StaticProvider {
    /// Returns a provider that always returns these credentials.
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
        self.0.ready()
    }

    fn provide(&self) -> CredentialsFuture<'_> {
        self.0.provide()
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        self.0.provide_blocking()
    }
}

/// Credentials provide themselves.
impl ProvideCredentials for Credentials {
    fn ready(&self) -> Option<Credentials> {
        Some(self.clone())
    }

    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(core::future::ready(Ok(self.clone())))
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        Ok(self.clone())
    }
}
