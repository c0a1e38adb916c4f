//! The length of an empty body, which clients leave out.
#![allow(clippy::unwrap_used, reason = "a test")]

use awsauth_http::http::{Request, request::Parts};
use awsauth_http::{Credentials, Error, PayloadHash, Signer, declare_empty_body};

const URL: &str = "https://bucket.s3.eu-west-1.amazonaws.com/key";

fn signer() -> Signer {
    Signer::new(Credentials::new("AKIDEXAMPLE", "secret"))
}

fn parts(method: &str) -> Parts {
    Request::builder().method(method).uri(URL).body(()).unwrap().into_parts().0
}

#[test]
fn is_declared_where_the_method_has_a_body() {
    for (method, expected) in [
        ("PATCH", true),
        ("POST", true),
        ("PUT", true),
        ("DELETE", false),
        ("GET", false),
        ("HEAD", false),
        ("OPTIONS", false),
    ] {
        let expected = expected.then_some("0");
        let declared = |parts: &Parts| {
            parts.headers.get("content-length").map(|value| value.to_str().unwrap().to_owned())
        };

        let mut request = Request::from_parts(parts(method), "");
        signer().sign_blocking(&mut request).unwrap();
        assert_eq!(declared(&request.into_parts().0).as_deref(), expected, "sign, {method}");
        let mut head = parts(method);
        signer().sign_head_blocking(&mut head, PayloadHash::EMPTY).unwrap();
        assert_eq!(declared(&head).as_deref(), expected, "sign_head, {method}");
        let mut head = parts(method);
        signer().sign_body_blocking(&mut head, b"").unwrap();
        assert_eq!(declared(&head).as_deref(), expected, "sign_body, {method}");
        let mut head = parts(method);
        declare_empty_body(&mut head);
        assert_eq!(declared(&head).as_deref(), expected, "declare_empty_body, {method}");
    }
}

#[test]
fn is_not_what_else_is_said_of_it() {
    for (name, value) in [("content-length", "0"), ("transfer-encoding", "chunked")] {
        let mut put = Request::put(URL).header(name, value).body("").unwrap();
        signer().sign_blocking(&mut put).unwrap();
        assert_eq!(put.headers()[name], value);
        let said = ["content-length", "transfer-encoding"].map(|name| put.headers().contains_key(name));
        assert_eq!(said.iter().filter(|said| **said).count(), 1);
    }
    // Of a body that is only unsigned, nobody knows.
    let mut head = parts("PUT");
    signer().sign_head_blocking(&mut head, PayloadHash::Unsigned).unwrap();
    assert!(!head.headers.contains_key("content-length"));
}

#[test]
fn is_not_signed_unless_that_is_asked_for() {
    use awsauth_http::SignedHeaders;
    for (selection, expected) in [
        (SignedHeaders::Essential, false),
        (SignedHeaders::AllButHopByHop, true),
        (SignedHeaders::EssentialAnd(&["content-length"]), true),
    ] {
        let mut put = Request::put(URL).body("").unwrap();
        signer().signed_headers(selection).sign_blocking(&mut put).unwrap();
        let authorization = put.headers()["authorization"].to_str().unwrap();
        assert_eq!(authorization.contains("=content-length;"), expected, "{authorization}");
    }
}

#[test]
fn goes_when_the_request_gets_a_body() {
    let mut put = Request::put(URL).body("").unwrap();
    signer().sign_blocking(&mut put).unwrap();
    let mut put = put.map(|_| "body");
    signer().sign_blocking(&mut put).unwrap();
    assert!(!put.headers().contains_key("content-length"));
}

#[test]
fn a_request_that_is_refused_has_the_length_that_it_had() {
    let nowhere = Signer::new(Credentials::new("AKIDEXAMPLE", "secret"));
    for (body, length) in [("", None), ("", Some("0")), ("body", Some("0")), ("body", Some("4"))] {
        let mut put = Request::put("https://files.example.com/key").body(body).unwrap();
        if let Some(length) = length {
            put.headers_mut().insert("content-length", length.parse().unwrap());
        }
        let before = put.headers().clone();
        assert!(matches!(nowhere.sign_blocking(&mut put), Err(Error::Endpoint(_))));
        assert_eq!(*put.headers(), before);
        let (mut head, body) = put.into_parts();
        assert!(nowhere.sign_body_blocking(&mut head, body.as_bytes()).is_err());
        assert_eq!(head.headers, before);
        assert!(nowhere.sign_head_blocking(&mut head, PayloadHash::of(body.as_bytes())).is_err());
        assert_eq!(head.headers, before);
    }
}

#[test]
fn an_error_leaves_lengths_that_contradict_as_they_were() {
    let mut request = Request::put("https://b.s3.eu-west-1.amazonaws.com/k?a=1&a=2")
        .header("content-length", "0")
        .header("content-length", "5")
        .body("hello")
        .unwrap();
    let before = request.headers().clone();
    assert!(signer().sign_blocking(&mut request).is_err());
    assert_eq!(request.headers(), &before);
}
