//! What the signer signs, `verify` takes; the example's server over a socket.

#![allow(clippy::unwrap_used)]

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_http::verify::Refusal;
use awsauth_http::{Credentials, PayloadHash, Policy, Signer, verify, verify_async, verify_head};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_440_938_160)
}

fn signer() -> Signer {
    let credentials = Credentials::new("AKIDEXAMPLE", SECRET).with_session_token("TOKEN");
    Signer::new(credentials).service("notes").region("eu-west-1").clock(now)
}

#[test]
fn a_signed_request_verifies_and_says_who_it_is_from() {
    let mut request =
        http::Request::post("https://notes.example.com/a%20b?x=1+2").body("body".to_owned()).unwrap();
    signer().sign_blocking(&mut request).unwrap();
    let policy = Policy::new("notes", "eu-west-1");
    let verified = verify(&request, &policy, now(), |_| Some(SECRET)).unwrap();
    assert_eq!(verified.access_key_id(), "AKIDEXAMPLE");
    assert_eq!((verified.service(), verified.region()), ("notes", "eu-west-1"));
    assert_eq!(verified.time(), now());
    assert_eq!(verified.expires_at(), None);
    assert_eq!(verified.session_token(), Some("TOKEN"));
    assert!(verified.signed_headers().eq([
        "host",
        "x-amz-content-sha256",
        "x-amz-date",
        "x-amz-security-token"
    ]));
    assert!(!format!("{verified:?}").contains("TOKEN"));
    // The day's key verifies as the secret does.
    assert!(verify(&request, &policy, now(), |_| Some(verified.hmac_key().clone())).is_ok());

    assert_eq!(verify(&request, &policy, now(), |_| None::<&str>).unwrap_err(), Refusal::UnknownAccessKeyId);
    request.body_mut().push('x');
    assert_eq!(verify(&request, &policy, now(), |_| Some(SECRET)).unwrap_err(), Refusal::PayloadMismatch);
    let later = now() + Duration::from_secs(901);
    assert_eq!(verify(&request, &policy, later, |_| Some(SECRET)).unwrap_err(), Refusal::TimeTooSkewed);
}

#[test]
fn a_presigned_url_verifies_without_its_body() {
    let request = http::Request::get("https://notes.example.com/a").body(()).unwrap();
    let presigned = signer().service("s3").presign_blocking(&request, Duration::from_secs(60)).unwrap();
    let (parts, ()) = http::Request::get(presigned.uri).body(()).unwrap().into_parts();
    let policy = Policy::new("s3", "eu-west-1");
    let verified = verify_head(&parts, None, &policy, now(), |_| Some(SECRET)).unwrap();
    assert_eq!(verified.payload_hash(), PayloadHash::Unsigned);
    assert_eq!(verified.expires_at(), Some(now() + Duration::from_secs(60)));
    assert!(verified.chunks().is_none());
}

#[tokio::test]
async fn keys_may_take_time_to_find() {
    let mut request = http::Request::get("https://notes.example.com/").body(()).unwrap();
    signer().sign(&mut request).await.unwrap();
    let lookup = async |claim: &awsauth_http::Claim<'_>| {
        tokio::task::yield_now().await;
        (claim.access_key_id() == "AKIDEXAMPLE").then(|| SECRET.to_owned())
    };
    let verified = verify_async(&request, &Policy::DEFAULT, now(), lookup).await.unwrap();
    assert_eq!(verified.access_key_id(), "AKIDEXAMPLE");
}

#[test]
fn a_request_without_a_host_is_refused() {
    let request = http::Request::get("/a").header("authorization", "AWS4-HMAC-SHA256 x").body(()).unwrap();
    let refusal = verify(&request, &Policy::DEFAULT, now(), |_| Some(SECRET)).unwrap_err();
    assert_eq!(refusal, Refusal::Uncanonical(awsauth_http::awsauth_core::Error::MissingHost));
}
