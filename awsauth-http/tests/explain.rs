//! The doctor names the right cause for seeded faults, in every format in which services answer.

#![allow(clippy::unwrap_used)]

#[path = "explain/canonical_faults.rs"]
mod canonical_faults;
#[path = "explain/coded_faults.rs"]
mod coded_faults;
#[path = "explain/hostile.rs"]
mod hostile;
#[path = "explain/refusals.rs"]
mod refusals;
#[path = "explain/responses.rs"]
mod responses;

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_http::explain::{Cause, Trace};
use awsauth_http::{Credentials, SignedHeaders, Signer};
use proptest::prelude::*;

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const TIME: &str = "20150830T123600Z";

type Request = http::Request<Vec<u8>>;

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_440_938_160)
}

fn credentials() -> Credentials {
    Credentials::new(ID, SECRET)
}

fn signer(credentials: &Credentials) -> Signer {
    Signer::new(credentials.clone()).clock(now).signed_headers(SignedHeaders::EssentialAnd(&[
        "user-agent",
        "x-list",
        "x-note",
        "x-spaced",
    ]))
}

fn signed(mut request: Request) -> Request {
    signer(&credentials()).sign_blocking(&mut request).unwrap();
    request
}

/// A request to S3, which encodes the path once and hashes the body.
fn object() -> Request {
    let request = http::Request::put(
        "https://bucket.s3.eu-west-1.amazonaws.com/a%20b/c%2Bd.txt?acl&prefix=a%2Bb&z=1%2F2",
    );
    request
        .header("content-type", "text/plain")
        .header("user-agent", "app/1")
        .header("x-amz-meta-a", "1")
        .header("x-list", "b, a")
        .header("x-spaced", "a b")
        .body(b"body\n".to_vec())
        .unwrap()
}

/// A request to API Gateway, which encodes the path twice and resolves its dots.
fn call() -> Request {
    http::Request::get("https://abc.execute-api.eu-west-1.amazonaws.com/prod/a%20b/c?b=2&a=1&t=x%20y")
        .header("content-type", "application/json")
        .body(Vec::new())
        .unwrap()
}

#[test]
fn what_a_diagnosis_prints() {
    let request = signed(object());
    let canonical = responses::canonical_of(&request).replace("prefix=a%2Bb", "prefix=a%20b");
    let diagnosis = Trace::of(&request, &credentials()).explain(&responses::s3(&request, &canonical));
    assert_eq!(
        diagnosis.to_string(),
        "cause    a plus in the query was signed as one, and the service read a space, or the other way round\n\
         evidence canonical query string, in this parameter, byte 11:   ours prefix=a%2Bb   theirs prefix=a%20b\n\
         fix      send %2B for a plus and %20 for a space: the signer does so when it owns the URL"
    );
}

#[test]
fn no_secret_is_shown() {
    let token = "IQoJb3JpZ2luX2VjEXAMPLETOKEN";
    let credentials = credentials().with_session_token(token);
    let mut request = call();
    request.headers_mut().insert("x-amz-meta-a", "1".parse().unwrap());
    signer(&credentials).sign_blocking(&mut request).unwrap();
    let trace = Trace::of(&request, &credentials);
    assert_eq!(format!("{trace:?}"), "Trace(..)");
    let authorization = request.headers()["authorization"].to_str().unwrap();
    let signature = authorization.rsplit_once('=').unwrap().1;
    let canonical = responses::canonical_of(&request);
    let edited = canonical.replace(token, "IQoJAnother");
    for answer in [
        responses::s3(&request, &edited),
        responses::api_gateway(&request, &edited),
        responses::api_gateway(&request, &canonical),
        responses::xml(403, "SignatureDoesNotMatch", &format!("{SECRET} {token} {authorization}")),
        responses::json(
            403,
            "IncompleteSignatureException",
            &format!("not a valid key=value pair: '{authorization}'"),
        ),
        responses::json(400, "ExpiredTokenException", &format!("{token} {signature}")),
        responses::plain(403, &format!("{token} {signature} {SECRET}")),
    ] {
        let shown = format!("{0} {0:?}", trace.explain(&answer));
        for secret in [token, signature, SECRET, "IQoJ"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
    let diagnosis = trace.explain(&responses::s3(&request, &edited));
    assert_eq!(diagnosis.cause(), Cause::DifferentHeader);
    assert_eq!(
        diagnosis.evidence(),
        "canonical headers: x-amz-security-token differs; ours has 28 bytes, theirs 11"
    );
}

proptest! {
    // Each case searches for variants three times.
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn no_answer_makes_it_panic(
        status in 200..600_u16,
        body in "(<Error>|<Code>(Signature|Expired)?|<StringToSign(Bytes)?>|</[A-Z]{0,3}>|'|\\{\"message\":\"|The Canonical String for this request should have been|[ -~\n]{0,9}|\\PC){0,12}",
        canonical in "[A-Z]{0,4}\n(/[ -~]{0,9})?\n[ -~]{0,20}\n([a-z]{0,4}:\\PC{0,9}\n){0,3}\n[a-z;]{0,9}\n[ -~]{0,70}",
    ) {
        let request = signed(object());
        let trace = Trace::of(&request, &credentials());
        let _ = trace.explain(&responses::plain(status, &body)).to_string();
        let _ = trace.explain(&responses::s3(&request, &canonical)).to_string();
        let _ = trace.explain(&responses::api_gateway(&request, &canonical)).to_string();
    }
}
