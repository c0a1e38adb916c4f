//! Which file the keys of a profile come from: never half from each, and never past a file that cannot be read.
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used)]

use awsauth_credentials::{ErrorKind, Profile, ProfileSet, ProfileSource};

/// What each letter writes, its value marked with the file it stands in. Capitals leave the value empty, but for `T`.
const SETTINGS: &[(char, &str)] = &[
    ('i', "aws_access_key_id = id-FILE"),
    ('I', "aws_access_key_id ="),
    ('s', "aws_secret_access_key = secret-FILE"),
    ('S', "aws_secret_access_key ="),
    ('t', "aws_session_token = token-FILE"),
    ('T', "aws_security_token = old-FILE"),
    ('E', "aws_session_token ="),
    ('a', "aws_account_id = account-FILE"),
    ('p', "credential_process = process-FILE"),
];

/// Settings of the credentials file, of the config file, what they give here, and in botocore 1.44.8 if that is another.
///
/// botocore asks in this order for keys of the credentials file, the process of either, keys of the config file; an
/// access key ID decides that there are keys. It merges nothing but the process. It takes an empty value for one, and
/// a secret without an access key ID for nothing.
const CASES: &[(&str, &str, &str, Option<&str>)] = &[
    ("is", "", "id-cred secret-cred - -", None),
    ("", "is", "id-conf secret-conf - -", None),
    ("is", "is", "id-cred secret-cred - -", None),
    // The token of the other file.
    ("is", "t", "id-cred secret-cred - -", None),
    ("is", "T", "id-cred secret-cred - -", None),
    ("t", "is", "id-conf secret-conf - -", None),
    ("T", "is", "id-conf secret-conf - -", None),
    ("is", "ist", "id-cred secret-cred - -", None),
    ("ist", "is", "id-cred secret-cred token-cred -", None),
    ("t", "ist", "id-conf secret-conf token-conf -", None),
    ("isE", "ist", "id-cred secret-cred - -", None),
    ("isT", "ist", "id-cred secret-cred old-cred -", None),
    // The older name of the token.
    ("istT", "", "id-cred secret-cred token-cred -", Some("id-cred secret-cred old-cred -")),
    // The account of the other file.
    ("isa", "is", "id-cred secret-cred - account-cred", None),
    ("is", "a", "id-cred secret-cred - -", None),
    ("is", "isa", "id-cred secret-cred - -", None),
    ("a", "isa", "id-conf secret-conf - account-conf", None),
    // Half here, half there.
    ("i", "s", "Incomplete", None),
    ("s", "i", "Incomplete", None),
    ("i", "is", "Incomplete", None),
    ("i", "ist", "Incomplete", None),
    ("s", "is", "id-conf secret-conf - -", None),
    ("s", "ist", "id-conf secret-conf token-conf -", None),
    ("is", "i", "id-cred secret-cred - -", None),
    ("is", "s", "id-cred secret-cred - -", None),
    // Half alone.
    ("i", "", "Incomplete", None),
    ("", "i", "Incomplete", None),
    ("s", "", "Incomplete", Some("nothing")),
    ("", "s", "Incomplete", Some("nothing")),
    ("t", "", "nothing", None),
    ("", "t", "nothing", None),
    // Left empty, which is as good as missing.
    ("I", "is", "id-conf secret-conf - -", Some("Incomplete")),
    ("Is", "is", "id-conf secret-conf - -", Some("signs as the empty ID")),
    ("iS", "is", "Incomplete", Some("signs with the empty secret")),
    ("IS", "is", "id-conf secret-conf - -", Some("signs as the empty ID")),
    ("IS", "", "nothing", Some("signs as the empty ID")),
    // A process.
    ("p", "is", "process-cred", None),
    ("is", "p", "id-cred secret-cred - -", None),
    ("pis", "is", "id-cred secret-cred - -", None),
    ("", "pis", "process-conf", None),
    ("p", "p", "process-cred", None),
    ("ip", "is", "Incomplete", None),
    ("i", "p", "Incomplete", None),
    ("s", "p", "process-conf", None),
];

fn section(header: &str, letters: &str, file: &str) -> String {
    let setting = |letter| SETTINGS.iter().find(|(name, _)| *name == letter).unwrap().1.replace("FILE", file);
    letters.chars().fold(format!("{header}\n"), |text, letter| text + &setting(letter) + "\n")
}

fn outcome(profile: &Profile) -> String {
    match profile.source() {
        Ok(ProfileSource::Keys(keys)) => {
            let parts = [
                Some(keys.access_key_id()),
                Some(keys.secret_access_key()),
                keys.session_token(),
                keys.account_id(),
            ];
            parts.map(|part| part.unwrap_or("-")).join(" ")
        }
        Ok(ProfileSource::Process(command)) => command.to_owned(),
        Ok(ProfileSource::Nothing) => "nothing".to_owned(),
        Ok(other) => format!("{other:?}"),
        Err(error) => format!("{:?}", error.kind()),
    }
}

#[test]
fn keys_come_from_one_file() {
    for (credentials, config, expected, botocore) in CASES {
        for (name, header) in [("default", "[default]"), ("dev", "[profile dev]")] {
            let profiles = ProfileSet::parse(
                &section(header, config, "conf"),
                &section(&format!("[{name}]"), credentials, "cred"),
            )
            .unwrap();
            let profile = profiles.get(name).unwrap();
            let what =
                format!("{name}: credentials {credentials:?}, config {config:?}, botocore {botocore:?}");
            assert_eq!(outcome(profile), *expected, "{what}");
            // What is read setting by setting mixes no more than what is read at once.
            if let Ok(Some(keys)) = profile.static_credentials() {
                assert_eq!(profile.get("aws_access_key_id"), Some(keys.access_key_id()), "{what}");
                assert_eq!(profile.get("aws_secret_access_key"), Some(keys.secret_access_key()), "{what}");
                let token = profile.get("aws_session_token").or_else(|| profile.get("aws_security_token"));
                assert_eq!(token, keys.session_token(), "{what}");
            }
        }
    }
}

