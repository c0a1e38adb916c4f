//! Presigned URLs: what they say, when they end, and what goes with them.

#![allow(clippy::unwrap_used, reason = "tests")]

use core::time::Duration;
use std::time::SystemTime;

use awsauth_http::{Credentials, Error, SignedHeaders, Signer, TokenPlacement, awsauth_core};
use http::{HeaderValue, Method, Request};

const NOW: u64 = 1_440_938_160;

fn at(unix_seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(unix_seconds)
}

fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
}

fn signer(credentials: Credentials) -> Signer {
    Signer::new(credentials).clock(|| at(NOW))
}

const MINUTE: Duration = Duration::from_secs(60);

/// AWS: "Authenticating Requests: Using Query Parameters", the example.
#[tokio::test]
async fn known_answer() {
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let signer = Signer::new(credentials).region("us-east-1").clock(|| at(1_369_353_600));
    let request = Request::get("https://examplebucket.s3.amazonaws.com/test.txt").body(()).unwrap();
    let link = signer.presign(&request, Duration::from_secs(86_400)).await.unwrap();
    let expected = "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
        &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
        &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
        &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    assert_eq!(link.uri, expected);
    assert_eq!(link.method, Method::GET);
    assert!(link.headers.is_empty());
    assert_eq!(link.expires_at, at(1_369_353_600 + 86_400));
    let blocking = signer.presign_blocking(&request, Duration::from_secs(86_400)).unwrap();
    assert_eq!(blocking.uri, link.uri);
}

#[test]
fn it_ends_with_its_credentials() {
    let request = Request::get("https://bucket.s3.eu-west-1.amazonaws.com/a").body(()).unwrap();
    for (credentials_end, expected) in
        [(Some(NOW + 30), 30), (Some(NOW + 60), 60), (Some(NOW + 90), 60), (None, 60)]
    {
        let credentials = credentials().with_session_token("token");
        let credentials = match credentials_end {
            Some(end) => credentials.with_expiry(at(end)),
            None => credentials,
        };
        let link = signer(credentials).presign_blocking(&request, MINUTE).unwrap();
        assert_eq!(link.expires_at, at(NOW + expected), "{credentials_end:?}");
        assert!(link.uri.query().unwrap().contains("&X-Amz-Expires=60&X-Amz-Security-Token=token&"));
    }
    for end in [NOW, NOW - 1] {
        let expired = signer(credentials().with_expiry(at(end)));
        assert_eq!(expired.presign_blocking(&request, MINUTE).map(|_| ()), Err(Error::ExpiredCredentials));
    }
}

#[test]
fn it_lives_for_whole_seconds_of_a_week() {
    let request = Request::get("https://bucket.s3.eu-west-1.amazonaws.com/a").body(()).unwrap();
    let presign = |expires| signer(credentials()).presign_blocking(&request, expires);
    let out_of_range = Err(Error::Request(awsauth_core::Error::ExpiryOutOfRange));
    for seconds in [0, 604_801, u64::from(u32::MAX) + 61, u64::MAX] {
        assert_eq!(presign(Duration::from_secs(seconds)).map(|_| ()), out_of_range, "{seconds}");
    }
    assert_eq!(presign(Duration::MAX).map(|_| ()), out_of_range);
    assert_eq!(presign(Duration::from_millis(999)).map(|_| ()), out_of_range);
    for seconds in [1, 604_800] {
        assert_eq!(presign(Duration::from_secs(seconds)).unwrap().expires_at, at(NOW + seconds));
    }
    // The URL says one second, so that is what it lives for.
    let link = presign(Duration::from_millis(1_999)).unwrap();
    assert!(link.uri.query().unwrap().contains("&X-Amz-Expires=1&"));
    assert_eq!(link.expires_at, at(NOW + 1));
}

