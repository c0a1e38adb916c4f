//! Settings that are in a variable or in a profile.

use core::cell::OnceCell;

use awsauth_credentials::{CredentialsError, Environment, ProfileFiles, ProfileSet};

/// The environment and a profile: the one that it selects, unless another is given. The files are read once, and only for
/// a setting without its variable.
pub(crate) struct Configuration<'a> {
    environment: &'a Environment,
    files: ProfileFiles,
    profiles: OnceCell<ProfileSet>,
}

impl<'a> Configuration<'a> {
    pub(crate) fn new(environment: &'a Environment, profile: Option<&str>) -> Self {
        let files = ProfileFiles::new(environment);
        let files = match profile {
            Some(profile) => files.with_profile(profile),
            None => files,
        };
        Self { environment, files, profiles: OnceCell::new() }
    }

    /// The variable, else the profile's key.
    pub(crate) fn setting(&self, variable: &str, key: &str) -> Result<Option<String>, CredentialsError> {
        match self.environment.var(variable) {
            Some(value) => Ok(Some(value)),
            None => {
                let profile = self.profiles()?.get(self.files.profile());
                Ok(profile.and_then(|profile| profile.get(key)).map(str::to_owned))
            }
        }
    }

    /// A key of this service in the `services` section that the profile names.
    pub(crate) fn service_setting(
        &self,
        service: &str,
        key: &str,
    ) -> Result<Option<String>, CredentialsError> {
        let profiles = self.profiles()?;
        let section = profiles
            .get(self.files.profile())
            .and_then(|profile| profile.get("services"))
            .and_then(|name| profiles.section("services", name));
        Ok(section.and_then(|section| section.nested_setting(service, key)).map(str::to_owned))
    }

    fn profiles(&self) -> Result<&ProfileSet, CredentialsError> {
        if let Some(profiles) = self.profiles.get() {
            return Ok(profiles);
        }
        let loaded = self.files.load()?;
        Ok(self.profiles.get_or_init(|| loaded))
    }
}
