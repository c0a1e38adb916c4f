use core::time::Duration;
use std::sync::Arc;

use awsauth_credentials::{
    Credentials, CredentialsError, CredentialsFuture, EnvProvider, Environment, ErrorKind, Profile,
    ProfileFiles, ProfileProvider, ProfileSet, ProfileSource, ProvideCredentials, SharedProvider,
    StaticProvider,
};

use crate::container::Container;
use crate::http_client::bundled::BundledClient;
use crate::http_client::transport::HttpClient;
use crate::imds::Imds;
use crate::sts::assume_role::AssumeRole;
use crate::sts::web_identity::WebIdentity;
use crate::text::printable;

/// A provider of the credentials of a profile in the shared files: all that `ProfileProvider` supports, and roles.
///
/// It follows AWS's [assume role credential provider](https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html):
///
/// | settings of the profile | the role is assumed with |
/// |---|---|
/// | `role_arn`, `source_profile` | the credentials of that profile, which may itself have a role |
/// | `role_arn`, `credential_source` | `Environment`, `Ec2InstanceMetadata` or `EcsContainer` |
/// | `role_arn`, `web_identity_token_file` | the token in that file |
///
/// `role_session_name`, `external_id`, `duration_seconds` and `region` are used too. `mfa_serial` is an
/// [`ErrorKind::Unsupported`] error, as there is nobody to enter a code. The files are read at each fetch.
#[derive(Debug, Clone)]
pub struct RoleProfile {
    environment: Environment,
    profile: Option<String>,
    /// Kept so that its token outlives a fetch.
    imds: Imds,
    sts_client: Arc<dyn HttpClient>,
}

impl RoleProfile {
    /// Returns a provider for the files and the profile that the environment of this process names.
    #[must_use]
    pub fn from_env() -> Self {
        Self::new(Environment::from_process())
    }

    /// Returns a provider for the files and the profile that `environment` names.
    #[must_use]
    pub fn new(environment: Environment) -> Self {
        let imds = Imds::new(environment.clone());
        let sts_client = Arc::new(BundledClient::internet(&environment));
        Self { environment, profile: None, imds, sts_client }
    }

    /// Sets the name of the profile. Default: the one that the environment names, else `default`.
    #[must_use]
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into());
        self
    }

    /// Sets the HTTP client that calls STS. Default: the client of this crate's features.
    #[must_use]
    pub fn sts_http_client(self, client: impl HttpClient + 'static) -> Self {
        self.shared_sts_client(Arc::new(client))
    }

    pub(crate) fn shared_sts_client(mut self, client: Arc<dyn HttpClient>) -> Self {
        self.sts_client = client;
        self
    }

    /// The provider that the files describe at this moment.
    fn resolve(&self) -> Result<SharedProvider, CredentialsError> {
        let mut files = ProfileFiles::new(&self.environment);
        if let Some(profile) = &self.profile {
            files = files.with_profile(profile);
        }
        let profiles = files.load()?;
        if profiles.get(files.profile()).is_none() {
            return Ok(Arc::new(ProfileProvider::new(files)));
        }
        let resolution = Resolution { by: self, files: &files, profiles: &profiles };
        resolution.provider(files.profile(), &mut Vec::new())
    }
}

impl ProvideCredentials for RoleProfile {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async { self.resolve()?.provide().await })
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        self.resolve()?.provide_blocking()
    }
}

struct Resolution<'a> {
    by: &'a RoleProfile,
    files: &'a ProfileFiles,
    profiles: &'a ProfileSet,
}