#[test]
fn signed_headers_come_with_it() {
    let mut request = Request::put("https://bucket.s3.eu-west-1.amazonaws.com/a").body(()).unwrap();
    for (name, value) in [
        ("x-amz-meta-a", "1"),
        ("x-amz-meta-a", "2"),
        ("content-type", "text/plain"),
        ("range", "bytes=0-9"),
        ("user-agent", "any"),
        ("host", "bucket.s3.eu-west-1.amazonaws.com"),
        ("authorization", "old"),
        ("x-amz-date", "old"),
        ("x-amz-security-token", "old"),
    ] {
        request.headers_mut().append(name, HeaderValue::from_static(value));
    }
    let before = request.headers().clone();
    let signer = signer(credentials()).signed_headers(SignedHeaders::EssentialAnd(&["range"]));
    let link = signer.presign_blocking(&request, MINUTE).unwrap();
    let query = link.uri.query().unwrap();
    assert!(query.contains("&X-Amz-SignedHeaders=content-type%3Bhost%3Brange%3Bx-amz-meta-a&"), "{query}");
    let mut headers: Vec<_> =
        link.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    headers.sort_unstable();
    let expected = [
        ("content-type", "text/plain"),
        ("range", "bytes=0-9"),
        ("x-amz-meta-a", "1"),
        ("x-amz-meta-a", "2"),
    ];
    assert_eq!(headers, expected);
    assert_eq!(request.headers(), &before);
}

#[test]
fn an_old_signature_is_replaced() {
    let request = Request::get("https://bucket.s3.eu-west-1.amazonaws.com/a%20b?x=%7e").body(()).unwrap();
    let temporary = signer(credentials().with_session_token("old"));
    let old = temporary.presign_blocking(&request, Duration::from_secs(1)).unwrap();
    let again = Request::get(old.uri).body(()).unwrap();
    let signer = signer(credentials());
    let once = signer.presign_blocking(&request, MINUTE).unwrap();
    assert_eq!(signer.presign_blocking(&again, MINUTE).unwrap().uri, once.uri);
}

#[test]
fn the_body_is_covered_off_s3() {
    let uri = |host: &str, body: &'static str| {
        let request = Request::post(format!("https://{host}/")).body(body).unwrap();
        signer(credentials()).presign_blocking(&request, MINUTE).unwrap().uri
    };
    assert_ne!(uri("sqs.eu-west-1.amazonaws.com", ""), uri("sqs.eu-west-1.amazonaws.com", "a"));
    assert_eq!(uri("b.s3.eu-west-1.amazonaws.com", ""), uri("b.s3.eu-west-1.amazonaws.com", "a"));
}

#[test]
fn the_uri_is_the_one_that_works() {
    let presign = |signer: Signer, uri: &str| {
        let request = Request::get(uri).body(()).unwrap();
        signer.service("s3").region("auto").presign_blocking(&request, MINUTE).unwrap().uri.to_string()
    };
    let link = presign(signer(credentials()), "http://user:password@127.0.0.1:9000/b/a+b=c");
    assert!(link.starts_with("http://127.0.0.1:9000/b/a%2Bb%3Dc?X-Amz-Algorithm="), "{link}");
    let link = presign(signer(credentials()).signed_host("files.example.com"), "https://10.0.0.1/");
    assert!(link.starts_with("https://files.example.com/?X-Amz-Algorithm="), "{link}");

    let unsigned =
        signer(credentials().with_session_token("a/b")).token_placement(TokenPlacement::AppendedUnsigned);
    let link = presign(unsigned, "https://data.example.com/mqtt");
    assert!(link.ends_with("&X-Amz-Security-Token=a%2Fb"), "{link}");
}

#[test]
fn debug_shows_no_secret() {
    let request = Request::get("https://bucket.s3.eu-west-1.amazonaws.com/a").body(()).unwrap();
    let link =
        signer(credentials().with_session_token("secret-token")).presign_blocking(&request, MINUTE).unwrap();
    let shown = format!("{link:?}");
    for secret in ["secret-token", "wJalr", &link.signed.signature().unwrap().to_string()] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
