//! Requests signed in place: what is changed, what is kept, and what is refused.

#![allow(clippy::unwrap_used, reason = "tests")]

use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_http::awsauth_core::{self, EndpointError};
use awsauth_http::{Credentials, Error, PayloadHash, Scheme, SignedHeaders, Signer};
use http::Request;
use http::header::{AUTHORIZATION, HOST};

#[allow(dead_code, reason = "each test uses its part")]
mod wire;
use wire::{SECRET, assert_verifies, at};

fn signer() -> Signer {
    Signer::new(Credentials::new("AKIDEXAMPLE", SECRET)).clock(|| at(1_440_938_160))
}

fn s3() -> Signer {
    signer().service("s3").region("us-east-1")
}

/// AWS: "Signature Calculations for the Authorization Header", the example of a GET.
#[test]
fn known_answer() {
    let signer =
        Signer::new(Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
            .region("us-east-1")
            .signed_headers(SignedHeaders::EssentialAnd(&["range"]))
            .clock(|| at(1_369_353_600));
    let mut request = Request::get("https://examplebucket.s3.amazonaws.com/test.txt").body(()).unwrap();
    request.headers_mut().insert("range", "bytes=0-9".parse().unwrap());
    let signed = signer.sign_blocking(&mut request).unwrap();
    let expected = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, \
        SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, \
        Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
    assert_eq!(request.headers()[AUTHORIZATION], expected);
    assert!(expected.ends_with(&signed.signature().unwrap().to_string()));
    assert_eq!((signed.service(), signed.region()), ("s3", "us-east-1"));
    assert_eq!(signed.access_key_id(), "AKIAIOSFODNN7EXAMPLE");
    assert_eq!(signed.time().basic().as_str(), "20130524T000000Z");
}

#[tokio::test]
async fn async_and_blocking_callers_get_the_same() {
    let request = || Request::post("https://sqs.eu-west-1.amazonaws.com/").body("Action=ListQueues").unwrap();
    let (mut blocking, mut awaited, mut parts) = (request(), request(), request().into_parts().0);
    signer().sign_blocking(&mut blocking).unwrap();
    signer().sign(&mut awaited).await.unwrap();
    signer().sign_head(&mut parts, PayloadHash::of(b"Action=ListQueues")).await.unwrap();
    assert_eq!(blocking.headers(), awaited.headers());
    assert_eq!(blocking.headers(), &parts.headers);
    assert_verifies(&blocking, "eu-west-1", "sqs");
}

#[test]
fn secrets_are_marked_sensitive() {
    let token = "FwoGZXIvYXdzEXAMPLE";
    let signer = Signer::new(Credentials::new("AKIDEXAMPLE", SECRET).with_session_token(token));
    let mut request = Request::get("https://sqs.eu-west-1.amazonaws.com/").body(()).unwrap();
    let signed = signer.sign_blocking(&mut request).unwrap();
    for name in ["authorization", "x-amz-security-token"] {
        assert!(request.headers()[name].is_sensitive(), "{name}");
    }
    assert!(!request.headers()["x-amz-date"].is_sensitive());
    let shown = format!("{request:?} {signed:?} {signer:?}");
    for secret in [token, SECRET, &signed.signature().unwrap().to_string()] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn an_old_signature_is_replaced() {
    let mut request =
        Request::get("https://bucket.s3.amazonaws.com/a?X-Amz-Signature=old&b=c").body(()).unwrap();
    for name in
        ["authorization", "x-amz-date", "x-amz-security-token", "x-amz-s3session-token", "x-amz-region-set"]
    {
        for _ in 0..2 {
            request.headers_mut().append(name, "old".parse().unwrap());
        }
    }
    let temporary = Credentials::new("AKIDOLD", "old").with_session_token("old");
    s3().sign_with(&temporary, &mut request, PayloadHash::Unsigned).unwrap();
    s3().sign_blocking(&mut request).unwrap();
    let mut names: Vec<_> = request.headers().iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["authorization", "x-amz-content-sha256", "x-amz-date"]);
    assert_eq!(request.uri().query(), Some("b=c"));
    assert_verifies(&request, "us-east-1", "s3");

    let once = request.headers().clone();
    s3().sign_blocking(&mut request).unwrap();
    assert_eq!(request.headers(), &once);
}

#[test]
fn the_uri_becomes_canonical() {
    for (service, uri, canonical) in [
        (
            "s3",
            "https://h:8443/a=b/c+d/%7e/e%2ff/./../é?b=2&a&c=+",
            "https://h:8443/a%3Db/c%2Bd/~/e/f/%2E/%2E%2E/%C3%A9?a=&b=2&c=%20",
        ),
        ("sqs", "http://h/a/../b//c:d%2F?", "http://h/b/c:d%2F"),
        ("sqs", "https://h", "https://h/"),
        ("sqs", "https://h/?step=resize&step=crop&step=blur", "https://h/?step=resize&step=crop&step=blur"),
        ("sqs", "https://h/?step=b&c=1&step=a", "https://h/?c=1&step=b&step=a"),
        ("sqs", "/a//b?z&y", "/a/b?y=&z="),
    ] {
        let signer = signer().service(service).region("us-east-1");
        let mut request = Request::get(uri).header(HOST, "h").body(()).unwrap();
        signer.sign_blocking(&mut request).unwrap();
        assert_eq!(request.uri(), canonical, "{uri}");
        assert_verifies(&request, "us-east-1", service);

        let (mut parts, ()) = Request::get(uri).header(HOST, "h").body(()).unwrap().into_parts();
        signer.sign_head_blocking(&mut parts, PayloadHash::EMPTY).unwrap();
        assert_eq!(parts.uri, canonical, "{uri}");
    }
}

#[test]
fn a_tab_is_sent_as_it_is_signed() {
    let mut request = Request::put("https://bucket.s3.amazonaws.com/a").body("").unwrap();
    for (name, value) in [
        ("x-amz-meta-b", "1"),
        ("user-agent", "a\tb"),
        ("authorization", "old\tone"),
        ("x-amz-meta-a", "a \t\tb\t"),
        ("x-amz-meta-b", "2\t3"),
        ("content-type", "text/plain;\tcharset=utf-8"),
        ("x-amz-meta-b", "4  5"),
    ] {
        request.headers_mut().append(name, http::HeaderValue::from_static(value));
    }
    s3().sign_blocking(&mut request).unwrap();
    assert_eq!(request.headers()["x-amz-meta-a"], "a b");
    assert!(request.headers().get_all("x-amz-meta-b").iter().eq(["1", "2 3", "4  5"]));
    assert_eq!(request.headers()["content-type"], "text/plain; charset=utf-8");
    assert_eq!(request.headers()["user-agent"], "a\tb");
    assert_verifies(&request, "us-east-1", "s3");
}

#[test]
fn the_host_header_goes_before_the_uri() {
    let mut request = Request::get("http://127.0.0.1:4566/").body(()).unwrap();
    request.headers_mut().insert(HOST, "sqs.eu-west-1.amazonaws.com".parse().unwrap());
    let signed = signer().sign_blocking(&mut request).unwrap();
    assert_eq!((signed.service(), signed.region()), ("sqs", "eu-west-1"));
    assert_eq!(request.uri(), "http://127.0.0.1:4566/");
    assert_verifies(&request, "eu-west-1", "sqs");
}

#[test]
fn a_signed_host_goes_before_both_and_is_sent() {
    for given in [None, Some("other.example.com")] {
        let mut request = Request::get("http://127.0.0.1:4566/").body(()).unwrap();
        if let Some(given) = given {
            request.headers_mut().insert(HOST, given.parse().unwrap());
        }
        let signed = signer().signed_host("sqs.eu-west-1.amazonaws.com").sign_blocking(&mut request).unwrap();
        assert_eq!((signed.service(), signed.region()), ("sqs", "eu-west-1"));
        assert_eq!(request.headers()[HOST], "sqs.eu-west-1.amazonaws.com");
        assert_eq!(request.headers().get_all(HOST).iter().count(), 1);
        assert_eq!(request.uri(), "http://127.0.0.1:4566/");
        assert_verifies(&request, "eu-west-1", "sqs");
    }
}

#[test]
fn an_unknown_host_names_the_setters() {
    let mut request = Request::get("https://files.example.com/").body(()).unwrap();
    let error = signer().sign_blocking(&mut request).unwrap_err();
    assert_eq!(error, Error::Endpoint(EndpointError::UnknownHost));
    for setter in [".service(", ".region("] {
        assert!(error.to_string().contains(setter), "{error}");
    }
    assert!(request.headers().is_empty());
    assert!(matches!(signer().region("auto").sign_blocking(&mut request), Err(Error::Endpoint(_))));
    assert!(matches!(signer().service("s3").sign_blocking(&mut request), Err(Error::Endpoint(_))));
    s3().sign_blocking(&mut request).unwrap();

    // What is set goes before what the host says.
    let mut request = Request::get("https://sqs.eu-west-1.amazonaws.com/").body(()).unwrap();
    let signed = signer().region("eu-west-2").sign_blocking(&mut request).unwrap();
    assert_eq!((signed.service(), signed.region()), ("sqs", "eu-west-2"));
    let signed = signer().service("es").sign_blocking(&mut request).unwrap();
    assert_eq!((signed.service(), signed.region()), ("es", "eu-west-1"));
}

#[test]
fn an_unsigned_payload_goes_only_where_it_is_taken() {
    let mut request = Request::put("https://example.com/").body(()).unwrap();
    for service in ["sqs", "dynamodb", "execute-api"] {
        let signer = signer().service(service).region("us-east-1");
        let refused = signer.sign_head_blocking(&mut request, PayloadHash::Unsigned).map(|_| ());
        assert_eq!(refused, Err(Error::UnsignedPayload), "{service}");
        assert!(request.headers().is_empty());
    }
    s3().sign_head_blocking(&mut request, PayloadHash::Unsigned).unwrap();
    assert_eq!(request.headers()["x-amz-content-sha256"], "UNSIGNED-PAYLOAD");
}

#[test]
fn a_refused_request_is_left_as_it_was() {
    let refused = |uri: &str, name: &'static str, value: &[u8], signer: Signer| {
        let mut request = Request::get(uri).header("authorization", "old").body(()).unwrap();
        request.headers_mut().insert(name, http::HeaderValue::from_bytes(value).unwrap());
        let (uri, headers) = (request.uri().clone(), request.headers().clone());
        let error = signer.sign_blocking(&mut request).unwrap_err();
        assert_eq!((request.uri(), request.headers()), (&uri, &headers));
        error
    };
    let core = |error| Error::Request(error);
    use awsauth_core::Error as Core;
    assert_eq!(refused("https://h/%zz/../b", "a", b"", s3()), core(Core::MalformedPercent));
    assert_eq!(refused("https://h/b//c?a=1&a=2", "a", b"", s3()), core(Core::RepeatedParameter));
    assert_eq!(refused("https://h/=", "host", b"a\xff", s3()), core(Core::MalformedHost));
    assert_eq!(refused("https://h/=", "a", b"", s3().signed_host("a b")), core(Core::MalformedHost));
    assert_eq!(refused("https://h/=", "a", b"", s3().signed_host("a\n")), core(Core::MalformedHost));
    assert_eq!(refused("https://h/=", "a", b"", s3().region("a b")), core(Core::MalformedScope));
    let not_for_s3 = Error::SchemeNotForService { scheme: Scheme::Sigv3, service: "s3".into() };
    assert_eq!(refused("https://h/=", "a", b"", s3().scheme(Scheme::Sigv3)), not_for_s3);
    assert_eq!(refused("ftp://h/=", "a", b"", s3()), Error::NotHttp);
    assert_eq!(refused("/=", "a", b"", s3()), Error::NoHost);
    let early = UNIX_EPOCH - Duration::from_secs(1);
    assert_eq!(refused("https://h/=", "a", b"", s3().clock(move || early)), core(Core::TimeOutOfRange));
}

