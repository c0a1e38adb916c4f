use crate::credentials::Credentials;
use crate::error::{CredentialsError, ErrorKind};
use crate::provider::{CredentialsFuture, ProvideCredentials, SharedProvider};

/// Providers in order: the first that is configured provides the credentials, or fails.
///
/// The chain skips a provider that returns [`ErrorKind::NotConfigured`]. One that is configured but fails ends the search
/// with its error: falling through would sign as somebody else. If none is configured, the error lists all of them
/// ([`CredentialsError::tried`]).
///
/// A chain caches nothing: wrap it in a [`CachedProvider`](crate::CachedProvider). See [the credential provider
/// chain](https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html) of AWS's SDKs.
///
/// ```
/// use awsauth_credentials::{CachedProvider, Chain, EnvProvider, Environment, ErrorKind, ProvideCredentials};
///
/// let environment = Environment::from_vars([("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")]);
/// let chain = CachedProvider::new(Chain::new().then(EnvProvider::new(environment)));
/// let error = chain.provide_blocking().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Incomplete);
/// assert!(error.detail().contains("AWS_SECRET_ACCESS_KEY"));
/// ```
#[derive(Debug, Default)]
#[doc(alias = "CredentialsProviderChain")]
pub struct Chain(Vec<SharedProvider>);

impl Chain {
    /// Returns a chain without providers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a provider, which is tried after those before it.
    #[doc(alias = "or_else")]
    #[doc(alias = "push")]
    #[must_use]
    pub fn then(mut self, source: impl ProvideCredentials + 'static) -> Self {
        self.0.push(std::sync::Arc::new(source));
        self
    }
}

impl FromIterator<SharedProvider> for Chain {
    fn from_iter<I: IntoIterator<Item = SharedProvider>>(sources: I) -> Self {
        Self(sources.into_iter().collect())
    }
}

impl ProvideCredentials for Chain {
    /// Returns the credentials that the first provider has in memory. A later one counts only once the first has failed,
    /// which takes a call.
    fn ready(&self) -> Option<Credentials> {
        self.0.first()?.ready()
    }

    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async move {
            let mut tried = Vec::new();
            for source in &self.0 {
                match source.provide().await {
                    Err(error) if error.kind() == ErrorKind::NotConfigured => tried.push(error),
                    result => return result.map_err(|error| error.after(tried)),
                }
            }
            Err(CredentialsError::not_configured(tried))
        })
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        let mut tried = Vec::new();
        for source in &self.0 {
            match source.provide_blocking() {
                Err(error) if error.kind() == ErrorKind::NotConfigured => tried.push(error),
                result => return result.map_err(|error| error.after(tried)),
            }
        }
        Err(CredentialsError::not_configured(tried))
    }

    fn invalidate(&self, refused: &Credentials) {
        for source in &self.0 {
            source.invalidate(refused);
        }
    }
}

#[cfg(test)]
mod tests;
