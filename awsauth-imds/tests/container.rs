//! `Container` over both drivers against an endpoint on loopback.

#![allow(clippy::unwrap_used, reason = "a test")]

mod support;

use awsauth_credentials::{Environment, ErrorKind};
use awsauth_imds::Container;
use support::{
    Reply, SECRET, Server, TemporaryFile, assert_tells_no_secret, document, provide, with_each_driver,
};

/// Wants this `authorization`.
fn endpoint(authorization: &'static str) -> Server {
    Server::start(move |request| match request.header("authorization") {
        Some(given) if given == authorization => Reply::ok(document("ASIACONTAINER", "2030-01-01T00:00:00Z")),
        _ => Reply::SendResult {
            status: 401,
            headers: Vec::new(),
            body: b"{\"code\":\"InvalidToken\",\"message\":\"the token\\nis wrong\"}".to_vec(),
        },
    })
}

fn container(server: &Server, variables: &[(&str, &str)]) -> Container {
    let url = format!("{}/v1/credentials", server.url());
    let mut all = vec![("AWS_CONTAINER_CREDENTIALS_FULL_URI", url.as_str())];
    all.extend(variables);
    Container::new(Environment::from_vars(all))
}

#[test]
fn credentials_for_a_token_in_a_variable() {
    let server = endpoint("Basic abcd");
    for result in
        with_each_driver(|| container(&server, &[("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic abcd")]))
    {
        let credentials = result.unwrap();
        assert_eq!(credentials.access_key_id(), "ASIACONTAINER");
        assert_eq!(credentials.secret_access_key(), SECRET);
    }
    for request in server.seen() {
        assert_eq!(request.line(), "GET /v1/credentials");
        assert_eq!(request.header("accept"), Some("application/json"));
    }
}

#[test]
fn the_token_file_is_trimmed_read_anew_and_goes_before_the_variable() {
    let server = endpoint("second");
    let file = TemporaryFile::new("renewed", b"first\n");
    let provider = container(
        &server,
        &[
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file.path()),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "second"),
        ],
    );
    assert_eq!(provide(&provider).unwrap_err().kind(), ErrorKind::Refused);
    std::fs::write(file.path(), b" second\r\n").unwrap();
    assert_eq!(provide(&provider).unwrap().access_key_id(), "ASIACONTAINER");
    for (request, token) in server.seen().iter().zip(["first", "second"]) {
        assert_eq!(request.header("authorization"), Some(token));
    }
}

#[test]
fn token_files_that_cannot_be_used_send_nothing() {
    let server = endpoint("any");
    let missing = std::env::temp_dir().join("awsauth-imds-no-such-token");
    let empty = TemporaryFile::new("empty", b" \r\n");
    let folded = TemporaryFile::new("folded", b"tok\r\nX-Injected: en");
    let binary = TemporaryFile::new("binary", b"tok\xff\xfe");
    let long = TemporaryFile::new("long", &[b'a'; 65_537]);
    for (path, kind, word) in [
        (missing.to_str().unwrap(), ErrorKind::Incomplete, "cannot be read"),
        (empty.path(), ErrorKind::Incomplete, "is empty"),
        (folded.path(), ErrorKind::Malformed, "line breaks"),
        (binary.path(), ErrorKind::Malformed, "not text"),
        (long.path(), ErrorKind::Malformed, "more than 64 KiB"),
    ] {
        for result in
            with_each_driver(|| container(&server, &[("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", path)]))
        {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), kind);
            assert!(error.detail().contains(word) && error.detail().contains(path), "{error}");
            assert!(!error.detail().contains("Injected"), "{error}");
        }
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_refusal_is_quoted_and_not_repeated() {
    let server = endpoint("right");
    for result in with_each_driver(|| container(&server, &[("AWS_CONTAINER_AUTHORIZATION_TOKEN", "wrong")])) {
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.source_name()), (ErrorKind::Refused, "container endpoint"));
        assert_eq!(error.detail(), "HTTP 401: InvalidToken: the token is wrong");
    }
    assert_eq!(server.connections(), with_each_driver(|| container(&server, &[])).len());
}

#[test]
fn a_failure_that_may_pass_is_tried_three_times() {
    for (reply, kind) in [
        (Reply::status(500), ErrorKind::Refused),
        (Reply::Reset, ErrorKind::Unreachable),
        (Reply::Raw(b"nonsense".to_vec()), ErrorKind::Unreachable),
    ] {
        let server = Server::start(move |_| reply.clone());
        let results = with_each_driver(|| container(&server, &[]));
        assert_eq!(server.connections(), 3 * results.len());
        for result in results {
            assert_eq!(result.unwrap_err().kind(), kind);
        }
    }
}

#[test]
fn redirects_are_not_followed() {
    let elsewhere = endpoint("any");
    let location = elsewhere.url();
    let server = Server::start(move |_| Reply::SendResult {
        status: 302,
        headers: vec![("location".to_owned(), location.clone())],
        body: Vec::new(),
    });
    for result in with_each_driver(|| container(&server, &[])) {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Refused);
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn bad_documents() {
    let whole = document("ASIACONTAINER", "2030-01-01T00:00:00Z");
    for body in ["<html>", "{}", "", &whole[..100], &whole.replace("\"Token\"", "\"T\"")] {
        let reply = Reply::ok(body);
        let server = Server::start(move |_| reply.clone());
        for result in with_each_driver(|| container(&server, &[])) {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Malformed, "{error}");
            assert_tells_no_secret(&error);
        }
    }
}

/// The environment variable would send a link-local request, token included, to the proxy.
#[test]
fn a_proxy_in_the_environment_is_not_used() {
    const URL: &str = "AWSAUTH_TEST_PROXIED_URL";
    if let Ok(url) = std::env::var(URL) {
        let variables = [("AWS_CONTAINER_CREDENTIALS_FULL_URI", url.as_str())];
        for result in with_each_driver(|| Container::new(Environment::from_vars(variables))) {
            result.unwrap();
        }
        return;
    }
    let proxy = Server::start(|_| Reply::ok(document("ASIAPROXY", "2030-01-01T00:00:00Z")));
    let server = Server::start(|_| Reply::ok(document("ASIACONTAINER", "2030-01-01T00:00:00Z")));
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "a_proxy_in_the_environment_is_not_used"]).env(URL, server.url());
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        child.env(variable, proxy.url());
    }
    let done = child.env_remove("NO_PROXY").env_remove("no_proxy").output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    assert!(server.connections() > 0);
    assert_eq!(proxy.connections(), 0);
}

#[cfg(not(feature = "blocking"))]
#[test]
fn a_blocking_call_without_its_driver_names_the_feature() {
    let server = endpoint("any");
    let error =
        awsauth_credentials::ProvideCredentials::provide_blocking(&container(&server, &[])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.detail().contains("feature `blocking`"), "{error}");
}

#[test]
fn https_without_tls_sends_nothing_and_says_which_feature() {
    let server = endpoint("any");
    let url = server.url().replace("http:", "https:");
    let variables = [("AWS_CONTAINER_CREDENTIALS_FULL_URI", url.as_str())];
    for result in with_each_driver(|| Container::new(Environment::from_vars(variables))) {
        let error = result.unwrap_err();
        if cfg!(feature = "rustls") {
            assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
        } else {
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
            assert!(error.detail().contains("`rustls`"), "{error}");
            assert!(server.seen().is_empty());
        }
    }
}
