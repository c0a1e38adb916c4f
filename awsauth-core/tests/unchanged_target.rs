//! A target that is said to be unchanged is the request's own, byte for byte.

#![allow(clippy::unwrap_used, reason = "tests")]

use awsauth_core::{CredentialScope, PathRule, PayloadHash, Request, Signed, SigningKey, Sigv4, Timestamp};
use proptest::prelude::*;

/// What the request's target becomes, and whether that is said to be the same; `None` if it cannot be signed.
fn sent(target: &str, rule: PathRule) -> Option<(String, bool)> {
    let now = Timestamp::parse("20150830T123600Z").unwrap();
    let key = SigningKey::derive("secret", CredentialScope::new(now.date(), "us-east-1", "service").unwrap());
    let request = Request::get(target, "example.amazonaws.com");
    let mut options = awsauth_core::SigningOptions::DEFAULT;
    options.path_rule = Some(rule);
    let signed: Signed<'_> =
        Sigv4::new("AKIDEXAMPLE", &key).options(options).sign(&request, PayloadHash::EMPTY, now).ok()?;
    Some((signed.target().to_string(), signed.target().is_unchanged()))
}

fn rules() -> impl Strategy<Value = PathRule> {
    let any = any::<(bool, bool)>();
    any.prop_map(|(double_encode, normalize)| PathRule { double_encode, normalize })
}

proptest! {
    #[test]
    fn is_the_requests_own(target in "/[a/.%2e ~=+]{0,8}(\\?[ab=&%2e+~]{0,10})?", rule in rules()) {
        if let Some((sent, true)) = sent(&target, rule) {
            // A query of nothing is none.
            prop_assert_eq!(sent, target.strip_suffix('?').unwrap_or(&target));
        }
    }

    #[test]
    fn is_the_requests_own_at_any_length(
        path in "/[a-z0-9/._~%2f-]{0,90}",
        query in "([a-c]{1,12}(\\.[0-9]){0,2}=[a-z%2F.]{0,12}&?){0,30}",
        rule in rules(),
    ) {
        let target = format!("{path}?{query}");
        if let Some((sent, true)) = sent(&target, rule) {
            prop_assert_eq!(sent, target.strip_suffix('?').unwrap_or(&target));
        }
    }

    /// Else clients would be given a copy of what they have.
    #[test]
    fn is_said_of_what_is_canonical(target in "/[a/]{0,8}(\\?[ab=&]{0,10})?", rule in rules()) {
        if let Some((first, _)) = sent(&target, rule) {
            let (second, unchanged) = sent(&first, rule).unwrap();
            prop_assert_eq!(&second, &first);
            // Parameters of one name need not be in canonical order.
            let mut names = first.split(['?', '&']).skip(1).map(|pair| pair.split('=').next());
            let repeats = names.next().is_some_and(|first| {
                let mut previous = first;
                names.any(|name| core::mem::replace(&mut previous, name) == name)
            });
            prop_assert!(unchanged || repeats || first.contains("//"), "{}", first);
        }
    }
}

#[test]
fn is_not_said_of_a_presigned_url() {
    let now = Timestamp::parse("20150830T123600Z").unwrap();
    let key = SigningKey::derive("secret", CredentialScope::new(now.date(), "us-east-1", "s3").unwrap());
    let request = Request::get("/key", "bucket.s3.amazonaws.com");
    let signed = Sigv4::new("AKIDEXAMPLE", &key).presign(&request, PayloadHash::Unsigned, now, 60).unwrap();
    assert!(!signed.target().is_unchanged());
}
