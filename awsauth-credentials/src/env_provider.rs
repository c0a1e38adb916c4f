use crate::credentials::Credentials;
use crate::environment::Environment;
use crate::error::{CredentialsError, ErrorKind};
use crate::expiration::parse_expiration;
use crate::provider::{CredentialsFuture, ProvideCredentials};

const SOURCE_NAME: &str = "environment";

/// A provider of the credentials in environment variables.
///
/// | part | variables; the first that is set counts |
/// |---|---|
/// | access key ID | `AWS_ACCESS_KEY_ID`, `AWS_ACCESS_KEY` |
/// | secret access key | `AWS_SECRET_ACCESS_KEY`, `AWS_SECRET_KEY` |
/// | session token | `AWS_SESSION_TOKEN`, `AWS_SECURITY_TOKEN` |
/// | expiry, RFC 3339 | `AWS_CREDENTIAL_EXPIRATION` |
/// | account ID | `AWS_ACCOUNT_ID` |
///
/// An empty value counts as unset, and white space around a value is removed. The variables are read at each call. An access
/// key ID without a secret access key, or the reverse, is an error ([`ErrorKind::Incomplete`]) that names the missing
/// variable.
///
/// See AWS's [list of environment variables](https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html#EVarSettings). The second names in the table
/// are those of older tools.
///
/// ```
/// use awsauth_credentials::{EnvProvider, Environment, ProvideCredentials};
///
/// let environment = Environment::from_vars([
///     ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
///     ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
/// ]);
/// let credentials = EnvProvider::new(environment).provide_blocking()?;
/// assert_eq!(credentials.access_key_id(), "AKIDEXAMPLE");
/// # Ok::<(), awsauth_credentials::CredentialsError>(())
/// ```
#[derive(Debug, Clone)]
pub struct EnvProvider(Environment);

impl EnvProvider {
    /// Returns a provider that reads the environment of this process.
    #[must_use]
    pub fn from_env() -> Self {
        Self(Environment::from_process())
    }

    /// Returns a provider that reads `environment`.
    #[must_use]
    pub fn new(environment: Environment) -> Self {
        Self(environment)
    }

    fn first_of(&self, names: [&str; 2]) -> Option<String> {
        names.into_iter().find_map(|name| self.0.var(name))
    }
}

impl ProvideCredentials for EnvProvider {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(core::future::ready(self.provide_blocking()))
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        let error = |kind, detail| Err(CredentialsError::new(SOURCE_NAME, kind, detail));
        let access_key_id = self.first_of(["AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY"]);
        let secret_access_key = self.first_of(["AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY"]);
        let mut credentials = match (access_key_id, secret_access_key) {
            (Some(id), Some(secret)) => Credentials::new(id, secret),
            (Some(_), None) => {
                return error(ErrorKind::Incomplete, "an access key ID is set, AWS_SECRET_ACCESS_KEY is not");
            }
            (None, Some(_)) => {
                return error(ErrorKind::Incomplete, "a secret access key is set, AWS_ACCESS_KEY_ID is not");
            }
            (None, None) => {
                return error(
                    ErrorKind::NotConfigured,
                    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set",
                );
            }
        };
        if let Some(token) = self.first_of(["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"]) {
            credentials = credentials.with_session_token(token);
        }
        if let Some(expiration) = self.0.var("AWS_CREDENTIAL_EXPIRATION") {
            match parse_expiration(&expiration) {
                Some(expires_at) => credentials = credentials.with_expiry(expires_at),
                None => {
                    return error(
                        ErrorKind::Malformed,
                        "AWS_CREDENTIAL_EXPIRATION is not an RFC 3339 time such as 2030-01-31T00:00:00Z",
                    );
                }
            }
        }
        if let Some(account_id) = self.0.var("AWS_ACCOUNT_ID") {
            credentials = credentials.with_account_id(account_id);
        }
        credentials.checked(SOURCE_NAME)
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;
    use std::time::UNIX_EPOCH;

