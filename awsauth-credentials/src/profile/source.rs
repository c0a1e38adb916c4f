use core::fmt;

use super::settings::{
    ACCESS_KEY_ID, ACCOUNT_ID, OLD_SESSION_TOKEN, Profile, SECRET_ACCESS_KEY, SESSION_TOKEN,
};
use crate::credentials::Credentials;
use crate::error::{CredentialsError, ErrorKind};

/// Where the credentials of a profile come from, by its settings.
///
/// `Debug` shows no command: its arguments can be secret.
#[derive(Clone)]
#[non_exhaustive]
pub enum ProfileSource<'a> {
    /// `role_arn` with `source_profile`: a role, assumed with the credentials of another profile. If that is the profile
    /// itself, they are its [static ones](Profile::static_credentials).
    RoleFromProfile {
        /// The role.
        role_arn: &'a str,
        /// The profile whose credentials assume it.
        source_profile: &'a str,
    },
    /// `role_arn` with `credential_source`: a role, assumed with credentials from elsewhere.
    RoleFromSource {
        /// The role.
        role_arn: &'a str,
        /// `Environment`, `Ec2InstanceMetadata` or `EcsContainer`.
        credential_source: &'a str,
    },
    /// `role_arn` with `web_identity_token_file`: a role, assumed with a token.
    WebIdentity {
        /// The role.
        role_arn: &'a str,
        /// The file that holds the token.
        token_file: &'a str,
    },
    /// `sso_account_id` and `sso_role_name`: IAM Identity Center.
    Sso,
    /// `login_session`: the session of `aws login`.
    LoginSession,
    /// `aws_access_key_id` and `aws_secret_access_key`: the credentials of [`Profile::static_credentials`].
    Keys(Credentials),
    /// `credential_process`: a command that prints credentials.
    Process(&'a str),
    /// None of these.
    Nothing,
}

impl Profile {
    /// Returns where its credentials come from: the first source that its settings name, in the order of [`ProfileSource`],
    /// except that `credential_process` takes precedence over keys of the config file, as in botocore. For a profile that is
    /// the `source_profile` of another, call [`static_credentials`](Self::static_credentials) first.
    ///
    /// # Errors
    /// [`ErrorKind::Incomplete`] if a setting is missing: add the one that the error names. [`ErrorKind::Malformed`] if
    /// settings contradict each other or a value is malformed: correct those that the error names.
    pub fn source(&self) -> Result<ProfileSource<'_>, CredentialsError> {
        let role = (
            self.get("role_arn"),
            self.get("web_identity_token_file"),
            self.get("source_profile"),
            self.get("credential_source"),
        );
        match role {
            (Some(role_arn), Some(token_file), ..) => Ok(ProfileSource::WebIdentity { role_arn, token_file }),
            (Some(role_arn), None, Some(source_profile), None) => {
                Ok(ProfileSource::RoleFromProfile { role_arn, source_profile })
            }
            (Some(role_arn), None, None, Some(credential_source)) => {
                Ok(ProfileSource::RoleFromSource { role_arn, credential_source })
            }
            (Some(_), None, Some(_), Some(_)) => Err(self.error(
                ErrorKind::Malformed,
                "it has both source_profile and credential_source; keep one of them",
            )),
            (Some(_), None, None, None) => Err(self.error(
                ErrorKind::Incomplete,
                "role_arn needs source_profile, credential_source or web_identity_token_file",
            )),
            (None, Some(_), ..) => {
                Err(self.error(ErrorKind::Incomplete, "web_identity_token_file needs role_arn"))
            }
            (None, None, ..) => self.source_without_role(),
        }
    }

    /// Returns the keys of the profile: `aws_access_key_id`, `aws_secret_access_key`, `aws_session_token` (or the older
    /// `aws_security_token`) and `aws_account_id`, all of one file. `None` if it has neither of the first two.
    ///
    /// # Errors
    /// [`ErrorKind::Incomplete`] if one of the first two is missing: add the one that the error names.
    /// [`ErrorKind::Malformed`] if a value holds a control character, such as the line break of a continued line: correct
    /// that value.
    pub fn static_credentials(&self) -> Result<Option<Credentials>, CredentialsError> {
        let mut credentials = match (self.get(ACCESS_KEY_ID), self.get(SECRET_ACCESS_KEY)) {
            (Some(id), Some(secret)) => Credentials::new(id, secret),
            (None, None) => return Ok(None),
            (Some(_), None) => {
                return Err(self
                    .error(ErrorKind::Incomplete, "it has aws_access_key_id, but no aws_secret_access_key"));
            }
            (None, Some(_)) => {
                return Err(self
                    .error(ErrorKind::Incomplete, "it has aws_secret_access_key, but no aws_access_key_id"));
            }
        };
        if let Some(token) = self.get(SESSION_TOKEN).or_else(|| self.get(OLD_SESSION_TOKEN)) {
            credentials = credentials.with_session_token(token);
        }
        if let Some(account_id) = self.get(ACCOUNT_ID) {
            credentials = credentials.with_account_id(account_id);
        }
        credentials.checked(self.source_name()).map(Some)
    }

    /// Its name in errors.
    pub(crate) fn source_name(&self) -> String {
        format!("profile \"{}\"", self.name())
    }

    fn source_without_role(&self) -> Result<ProfileSource<'_>, CredentialsError> {
        if self.get("sso_account_id").is_some() || self.get("sso_role_name").is_some() {
            return Ok(ProfileSource::Sso);
        }
        if self.get("login_session").is_some() {
            return Ok(ProfileSource::LoginSession);
        }
        if !self.has_keys_of_credentials_file
            && let Some(command) = self.get("credential_process")
        {
            return Ok(ProfileSource::Process(command));
        }
        Ok(self.static_credentials()?.map_or(ProfileSource::Nothing, ProfileSource::Keys))
    }

    fn error(&self, kind: ErrorKind, detail: &'static str) -> CredentialsError {
        CredentialsError::new(self.source_name(), kind, detail)
    }
}

impl fmt::Debug for ProfileSource<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RoleFromProfile { role_arn, source_profile } => f
                .debug_struct("RoleFromProfile")
                .field("role_arn", role_arn)
                .field("source_profile", source_profile)
                .finish(),
            Self::RoleFromSource { role_arn, credential_source } => f
                .debug_struct("RoleFromSource")
                .field("role_arn", role_arn)
                .field("credential_source", credential_source)
                .finish(),
            Self::WebIdentity { role_arn, token_file } => f
                .debug_struct("WebIdentity")
                .field("role_arn", role_arn)
                .field("token_file", token_file)
                .finish(),
            Self::Sso => f.write_str("Sso"),
            Self::LoginSession => f.write_str("LoginSession"),
            Self::Keys(credentials) => f.debug_tuple("Keys").field(credentials).finish(),
            Self::Process(_) => f.debug_tuple("Process").finish_non_exhaustive(),
            Self::Nothing => f.write_str("Nothing"),
        }
    }
}