/// Sections of one name in one file are one profile, as the rules that AWS's SDKs share say.
#[test]
fn sections_of_one_file_are_one_identity() {
    let profiles = ProfileSet::parse(
        "[default]\naws_session_token = other\n",
        "[default]\naws_access_key_id = id\n[other]\n[default]\naws_secret_access_key = secret\n\
         aws_session_token = token\n",
    )
    .unwrap();
    assert_eq!(outcome(profiles.get("default").unwrap()), "id secret token -");
}

#[test]
fn other_settings_are_still_merged() {
    let profiles = ProfileSet::parse(
        "[default]\nregion = eu-west-1\noutput = json\naws_session_token = conf\n",
        "[default]\naws_access_key_id = id\naws_secret_access_key = secret\nregion = us-east-1\n",
    )
    .unwrap();
    let default = profiles.get("default").unwrap();
    assert_eq!((default.get("region"), default.get("output")), (Some("us-east-1"), Some("json")));
    assert_eq!(default.get("aws_session_token"), None);
}

#[cfg(unix)]
mod unreadable {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use awsauth_credentials::{Environment, ProfileFiles, ProfileProvider, ProvideCredentials};

    use super::*;

    const KEYS: &str = "[default]\naws_access_key_id = conf\naws_secret_access_key = wJalr\n";

    struct Home(PathBuf);

    impl Home {
        fn new(case: &str) -> Self {
            let home =
                std::env::temp_dir().join(format!("awsauth-credentials-home-{case}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&home);
            fs::create_dir_all(home.join(".aws")).unwrap();
            fs::write(home.join(".aws/config"), KEYS).unwrap();
            Self(home)
        }

        fn file(&self) -> PathBuf {
            self.0.join(".aws/credentials")
        }
    }

    impl Drop for Home {
        fn drop(&mut self) {
            for path in [&self.0, &self.0.join(".aws"), &self.file()] {
                let _ = fs::set_permissions(path, Permissions::from_mode(0o700));
            }
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn outcome(home: &Path) -> Result<String, (ErrorKind, String)> {
        let environment = Environment::from_vars([("HOME", home.to_str().unwrap())]);
        let provider = ProfileProvider::new(ProfileFiles::new(&environment));
        match provider.provide_blocking() {
            Ok(credentials) => Ok(credentials.access_key_id().to_owned()),
            Err(error) => Err((error.kind(), error.source_name().to_owned())),
        }
    }

    /// What is made of `~/.aws/credentials` beside a config file with keys; botocore 1.44.8 goes on to those in all
    /// cases but the one that is not UTF-8, which is an error there as well.
    #[test]
    fn a_default_file_that_is_there_and_cannot_be_read_is_an_error() {
        type Make = fn(&Path);
        let cases: &[(&str, Make, Option<ErrorKind>)] = &[
            ("nothing", |_| {}, None),
            ("dangling", |file| symlink("/nonexistent/awsauth", file).unwrap(), None),
            ("null", |file| symlink("/dev/null", file).unwrap(), None),
            ("directory", |file| fs::create_dir(file).unwrap(), Some(ErrorKind::Unreachable)),
            ("loop", |file| symlink(file, file).unwrap(), Some(ErrorKind::Unreachable)),
            (
                "pipe",
                |file| assert!(Command::new("mkfifo").arg(file).status().unwrap().success()),
                Some(ErrorKind::Unreachable),
            ),
            ("latin-1", |file| fs::write(file, b"# M\xfcnchen\n").unwrap(), Some(ErrorKind::Malformed)),
            ("mode 0", |file| chmod(file, KEYS), Some(ErrorKind::Unreachable)),
        ];
        for (case, make, expected) in cases {
            let home = Home::new(case);
            make(&home.file());
            let is_set_up = match *case {
                "mode 0" => fs::File::open(home.file()).is_err(),
                "null" => fs::File::open("/dev/null").is_ok(),
                _ => true,
            };
            if !is_set_up {
                eprintln!("NOT RUN for {case}: not with the rights of this user");
                continue;
            }
            let expected = match expected {
                None => Ok("conf".to_owned()),
                Some(kind) => Err((*kind, home.file().display().to_string())),
            };
            assert_eq!(outcome(&home.0), expected, "{case}");
        }
    }

    fn chmod(file: &Path, text: &str) {
        fs::write(file, text).unwrap();
        fs::set_permissions(file, Permissions::from_mode(0o000)).unwrap();
    }

    #[test]
    fn a_home_that_is_closed_is_no_configuration_and_closed_files_are() {
        let home = Home::new("closed");
        let close = |path: &Path| fs::set_permissions(path, Permissions::from_mode(0o000)).unwrap();
        close(&home.0.join(".aws"));
        if fs::File::open(home.0.join(".aws/config")).is_ok() {
            eprintln!("NOT RUN: this user may read everything");
        } else {
            assert_eq!(outcome(&home.0).unwrap_err().0, ErrorKind::Unreachable);
            close(&home.0);
            assert_eq!(outcome(&home.0).unwrap_err().0, ErrorKind::NotConfigured);
        }
        assert_eq!(outcome(Path::new("/dev/null")).unwrap_err().0, ErrorKind::NotConfigured);
        assert_eq!(outcome(Path::new("/nonexistent")).unwrap_err().0, ErrorKind::NotConfigured);
    }
}
