use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use proptest::prelude::*;

use super::signed::Signed;
use super::signer::Sigv3;
use crate::schemes::legacy::DateHeader;
use crate::vocabulary::credentials::Credentials;
use crate::vocabulary::error::Error;
use crate::vocabulary::request::{Header, Request};
use crate::vocabulary::time::Timestamp;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn signer() -> Sigv3<'static> {
    Sigv3::new(Credentials::new("AKIDEXAMPLE", SECRET).unwrap())
}

fn temporary() -> Sigv3<'static> {
    Sigv3::new(Credentials::new("AKIDEXAMPLE", SECRET).unwrap().session_token("TOKEN").unwrap())
}

fn now() -> Timestamp {
    Timestamp::parse("20150830T123600Z").unwrap()
}

fn headers(signed: &Signed<'_>) -> Vec<String> {
    signed.headers().map(|(name, value)| format!("{name}: {value}")).collect()
}

/// The signatures were computed with Python's `hmac`.
#[test]
fn https_signs_date_and_nonce() {
    let request = Request::get("/2013-04-01/hostedzone", "route53.amazonaws.com");
    let signed = temporary().sign_https(&request, now()).unwrap();
    assert_eq!(
        headers(&signed),
        [
            "x-amz-date: Sun, 30 Aug 2015 12:36:00 GMT",
            "x-amz-security-token: TOKEN",
            "x-amzn-authorization: AWS3-HTTPS AWSAccessKeyId=AKIDEXAMPLE,Algorithm=HmacSHA256,\
             Signature=j8321DLpvDzWukBCfYFVyFdzJUkSBSkxJ/tW0+wPOxI=",
        ]
    );
    let own = [Header::new("X-Amz-Nonce", b" n0nce ")];
    let signed = signer().sign_https(&request.headers(&own), now()).unwrap();
    assert_eq!(signed.string_to_sign().to_string(), "Sun, 30 Aug 2015 12:36:00 GMTn0nce");
    assert_eq!(signed.signature().to_string(), "EOZdWMhYMI5HlEhzqwz985THYV56z/Zuuc8+UhoZW0A=");
}

#[test]
fn https_signs_the_date_that_is_sent() {
    let request = Request::get("/", "email.us-east-1.amazonaws.com");
    let signed = signer().date_header(DateHeader::Date).sign_https(&request, now()).unwrap();
    assert_eq!(headers(&signed).first().unwrap(), "date: Sun, 30 Aug 2015 12:36:00 GMT");
    let own = [Header::new("Date", b"Mon, 31 Aug 2015 00:00:00 +0000"), Header::new("x-amz-date", b"x")];
    let as_sent = signer().date_header(DateHeader::AsSent);
    let signed = as_sent.sign_https(&request.headers(own.get(..1).unwrap()), now()).unwrap();
    assert_eq!(signed.string_to_sign().to_string(), "Mon, 31 Aug 2015 00:00:00 +0000");
    assert_eq!(headers(&signed).len(), 1);
    let signed = as_sent.sign_https(&request.headers(&own), now()).unwrap();
    assert_eq!(signed.string_to_sign().to_string(), "x");
    assert_eq!(as_sent.sign_https(&request, now()).unwrap_err(), Error::MissingDate);
}

