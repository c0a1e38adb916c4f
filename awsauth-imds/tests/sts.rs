//! `WebIdentity` and `AssumeRole` over both drivers against a fake STS on loopback.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use std::sync::Mutex;

use awsauth_credentials::{Credentials, Environment, ErrorKind, ProvideCredentials, StaticProvider};
use awsauth_imds::{AssumeRole, WebIdentity};
use support::{
    Reply, SECRET, SESSION_TOKEN, Seen, Server, TemporaryFile, assert_tells_no_secret, provide,
    with_each_driver,
};

const ROLE: &str = "arn:aws:iam::123456789012:role/demo";

fn response(action: &str) -> String {
    format!(
        "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result><Credentials>\
         <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey>\
         <SessionToken>{SESSION_TOKEN}</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials>\
         <AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/demo/awsauth</Arn></AssumedRoleUser>\
         </{action}Result></{action}Response>"
    )
}

fn refusal(code: &str) -> Reply {
    let body = format!(
        "<ErrorResponse><Error><Code>{code}</Code><Message>said so</Message></Error></ErrorResponse>"
    );
    Reply::SendResult { status: 400, headers: Vec::new(), body: body.into_bytes() }
}

/// Says yes to whatever it is asked.
fn sts() -> Server {
    Server::start(|request| {
        let form = String::from_utf8_lossy(&request.body).into_owned();
        let action = form.split('&').find_map(|pair| pair.strip_prefix("Action=")).unwrap_or_default();
        Reply::ok(response(action))
    })
}

fn form(request: &Seen) -> Vec<String> {
    String::from_utf8_lossy(&request.body).split('&').map(str::to_owned).collect()
}

fn base() -> StaticProvider {
    StaticProvider::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
}

