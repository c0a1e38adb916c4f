use std::fs::File;
use std::io::{ErrorKind as IoErrorKind, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::set::ProfileSet;
use crate::environment::Environment;
use crate::error::{CredentialsError, ErrorKind};

/// No one writes more by hand; tools that write profiles stay well below.
const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024;

/// Where the shared config and credentials files are, and which profile is selected.
///
/// | | variable | default |
/// |---|---|---|
/// | config file | `AWS_CONFIG_FILE` | `~/.aws/config` |
/// | credentials file | `AWS_SHARED_CREDENTIALS_FILE` | `~/.aws/credentials` |
/// | profile | `AWS_PROFILE`, `AWS_DEFAULT_PROFILE` | `default` |
///
/// A leading `~` stands for the [home directory](Environment::home_dir).
///
/// See AWS's [location of the shared config and credentials files](https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html).
#[derive(Debug, Clone)]
pub struct ProfileFiles {
    config: Option<Location>,
    credentials: Option<Location>,
    profile: Option<String>,
}

#[derive(Debug, Clone)]
struct Location {
    path: PathBuf,
    /// Whether the user chose the path: it is not the default.
    named: bool,
}

impl ProfileFiles {
    /// Returns the files and the profile that the environment of this process names at this moment.
    #[must_use]
    pub fn from_env() -> Self {
        Self::new(&Environment::from_process())
    }

    /// Returns the files and the profile that `environment` names at this moment.
    #[must_use]
    pub fn new(environment: &Environment) -> Self {
        let home = environment.home_dir();
        let locate = |variable: &str, file: &str| match environment.os_var(variable) {
            Some(path) => Some(Location { path: expand_home(path.into(), home.as_deref()), named: true }),
            None => Some(Location { path: home.as_deref()?.join(".aws").join(file), named: false }),
        };
        Self {
            config: locate("AWS_CONFIG_FILE", "config"),
            credentials: locate("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
            profile: environment.var("AWS_PROFILE").or_else(|| environment.var("AWS_DEFAULT_PROFILE")),
        }
    }

    /// Sets the path of the config file.
    #[must_use]
    pub fn with_config_file(self, path: impl Into<PathBuf>) -> Self {
        Self { config: Some(Location { path: path.into(), named: true }), ..self }
    }

    /// Sets the path of the credentials file.
    #[must_use]
    pub fn with_credentials_file(self, path: impl Into<PathBuf>) -> Self {
        Self { credentials: Some(Location { path: path.into(), named: true }), ..self }
    }

    /// Sets the profile.
    #[must_use]
    pub fn with_profile(self, name: impl Into<String>) -> Self {
        Self { profile: Some(name.into()), ..self }
    }

    /// Returns the name of the selected profile.
    #[must_use]
    pub fn profile(&self) -> &str {
        self.profile.as_deref().unwrap_or("default")
    }

    /// Returns whether the profile was chosen, by a variable or in code: if it does not exist, that is an error. The
    /// `default` profile may be absent otherwise.
    #[must_use]
    pub fn has_explicit_profile(&self) -> bool {
        self.profile.is_some()
    }

    /// Returns the path of the config file; `None` if neither a variable nor a home directory is set.
    #[must_use]
    pub fn config_file(&self) -> Option<&Path> {
        self.config.as_ref().map(|location| location.path.as_path())
    }

    /// Returns the path of the credentials file; `None` if neither a variable nor a home directory is set.
    #[must_use]
    pub fn credentials_file(&self) -> Option<&Path> {
        self.credentials.as_ref().map(|location| location.path.as_path())
    }

    /// Reads both files. A file that does not exist counts as empty. So does a file in the default place if this process
    /// has no access to its directory, as some services have none to a home directory.
    ///
    /// # Errors
    /// - [`ErrorKind::Malformed`] if a file is not in the format, not UTF-8, or over 4 MiB: correct the line that the error
    ///   names.
    /// - [`ErrorKind::Unreachable`] if a file cannot be read: give this process the permission, or name another file in
    ///   `AWS_CONFIG_FILE` or `AWS_SHARED_CREDENTIALS_FILE`.
    pub fn load(&self) -> Result<ProfileSet, CredentialsError> {
        let config = read(self.config.as_ref())?;
        let credentials = read(self.credentials.as_ref())?;
        ProfileSet::parse_files(config.named(), credentials.named())
    }
}

fn expand_home(path: PathBuf, home: Option<&Path>) -> PathBuf {
    match (path.strip_prefix("~"), home) {
        (Ok(below), Some(home)) => home.join(below),
        _ => path,
    }
}

#[derive(Default)]
struct Contents {
    name: String,
    text: Zeroizing<String>,
}

impl Contents {
    fn named(&self) -> (&str, &str) {
        (&self.name, &self.text)
    }
}

fn read(location: Option<&Location>) -> Result<Contents, CredentialsError> {
    let Some(Location { path, named }) = location else { return Ok(Contents::default()) };
    let name = path.display().to_string();
    let error = |kind, detail: String| CredentialsError::new(name.clone(), kind, detail);
    // Opening a pipe would wait for its writer. One that is named can have one: `AWS_CONFIG_FILE=<(..)` of a shell.
    if !named && is_pipe(path) {
        return Err(error(ErrorKind::Unreachable, "the file is a pipe; put a regular file there".to_owned()));
    }
    let bytes = match read_bounded(path) {
        Ok(bytes) => bytes,
        Err(cause) if is_absent(path, *named, &cause) => Zeroizing::default(),
        Err(cause) => return Err(error(ErrorKind::Unreachable, format!("the file cannot be read: {cause}"))),
    };
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_FILE_BYTES) {
        return Err(error(ErrorKind::Malformed, "the file has more than 4 MiB".to_owned()));
    }
    match core::str::from_utf8(&bytes) {
        Ok(text) => Ok(Contents { text: Zeroizing::new(text.to_owned()), name }),
        Err(cause) => {
            let before = bytes.get(..cause.valid_up_to()).unwrap_or_default();
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            Err(error(ErrorKind::Malformed, format!("line {line} is not UTF-8")))
        }
    }
}

/// Whether there is no such file, as far as this process may know. One that is there and cannot be read is somebody's
/// credentials: going on without them would sign as somebody else.
fn is_absent(path: &Path, named: bool, cause: &std::io::Error) -> bool {
    match cause.kind() {
        // The latter: what should be a directory on the way there is none, as where `HOME` is `/dev/null`.
        IoErrorKind::NotFound | IoErrorKind::NotADirectory => true,
        IoErrorKind::PermissionDenied if !named => path.parent().is_some_and(|folder| {
            folder.metadata().is_err_and(|e| e.kind() == IoErrorKind::PermissionDenied)
        }),
        _ => false,
    }
}

#[cfg(unix)]
fn is_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    path.metadata().is_ok_and(|metadata| metadata.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_pipe(_: &Path) -> bool {
    false
}

fn read_bounded(path: &Path) -> std::io::Result<Zeroizing<Vec<u8>>> {
    let file = File::open(path)?;
    // With room for all of it from the start, growing leaves no copies behind.
    let length = file.metadata().map_or(0, |metadata| metadata.len()).min(MAX_FILE_BYTES) + 1;
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(length).unwrap_or_default()));
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn located(variables: &[(&'static str, &'static str)]) -> ProfileFiles {
        ProfileFiles::new(&Environment::from_vars(variables.iter().copied()))
    }

    /// The cases of AWS's shared tests for the location of the shared files.
    #[test]
    fn locations() {
        let home = ("HOME", "/home/user");
        let files = located(&[home]);
        assert_eq!(files.config_file(), Some(Path::new("/home/user/.aws/config")));
        assert_eq!(files.credentials_file(), Some(Path::new("/home/user/.aws/credentials")));
        assert_eq!((files.profile(), files.has_explicit_profile()), ("default", false));

        let files = located(&[home, ("AWS_CONFIG_FILE", "/other/path/config")]);
        assert_eq!(files.config_file(), Some(Path::new("/other/path/config")));
        assert_eq!(files.credentials_file(), Some(Path::new("/home/user/.aws/credentials")));

        let files = located(&[home, ("AWS_SHARED_CREDENTIALS_FILE", "~/elsewhere")]);
        assert_eq!(files.credentials_file(), Some(Path::new("/home/user/elsewhere")));

        let files = located(&[("AWS_CONFIG_FILE", "~aws/config")]);
        assert_eq!(files.config_file(), Some(Path::new("~aws/config")));
        assert_eq!(files.credentials_file(), None);
    }

    #[test]
    fn profile_names() {
        let old = ("AWS_DEFAULT_PROFILE", "old");
        assert_eq!(located(&[("AWS_PROFILE", "other"), old]).profile(), "other");
        assert_eq!(located(&[("AWS_PROFILE", ""), old]).profile(), "old");
        assert!(located(&[old]).has_explicit_profile());
        assert_eq!(located(&[old]).with_profile("mine").profile(), "mine");
    }

    #[test]
    fn unreadable_files() {
        let directory = std::env::temp_dir();
        let missing = directory.join("awsauth-credentials-no-such-file");
        let files = located(&[]).with_config_file(&missing).with_credentials_file(&missing);
        assert_eq!(files.load().unwrap().iter().count(), 0);

        let error = located(&[]).with_config_file(&directory).load().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreachable);
        assert!(error.source_name().contains(directory.to_str().unwrap()), "{error}");
    }

    #[test]
    fn a_line_that_is_not_utf_8_is_named() {
        let path = std::env::temp_dir().join(format!("awsauth-credentials-latin1-{}", std::process::id()));
        std::fs::write(&path, b"[default]\nregion = eu-central-1\n# M\xfcnchen\n").unwrap();
        let error = located(&[]).with_config_file(&path).load().unwrap_err();
        std::fs::remove_file(&path).unwrap();
        assert_eq!((error.kind(), error.detail()), (ErrorKind::Malformed, "line 3 is not UTF-8"));
    }
}
