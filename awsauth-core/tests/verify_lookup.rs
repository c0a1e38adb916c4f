//! What keys are looked up by: no scheme hands on another text than the documentation of `Claim::access_key_id` says.
#![cfg(all(feature = "alloc", feature = "s3-legacy"))]
#![allow(missing_docs, clippy::unwrap_used)]

use awsauth_core::post_policy::Field;
use awsauth_core::s3_legacy::Bucket;
use awsauth_core::verify::{Refusal, UnsignedPayload, VerifyPolicy};
use awsauth_core::{Credentials, Header, Request, S3Legacy, Timestamp, sha256};

const HOST: &str = "bucket.s3.eu-west-1.amazonaws.com";
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const DIGITS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// 20 bytes in base64.
const BASE64: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAA=";

fn now() -> Timestamp {
    Timestamp::parse("20150830T123600Z").unwrap()
}

/// For each way in, whether a key was looked up by just this ID, with a signature of nobody.
fn asked_for(id: &str) -> Vec<(&'static str, bool)> {
    let mut policy = VerifyPolicy::new("s3", "eu-west-1");
    policy.unsigned_payload = UnsignedPayload::Allowed;
    let escaped: String = id.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let mut found = Vec::new();
    let mut note = |name, asked: Option<String>, refusal: Refusal| {
        assert_eq!(asked.is_some(), refusal == Refusal::UnknownAccessKeyId, "{name} {id:?}: {refusal:?}");
        assert!(asked.as_ref().is_none_or(|asked| asked == id), "{name} {id:?}: {asked:?}");
        found.push((name, asked.is_some()));
    };

    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={id}/20150830/eu-west-1/s3/aws4_request, \
         SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={DIGITS}"
    );
    let headers = [
        Header::new("host", HOST.as_bytes()),
        Header::new("x-amz-content-sha256", EMPTY.as_bytes()),
        Header::new("x-amz-date", b"20150830T123600Z"),
        Header::new("authorization", authorization.as_bytes()),
    ];
    let mut asked = None;
    let request = Request::get("/key", HOST).headers(&headers);
    let refusal = policy.verify(&request, Some(sha256(b"")), now(), |claim| -> Option<&str> {
        asked = Some(claim.access_key_id().to_owned());
        None
    });
    note("SigV4", asked, refusal.unwrap_err());

    let target = format!(
        "/key?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={escaped}%2F20150830%2Feu-west-1%2Fs3%2Faws4_request\
         &X-Amz-Date=20150830T123600Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature={DIGITS}"
    );
    let headers = [Header::new("host", HOST.as_bytes())];
    let mut asked = None;
    let request = Request::get(&target, HOST).headers(&headers);
    let refusal = policy.verify(&request, Some(sha256(b"")), now(), |claim| -> Option<&str> {
        asked = Some(claim.access_key_id().to_owned());
        None
    });
    note("SigV4, presigned", asked, refusal.unwrap_err());

    let credential = format!("{id}/20150830/eu-west-1/s3/aws4_request");
    let fields = [
        Field::new("x-amz-algorithm", "AWS4-HMAC-SHA256"),
        Field::new("x-amz-credential", &credential),
        Field::new("x-amz-date", "20150830T123600Z"),
        Field::new("policy", "e30="),
        Field::new("x-amz-signature", DIGITS),
    ];
    let mut asked = None;
    let refusal = policy.verify_form(&fields, now(), |id, _| -> Option<&str> {
        asked = Some(id.to_owned());
        None
    });
    note("SigV4, form", asked, refusal.unwrap_err());

    let authorization = format!("AWS {id}:{BASE64}");
    let headers = [
        Header::new("host", HOST.as_bytes()),
        Header::new("x-amz-date", b"Sun, 30 Aug 2015 12:36:00 GMT"),
        Header::new("authorization", authorization.as_bytes()),
    ];
    let mut asked = None;
    let request = Request::get("/key", HOST).headers(&headers);
    let refusal = policy.verify_s3_legacy(&request, Bucket::ByHost, now(), |id| -> Option<&str> {
        asked = Some(id.to_owned());
        None
    });
    note("S3", asked, refusal.unwrap_err());

    let target =
        format!("/key?AWSAccessKeyId={escaped}&Expires=1440938200&Signature=AAAAAAAAAAAAAAAAAAAAAAAAAAA%3D");
    let mut asked = None;
    let request = Request::get(&target, HOST);
    let refusal = policy.verify_s3_legacy(&request, Bucket::ByHost, now(), |id| -> Option<&str> {
        asked = Some(id.to_owned());
        None
    });
    note("S3, presigned", asked, refusal.unwrap_err());

    let fields =
        [Field::new("AWSAccessKeyId", id), Field::new("policy", "e30="), Field::new("signature", BASE64)];
    let mut asked = None;
    let refusal = policy.verify_s3_legacy_form(&fields, |id| -> Option<&str> {
        asked = Some(id.to_owned());
        None
    });
    note("S3, form", asked, refusal.unwrap_err());

    let target = format!(
        "/?AWSAccessKeyId={escaped}&Action=List&Signature=AAAAAAAAAAAAAAAAAAAAAAAAAAA%3D&SignatureMethod=HmacSHA1\
         &SignatureVersion=2&Timestamp=2015-08-30T12%3A36%3A00Z"
    );
    let mut asked = None;
    let request = Request::get(&target, "sdb.amazonaws.com");
    let refusal = policy.verify_sigv2(&request, None, now(), |id| -> Option<&str> {
        asked = Some(id.to_owned());
        None
    });
    note("SigV2", asked, refusal.unwrap_err());
    found
}

#[test]
fn keys_are_looked_up_by_what_is_documented() {
    let longest = "A".repeat(128);
    for id in [
        "A",
        "AKIAIOSFODNN7EXAMPLE",
        "test:tester",
        "a'b\"c;--",
        "\\",
        "a%2Fb",
        "a+b",
        "~!@#$^&*()",
        longest.as_str(),
    ] {
        for (name, was_asked) in asked_for(id) {
            assert!(was_asked, "{name} does not ask for {id:?}");
        }
    }
    let longer = "A".repeat(129);
    for id in
        ["", " ", "a b", "a\tb", "a\nb", "a\0b", "a\u{7f}", "a,b", "a/b", "é", "\u{202e}", longer.as_str()]
    {
        for (name, was_asked) in asked_for(id) {
            assert!(!was_asked, "{name} asks for {id:?}");
        }
    }
}

/// Swift's have a colon, and a signature none.
#[test]
fn an_id_with_a_colon_verifies() {
    let credentials = Credentials::new("test:tester", "testing").unwrap();
    let request = Request::get("/key", HOST);
    let signed = S3Legacy::new(credentials).sign(&request, now()).unwrap();
    let texts: Vec<_> = signed.headers().map(|(name, value)| (name, value.to_string())).collect();
    let headers: Vec<_> = texts.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
    let received = Request::get("/key", HOST).headers(&headers);
    let policy = VerifyPolicy::new("s3", "eu-west-1");
    let verified = policy
        .verify_s3_legacy(&received, Bucket::ByHost, now(), |id| (id == "test:tester").then_some("testing"));
    assert_eq!(verified.unwrap().access_key_id(), "test:tester");
}
