//! Against servers that others wrote: moto and aws-export-credentials, started by `conformance/servers/start`.
//!
//! Ignored unless asked for, so that nothing counts as passed that did not run:
//!
//! ```sh
//! eval "$(conformance/servers/start moto moto-strict export-credentials)"
//! cargo test -p awsauth-imds --features blocking --test servers -- --ignored
//! ```

#![allow(clippy::unwrap_used, reason = "a test")]

mod support;

use awsauth_credentials::{Credentials, Environment, ErrorKind, StaticProvider};
use awsauth_imds::{AssumeRole, Container, Imds, WebIdentity};
use support::{TemporaryFile, with_each_driver};

/// A line that `conformance/servers/start` prints.
fn line(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: eval \"$(conformance/servers/start moto moto-strict export-credentials)\"")
    })
}

fn assert_is(credentials: &Credentials, prefix: &str) {
    assert_eq!(credentials.access_key_id(), line(&format!("{prefix}_ACCESS_KEY_ID")));
    assert_eq!(credentials.secret_access_key(), line(&format!("{prefix}_SECRET_ACCESS_KEY")));
    assert_eq!(credentials.session_token(), Some(line(&format!("{prefix}_SESSION_TOKEN")).as_str()));
    assert!(credentials.expires_at() > Some(std::time::SystemTime::now()));
}

#[test]
#[ignore = "needs conformance/servers/start moto"]
fn metadata_of_moto() {
    let imds = || Imds::new(Environment::from_fn(|_| None)).endpoint(line("AWSAUTH_MOTO_URL"));
    for result in with_each_driver(imds) {
        assert_is(&result.unwrap(), "AWSAUTH_MOTO_IMDS");
    }
    for result in with_each_driver(|| imds().instance_profile_name(line("AWSAUTH_MOTO_IMDS_ROLE"))) {
        assert_is(&result.unwrap(), "AWSAUTH_MOTO_IMDS");
    }
    #[cfg(feature = "async")]
    assert_eq!(support::runtime().block_on(imds().region()).unwrap(), line("AWSAUTH_MOTO_REGION"));
    #[cfg(feature = "blocking")]
    assert_eq!(imds().region_blocking().unwrap(), line("AWSAUTH_MOTO_REGION"));
}

#[test]
#[ignore = "needs conformance/servers/start moto"]
fn a_web_identity_of_moto() {
    let token = TemporaryFile::new("moto-token", b"header.claims.signature\n");
    let role = || {
        WebIdentity::new(Environment::from_fn(|_| None))
            .endpoint(line("AWSAUTH_MOTO_URL"))
            .region(line("AWSAUTH_MOTO_REGION"))
            .role_arn("arn:aws:iam::123456789012:role/web")
            .token_file(token.path())
    };
    for result in with_each_driver(role) {
        let credentials = result.unwrap();
        assert!(credentials.access_key_id().starts_with("ASIA") && credentials.session_token().is_some());
        assert_eq!(credentials.account_id(), Some("123456789012"));
        assert!(credentials.expires_at() > Some(std::time::SystemTime::now()));
    }
}

/// moto in strict mode computes the signature itself, for the keys of users and of assumed roles.
#[test]
#[ignore = "needs conformance/servers/start moto-strict"]
fn an_assumed_role_of_strict_moto() {
    let user = |secret: String| Credentials::new(line("AWSAUTH_MOTO_STRICT_ACCESS_KEY_ID"), secret);
    let role = |base: Credentials| {
        AssumeRole::new(StaticProvider::new(base), line("AWSAUTH_MOTO_STRICT_ROLE_ARN"))
            .endpoint(line("AWSAUTH_MOTO_STRICT_URL"))
            .region(line("AWSAUTH_MOTO_STRICT_REGION"))
    };
    let secret = line("AWSAUTH_MOTO_STRICT_SECRET_ACCESS_KEY");
    for result in with_each_driver(|| role(user(secret.clone()))) {
        let credentials = result.unwrap();
        assert!(credentials.access_key_id().starts_with("ASIA"));
        // Only the user may assume the role; the refusal is one of permission, not of signature, token included.
        for result in with_each_driver(|| role(credentials.clone())) {
            if let Err(error) = result {
                assert!(error.detail().contains("AccessDenied"), "{error}");
            }
        }
    }
    for result in with_each_driver(|| role(user(format!("{secret}x")))) {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused);
        assert!(error.detail().contains("SignatureDoesNotMatch"), "{error}");
    }
}

#[test]
#[ignore = "needs conformance/servers/start export-credentials"]
fn strict_metadata_of_aws_export_credentials() {
    let imds = || Imds::new(Environment::from_fn(|_| None)).endpoint(line("AWSAUTH_EXPORT_IMDS_URL"));
    for result in with_each_driver(imds) {
        assert_is(&result.unwrap(), "AWSAUTH_EXPORT");
    }
    for result in with_each_driver(|| imds().instance_profile_name("another-role")) {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Refused);
    }
}

#[test]
#[ignore = "needs conformance/servers/start export-credentials"]
fn container_credentials_of_aws_export_credentials() {
    let container = |token: String| {
        Container::new(Environment::from_vars([
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", line("AWSAUTH_EXPORT_CONTAINER_URL")),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", token),
        ]))
    };
    for result in with_each_driver(|| container(line("AWSAUTH_EXPORT_CONTAINER_TOKEN"))) {
        assert_is(&result.unwrap(), "AWSAUTH_EXPORT");
    }
    for result in with_each_driver(|| container("wrong".to_owned())) {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused);
        assert!(error.detail().starts_with("HTTP 401"), "{error}");
    }
}
