//! What is sent where it is other than what is signed: parameters of one name, dots in keys, tabs.

#![allow(clippy::unwrap_used, reason = "tests")]

use awsauth_core::{
    CredentialScope, Header, PayloadHash, PlusSign, RepeatedParameters, Request, SignedHeaders, SigningKey,
    SigningOptions, Sigv4, Timestamp,
};
use proptest::prelude::*;

fn now() -> Timestamp {
    Timestamp::parse("20150830T123600Z").unwrap()
}

/// The target to send, presigned or not, and path and query of the canonical request.
fn sent(service: &str, target: &str, presigned: bool) -> [String; 3] {
    let key = SigningKey::derive("secret", CredentialScope::new(now().date(), "us-east-1", service).unwrap());
    let mut options = SigningOptions::DEFAULT;
    options.repeated_parameters = RepeatedParameters::Allowed;
    let signer = Sigv4::new("AKIDEXAMPLE", &key).options(options);
    let request = Request::get(target, "example.com");
    let signed = match presigned {
        true => signer.presign(&request, PayloadHash::Unsigned, now(), 60).unwrap(),
        false => signer.sign(&request, PayloadHash::EMPTY, now()).unwrap(),
    };
    let canonical = signed.canonical_request().to_string();
    let mut lines = canonical.lines().skip(1).map(str::to_owned);
    [signed.target().to_string(), lines.next().unwrap(), lines.next().unwrap()]
}

#[test]
fn parameters_of_one_name_stay_in_the_callers_order() {
    for (query, wire, canonical) in [
        (
            "step=resize&step=crop&step=blur",
            "step=resize&step=crop&step=blur",
            "step=blur&step=crop&step=resize",
        ),
        ("z=1&step=b&a=1&step=a&y=1", "a=1&step=b&step=a&y=1&z=1", "a=1&step=a&step=b&y=1&z=1"),
        ("a=2&a=1&a", "a=2&a=1&a=", "a=&a=1&a=2"),
        ("%61=2&a=%31&a=", "a=2&a=1&a=", "a=&a=1&a=2"),
        ("a=b&a=%20&a=+", "a=b&a=%20&a=%20", "a=%20&a=%20&a=b"),
        ("=2&=1", "=2&=1", "=1&=2"),
        ("a-long-name=2&a-long-name=1", "a-long-name=2&a-long-name=1", "a-long-name=1&a-long-name=2"),
        ("a-long-name-b=1&a-long-name=2", "a-long-name=2&a-long-name-b=1", "a-long-name=2&a-long-name-b=1"),
        (
            "eightabc=2&eightabc=1&eightab=0",
            "eightab=0&eightabc=2&eightabc=1",
            "eightab=0&eightabc=1&eightabc=2",
        ),
        ("b=2&b=1&X-Amz-Signature=old&a=1", "a=1&b=2&b=1", "a=1&b=1&b=2"),
        ("a=1&a=2", "a=1&a=2", "a=1&a=2"),
    ] {
        for service in ["sqs", "s3"] {
            let [target, _, signed] = sent(service, &format!("/?{query}"), false);
            assert_eq!(
                (target.as_str(), signed.as_str()),
                (format!("/?{wire}").as_str(), canonical),
                "{query}"
            );
            // Whoever receives it finds the same, and sends it on the same.
            assert_eq!(sent(service, &target, false), [target.clone(), "/".into(), signed], "{query}");
        }
    }
}

#[test]
fn so_they_do_in_a_presigned_url() {
    let [target, _, canonical] = sent("s3", "/?step=resize&B=2&z=1&step=crop&B=1&X-Other=3&X-Other=2", true);
    let [callers, ours] = ["B=2&B=1&X-Amz-Algorithm=", "&X-Amz-SignedHeaders=host&X-Other=3&X-Other=2"];
    assert!(target.starts_with(&format!("/?{callers}")), "{target}");
    let rest = format!("{ours}&step=resize&step=crop&z=1&X-Amz-Signature=");
    assert!(target.contains(&rest), "{target}");
    assert!(canonical.starts_with("B=1&B=2&X-Amz-Algorithm="), "{canonical}");
    assert!(canonical.ends_with("&X-Other=2&X-Other=3&step=crop&step=resize&z=1"), "{canonical}");
}