#[test]
fn any_number_of_headers() {
    for count in [0, 31, 32, 33, 64, 65, 200] {
        let mut request = Request::put("https://example.com/").body("body").unwrap();
        for number in (0..count).rev() {
            let name: http::HeaderName = format!("x-amz-meta-{}", number / 2).parse().unwrap();
            request.headers_mut().append(name, number.to_string().parse().unwrap());
        }
        s3().sign_blocking(&mut request).unwrap();
        assert_eq!(request.headers().len(), count + 3);
        assert_verifies(&request, "us-east-1", "s3");
    }
}

#[test]
fn one_instant_serves_date_scope_and_key_around_midnight() {
    let calls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&calls);
    // Each look at the clock is half a second later: 23:59:58.5, 23:59:59, ...
    let signer = s3().clock(move || {
        let call = counted.fetch_add(1, Ordering::Relaxed);
        at(1_440_979_198) + Duration::from_millis(500) * (call + 1)
    });
    let mut dates = Vec::new();
    for call in 1..=6 {
        let mut request = Request::get("https://example.com/").body(()).unwrap();
        let signed = signer.sign_blocking(&mut request).unwrap();
        assert_eq!(calls.load(Ordering::Relaxed), call, "the clock is read once");
        let date = request.headers()["x-amz-date"].to_str().unwrap().to_owned();
        let scope = format!("/{}/us-east-1/s3/aws4_request", &date[..8]);
        assert!(request.headers()[AUTHORIZATION].to_str().unwrap().contains(&scope));
        assert_eq!(signed.time().basic().as_str(), date);
        assert_verifies(&request, "us-east-1", "s3");
        dates.push(date);
    }
    assert_eq!(dates.first().unwrap(), "20150830T235958Z");
    assert_eq!(dates.last().unwrap(), "20150831T000001Z");
}

#[test]
fn the_clock_is_the_systems() {
    let signer = Signer::new(Credentials::new("AKIDEXAMPLE", SECRET)).service("s3").region("us-east-1");
    let before = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let mut request = Request::get("https://example.com/").body(()).unwrap();
    let signed = signer.sign_blocking(&mut request).unwrap().time().unix_seconds();
    let after = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    assert!((before..=after).contains(&signed));
}