    use super::*;

    const ALL: [(&str, &str); 8] = [
        ("AWS_ACCESS_KEY_ID", "AKIDNEW"),
        ("AWS_ACCESS_KEY", "AKIDOLD"),
        ("AWS_SECRET_ACCESS_KEY", "secret-new"),
        ("AWS_SECRET_KEY", "secret-old"),
        ("AWS_SESSION_TOKEN", "token-new"),
        ("AWS_SECURITY_TOKEN", "token-old"),
        ("AWS_CREDENTIAL_EXPIRATION", "2030-01-01T00:00:00Z"),
        ("AWS_ACCOUNT_ID", "123456789012"),
    ];

    fn provide(variables: &[(&str, &str)]) -> Result<Credentials, CredentialsError> {
        EnvProvider::new(Environment::from_vars(variables.iter().copied())).provide_blocking()
    }

    #[test]
    fn every_variable_is_read_and_the_old_names_come_last() {
        let all = provide(&ALL).unwrap();
        assert_eq!(all.access_key_id(), "AKIDNEW");
        assert_eq!(all.secret_access_key(), "secret-new");
        assert_eq!(all.session_token(), Some("token-new"));
        assert_eq!(all.expires_at(), Some(UNIX_EPOCH + Duration::from_secs(1_893_456_000)));
        assert_eq!(all.account_id(), Some("123456789012"));

        let old = provide(&[ALL[1], ALL[3], ALL[5]]).unwrap();
        assert_eq!(old.access_key_id(), "AKIDOLD");
        assert_eq!(old.secret_access_key(), "secret-old");
        assert_eq!(old.session_token(), Some("token-old"));
        assert_eq!((old.expires_at(), old.account_id()), (None, None));
    }

    #[test]
    fn empty_new_names_give_way_to_old_ones() {
        let found = provide(&[("AWS_ACCESS_KEY_ID", ""), ("AWS_ACCESS_KEY", "AKIDOLD"), ALL[2]]).unwrap();
        assert_eq!(found.access_key_id(), "AKIDOLD");
        assert_eq!(found.session_token(), None);
    }

    #[test]
    fn half_a_pair_names_the_other_half() {
        for (variables, missing) in [
            (&ALL[..2], "AWS_SECRET_ACCESS_KEY"),
            (&ALL[2..4], "AWS_ACCESS_KEY_ID"),
            (&ALL[3..], "AWS_ACCESS_KEY_ID"),
        ] {
            let error = provide(variables).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Incomplete);
            assert!(error.detail().contains(missing), "{error}");
            assert!(!error.to_string().contains("secret-"), "{error}");
        }
    }

    #[test]
    fn a_token_alone_configures_nothing() {
        assert_eq!(provide(&ALL[4..]).unwrap_err().kind(), ErrorKind::NotConfigured);
        assert_eq!(provide(&[]).unwrap_err().kind(), ErrorKind::NotConfigured);
    }

    #[test]
    fn white_space_is_dropped_around_and_refused_within() {
        let found =
            provide(&[("AWS_ACCESS_KEY_ID", " AKID\n"), ("AWS_SECRET_ACCESS_KEY", "secret\r\n")]).unwrap();
        assert_eq!((found.access_key_id(), found.secret_access_key()), ("AKID", "secret"));
        let error = provide(&[ALL[0], ALL[2], ("AWS_SESSION_TOKEN", "one\r\ntwo")]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert!(error.detail().contains("session token") && !error.detail().contains("two"), "{error}");
    }

    #[test]
    fn a_bad_expiry_is_an_error() {
        let error = provide(&[ALL[0], ALL[2], ("AWS_CREDENTIAL_EXPIRATION", "tomorrow")]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert!(error.detail().contains("AWS_CREDENTIAL_EXPIRATION"), "{error}");
    }
}
