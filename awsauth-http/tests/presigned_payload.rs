//! What a presigned URL says of the body: what the request's `x-amz-content-sha256` says, from which services read it.

#![allow(clippy::unwrap_used, reason = "tests")]

use core::time::Duration;
use std::time::SystemTime;

use awsauth_http::verify::Refusal;
use awsauth_http::{
    Credentials, Error, PayloadHash, Presigned, Scheme, SignedHeaders, Signer, VerifyPolicy, awsauth_core,
    verify,
};
use http::Request;

const S3: &str = "https://b.s3.eu-west-1.amazonaws.com/k";
const MY_APP: &str = "https://notes.example.com/k";
const SQS: &str = "https://sqs.eu-west-1.amazonaws.com/";
const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";
const MINUTE: Duration = Duration::from_secs(60);
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_440_938_160)
}

fn service(url: &str) -> &'static str {
    match url {
        S3 => "s3",
        SQS => "sqs",
        _ => "notes",
    }
}

fn signer(url: &str) -> Signer {
    let signer = Signer::new(Credentials::new("AKIDEXAMPLE", SECRET)).clock(now);
    signer.service(service(url)).region("eu-west-1")
}

fn put(url: &str, stated: &[&str], body: &'static str) -> Request<&'static str> {
    let mut request = Request::put(url);
    for value in stated {
        request = request.header("x-amz-content-sha256", *value);
    }
    request.body(body).unwrap()
}

/// Sends this body with the URL, and with the headers that it came with.
fn answer(url: &str, link: &Presigned, body: &'static str) -> Result<(), Refusal> {
    let mut request =
        Request::builder().method(link.method.clone()).uri(link.url.clone()).body(body).unwrap();
    request.headers_mut().extend(link.headers.clone());
    let policy = VerifyPolicy::new(service(url), "eu-west-1");
    verify(&request, &policy, now(), |_| Some(SECRET)).map(|_| ())
}

#[test]
fn it_is_what_the_request_states() {
    let other = Err(Refusal::PayloadMismatch);
    for (url, stated, at_hand, covered, of_another) in [
        (S3, &[][..], "", false, Ok(())),
        (S3, &[][..], "hello", false, Ok(())),
        (S3, &[UNSIGNED][..], "hello", false, Ok(())),
        (S3, &[HELLO][..], "hello", true, other),
        // The body is still to come.
        (S3, &[HELLO][..], "", true, other),
        (MY_APP, &[HELLO][..], "hello", true, other),
        (MY_APP, &[HELLO][..], "", true, other),
    ] {
        for signed_headers in
            [SignedHeaders::ByPlace, SignedHeaders::Essential, SignedHeaders::Exactly("host")]
        {
            let signer = signer(url).signed_headers(signed_headers);
            let link = signer.presign_blocking(&put(url, stated, at_hand), MINUTE).unwrap();
            let case = format!("{url} {stated:?} {at_hand:?} {signed_headers:?}");
            assert_eq!(link.covers_body(), covered, "{case}");
            assert_eq!(link.headers.get("x-amz-content-sha256").is_some(), !stated.is_empty(), "{case}");
            assert_eq!(answer(url, &link, "hello"), Ok(()), "{case}");
            assert_eq!(answer(url, &link, "other"), of_another, "{case}");
        }
    }
}

/// What botocore 1.43.11 makes of the same requests (`S3SigV4QueryAuth`, `SigV4QueryAuth`).
#[test]
fn botocores_known_answers() {
    for (url, signature) in [
        (S3, "0096c850aa3ec9c84b7c7b35e8582d65f73ad27338cf5ee073c84a803891877a"),
        (MY_APP, "e2c5da9cc1807cbfa3133463ae225dcb2506071f12ff5b8700484cc012f73bc9"),
    ] {
        let link = signer(url).presign_blocking(&put(url, &[HELLO], ""), MINUTE).unwrap();
        let query = link.url.query().unwrap();
        let expected =
            format!("&X-Amz-SignedHeaders=host%3Bx-amz-content-sha256&X-Amz-Signature={signature}");
        assert!(query.ends_with(&expected), "{query}");
    }
}

#[test]
fn what_cannot_be_is_refused() {
    use awsauth_core::Error::{MalformedPayloadHash, PayloadHashContradicts};
    let schemes = [
        Scheme::Sigv4,
        #[cfg(feature = "sigv4a")]
        Scheme::Sigv4a,
    ];
    for (url, stated, body, error) in [
        (S3, &[HELLO][..], "other", Error::Request(PayloadHashContradicts)),
        (MY_APP, &[HELLO][..], "other", Error::Request(PayloadHashContradicts)),
        (S3, &[HELLO, HELLO][..], "hello", Error::Request(PayloadHashContradicts)),
        (S3, &[UNSIGNED, HELLO][..], "hello", Error::Request(PayloadHashContradicts)),
        (S3, &["hello"][..], "hello", Error::Request(MalformedPayloadHash)),
        (S3, &[""][..], "", Error::Request(MalformedPayloadHash)),
        (SQS, &[UNSIGNED][..], "hello", Error::UnsignedPayload),
        (SQS, &["STREAMING-UNSIGNED-PAYLOAD-TRAILER"][..], "", Error::ChunkedPayload),
    ] {
        for scheme in schemes {
            let signed = signer(url).scheme(scheme).presign_blocking(&put(url, stated, body), MINUTE);
            assert_eq!(signed.err(), Some(error.clone()), "{url} {stated:?} {body:?} {scheme:?}");
        }
    }
}

/// What an old signature has left is not the caller's.
#[test]
fn a_request_that_was_signed_before_is_presigned_as_it_first_was() {
    for url in [S3, MY_APP] {
        let first = put(url, &[], "hello");
        let expected = signer(url).presign_blocking(&first, MINUTE).unwrap();
        let mut signed = first;
        signer(url).sign_blocking(&mut signed).unwrap();
        for body in ["hello", "other"] {
            *signed.body_mut() = body;
            let link = signer(url).presign_blocking(&signed, MINUTE).unwrap();
            assert!(link.headers.is_empty(), "{url}");
            assert_eq!(answer(url, &link, body), Ok(()), "{url}");
            assert_eq!(link.url == expected.url, body == "hello" || url == S3, "{url}");
        }
    }
}

/// As AWS's SDK for JavaScript writes it.
#[test]
fn an_old_parameter_goes_with_the_old_signature() {
    for url in [S3, MY_APP] {
        let old = format!(
            "{url}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Content-Sha256={HELLO}\
             &X-Amz-Credential=A%2F20150830%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=20150830T123600Z\
             &X-Amz-Expires=900&X-Amz-Signature=00&X-Amz-SignedHeaders=host"
        );
        let link = signer(url).presign_blocking(&put(&old, &[], ""), MINUTE).unwrap();
        assert!(!link.url.to_string().contains("Content-Sha256"), "{}", link.url);
        assert_eq!(answer(url, &link, ""), Ok(()));
        let mut signed = put(&old, &[], "");
        signer(url).sign_blocking(&mut signed).unwrap();
        assert_eq!(signed.uri(), url);
    }
}

/// In headers, too.
#[test]
fn a_header_that_is_not_replaced_must_say_what_is_signed() {
    let signer = signer(S3).content_sha256_header(false);
    let contradicts = Err(Error::Request(awsauth_core::Error::PayloadHashContradicts));
    for (stated, expected) in [
        (&[HELLO][..], Ok(())),
        (&[UNSIGNED][..], contradicts.clone()),
        (&["hello"][..], contradicts.clone()),
        (&[HELLO, HELLO][..], contradicts),
    ] {
        let mut request = put(S3, stated, "hello");
        assert_eq!(signer.sign_blocking(&mut request).map(|_| ()), expected, "{stated:?}");
        let policy = VerifyPolicy::new("s3", "eu-west-1");
        assert_eq!(
            verify(&request, &policy, now(), |_| Some(SECRET)).is_ok(),
            expected.is_ok(),
            "{stated:?}"
        );
    }
    let (mut parts, _) = put(S3, &[UNSIGNED], "").into_parts();
    signer.sign_head_blocking(&mut parts, PayloadHash::Unsigned).unwrap();
}

#[test]
fn an_old_header_goes_with_the_old_signature() {
    let mut request = put(S3, &[], "hello");
    signer(S3).sign_blocking(&mut request).unwrap();
    *request.body_mut() = "other";
    signer(S3).content_sha256_header(false).sign_blocking(&mut request).unwrap();
    assert!(!request.headers().contains_key("x-amz-content-sha256"));
}

#[test]
fn blanks_around_a_stated_hash_do_not_count() {
    let link =
        signer(MY_APP).presign_blocking(&put(MY_APP, &[" UNSIGNED-PAYLOAD"], "hello"), MINUTE).unwrap();
    assert!(!link.covers_body());
}
