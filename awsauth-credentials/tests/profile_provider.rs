//! [`ProfileProvider`] over files on disk.
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used)]

use std::path::PathBuf;

use awsauth_credentials::{
    Chain, CredentialsError, EnvProvider, Environment, ErrorKind, ProfileFiles, ProfileProvider,
    ProvideCredentials,
};

/// A directory of shared files that goes with the test.
struct Files(PathBuf);

impl Files {
    fn new(test: &str, config: &str, credentials: &str) -> Self {
        let directory =
            std::env::temp_dir().join(format!("awsauth-credentials-{test}-{}", std::process::id()));
        std::fs::create_dir_all(directory.join(".aws")).unwrap();
        std::fs::write(directory.join(".aws/config"), config).unwrap();
        std::fs::write(directory.join(".aws/credentials"), credentials).unwrap();
        Self(directory)
    }

    fn provider(&self, variables: &[(&str, &str)]) -> ProfileProvider {
        let home = [("HOME", self.0.to_str().unwrap())];
        let environment = Environment::from_vars(home.iter().chain(variables).copied());
        ProfileProvider::new(ProfileFiles::new(&environment))
    }

    fn error(&self, profile: &str) -> CredentialsError {
        self.provider(&[("AWS_PROFILE", profile)]).provide_blocking().unwrap_err()
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const KEYS: &str = "[default]\naws_access_key_id = AKIDDEFAULT\naws_secret_access_key = wJalr\n\
                    [dev]\naws_access_key_id = AKIDDEV\naws_secret_access_key = wJalr\naws_session_token = token\n";

#[tokio::test]
async fn keys_of_the_profile_that_the_environment_names() {
    let files = Files::new("keys", "", KEYS);
    let default = files.provider(&[]).provide().await.unwrap();
    assert_eq!((default.access_key_id(), default.session_token()), ("AKIDDEFAULT", None));
    let dev = files.provider(&[("AWS_PROFILE", "dev")]);
    assert_eq!(dev.provide().await.unwrap().session_token(), Some("token"));
    assert_eq!(dev.provide_blocking().unwrap().access_key_id(), "AKIDDEV");
}

#[test]
fn files_are_read_at_each_call() {
    let files = Files::new("reread", "", KEYS);
    let provider = files.provider(&[]);
    assert_eq!(provider.provide_blocking().unwrap().access_key_id(), "AKIDDEFAULT");
    std::fs::write(files.0.join(".aws/credentials"), KEYS.replace("AKIDDEFAULT", "AKIDNEXT")).unwrap();
    assert_eq!(provider.provide_blocking().unwrap().access_key_id(), "AKIDNEXT");
}

#[test]
fn an_absent_default_is_passed_over_and_an_absent_choice_is_not() {
    let files = Files::new("absent", "[profile bare]\nregion = eu-west-1\n", "");
    let default = files.provider(&[]).provide_blocking().unwrap_err();
    assert_eq!(default.kind(), ErrorKind::NotConfigured);
    assert!(default.detail().contains("config") && default.detail().contains("credentials"), "{default}");
    let chosen = files.error("no-such");
    assert_eq!((chosen.kind(), chosen.source_name()), (ErrorKind::Incomplete, "profile \"no-such\""));
    assert_eq!(files.error("bare").kind(), ErrorKind::NotConfigured);

    let nowhere = ProfileProvider::new(ProfileFiles::new(&Environment::from_vars([("X", "y")])));
    assert_eq!(nowhere.provide_blocking().unwrap_err().kind(), ErrorKind::NotConfigured);
}

#[test]
fn what_needs_a_service_names_it() {
    let files = Files::new(
        "unsupported",
        "[profile role]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = default\n\
         [profile source]\nrole_arn = arn:aws:iam::1:role/r\ncredential_source = Ec2InstanceMetadata\n\
         [profile web]\nrole_arn = arn:aws:iam::1:role/r\nweb_identity_token_file = /token\n\
         [profile sso]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n\
         [profile login]\nlogin_session = arn:aws:iam::1:user/u\n",
        KEYS,
    );
    for (profile, words) in [
        ("role", "role_arn"),
        ("source", "role_arn"),
        ("web", "web_identity_token_file"),
        ("sso", "IAM Identity Center"),
        ("login", "aws login"),
    ] {
        let error = files.error(profile);
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
        assert!(error.detail().contains(words), "{error}");
    }
}

#[test]
fn a_chain_stops_at_a_broken_file_and_names_it() {
    let files = Files::new("broken", "[default\n", "");
    let environment = || EnvProvider::new(Environment::from_vars([("X", "y")]));
    let error = Chain::new().then(environment()).then(files.provider(&[])).provide_blocking().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(error.source_name().ends_with("config"), "{error}");
    assert!(error.detail().starts_with("line 1: "), "{error}");
}

#[cfg(not(feature = "process"))]
#[test]
fn credential_process_needs_the_feature() {
    let files = Files::new("no-process", "[profile p]\ncredential_process = /bin/true\n", "");
    let error = files.error("p");
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.detail().contains("feature `process`"), "{error}");
}

#[cfg(all(feature = "process", unix))]
#[tokio::test]
async fn credential_process_is_run() {
    let config = "[profile p]\naws_account_id = 123456789012\ncredential_process = \
                  printf '{\"Version\":1,\"AccessKeyId\":\"AKIDP\",\"SecretAccessKey\":\"s\"}'\n\
                  [profile slow]\ncredential_process = sleep 600\n\
                  [profile failing]\ncredential_process = echo 'log in first' >&2; exit 7\n";
    let files = Files::new("process", config, "");
    let provider = files.provider(&[("AWS_PROFILE", "p")]);
    for credentials in [provider.provide().await.unwrap(), provider.provide_blocking().unwrap()] {
        assert_eq!((credentials.access_key_id(), credentials.account_id()), ("AKIDP", Some("123456789012")));
    }
    let slow = files.provider(&[("AWS_PROFILE", "slow")]);
    let slow = slow.process_time_limit(core::time::Duration::from_millis(100)).provide().await.unwrap_err();
    assert_eq!(slow.kind(), ErrorKind::TimedOut);
    assert_eq!(slow.source_name(), "credential_process of profile \"slow\"");
    let failing = files.error("failing");
    assert_eq!(failing.kind(), ErrorKind::Refused);
    assert!(failing.detail().contains("log in first"), "{failing}");
}
