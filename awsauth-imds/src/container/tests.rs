use proptest::prelude::*;

use super::*;

fn container(variables: &[(&str, &str)]) -> Container {
    Container::new(Environment::from_vars(variables.iter().copied()))
}

fn refusal(variables: &[(&str, &str)]) -> (ErrorKind, String) {
    let error = container(variables).request().unwrap_err();
    (error.kind(), error.detail().to_owned())
}

#[test]
fn the_relative_uri_goes_before_the_full_one() {
    let both = [(RELATIVE_URI, "/v2/credentials?id=1"), (FULL_URI, "http://localhost/x")];
    let request = container(&both).request().unwrap();
    assert_eq!(request.uri().to_string(), "http://169.254.170.2/v2/credentials?id=1");
    assert_eq!(request.headers().get("authorization"), None);
    let request = container(&[(RELATIVE_URI, ""), (FULL_URI, "http://localhost:81/x")]).request().unwrap();
    assert_eq!(request.uri().to_string(), "http://localhost:81/x");
}

#[test]
fn nothing_set_is_not_configured() {
    assert_eq!(refusal(&[(TOKEN, "unused")]).0, ErrorKind::NotConfigured);
}

#[test]
fn hosts_over_plain_http() {
    for allowed in [
        "http://localhost/c",
        "http://LOCALHOST:8080/c",
        "http://127.0.0.1/c",
        "http://127.9.8.7:1/c",
        "http://[::1]/c",
        "http://169.254.170.2/c",
        "http://169.254.170.23/v1/credentials",
        "http://[fd00:ec2::23]/v1/credentials",
        "http://[fd00:ec2:0::23]/c",
        "https://example.com/c",
        "https://10.0.0.1/c",
    ] {
        assert_eq!(
            container(&[(FULL_URI, allowed)]).request().unwrap().uri().to_string(),
            allowed.to_owned()
        );
    }
    for refused in [
        "http://example.com/c",
        "http://10.0.0.1/c",
        "http://169.254.169.254/c",
        "http://169.254.170.3/c",
        "http://[fd00:ec2::24]/c",
        "http://[::ffff:127.0.0.1]/c",
        "http://localhost.example.com/c",
        "http://0.0.0.0/c",
        "http://2130706433/c",
        "http://0x7f.1/c",
        "http://localhost@example.com/c",
        "http://example.com@localhost/c",
        "https://user@example.com/c",
        "ftp://localhost/c",
        "localhost/c",
        "/c",
        "http://",
        "http:///c",
        "http://localhost\\@example.com/c",
        "http://127.0.0.1 /c",
        "http://[::1/c",
    ] {
        assert_eq!(refusal(&[(FULL_URI, refused)]).0, ErrorKind::Malformed, "{refused}");
    }
    for refused in ["c", "@example.com/c", ".example.com/c", ":80/c", "/a b", "/a\u{7f}"] {
        assert_eq!(refusal(&[(RELATIVE_URI, refused)]).0, ErrorKind::Malformed, "{refused}");
    }
}

#[test]
fn the_token_variable_is_trimmed_and_checked() {
    let full = (FULL_URI, "http://localhost/c");
    let request = container(&[full, (TOKEN, " Basic abcd\n")]).request().unwrap();
    assert_eq!(request.headers()["authorization"], "Basic abcd");
    assert!(!format!("{request:?}").contains("abcd"));
    let (kind, detail) = refusal(&[full, (TOKEN, "Basic ab\r\nX-Injected: cd")]);
    assert_eq!(kind, ErrorKind::Malformed);
    assert!(detail.contains(TOKEN) && !detail.contains("ab\r\n") && !detail.contains("Injected"), "{detail}");
}

proptest! {
    #[test]
    fn a_plain_url_goes_to_no_other_host(host in "[a-z0-9.:@/\\\\#?%\\[\\]-]{0,24}") {
        let url = format!("http://{host}/c");
        if let Ok(request) = container(&[(FULL_URI, &url)]).request() {
            // The URL parser of the async driver's client must see the host that was checked.
            prop_assert!(may_be_plain(request.uri().host().unwrap()));
            #[cfg(feature = "async")]
            if let Ok(seen) = reqwest::Url::parse(&request.uri().to_string()) {
                prop_assert!(may_be_plain(seen.host_str().unwrap()), "{seen}");
            }
        }
    }
}
