use core::fmt;

use super::parse::{Properties, is_name, sub_properties};

pub(super) const ACCESS_KEY_ID: &str = "aws_access_key_id";
pub(super) const SECRET_ACCESS_KEY: &str = "aws_secret_access_key";
pub(super) const SESSION_TOKEN: &str = "aws_session_token";
pub(super) const OLD_SESSION_TOKEN: &str = "aws_security_token";
pub(super) const ACCOUNT_ID: &str = "aws_account_id";

/// The settings that belong to one identity, and so come from one file.
const IDENTITY: [&str; 5] = [ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN, OLD_SESSION_TOKEN, ACCOUNT_ID];

/// A profile, or another named section of the config file: settings by name.
///
/// `Debug` shows the names of the settings, not their values.
#[derive(Clone)]
pub struct Profile {
    name: String,
    pub(super) properties: Properties,
    /// Whether its keys are in the credentials file, not in the config file.
    pub(super) has_keys_of_credentials_file: bool,
}

impl Profile {
    /// Returns its name, without `profile`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns a setting such as `region`, whose name may be in any case; `None` if it is missing or empty.
    #[must_use]
    pub fn get(&self, setting: &str) -> Option<&str> {
        let value = self.properties.get(&setting.to_ascii_lowercase())?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// Returns a setting that is nested below another, such as `("s3", "addressing_style")`; `None` if it is missing or
    /// empty.
    #[must_use]
    pub fn nested_setting(&self, setting: &str, nested: &str) -> Option<&str> {
        sub_properties(self.get(setting)?)
            .filter(|(name, value)| name.eq_ignore_ascii_case(nested) && !value.is_empty())
            .last()
            .map(|(_, value)| value)
    }

    /// Returns the names of its settings, in lower case and in order.
    pub fn setting_names(&self) -> impl Iterator<Item = &str> {
        self.properties.keys().map(String::as_str)
    }

    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), properties: Properties::new(), has_keys_of_credentials_file: false }
    }

    /// The access key ID decides which file an identity comes from, as in botocore.
    pub(super) fn merge_credentials_file(&mut self, mut properties: Properties) {
        let has_key =
            |properties: &Properties| properties.get(ACCESS_KEY_ID).is_some_and(|id| !id.is_empty());
        let is_of_identity = |name: &str| IDENTITY.contains(&name);
        if has_key(&properties) {
            self.properties.retain(|name, _| !is_of_identity(name));
            self.has_keys_of_credentials_file = true;
        } else if has_key(&self.properties) {
            properties.retain(|name, _| !is_of_identity(name));
        }
        self.merge(properties);
    }

    pub(super) fn merge(&mut self, properties: Properties) {
        self.properties.extend(properties.into_iter().filter(|(name, _)| is_name(name)));
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile")
            .field("name", &self.name)
            .field("settings", &self.properties.keys())
            .finish_non_exhaustive()
    }
}
