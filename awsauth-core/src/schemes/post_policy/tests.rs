use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::policy::{Condition, Field, PostPolicy};
use super::signed::sign_policy;
use crate::schemes::sigv4::{CredentialScope, SignatureText, SigningKey, Sigv4, TokenPlacement};
use crate::vocabulary::error::Error;
use crate::vocabulary::time::Timestamp;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

fn now() -> Timestamp {
    Timestamp::parse("20151229T000000Z").unwrap()
}

fn later() -> Timestamp {
    Timestamp::parse("20151230T120000Z").unwrap()
}

fn key() -> SigningKey<'static> {
    SigningKey::derive(SECRET, CredentialScope::new(now().date(), "us-east-1", "s3").unwrap())
}

fn form<S: SignatureText>(signed: &super::SignedPolicy<'_, S>) -> Vec<(String, String)> {
    signed.fields().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

fn parse(text: impl ToString) -> Value {
    serde_json::from_str(&text.to_string()).unwrap()
}

/// AWS: "Example: Browser-based upload using HTTP POST (using AWS Signature Version 4)".
const EXAMPLE: &str = concat!(
    "eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJzaWd2",
    "NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJwdWJsaWMt",
    "cmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6b25hd3MuY29t",
    "L3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0sDQogICAgeyJ4",
    "LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iOiAiQUVTMjU2In0s",
    "DQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlPU0ZP",
    "RE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3JpdGhtIjogIkFXUzQtSE1B",
    "Qy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9",
);

#[test]
fn ready_made_example() {
    assert_eq!(
        sign_policy(&key(), EXAMPLE).unwrap().to_string(),
        "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e"
    );
    for policy in ["", "e30", "e3 =", "e30=\n"] {
        assert_eq!(sign_policy(&key(), policy).unwrap_err(), Error::MalformedPolicy);
    }
}

/// The same example built here says the same.
#[test]
fn built_example() {
    let fields = [
        Field::new("acl", "public-read"),
        Field::new(
            "success_action_redirect",
            "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html",
        ),
        Field::new("x-amz-meta-uuid", "14365123651274"),
        Field::new("x-amz-server-side-encryption", "AES256"),
    ];
    let conditions =
        [Condition::starts_with("Content-Type", "image/"), Condition::starts_with("x-amz-meta-tag", "")];
    let key = key();
    let signed = PostPolicy::key_prefix("sigv4examplebucket", "user/user1/", later())
        .fields(&fields)
        .conditions(&conditions)
        .content_length_range(1, 1_048_576)
        .sign(&Sigv4::new("AKIAIOSFODNN7EXAMPLE", &key), now())
        .unwrap();
    assert_eq!(
        parse(signed.json()),
        json!({
            "expiration": "2015-12-30T12:00:00Z",
            "conditions": [
                { "bucket": "sigv4examplebucket" },
                ["starts-with", "$key", "user/user1/"],
                { "acl": "public-read" },
                { "success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html" },
                { "x-amz-meta-uuid": "14365123651274" },
                { "x-amz-server-side-encryption": "AES256" },
                ["starts-with", "$Content-Type", "image/"],
                ["starts-with", "$x-amz-meta-tag", ""],
                ["content-length-range", 1, 1048576],
                { "x-amz-algorithm": "AWS4-HMAC-SHA256" },
                { "x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request" },
                { "x-amz-date": "20151229T000000Z" },
            ],
        })
    );
    let encoded = signed.encoded_policy().to_string();
    let form = form(&signed);
    let expected = [
        ("key", "user/user1/${filename}"),
        ("acl", "public-read"),
        ("success_action_redirect", "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"),
        ("x-amz-meta-uuid", "14365123651274"),
        ("x-amz-server-side-encryption", "AES256"),
        ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
        ("x-amz-credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"),
        ("x-amz-date", "20151229T000000Z"),
        ("policy", &encoded),
        ("x-amz-signature", &signed.signature().to_string()),
    ];
    assert_eq!(form, expected.map(|(name, value)| (name.into(), value.into())));
    assert_eq!(&sign_policy(&key, &encoded).unwrap(), signed.signature());
}

#[test]
fn session_tokens() {
    let key = key();
    let policy = PostPolicy::key("b", "k", later());
    let signer = Sigv4::new("AKIDEXAMPLE", &key).session_token("T\"\\");
    for (placement, name) in [
        (TokenPlacement::Signed, "x-amz-security-token"),
        (TokenPlacement::S3Express, "x-amz-s3session-token"),
    ] {
        let signed = policy.sign(&signer.token_placement(placement), now()).unwrap();
        assert!(form(&signed).contains(&(name.into(), "T\"\\".into())));
        assert_eq!(parse(signed.json())["conditions"][5], json!({ name: "T\"\\" }));
        assert!(!format!("{signed:?}").contains("T\\\""));
    }
}

#[cfg(feature = "s3-legacy")]
#[test]
fn legacy_form() {
    let credentials = crate::vocabulary::credentials::Credentials::new("AKIDEXAMPLE", SECRET)
        .unwrap()
        .session_token("T")
        .unwrap();
    let signed = PostPolicy::key("b", "k", later()).sign_s3_legacy(credentials, now()).unwrap();
    assert_eq!(
        signed.json().to_string(),
        r#"{"expiration":"2015-12-30T12:00:00Z","conditions":[{"bucket":"b"},{"key":"k"},{"x-amz-security-token":"T"}]}"#
    );
    let encoded = signed.encoded_policy().to_string();
    assert_eq!(&crate::schemes::s3_legacy::sign_policy(&credentials, &encoded).unwrap(), signed.signature());
    let expected = [
        ("key", "k"),
        ("AWSAccessKeyId", "AKIDEXAMPLE"),
        ("x-amz-security-token", "T"),
        ("policy", &encoded),
        ("signature", &signed.signature().to_string()),
    ];
    assert_eq!(form(&signed), expected.map(|(name, value)| (name.into(), value.into())));
}

fn sign(policy: PostPolicy<'_>) -> Result<(), Error> {
    policy.sign(&Sigv4::new("AKIDEXAMPLE", &key()), now()).map(|_| ())
}

#[test]
fn refusals() {
    use Condition as C;
    let policy = PostPolicy::key_prefix("b", "", later());
    assert_eq!(sign(policy), Ok(()));
    assert_eq!(sign(PostPolicy::key("b", "k", now())), Err(Error::ExpiryInPast));
    assert_eq!(sign(PostPolicy::key("", "k", later())), Err(Error::MissingBucket));
    assert_eq!(sign(PostPolicy::key("b", "", later())), Err(Error::MissingKey));
    assert_eq!(sign(PostPolicy::key("b\n", "k", later())), Err(Error::ControlInPolicy));
    assert_eq!(sign(PostPolicy::key("b", "k\u{85}", later())), Err(Error::ControlInPolicy));
    assert_eq!(sign(policy.content_length_range(2, 1)), Err(Error::EmptyContentLengthRange));
    assert_eq!(sign(policy.content_length_range(1, 1)), Ok(()));
    for (fields, error) in [
        (&[Field::new("acl", "a\0")] as &[_], Error::ControlInPolicy),
        (&[Field::new("", "a")], Error::MalformedFieldName),
        (&[Field::new("$acl", "a")], Error::MalformedFieldName),
        (&[Field::new("a b", "a")], Error::MalformedFieldName),
        (&[Field::new("Key", "a")], Error::ReservedField),
        (&[Field::new("file", "a")], Error::ReservedField),
        (&[Field::new("x-amz-date", "a")], Error::ReservedField),
        (&[Field::new("acl", "a"), Field::new("ACL", "a")], Error::RepeatedField),
    ] {
        assert_eq!(sign(policy.fields(fields)), Err(error), "{fields:?}");
    }
    let acl = policy.fields(&[Field { name: "acl", value: "public-read" }]);
    for (conditions, result) in [
        (&[C::starts_with("acl", "public")] as &[_], Ok(())),
        (&[C::equals("Acl", "public-read")], Ok(())),
        (&[C::equals("acl", "private")], Err(Error::ConditionContradicts)),
        (&[C::starts_with("Acl", "private")], Err(Error::ConditionContradicts)),
        (&[C::starts_with("a", "x"), C::starts_with("a", "xy")], Ok(())),
        (&[C::starts_with("a", "x"), C::starts_with("a", "y")], Err(Error::ConditionContradicts)),
        (&[C::starts_with("a", "x"), C::equals("a", "y")], Err(Error::ConditionContradicts)),
        (&[C::equals("a", "x"), C::equals("a", "y")], Err(Error::ConditionContradicts)),
        (&[C::equals("key", "x")], Err(Error::ReservedField)),
        (&[C::starts_with("a", "\u{7f}")], Err(Error::ControlInPolicy)),
    ] {
        assert_eq!(sign(acl.conditions(conditions)), result, "{conditions:?}");
    }
    let day_before = SigningKey::derive(SECRET, CredentialScope::new(later().date(), "r", "s3").unwrap());
    let refused = policy.sign(&Sigv4::new("AKIDEXAMPLE", &day_before), now()).unwrap_err();
    assert_eq!(refused, Error::KeyOfAnotherDay);
}

#[test]
fn dollar_is_escaped() {
    let key = key();
    let signed = PostPolicy::key("b", "a$\"\\\u{e9}\u{1f600}", later());
    let signed = signed.sign(&Sigv4::new("AKIDEXAMPLE", &key), now()).unwrap();
    assert!(signed.json().to_string().contains(r#"{"key":"a\u0024\"\\\u00e9\ud83d\ude00"}"#));
}

proptest! {
    #[test]
    fn json_is_what_was_meant(object in "[^\\p{Cc}]{1,20}", name in "[!-#%-~]{1,9}", value in ".{0,20}") {
        let key = key();
        let fields = [Field::new(&name, &value)];
        let policy = PostPolicy::key("b", &object, later()).fields(&fields);
        match policy.sign(&Sigv4::new("AKIDEXAMPLE", &key), now()) {
            Ok(signed) => {
                let document = parse(signed.json());
                prop_assert!(signed.json().to_string().bytes().all(|byte| matches!(byte, b' '..=b'~')));
                prop_assert_eq!(&document["conditions"][1]["key"], &json!(object));
                prop_assert_eq!(&document["conditions"][2][&name], &json!(value));
            }
            Err(error) => {
                prop_assert!(matches!(error, Error::ControlInPolicy | Error::ReservedField));
            }
        }
    }
}
