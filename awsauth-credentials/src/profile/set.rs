use std::collections::BTreeMap;

use super::parse::{Properties, Section, is_name, parse};
use super::settings::Profile;
use crate::error::{CredentialsError, ErrorKind};

/// The profiles of a shared config file and a shared credentials file.
///
/// They are parsed by the rules that AWS's SDKs share:
/// - Profiles are `[profile name]` in the config file, `[name]` in the credentials file and `[default]` in both; in the
///   config file `[profile default]` takes the place of `[default]`. Others, and names with characters other than
///   `A-Z a-z 0-9 _ - / . % @ : +`, are ignored.
/// - Sections of one name are merged, within a file and across both. Of settings with one name the last counts, and those of
///   the credentials file take precedence. The names of settings are compared without case.
/// - Keys are not merged across files: if the credentials file has an `aws_access_key_id` for the profile, its secret,
///   token and account come from there too, else all of them from the config file. Two halves would be two identities.
/// - A line that begins with `#` or `;`, indented or not, is a comment. Within a setting a comment begins after white
///   space only; next to a header, anywhere.
/// - An indented line continues the setting above it, comments included. Below a setting without a value (`s3 =`), the
///   indented lines are nested settings.
///
/// See AWS's [shared config and credentials files](https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
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
/// assert_eq!(dev.nested_setting("s3", "addressing_style"), Some("path"));
/// assert_eq!(dev.static_credentials()?.ok_or("no keys")?.access_key_id(), "AKIDEXAMPLE");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct ProfileSet {
    profiles: BTreeMap<String, Profile>,
    /// Sections of other kinds, by kind and name.
    others: BTreeMap<(String, String), Profile>,
}

impl ProfileSet {
    /// Parses the texts of a config file and a credentials file; either may be empty.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] if a line is not in the format: correct the line that the error names.
    pub fn parse(config: &str, credentials: &str) -> Result<Self, CredentialsError> {
        Self::parse_files(("shared config file", config), ("shared credentials file", credentials))
    }

    /// Returns the profile of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Profile> {
        self.profiles.get(name)
    }

    /// Returns all profiles, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.values()
    }

    /// Returns a section of another kind in the config file, such as `("sso-session", "corp")` or `("services", "local")`.
    #[must_use]
    pub fn section(&self, kind: &str, name: &str) -> Option<&Profile> {
        self.others.get(&(kind.to_owned(), name.to_owned()))
    }

    pub(super) fn parse_files(
        config: (&str, &str),
        credentials: (&str, &str),
    ) -> Result<Self, CredentialsError> {
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
