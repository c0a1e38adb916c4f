use core::fmt;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use zeroize::Zeroizing;

/// The environment variables that a provider reads: those of the process, or a fixed set for tests and embedders.
///
/// `Debug` shows no values.
#[derive(Clone)]
pub struct Environment {
    lookup: Arc<Lookup>,
    fallback_home: Option<PathBuf>,
}

type Lookup = dyn Fn(&str) -> Option<OsString> + Send + Sync;

impl Environment {
    /// Returns the environment of this process, which is read again at each lookup.
    #[must_use]
    pub fn from_process() -> Self {
        Self { fallback_home: std::env::home_dir(), ..Self::from_fn(|name| std::env::var_os(name)) }
    }

    /// Returns an environment of these variables and no others.
    pub fn from_vars<K: Into<String>, V: Into<String>>(variables: impl IntoIterator<Item = (K, V)>) -> Self {
        let variables: BTreeMap<String, Zeroizing<String>> =
            variables.into_iter().map(|(name, value)| (name.into(), Zeroizing::new(value.into()))).collect();
        Self::from_fn(move |name| variables.get(name).map(|value| OsString::from(value.as_str())))
    }

    /// Returns an environment that calls `lookup` with the name of a variable, at each lookup.
    pub fn from_fn(lookup: impl Fn(&str) -> Option<OsString> + Send + Sync + 'static) -> Self {
        Self { lookup: Arc::new(lookup), fallback_home: None }
    }

    /// Returns the variable as it is; `None` if it is unset or empty, which AWS's tools do not distinguish.
    #[must_use]
    pub fn os_var(&self, name: &str) -> Option<OsString> {
        (self.lookup)(name).filter(|value| !value.is_empty())
    }

    /// Returns the variable without the white space around it; `None` if it is unset or nothing is left. Bytes that are
    /// not UTF-8 become U+FFFD.
    #[must_use]
    pub fn var(&self, name: &str) -> Option<String> {
        let value = self.os_var(name)?;
        let value = Zeroizing::new(value.to_string_lossy().into_owned());
        let trimmed = value.trim();
        (!trimmed.is_empty()).then(|| trimmed.to_owned())
    }

    /// Returns the home directory, located as AWS's tools do: `HOME`, then on Windows `USERPROFILE`, then `HOMEDRIVE` with
    /// `HOMEPATH`, then, for the environment of the process, the one that the operating system knows.
    #[must_use]
    pub fn home_dir(&self) -> Option<PathBuf> {
        self.home_dir_on(cfg!(windows))
    }

    fn home_dir_on(&self, windows: bool) -> Option<PathBuf> {
        let windows_home = || {
            self.os_var("USERPROFILE").or_else(|| {
                let mut home = self.os_var("HOMEDRIVE")?;
                home.push(self.os_var("HOMEPATH")?);
                Some(home)
            })
        };
        self.os_var("HOME")
            .or_else(|| if windows { windows_home() } else { None })
            .map(PathBuf::from)
            .or_else(|| self.fallback_home.clone())
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_and_blank_values_are_unset() {
        let environment = Environment::from_vars([("EMPTY", ""), ("BLANK", " \t"), ("SET", " value\r\n")]);
        assert_eq!(environment.var("EMPTY"), None);
        assert_eq!(environment.os_var("EMPTY"), None);
        assert_eq!(environment.var("BLANK"), None);
        assert_eq!(environment.var("SET").as_deref(), Some("value"));
        assert_eq!(environment.var("OTHER"), None);
    }

    /// The cases of AWS's shared tests for the location of the shared files.
    #[test]
    fn home_directory() {
        let home = |windows, variables: &[(&str, &str)]| {
            Environment::from_vars(variables.iter().copied())
                .home_dir_on(windows)
                .map(|home| home.into_os_string().into_string().unwrap())
        };
        let others = [("USERPROFILE", r"C:\profile"), ("HOMEDRIVE", "C:"), ("HOMEPATH", r"\users\user")];
        let all = [("HOME", "/home/user"), others[0], others[1], others[2]];
        assert_eq!(home(false, &all).as_deref(), Some("/home/user"));
        assert_eq!(home(true, &all).as_deref(), Some("/home/user"));
        assert_eq!(home(false, &others), None);
        assert_eq!(home(true, &others).as_deref(), Some(r"C:\profile"));
        assert_eq!(home(true, &others[1..]).as_deref(), Some(r"C:\users\user"));
        assert_eq!(home(true, &others[1..2]), None);
        let with_fallback =
            Environment { fallback_home: Some("/var/user".into()), ..Environment::from_vars(others) };
        assert_eq!(with_fallback.home_dir_on(false), Some("/var/user".into()));
    }

    #[test]
    fn debug_shows_no_values() {
        let shown = format!("{:?}", Environment::from_vars([("AWS_SECRET_ACCESS_KEY", "wJalrEXAMPLE")]));
        assert_eq!(shown, "Environment { .. }");
    }
}
