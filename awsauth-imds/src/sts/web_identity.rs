use core::fmt;

use awsauth_credentials::{
    Credentials, CredentialsError, CredentialsFuture, Environment, ErrorKind, ProvideCredentials, SystemClock,
};

use super::protocol;
use super::settings::{StsSettings, sts_setters};
use crate::exchange::{Once, drive, drive_blocking};
use crate::token_file;

const SOURCE_NAME: &str = "web identity";
const TOKEN_FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
const ROLE_ARN: &str = "AWS_ROLE_ARN";
const SESSION_NAME: &str = "AWS_ROLE_SESSION_NAME";

/// A provider of the credentials of a role, for an OIDC token in a file: IAM roles for service accounts (EKS), CI systems.
///
/// It calls [`AssumeRoleWithWebIdentity`](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html)
/// of AWS STS, unsigned, and follows AWS's [assume role credential provider](https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html).
/// The value of a setter takes precedence over the variable. Variables and the token file are read at each fetch.
///
/// | setter | variable |
/// |---|---|
/// | [`endpoint`](Self::endpoint) | `AWS_ENDPOINT_URL_STS`, `AWS_ENDPOINT_URL`, or the profile's `endpoint_url` |
/// | [`region`](Self::region) | `AWS_REGION`, `AWS_DEFAULT_REGION`, or the profile's `region` |
/// | [`role_arn`](Self::role_arn) | `AWS_ROLE_ARN` |
/// | [`session_name`](Self::session_name) | `AWS_ROLE_SESSION_NAME`, else `awsauth` |
/// | [`token_file`](Self::token_file) | `AWS_WEB_IDENTITY_TOKEN_FILE` |
///
/// STS needs https: see the [crate's documentation](crate#drivers-and-tls), also for proxies. Each of three attempts may take
/// 5 s. The provider caches nothing: wrap it in a `CachedProvider`.
#[derive(Clone)]
#[doc(alias = "IRSA")]
#[doc(alias = "OIDC")]
pub struct WebIdentity {
    settings: StsSettings,
    role_arn: Option<String>,
    token_file: Option<String>,
}

impl WebIdentity {
    /// Returns a provider that reads the environment of this process.
    #[must_use]
    pub fn from_env() -> Self {
        Self::new(Environment::from_process())
    }

    /// Returns a provider that reads `environment`.
    #[must_use]
    pub fn new(environment: Environment) -> Self {
        Self { settings: StsSettings::new(environment), role_arn: None, token_file: None }
    }

    /// Sets the role to assume, such as `arn:aws:iam::123456789012:role/demo`.
    #[must_use]
    pub fn role_arn(mut self, arn: impl Into<String>) -> Self {
        self.role_arn = Some(arn.into());
        self
    }

    /// Sets the path of the file that holds the token.
    #[must_use]
    pub fn token_file(mut self, path: impl Into<String>) -> Self {
        self.token_file = Some(path.into());
        self
    }

    fn exchange(&self) -> Result<Once, CredentialsError> {
        let variable = |name| self.settings.var(name);
        let Some(path) = self.token_file.clone().or_else(|| variable(TOKEN_FILE)) else {
            let detail = format!("{TOKEN_FILE} is not set");
            return Err(CredentialsError::new(SOURCE_NAME, ErrorKind::NotConfigured, detail));
        };
        let Some(role_arn) = self.role_arn.clone().or_else(|| variable(ROLE_ARN)) else {
            let detail = format!("{TOKEN_FILE} is set, but {ROLE_ARN} is not");
            return Err(CredentialsError::new(SOURCE_NAME, ErrorKind::Incomplete, detail));
        };
        let (_, endpoint) = self.settings.endpoint(SOURCE_NAME)?;
        let token = token_file::read(SOURCE_NAME, TOKEN_FILE, &path)?;
        let mut parameters = self.settings.parameters(&role_arn, variable(SESSION_NAME));
        parameters.push(("WebIdentityToken", token.as_str().to_owned()));
        Ok(protocol::exchange(protocol::request(
            SOURCE_NAME,
            &endpoint,
            "AssumeRoleWithWebIdentity",
            &parameters,
        )?))
    }
}

sts_setters!(WebIdentity);

impl ProvideCredentials for WebIdentity {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async {
            let exchange = self.exchange()?;
            protocol::read(SOURCE_NAME, drive(&*self.settings.client, &SystemClock::new(), exchange).await)
        })
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        let exchange = self.exchange()?;
        protocol::read(SOURCE_NAME, drive_blocking(&*self.settings.client, &SystemClock::new(), exchange))
    }
}

impl fmt::Debug for WebIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebIdentity")
            .field("role_arn", &self.role_arn)
            .field("token_file", &self.token_file)
            .finish_non_exhaustive()
    }
}
