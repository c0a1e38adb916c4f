use awsauth_credentials::{
    CachedProvider, Chain, Credentials, CredentialsError, CredentialsFuture, EnvProvider, Environment,
    ErrorKind, ProvideCredentials,
};
use std::sync::Arc;

use crate::container::Container;
use crate::http_client::transport::HttpClient;
use crate::imds::Imds;
use crate::profile::role_profile::RoleProfile;
use crate::sts::web_identity::WebIdentity;

/// Returns the default chain of providers with a cache: [`DefaultChain`] in a `CachedProvider`.
///
/// This call reads nothing yet: environment, files and network are used when credentials are first needed, and again at
/// each refresh.
///
/// ```
/// let credentials = awsauth_imds::default_chain();
/// ```
#[must_use]
pub fn default_chain() -> CachedProvider {
    CachedProvider::new(DefaultChain::from_env())
}

/// The default credential provider chain of AWS's SDKs: these sources in order, of which the first that is configured
/// provides the credentials, or fails.
///
/// 1. [`EnvProvider`][]: `AWS_ACCESS_KEY_ID` and others
/// 2. [`WebIdentity`][]: `AWS_WEB_IDENTITY_TOKEN_FILE` (EKS, CI systems)
/// 3. [`RoleProfile`][]: the shared config and credentials files
/// 4. [`Container`][]: `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`, `_FULL_URI` (ECS, EKS Pod Identity)
/// 5. [`Imds`][]: the role of the EC2 instance
///
/// A source that is configured but fails is an error: falling through would sign as somebody else. If no source is
/// configured, the error lists all of them with their errors. Instance metadata counts as configured where something
/// accepts the connection, even if it refuses the request or does not respond: the error is then that of instance metadata,
/// and lists the sources before it.
///
/// See [the credential provider chain](https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html) of AWS's SDKs. The chain caches nothing: wrap it in
/// a `CachedProvider`, as [`default_chain`] does. A role can build on it:
///
/// ```
/// use awsauth_credentials::{CachedProvider, Chain, Environment};
/// use awsauth_imds::{AssumeRole, DefaultChain};
///
/// // A role on top of whatever the process has, in an environment of its own.
/// let base = DefaultChain::new(Environment::from_vars([("AWS_EC2_METADATA_DISABLED", "true")]));
/// let role = AssumeRole::new(base, "arn:aws:iam::123456789012:role/demo").region("eu-central-1");
/// let credentials = CachedProvider::new(role);
/// ```
#[derive(Debug)]
pub struct DefaultChain {
    chain: Chain,
    environment: Environment,
}

impl DefaultChain {
    /// Returns the chain that reads the environment of this process, and the files that it names.
    #[must_use]
    pub fn from_env() -> Self {
        Self::new(Environment::from_process())
    }

    /// Returns the chain that reads `environment`, and the files that it names.
    #[must_use]
    pub fn new(environment: Environment) -> Self {
        let web_identity = WebIdentity::new(environment.clone());
        let profile = RoleProfile::new(environment.clone());
        Self { chain: chain(&environment, web_identity, profile), environment }
    }

    /// Sets the HTTP client that calls STS. Metadata and container endpoints are still called directly.
    #[must_use]
    pub fn sts_http_client(self, client: impl HttpClient + 'static) -> Self {
        let Self { environment, .. } = self;
        let client: Arc<dyn HttpClient> = Arc::new(client);
        let web_identity = WebIdentity::new(environment.clone()).shared_http_client(Arc::clone(&client));
        let profile = RoleProfile::new(environment.clone()).shared_sts_client(client);
        Self { chain: chain(&environment, web_identity, profile), environment }
    }
}

impl ProvideCredentials for DefaultChain {
    fn provide(&self) -> CredentialsFuture<'_> {
        self.chain.provide()
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        self.chain.provide_blocking()
    }

    fn invalidate(&self, refused: &Credentials) {
        self.chain.invalidate(refused);
    }
}

fn chain(environment: &Environment, web_identity: WebIdentity, profile: RoleProfile) -> Chain {
    Chain::new()
        .then(EnvProvider::new(environment.clone()))
        .then(web_identity)
        .then(profile)
        .then(Container::new(environment.clone()))
        .then(LastResort(Imds::new(environment.clone())))
}

/// Instance metadata needs no configuration, so a machine outside EC2 is one without credentials, whose error lists all
/// sources that were tried.
#[derive(Debug)]
struct LastResort(Imds);

impl LastResort {
    fn classify(error: CredentialsError) -> CredentialsError {
        match error.kind() {
            ErrorKind::Unreachable => CredentialsError::new(
                error.source_name().to_owned(),
                ErrorKind::NotConfigured,
                error.detail().to_owned(),
            ),
            _ => error,
        }
    }
}

impl ProvideCredentials for LastResort {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async { self.0.provide().await.map_err(Self::classify) })
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        self.0.provide_blocking().map_err(Self::classify)
    }
}