#[test]
fn a_web_identity_is_an_unsigned_post() {
    let server = sts();
    let token = TemporaryFile::new("web-identity", b" eyJhbGciOiJSUzI1NiJ9.e30.c2ln\n");
    let url = server.url();
    let environment = Environment::from_vars([
        ("AWS_ENDPOINT_URL_STS", url.as_str()),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ROLE_ARN", ROLE),
        ("AWS_ROLE_SESSION_NAME", "pod@demo"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", token.path()),
    ]);
    for result in with_each_driver(|| WebIdentity::new(environment.clone())) {
        let credentials = result.unwrap();
        assert_eq!(credentials.access_key_id(), "ASIAROLE");
        assert_eq!(credentials.session_token(), Some(SESSION_TOKEN));
        assert_eq!(credentials.account_id(), Some("123456789012"));
        assert!(credentials.expires_at().is_some());
    }
    for request in server.seen() {
        assert_eq!(request.line(), "POST /");
        assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded"));
        assert_eq!(request.header("authorization"), None);
        assert_eq!(
            form(&request),
            [
                "Action=AssumeRoleWithWebIdentity",
                "Version=2011-06-15",
                "RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdemo",
                "RoleSessionName=pod%40demo",
                "WebIdentityToken=eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
            ]
        );
    }
}

#[test]
fn what_a_web_identity_lacks_is_named_and_nothing_is_sent() {
    let server = sts();
    let url = server.url();
    let token = TemporaryFile::new("web-identity-whole", b"token");
    let empty = TemporaryFile::new("web-identity-empty", b"\n");
    // One byte more than is read; cut off, it would be another token.
    let long = TemporaryFile::new("web-identity-long", &[b'a'; 65_537]);
    let region = ("AWS_REGION", "eu-central-1");
    let file = ("AWS_WEB_IDENTITY_TOKEN_FILE", token.path());
    for (variables, kind, word) in [
        (
            vec![("AWS_ROLE_ARN", ROLE), region],
            ErrorKind::NotConfigured,
            "AWS_WEB_IDENTITY_TOKEN_FILE is not set",
        ),
        (vec![file, region], ErrorKind::Incomplete, "AWS_ROLE_ARN is not"),
        (vec![file, ("AWS_ROLE_ARN", ROLE)], ErrorKind::Incomplete, "AWS_REGION"),
        (
            vec![file, ("AWS_ROLE_ARN", ROLE), ("AWS_REGION", "evil.example.com/")],
            ErrorKind::Malformed,
            "not a region",
        ),
        (
            vec![("AWS_WEB_IDENTITY_TOKEN_FILE", empty.path()), ("AWS_ROLE_ARN", ROLE), region],
            ErrorKind::Incomplete,
            "is empty",
        ),
        (
            vec![("AWS_WEB_IDENTITY_TOKEN_FILE", long.path()), ("AWS_ROLE_ARN", ROLE), region],
            ErrorKind::Malformed,
            "more than 64 KiB",
        ),
    ] {
        let environment = Environment::from_vars(variables);
        for result in with_each_driver(|| WebIdentity::new(environment.clone()).endpoint(url.as_str())) {
            let error = result.unwrap_err();
            assert_eq!((error.kind(), error.source_name()), (kind, "web identity"));
            assert!(error.detail().contains(word), "{error}");
        }
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_role_is_assumed_with_a_signed_post() {
    let server = sts();
    let role = || {
        AssumeRole::new(base(), ROLE)
            .region("eu-central-1")
            .endpoint(server.url())
            .session_name("nightly")
            .external_id("a b")
            .duration(core::time::Duration::from_secs(900))
    };
    for result in with_each_driver(role) {
        assert_eq!(result.unwrap().access_key_id(), "ASIAROLE");
    }
    for request in server.seen() {
        assert_eq!(
            form(&request),
            [
                "Action=AssumeRole",
                "Version=2011-06-15",
                "RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdemo",
                "RoleSessionName=nightly",
                "DurationSeconds=900",
                "ExternalId=a%20b",
            ]
        );
        let authorization = request.header("authorization").unwrap();
        assert!(authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"), "{authorization}");
        assert!(authorization.contains("/eu-central-1/sts/aws4_request"), "{authorization}");
    }
}

#[test]
fn refusals_of_sts_name_the_role() {
    for (reply, kind, word) in [
        (refusal("AccessDenied"), ErrorKind::Refused, "AccessDenied: said so"),
        (Reply::ok("<html>"), ErrorKind::Malformed, "HTML"),
        (Reply::ok(response("AssumeRole").replace(SESSION_TOKEN, "")), ErrorKind::Malformed, "SessionToken"),
        (
            Reply::ok(response("AssumeRole").replace("2030-01-01T00:00:00Z", "1e99")),
            ErrorKind::Malformed,
            "1e99",
        ),
        (Reply::ok(" ".repeat(65_537)), ErrorKind::Malformed, "64 KiB"),
        (Reply::Reset, ErrorKind::Unreachable, "broke"),
    ] {
        let server = Server::start(move |_| reply.clone());
        for result in
            with_each_driver(|| AssumeRole::new(base(), ROLE).region("eu-central-1").endpoint(server.url()))
        {
            let error = result.unwrap_err();
            assert_eq!(
                (error.kind(), error.source_name()),
                (kind, "role arn:aws:iam::123456789012:role/demo")
            );
            assert!(error.detail().contains(word), "{error}");
            assert_tells_no_secret(&error);
        }
    }
}

#[test]
fn an_identity_provider_that_stumbles_is_asked_again() {
    let count = Mutex::new(0);
    let server = Server::start(move |_| {
        let mut count = count.lock().unwrap();
        *count += 1;
        if *count % 3 == 0 { Reply::ok(response("AssumeRole")) } else { refusal("IDPCommunicationError") }
    });
    for result in
        with_each_driver(|| AssumeRole::new(base(), ROLE).region("eu-central-1").endpoint(server.url()))
    {
        assert_eq!(result.unwrap().access_key_id(), "ASIAROLE");
    }
}

/// A source that has expired credentials until it is told.
#[derive(Debug, Default)]
struct Stale(Mutex<bool>);

impl ProvideCredentials for Stale {
    fn provide(&self) -> awsauth_credentials::CredentialsFuture<'_> {
        Box::pin(async { self.provide_blocking() })
    }

    fn provide_blocking(&self) -> Result<Credentials, awsauth_credentials::CredentialsError> {
        let id = if *self.0.lock().unwrap() { "AKIDFRESH" } else { "AKIDSTALE" };
        Ok(Credentials::new(id, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
    }

    fn invalidate(&self, refused: &Credentials) {
        assert_eq!(refused.access_key_id(), "AKIDSTALE");
        *self.0.lock().unwrap() = true;
    }
}

#[test]
fn a_source_whose_token_sts_calls_expired_is_told() {
    let server = Server::start(|request| match request.header("authorization") {
        Some(authorization) if authorization.contains("AKIDFRESH") => Reply::ok(response("AssumeRole")),
        _ => refusal("ExpiredToken"),
    });
    let role = AssumeRole::new(Stale::default(), ROLE).region("eu-central-1").endpoint(server.url());
    assert_eq!(provide(&role).unwrap_err().kind(), ErrorKind::Refused);
    provide(&role).unwrap();
}

#[test]
fn a_source_that_fails_keeps_its_name() {
    let source = WebIdentity::new(Environment::from_vars([("AWS_WEB_IDENTITY_TOKEN_FILE", "/x")]));
    let error = provide(&AssumeRole::new(source, ROLE).region("eu-central-1")).unwrap_err();
    assert_eq!((error.kind(), error.source_name()), (ErrorKind::Incomplete, "web identity"));
}

#[test]
fn a_source_that_is_not_configured_leaves_the_role_incomplete() {
    let source = WebIdentity::new(Environment::from_fn(|_| None));
    let error = provide(&AssumeRole::new(source, ROLE).region("eu-central-1")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Incomplete);
    assert!(error.to_string().contains("AWS_WEB_IDENTITY_TOKEN_FILE is not set"), "{error}");
}