/// The signature was computed with Python's `hashlib` and `hmac`.
#[test]
fn aws3_signs_headers_query_and_body() {
    let own = [
        // Sorted as lines, `x-amz-a-b` would stand before `x-amz-a`.
        Header::new("X-Amz-A-B", b"2  2"),
        Header::new("x-amz-a", b" 1 "),
        Header::new("content-type", b"application/json"),
        Header::new("X-AMZ-A", b"3"),
        Header::new("x-amz-date", b"of an old signature"),
        Header::new("x-amzn-authorization", b"an old one"),
        Header::new("x-amz-security-token", b"an old one"),
    ];
    let request = Request::get("/a%20b?a=1&a%2f=x+y&A=2", "SWF.us-east-1.amazonaws.com:443").headers(&own);
    let signed = temporary().sign(&request, b"\xff{}", now()).unwrap();
    assert_eq!(
        signed.string_to_sign().to_string(),
        "GET\n/a%20b\nA=2&a=1&a%2F=x%20y\nhost:swf.us-east-1.amazonaws.com\nx-amz-a:1,3\nx-amz-a-b:2  2\n\
         x-amz-date:Sun, 30 Aug 2015 12:36:00 GMT\nx-amz-security-token:TOKEN\n\n\u{fffd}{}"
    );
    assert_eq!(signed.target().to_string(), "/a%20b?A=2&a=1&a%2F=x%20y");
    assert_eq!(
        headers(&signed).last().unwrap(),
        "x-amzn-authorization: AWS3 AWSAccessKeyId=AKIDEXAMPLE,Algorithm=HmacSHA256,\
         SignedHeaders=host;x-amz-a;x-amz-a-b;x-amz-date;x-amz-security-token,\
         Signature=ec7K2zvADhyjjykujqWglJ2RAoQQWo07jiSG8+khBl0="
    );
}

#[test]
fn aws3_leaves_out_the_query_of_a_post() {
    let request = Request::post("/?a=1", "h");
    let signed = signer().sign(&request, b"", now()).unwrap();
    assert!(signed.string_to_sign().to_string().starts_with("POST\n/\n\nhost:h\n"));
    assert_eq!(signed.target().to_string(), "/?a=1");
    let signed = signer().signed_host("tunnel:8080").sign(&request, b"", now()).unwrap();
    assert!(signed.string_to_sign().to_string().starts_with("POST\n/\n\nhost:tunnel:8080\n"));
}

#[test]
fn refusals() {
    let request = Request::get("/", "h");
    for (header, error) in [
        (Header::new("x-amz-a", b"a\nb"), Error::ControlInHeader),
        (Header::new("a b", b""), Error::MalformedHeaderName),
        (Header::new("", b""), Error::MalformedHeaderName),
    ] {
        let own = [header];
        assert_eq!(signer().sign(&request.headers(&own), b"", now()).unwrap_err(), error);
        assert_eq!(signer().sign_https(&request.headers(&own), now()).unwrap_err(), error);
    }
    assert_eq!(signer().sign(&Request::get("/", ""), b"", now()).unwrap_err(), Error::MissingHost);
    assert_eq!(signer().sign_https(&Request::get("/?%", "h"), now()).unwrap_err(), Error::MalformedPercent);
}

#[cfg(not(feature = "alloc"))]
#[test]
fn too_many_headers() {
    let names: Vec<String> = (0..100).map(|at| format!("x-amz-{at}")).collect();
    let own: Vec<_> = names.iter().map(|name| Header::new(name, b"")).collect();
    let request = Request::get("/", "h");
    temporary().sign(&request.headers(own.get(..64).unwrap()), b"", now()).unwrap();
    assert_eq!(temporary().sign(&request.headers(&own), b"", now()).unwrap_err(), Error::TooManyHeaders);
}

proptest! {
    #[test]
    fn headers_are_sorted(names in proptest::collection::vec("[xX]-[aA]mz-[a-cA-C-]{0,4}", 0..20)) {
        let own: Vec<_> = names.iter().map(|name| Header::new(name, b"v")).collect();
        let signed = signer().sign(&Request::get("/", "h").headers(&own), b"", now()).unwrap();
        let text = signed.string_to_sign().to_string();
        let signed: Vec<_> = text.lines().skip(3).filter_map(|line| Some(line.split_once(':')?.0)).collect();
        let mut sorted: Vec<_> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        sorted.extend(["host".into(), "x-amz-date".into()]);
        sorted.sort_unstable();
        sorted.dedup();
        prop_assert_eq!(signed, sorted);
    }

    #[test]
    fn nothing_panics(target in ".{0,60}", name in ".{0,10}", value in any::<Vec<u8>>(), body in any::<Vec<u8>>()) {
        let own = [Header::new(&name, &value)];
        let request = Request::get(&target, "h").headers(&own);
        let _ = signer().sign(&request, &body, now()).map(|signed| signed.string_to_sign().to_string());
        let _ = signer().sign_https(&request, now()).map(|signed| signed.target().to_string());
    }
}
