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

/// Credentials of a role for an OIDC token in a file: IAM roles for service accounts (EKS), CI systems.
///
/// It calls `AssumeRoleWithWebIdentity` of the AWS STS API, unsigned, at the regional endpoint, and follows "Assume role
/// credential provider" of the AWS SDKs and Tools Reference Guide. Every setting is taken from the setter here, else
/// from the variable, at each fetch; the token file is read anew each time.
///
/// | setter | variable |
/// |---|---|
/// | [`endpoint`](Self::endpoint) | `AWS_ENDPOINT_URL_STS`, `AWS_ENDPOINT_URL`, or the profile's `endpoint_url` |
/// | [`region`](Self::region) | `AWS_REGION`, `AWS_DEFAULT_REGION`, or the profile's `region` |
/// | [`role_arn`](Self::role_arn) | `AWS_ROLE_ARN` |
/// | [`session_name`](Self::session_name) | `AWS_ROLE_SESSION_NAME`, else `awsauth` |
/// | [`token_file`](Self::token_file) | `AWS_WEB_IDENTITY_TOKEN_FILE` |
///
/// STS needs https: see the features of this crate, and there too for proxies. Each of three attempts may take 5 s. Wrap it
/// in a `CachedProvider`.
#[derive(Clone)]
pub struct WebIdentity {
    settings: StsSettings,
    role_arn: Option<String>,
    token_file: Option<String>,
}

impl WebIdentity {
    /// Reads the environment of this process.
    #[must_use]
    pub fn from_env() -> Self {
        Self::new(Environment::from_process())
    }

    /// Reads this environment.
    #[must_use]
    pub fn new(environment: Environment) -> Self {
        Self { settings: StsSettings::new(environment), role_arn: None, token_file: None }
    }

    /// The role to assume, such as `arn:aws:iam::123456789012:role/demo`.
    #[must_use]
    pub fn role_arn(mut self, arn: impl Into<String>) -> Self {
        self.role_arn = Some(arn.into());
        self
    }

    /// The path of the file with the token.
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
