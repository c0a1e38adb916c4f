//! What the signer signs, `verify` takes; the example's server over a socket.

#![allow(clippy::unwrap_used)]

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_http::awsauth_core::{
    CredentialScope, Request, SigningKey, SigningOptions, Sigv4, Timestamp, sha256,
};
use awsauth_http::verify::Refusal;
use awsauth_http::{
    Credentials, PayloadHash, PendingBody, Signer, VerifyPolicy, verify, verify_async, verify_head,
    verify_head_async,
};

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
    let policy = VerifyPolicy::new("notes", "eu-west-1");
    let verified = verify(&request, &policy, now(), |_| Some(SECRET)).unwrap();
    assert_eq!(verified.access_key_id(), "AKIDEXAMPLE");
    assert_eq!((verified.service(), verified.region()), ("notes", "eu-west-1"));
    assert_eq!(verified.host(), "notes.example.com");
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
    let (parts, ()) = http::Request::get(presigned.url).body(()).unwrap().into_parts();
    let policy = VerifyPolicy::new("s3", "eu-west-1");
    let pending = verify_head(&parts, &policy, now(), |_| Some(SECRET)).unwrap();
    let PendingBody::Unsigned(verified) = pending else { panic!("{pending:?}") };
    assert_eq!(verified.payload_hash(), PayloadHash::Unsigned);
    assert_eq!(verified.expires_at(), Some(now() + Duration::from_secs(60)));
}

#[tokio::test]
async fn keys_may_take_time_to_find() {
    let mut request = http::Request::get("https://notes.example.com/").body(()).unwrap();
    signer().sign(&mut request).await.unwrap();
    let lookup = async |claim: &awsauth_http::Claim<'_>| {
        tokio::task::yield_now().await;
        (claim.access_key_id() == "AKIDEXAMPLE").then(|| SECRET.to_owned())
    };
    let verified = verify_async(&request, &VerifyPolicy::DEFAULT, now(), lookup).await.unwrap();
    assert_eq!(verified.access_key_id(), "AKIDEXAMPLE");
}

#[test]
fn a_request_without_a_host_is_refused() {
    let request = http::Request::get("/a").header("authorization", "AWS4-HMAC-SHA256 x").body(()).unwrap();
    let refusal = verify(&request, &VerifyPolicy::DEFAULT, now(), |_| Some(SECRET)).unwrap_err();
    assert_eq!(refusal, Refusal::Uncanonical(awsauth_http::awsauth_core::Error::MissingHost));
}

/// As curl does off S3, and botocore: what `x-amz-content-sha256` would say is for the body to tell.
#[tokio::test]
async fn the_head_of_a_request_that_does_not_tell_its_bodys_hash_awaits_it() {
    const TARGET: &str = "/notes?a=1";
    let sent = |body: &[u8]| {
        let time = Timestamp::parse("20150830T123600Z").unwrap();
        let scope = CredentialScope::new(time.date(), "eu-west-1", "notes").unwrap();
        let key = SigningKey::derive(SECRET, scope);
        let mut options = SigningOptions::DEFAULT;
        options.content_sha256_header = false;
        let request = Request::post(TARGET, "notes.example.com");
        let signed = Sigv4::new("AKIDEXAMPLE", &key).options(options);
        let signed = signed.sign(&request, PayloadHash::of(body), time).unwrap();
        let mut head = http::Request::post(TARGET).header("host", "notes.example.com");
        for (name, value) in signed.headers() {
            head = head.header(name, value.to_string());
        }
        head.body(()).unwrap().into_parts().0
    };
    let policy = VerifyPolicy::new("notes", "eu-west-1");
    for (body, read, answer) in [
        (&b"body"[..], &b"body"[..], Ok(PayloadHash::of(b"body"))),
        (b"", b"", Ok(PayloadHash::EMPTY)),
        (b"body", b"bodz", Err(Refusal::SignatureMismatch)),
        (b"body", b"", Err(Refusal::SignatureMismatch)),
    ] {
        let parts = sent(body);
        let pending = verify_head(&parts, &policy, now(), |claim| {
            assert!(claim.awaits_payload_hash());
            Some(SECRET)
        });
        let pending = pending.unwrap();
        assert!(!pending.is_signature_verified());
        assert_eq!((pending.access_key_id(), pending.payload_hash()), ("AKIDEXAMPLE", None));
        let verified = pending.verify_body(&sha256(read));
        assert_eq!(verified.as_ref().map(|verified| verified.payload_hash()), answer.as_ref().copied());
        if let Ok(verified) = verified {
            let PendingBody::Hashed(again) =
                verify_head_async(&parts, &policy, now(), async |_: &awsauth_http::Claim<'_>| Some(SECRET))
                    .await
                    .unwrap()
            else {
                panic!()
            };
            assert_eq!(again.verify(&sha256(read)).unwrap().signature(), verified.signature());
            // The day's key is of use for the next request.
            let request = http::Request::from_parts(parts, read.to_vec());
            assert!(verify(&request, &policy, now(), |_| Some(verified.hmac_key().clone())).is_ok());
        }
    }
    // The key is looked up, and found missing, before the body is read.
    let refused = verify_head(&sent(b""), &policy, now(), |_| None::<&str>);
    assert_eq!(refused.unwrap_err(), Refusal::UnknownAccessKeyId);
    let refused = verify_head(&sent(b""), &policy, now() + Duration::from_secs(901), |_| Some(SECRET));
    assert_eq!(refused.unwrap_err(), Refusal::TimeTooSkewed);
    // A wrong secret shows when the body has come.
    let pending = verify_head(&sent(b""), &policy, now(), |_| Some("another")).unwrap();
    assert_eq!(pending.verify_body(&sha256(b"")).unwrap_err(), Refusal::SignatureMismatch);
}
