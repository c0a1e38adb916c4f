//! Forms of browsers' uploads: their fields, their end, and the policies that are refused.

#![allow(clippy::unwrap_used, reason = "tests")]

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_http::awsauth_core::Error as CoreError;
use awsauth_http::{Credentials, Error, PostForm, PostPolicy, Scheme, Signer};

const MINUTE: Duration = Duration::from_secs(60);

/// 2015-12-29T00:00:00Z.
fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_451_347_200)
}

fn credentials() -> Credentials {
    Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
}

fn sign(signer: Signer, policy: &PostPolicy) -> Result<PostForm, Error> {
    let action = "https://examplebucket.s3.us-east-1.amazonaws.com/".parse().unwrap();
    signer.clock(now).sign_post_blocking(&action, policy, MINUTE)
}

#[test]
fn fields_are_in_order() {
    let policy = PostPolicy::key_prefix("examplebucket", "user/user1/")
        .field("acl", "public-read")
        .starts_with("Content-Type", "image/")
        .content_length_range(1..=1_048_576);
    let form = sign(Signer::new(credentials().with_session_token("token")), &policy).unwrap();
    let names: Vec<_> = form.fields.iter().map(|(name, _)| &**name).collect();
    let expected = [
        "key",
        "acl",
        "x-amz-algorithm",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-security-token",
        "policy",
        "x-amz-signature",
    ];
    assert_eq!(names, expected);
    assert_eq!(form.fields[0].1, "user/user1/${filename}");
    assert_eq!(form.fields[3].1, "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request");
    assert_eq!(form.fields[7].1, form.signed.signature().unwrap().to_string());
    assert_eq!((form.signed.scheme(), form.expires_at), (Scheme::Sigv4, now() + MINUTE));
    assert!(!format!("{form:?}").contains("token"), "{form:?}");
}

#[test]
fn ends_with_the_credentials() {
    let policy = PostPolicy::key("examplebucket", "k");
    let soon = now() + Duration::from_secs(5);
    let form = sign(Signer::new(credentials().with_expiry(soon)), &policy).unwrap();
    assert_eq!(form.expires_at, soon);
    let expired = sign(Signer::new(credentials().with_expiry(now())), &policy).unwrap_err();
    assert_eq!(expired, Error::ExpiredCredentials);
}

#[test]
fn refuses_what_cannot_be() {
    let policy = PostPolicy::key("examplebucket", "k");
    for (policy, error) in [
        (
            policy.clone().field("acl", "private").equals("acl", "public-read"),
            CoreError::ConditionContradicts,
        ),
        (
            policy.clone().field("acl", "private").starts_with("acl", "public"),
            CoreError::ConditionContradicts,
        ),
        (policy.clone().field("acl", "private").field("acl", "private"), CoreError::RepeatedField),
        (policy.clone().field("file", "x"), CoreError::ReservedField),
        (
            policy.clone().content_length_range(core::ops::RangeInclusive::new(2, 1)),
            CoreError::EmptyContentLengthRange,
        ),
        (PostPolicy::key("", "k"), CoreError::MissingBucket),
        (PostPolicy::key("examplebucket", ""), CoreError::MissingKey),
    ] {
        assert_eq!(
            sign(Signer::new(credentials()), &policy).unwrap_err(),
            Error::Request(error),
            "{policy:?}"
        );
    }
    for scheme in [Scheme::Sigv2, Scheme::Sigv3, Scheme::Anonymous] {
        let refused = sign(Signer::new(credentials()).scheme(scheme), &policy).unwrap_err();
        assert_eq!(refused, Error::NotPresignable(scheme));
    }
}

#[test]
#[cfg(feature = "s3-legacy")]
fn signs_with_the_older_scheme() {
    let signer = Signer::new(credentials()).scheme(Scheme::S3Legacy);
    let form = sign(signer, &PostPolicy::key("examplebucket", "k")).unwrap();
    let names: Vec<_> = form.fields.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["key", "AWSAccessKeyId", "policy", "signature"]);
    assert_eq!(form.signed.scheme(), Scheme::S3Legacy);
}