impl<'a> Resolution<'a> {
    /// The provider of a profile; `above` are those that have it as their source, directly or not.
    fn provider(&self, name: &'a str, above: &mut Vec<&'a str>) -> Result<SharedProvider, CredentialsError> {
        let Some(profile) = self.profiles.get(name) else {
            let below = above.last().copied().unwrap_or_default();
            let detail =
                format!("profile \"{below}\" has it as source_profile, but there is no such profile");
            return Err(error(name, ErrorKind::Incomplete, &detail));
        };
        if above.contains(&name) {
            let detail = format!("source_profile goes round in a circle: {} -> {name}", above.join(" -> "));
            return Err(error(name, ErrorKind::Malformed, &detail));
        }
        if !above.is_empty()
            && let Some(credentials) = profile.static_credentials()?
        {
            return Ok(Arc::new(StaticProvider::new(credentials)));
        }
        above.push(name);
        match profile.source()? {
            ProfileSource::RoleFromProfile { role_arn, source_profile } => {
                let base = if source_profile == name {
                    self.keys_of(profile)?
                } else {
                    self.provider(source_profile, above)?
                };
                self.role(profile, role_arn, base)
            }
            ProfileSource::RoleFromSource { role_arn, credential_source } => {
                let environment = self.by.environment.clone();
                let base: SharedProvider = match credential_source {
                    "Environment" => Arc::new(EnvProvider::new(environment)),
                    "Ec2InstanceMetadata" => Arc::new(self.by.imds.clone()),
                    "EcsContainer" => Arc::new(Container::new(environment)),
                    other => {
                        let detail = format!(
                            "credential_source is `{other}`: it must be Environment, Ec2InstanceMetadata or EcsContainer"
                        );
                        return Err(error(name, ErrorKind::Malformed, &detail));
                    }
                };
                self.role(profile, role_arn, base)
            }
            ProfileSource::WebIdentity { role_arn, token_file } => {
                let mut role = WebIdentity::new(self.by.environment.clone())
                    .profile(name)
                    .role_arn(role_arn)
                    .token_file(token_file)
                    .shared_http_client(Arc::clone(&self.by.sts_client));
                if let Some(session_name) = profile.get("role_session_name") {
                    role = role.session_name(session_name);
                }
                if let Some(duration) = duration_of(profile)? {
                    role = role.duration(duration);
                }
                Ok(Arc::new(role))
            }
            _ => Ok(Arc::new(ProfileProvider::new(self.files.clone().with_profile(name)))),
        }
    }

    /// For a profile that is its own `source_profile`.
    fn keys_of(&self, profile: &Profile) -> Result<SharedProvider, CredentialsError> {
        match profile.static_credentials()? {
            Some(credentials) => Ok(Arc::new(StaticProvider::new(credentials))),
            None => {
                let detail = "it is its own source_profile, but has no aws_access_key_id";
                Err(error(profile.name(), ErrorKind::Incomplete, detail))
            }
        }
    }

    fn role(
        &self,
        profile: &Profile,
        role_arn: &str,
        base: SharedProvider,
    ) -> Result<SharedProvider, CredentialsError> {
        if profile.get("mfa_serial").is_some() {
            let detail = "its role needs an MFA code (mfa_serial), which nobody is there to enter: use a role without it";
            return Err(error(profile.name(), ErrorKind::Unsupported, detail));
        }
        let mut role = AssumeRole::with_shared(base, role_arn.to_owned())
            .environment(self.by.environment.clone())
            .profile(profile.name())
            .shared_http_client(Arc::clone(&self.by.sts_client));
        if let Some(session_name) = profile.get("role_session_name") {
            role = role.session_name(session_name);
        }
        if let Some(external_id) = profile.get("external_id") {
            role = role.external_id(external_id);
        }
        if let Some(duration) = duration_of(profile)? {
            role = role.duration(duration);
        }
        Ok(Arc::new(role))
    }
}

fn duration_of(profile: &Profile) -> Result<Option<Duration>, CredentialsError> {
    let Some(value) = profile.get("duration_seconds") else { return Ok(None) };
    match value.parse() {
        Ok(seconds) => Ok(Some(Duration::from_secs(seconds))),
        Err(_) => {
            let detail = format!("duration_seconds is `{value}`: it must be a number of seconds");
            Err(error(profile.name(), ErrorKind::Malformed, &detail))
        }
    }
}

fn error(profile: &str, kind: ErrorKind, detail: &str) -> CredentialsError {
    CredentialsError::new(format!("profile \"{profile}\""), kind, printable(detail))
}