proptest! {
    /// Short and long names, bare ones, escapes, in any order: against sorting of pairs of text.
    #[test]
    fn names_are_sorted_and_values_are_as_they_came(
        pairs in prop::collection::vec(("[ab]{0,2}|abcdefg[hi]{0,2}|%20", prop::option::of("[ab~.]{0,2}|%2F")), 0..20),
        canonical_text in any::<bool>(),
    ) {
        let text = |(name, value): &(String, Option<String>)| match value {
            Some(value) => format!("{name}={value}"),
            None if canonical_text => format!("{name}="),
            None => name.clone(),
        };
        let query = pairs.iter().map(text).filter(|pair| !pair.is_empty()).collect::<Vec<_>>().join("&");
        let mut expected: Vec<(String, String)> = pairs
            .into_iter()
            .filter(|(name, value)| canonical_text || !name.is_empty() || value.is_some())
            .map(|(name, value)| (name, value.unwrap_or_default()))
            .collect();
        let join = |pairs: &[(String, String)]| {
            pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
        };
        expected.sort_by(|a, b| a.0.cmp(&b.0));
        let wire = join(&expected);
        expected.sort();
        let [target, _, canonical] = sent("sqs", &format!("/?{query}"), false);
        prop_assert_eq!(target.strip_prefix("/?").unwrap_or_default(), wire);
        prop_assert_eq!(canonical, join(&expected));
    }
}

#[test]
fn lone_dots_in_a_key_are_sent_escaped() {
    for presigned in [false, true] {
        let [target, path, _] = sent("s3", "/a/./%2E%2E/..%2Fk", presigned);
        assert_eq!(target.split('?').next(), Some("/a/%2E/%2E%2E/%2E%2E/k"));
        assert_eq!(path, "/a/./../../k");
        let [target, path, _] = sent("sqs", "/a/./b/../k", presigned);
        assert_eq!(target.split('?').next(), Some("/a/k"));
        assert_eq!(path, "/a/k");
    }
}

#[test]
fn a_tab_is_signed_and_sent_as_a_space() {
    let headers = [
        Header::new("x-amz-meta-a", b"a\tb"),
        Header::new("x-amz-meta-b", b"a  b"),
        Header::new("user-agent", b"a\tb"),
        Header::new("X-Amz-Meta-C", b"\t a \t\t b\"\t\" \t"),
        Header::new("x-amz-meta-a", b"c"),
        Header::new("x-amz-meta-a", b"d\t\te"),
    ];
    let key = SigningKey::derive("secret", CredentialScope::new(now().date(), "us-east-1", "s3").unwrap());
    let request = Request::get("/", "example.com").headers(&headers);
    for selection in [
        SignedHeaders::ByPlace,
        SignedHeaders::Essential,
        SignedHeaders::Named(&["x-amz-meta-a", "x-amz-meta-c"]),
    ] {
        let signer = Sigv4::new("AKIDEXAMPLE", &key).signed_headers(selection);
        let signed = signer.sign(&request, PayloadHash::EMPTY, now()).unwrap();
        let canonical = signed.canonical_request().to_string();
        assert!(canonical.contains("\nx-amz-meta-a:a b,c,d e\n"), "{canonical}");
        assert!(canonical.contains("\nx-amz-meta-c:a b\" \"\n"), "{canonical}");
        let mut changed: Vec<_> =
            signed.changed_values().map(|(place, value)| (place, value.to_string())).collect();
        changed.sort();
        assert_eq!(changed, [(0, "a b".into()), (3, "a b\" \"".into()), (5, "d e".to_owned())]);
        assert!(!format!("{:?}", signed.changed_values().collect::<Vec<_>>()).contains("a b"));
    }
    let plain = Request::get("/", "example.com").headers(&headers[1..3]);
    let signed = Sigv4::new("AKIDEXAMPLE", &key).sign(&plain, PayloadHash::EMPTY, now()).unwrap();
    assert_eq!(signed.changed_values().count(), 0);
}

/// A plus on the wire would be read as another one by half of all servers.
#[test]
fn a_repeated_plus_is_never_bare() {
    let key = SigningKey::derive("secret", CredentialScope::new(now().date(), "us-east-1", "sqs").unwrap());
    let mut options = SigningOptions::DEFAULT;
    options.plus_sign = PlusSign::Literal;
    let signer = Sigv4::new("AKIDEXAMPLE", &key).options(options);
    let signed = signer.sign(&Request::get("/?q=b&q=+", "example.com"), PayloadHash::EMPTY, now()).unwrap();
    assert_eq!(signed.target().to_string(), "/?q=b&q=%2B");
}
