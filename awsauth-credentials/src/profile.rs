use core::fmt;
use std::collections::BTreeMap;

use crate::error::{CredentialsError, ErrorKind};

mod files;
mod parse;
mod provider;
mod source;

pub use files::ProfileFiles;
use parse::{Properties, Section, is_name, parse, sub_properties};
pub use provider::ProfileProvider;
pub use source::ProfileSource;

/// The profiles of a shared config file and a shared credentials file.
///
/// Parsed by the rules which AWS's SDKs share:
/// - Profiles are `[profile name]` in the config file, `[name]` in the credentials file and `[default]` in both; in the
///   config file `[profile default]` takes the place of `[default]`. Others, and names with characters other than
///   `A-Z a-z 0-9 _ - / . % @ : +`, are ignored.
/// - Sections of one name are merged, within a file and across both. The last of equal properties counts, and those of
///   the credentials file count more. Property names are compared without case.
/// - Keys are not merged across files: if the credentials file has an `aws_access_key_id` for the profile, its secret,
///   token and account come from there too, else all of them from the config file. Two halves would be two identities.
/// - A line that begins with `#` or `;`, indented or not, is a comment. Within a property a comment begins after white
///   space only; next to a header, anywhere.
/// - An indented line continues the property above it, comments included. Below a property without a value, the
///   indented lines are properties of their own (`s3 =`).
///
/// Follows "Using shared config and credentials files" of the AWS SDKs and Tools Reference Guide.
///
/// ```
/// use awsauth_credentials::ProfileSet;
///
/// let profiles = ProfileSet::parse(
///     "[profile dev]\nregion = eu-central-1  # Frankfurt\ns3 =\n  addressing_style = path\n",
///     "[dev]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\n",
/// )?;
/// let dev = profiles.get("dev").ok_or("no such profile")?;
/// assert_eq!(dev.get("region"), Some("eu-central-1"));
/// assert_eq!(dev.sub_property("s3", "addressing_style"), Some("path"));
/// assert_eq!(dev.static_credentials()?.ok_or("no keys")?.access_key_id(), "AKIDEXAMPLE");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct ProfileSet {
    profiles: BTreeMap<String, Profile>,
    /// Sections of other kinds, by kind and name.
    others: BTreeMap<(String, String), Profile>,
}

/// One profile, or another named section: settings by name.
///
/// `Debug` shows the names of the settings, not their values.
#[derive(Clone)]
pub struct Profile {
    name: String,
    properties: Properties,
    /// Its keys stand in the credentials file, not in the config file.
    has_keys_of_credentials_file: bool,
}

const ACCESS_KEY_ID: &str = "aws_access_key_id";
const SECRET_ACCESS_KEY: &str = "aws_secret_access_key";
const SESSION_TOKEN: &str = "aws_session_token";
const OLD_SESSION_TOKEN: &str = "aws_security_token";
const ACCOUNT_ID: &str = "aws_account_id";

/// What belongs to one identity, and so comes out of one file.
const IDENTITY: [&str; 5] = [ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN, OLD_SESSION_TOKEN, ACCOUNT_ID];

impl ProfileSet {
    /// Reads the texts of a config file and a credentials file; either may be empty.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`], with the file and the line to mend.
    pub fn parse(config: &str, credentials: &str) -> Result<Self, CredentialsError> {
        Self::parse_files(("shared config file", config), ("shared credentials file", credentials))
    }

    /// The profile of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Profile> {
        self.profiles.get(name)
    }

    /// All profiles, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.values()
    }

    /// A section of another kind in the config file, such as `("sso-session", "corp")` or `("services", "local")`.
    #[must_use]
    pub fn section(&self, kind: &str, name: &str) -> Option<&Profile> {
        self.others.get(&(kind.to_owned(), name.to_owned()))
    }

    fn parse_files(config: (&str, &str), credentials: (&str, &str)) -> Result<Self, CredentialsError> {
        let mut set = Self::default();
        let config_sections = parse_file(config)?;
        let prefixed_default = config_sections.iter().any(|s| (s.kind, s.name) == ("profile", "default"));
        for section in config_sections {
            match (section.kind, section.name) {
                ("", "default") if prefixed_default => {}
                ("", "default") | ("profile", _) if is_name(section.name) => {
                    set.profile_mut(section.name).merge(section.properties);
                }
                ("", _) => {}
                (kind, name) if is_name(name) => {
                    let key = (kind.to_owned(), name.to_owned());
                    set.others.entry(key).or_insert_with(|| Profile::new(name)).merge(section.properties);
                }
                _ => {}
            }
        }
        let mut of_credentials_file: BTreeMap<&str, Properties> = BTreeMap::new();
        for section in parse_file(credentials)? {
            if section.kind.is_empty() && is_name(section.name) {
                of_credentials_file.entry(section.name).or_default().extend(section.properties);
            }
        }
        for (name, properties) in of_credentials_file {
            set.profile_mut(name).merge_credentials_file(properties);
        }
        Ok(set)
    }

    fn profile_mut(&mut self, name: &str) -> &mut Profile {
        self.profiles.entry(name.to_owned()).or_insert_with(|| Profile::new(name))
    }
}

fn parse_file<'a>((file, text): (&str, &'a str)) -> Result<Vec<Section<'a>>, CredentialsError> {
    parse(text).map_err(|error| {
        let detail = format!("line {}: {}", error.line, error.problem);
        CredentialsError::new(file.to_owned(), ErrorKind::Malformed, detail)
    })
}

impl Profile {
    /// Its name, without `profile`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A setting such as `region`, in any case; `None` if it is missing or empty.
    #[must_use]
    pub fn get(&self, setting: &str) -> Option<&str> {
        let value = self.properties.get(&setting.to_ascii_lowercase())?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// A setting nested below another, such as `("s3", "addressing_style")`.
    #[must_use]
    pub fn sub_property(&self, setting: &str, nested: &str) -> Option<&str> {
        sub_properties(self.get(setting)?)
            .filter(|(name, value)| name.eq_ignore_ascii_case(nested) && !value.is_empty())
            .last()
            .map(|(_, value)| value)
    }

    /// The names of its settings, in lower case.
    pub fn settings(&self) -> impl Iterator<Item = &str> {
        self.properties.keys().map(String::as_str)
    }

    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), properties: Properties::new(), has_keys_of_credentials_file: false }
    }

    /// The access key ID decides which file an identity comes from, as in botocore.
    fn merge_credentials_file(&mut self, mut properties: Properties) {
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

    fn merge(&mut self, properties: Properties) {
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

#[cfg(test)]
mod tests;
