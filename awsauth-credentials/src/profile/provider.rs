use super::files::ProfileFiles;
use super::settings::Profile;
use super::source::ProfileSource;
use crate::credentials::Credentials;
use crate::error::{CredentialsError, ErrorKind};
use crate::offload::{CancelFlag, offload};
use crate::provider::{CredentialsFuture, ProvideCredentials};

/// A provider of the credentials of a profile in the shared files: its keys, or what its `credential_process` prints.
///
/// It reads the files at each call, for async callers on a thread of its own: wrap it in a
/// [`CachedProvider`](crate::CachedProvider).
///
/// Profiles that need STS, IAM Identity Center or `aws login` are [`ErrorKind::Unsupported`], and so is
/// `credential_process` without the feature `process`. A crate that supports them reads [`ProfileFiles`] and
/// [`ProfileSource`] itself, as `awsauth-imds` does.
///
/// ```no_run
/// use awsauth_credentials::{ProfileFiles, ProfileProvider, ProvideCredentials};
///
/// let profile = ProfileProvider::new(ProfileFiles::from_env().with_profile("dev"));
/// println!("signing as {}", profile.provide_blocking()?.access_key_id());
/// # Ok::<(), awsauth_credentials::CredentialsError>(())
/// ```
#[derive(Debug, Clone)]
pub struct ProfileProvider {
    files: ProfileFiles,
    #[cfg(feature = "process")]
    process_time_limit: core::time::Duration,
}

impl ProfileProvider {
    /// Returns a provider of the profile and files that the environment of this process names at this moment.
    #[must_use]
    pub fn from_env() -> Self {
        Self::new(ProfileFiles::from_env())
    }

    /// Returns a provider of the profile that `files` selects.
    #[must_use]
    pub fn new(files: ProfileFiles) -> Self {
        Self {
            files,
            #[cfg(feature = "process")]
            process_time_limit: crate::process::ProcessProvider::DEFAULT_TIME_LIMIT,
        }
    }

    /// Sets how long a `credential_process` may take. Default: one minute.
    #[cfg(feature = "process")]
    #[must_use]
    pub fn process_time_limit(self, limit: core::time::Duration) -> Self {
        Self { process_time_limit: limit, ..self }
    }

    fn load(&self, cancelled: &CancelFlag) -> Result<Credentials, CredentialsError> {
        let profiles = self.files.load()?;
        let name = self.files.profile();
        let Some(profile) = profiles.get(name) else {
            let kind = if self.files.has_explicit_profile() {
                ErrorKind::Incomplete
            } else {
                ErrorKind::NotConfigured
            };
            return Err(self.error(kind, format!("there is no such profile in {}", self.places())));
        };
        let unsupported = |what: &str, remedy: &str| {
            Err(self.error(ErrorKind::Unsupported, format!("it needs {what}, which {remedy}")))
        };
        match profile.source()? {
            ProfileSource::Keys(credentials) => Ok(credentials),
            ProfileSource::Process(command) => self.run(command, profile, cancelled),
            ProfileSource::RoleFromProfile { .. } | ProfileSource::RoleFromSource { .. } => {
                unsupported("STS AssumeRole (role_arn)", "is not in this crate; awsauth-imds has it")
            }
            ProfileSource::WebIdentity { .. } => unsupported(
                "STS AssumeRoleWithWebIdentity (web_identity_token_file)",
                "is not in this crate; awsauth-imds has it",
            ),
            ProfileSource::Sso => unsupported(
                "IAM Identity Center (sso_account_id, sso_role_name)",
                "no crate of awsauth has; export keys with `aws configure export-credentials`",
            ),
            ProfileSource::LoginSession => unsupported(
                "the session of `aws login` (login_session)",
                "no crate of awsauth has; export keys with `aws configure export-credentials`",
            ),
            ProfileSource::Nothing => {
                Err(self.error(ErrorKind::NotConfigured, "the profile has no credentials".to_owned()))
            }
        }
    }

    #[cfg(feature = "process")]
    fn run(
        &self,
        command: &str,
        profile: &Profile,
        cancelled: &CancelFlag,
    ) -> Result<Credentials, CredentialsError> {
        let credentials = crate::process::ProcessProvider::new(command)
            .time_limit(self.process_time_limit)
            .source_name(format!("credential_process of {}", profile.source_name()))
            .run(cancelled)?;
        match (credentials.account_id(), profile.get("aws_account_id")) {
            (None, Some(account_id)) => Ok(credentials.with_account_id(account_id)),
            _ => Ok(credentials),
        }
    }

    #[cfg(not(feature = "process"))]
    fn run(&self, _: &str, _: &Profile, _: &CancelFlag) -> Result<Credentials, CredentialsError> {
        let detail = "it needs credential_process; enable the feature `process` of awsauth-credentials or \
                      awsauth-imds";
        Err(self.error(ErrorKind::Unsupported, detail.to_owned()))
    }

    fn places(&self) -> String {
        match (self.files.config_file(), self.files.credentials_file()) {
            (Some(config), Some(credentials)) => format!("{} or {}", config.display(), credentials.display()),
            (Some(only), None) | (None, Some(only)) => only.display().to_string(),
            (None, None) => "any file: neither a home directory nor a file is set".to_owned(),
        }
    }

    fn error(&self, kind: ErrorKind, detail: String) -> CredentialsError {
        CredentialsError::new(format!("profile \"{}\"", self.files.profile()), kind, detail)
    }
}

impl ProvideCredentials for ProfileProvider {
    fn provide(&self) -> CredentialsFuture<'_> {
        let provider = self.clone();
        Box::pin(async move {
            let result = offload(move |cancelled| provider.load(cancelled)).await;
            result.unwrap_or_else(|| {
                Err(self
                    .error(ErrorKind::Unreachable, "no thread could be started to read the files".to_owned()))
            })
        })
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        self.load(&CancelFlag::never())
    }
}
