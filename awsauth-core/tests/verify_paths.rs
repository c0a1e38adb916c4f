//! The path that a server routes by is the one that was signed: paths that are not canonical are refused, or shown resolved.

#![allow(clippy::unwrap_used)]

use awsauth_core::verify::{NonCanonicalPath, Refusal, VerifyPolicy};
use awsauth_core::{
    CredentialScope, Header, PathRule, PayloadHash, Request, SigningKey, SigningOptions, Sigv4, Timestamp,
    sha256,
};
use proptest::prelude::*;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const ONCE: PathRule = PathRule { double_encode: false, normalize: true };
const OPAQUE: PathRule = PathRule { double_encode: true, normalize: false };

/// Signs one path, sends another, and says which one the server routes.
fn verified(service: &str, signed: &str, sent: &str, policy: &VerifyPolicy<'_>) -> Result<String, Refusal> {
    let now = Timestamp::parse("20130524T000000Z").unwrap();
    let key = SigningKey::derive(SECRET, CredentialScope::new(now.date(), "eu-west-1", service).unwrap());
    let mut options = SigningOptions::DEFAULT;
    options.path_rule = policy.path_rule;
    let signer = Sigv4::new("AKIDEXAMPLE", &key).options(options);
    let signed =
        signer.sign(&Request::from_parts("GET", signed, "", "example.com"), PayloadHash::EMPTY, now).unwrap();
    let added: Vec<_> = signed.headers().map(|(name, value)| (name, value.to_string())).collect();
    let headers: Vec<_> = added.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
    let received = Request::from_parts("GET", sent, "", "example.com").headers(&headers);
    let verified = policy.verify(&received, Some(sha256(b"")), now, |_| Some(SECRET))?;
    let path = verified.canonical_path();
    assert!(path.is(&path.to_string()) && !path.is("/elsewhere") && !path.is(&format!("{path}x")));
    assert_eq!(format!("{path:?}"), path.to_string());
    Ok(path.to_string())
}

#[test]
fn a_service_of_ones_own_takes_canonical_paths_alone() {
    let policy = VerifyPolicy::new("notes", "eu-west-1");
    for path in [
        "/",
        "",
        "/admin",
        "/a/b/",
        "/a.b/..c/.../.d",
        "/caf%C3%A9/a%20b",
        "/a%2Fb",
        "/models/a:1@b!$&'()*+,;=~-._",
    ] {
        let shown = if path.is_empty() { "/" } else { path };
        assert_eq!(verified("notes", path, path, &policy).as_deref(), Ok(shown), "{path}");
    }
    for (sent, routed) in [
        ("/public/../admin", "/admin"),
        ("/public/..", "/"),
        ("/../admin", "/admin"),
        ("//admin", "/admin"),
        ("/admin//", "/admin/"),
        ("/./admin", "/admin"),
        ("/admin/.", "/admin/"),
        ("/a/./b/../../admin", "/admin"),
        ("/%2e%2e/admin", "/%2e%2e/admin"),
        ("/.%2E/admin", "/.%2E/admin"),
        ("/%61dmin", "/%61dmin"),
        ("/admi%6E", "/admi%6E"),
        ("/caf%c3%a9", "/caf%c3%a9"),
        ("/a%2fb", "/a%2fb"),
        ("/a\\..\\admin", "/a\\..\\admin"),
        ("/a b", "/a b"),
        ("/caf\u{e9}", "/caf\u{e9}"),
    ] {
        assert_eq!(verified("notes", sent, sent, &policy), Err(Refusal::NonCanonicalPath), "{sent}");
        let mut policy = policy;
        policy.noncanonical_path = NonCanonicalPath::Allowed;
        assert_eq!(verified("notes", sent, sent, &policy).as_deref(), Ok(routed), "{sent}");
        // Where the policy names no service, it is AWS's own, which resolves.
        assert_eq!(verified("notes", sent, sent, &VerifyPolicy::DEFAULT).as_deref(), Ok(routed), "{sent}");
        policy.service = None;
        policy.noncanonical_path = NonCanonicalPath::Refused;
        assert_eq!(verified("notes", sent, sent, &policy), Err(Refusal::NonCanonicalPath), "{sent}");
    }
}

/// A signature for one path serves for another that is resolved to it: the server is told the one that was signed.
#[test]
fn another_way_to_write_a_path_is_refused_or_routed_as_it_was_signed() {
    for (rule, service, sent) in [
        (None, "notes", "/public/../admin"),
        (None, "execute-api", "//admin"),
        (Some(ONCE), "notes", "/%61dmin"),
        (Some(ONCE), "notes", "/x/../%61%64min"),
        (Some(PathRule::S3), "notes", "/%61dmin"),
        (None, "s3", "/%61dmin"),
    ] {
        let mut policy = VerifyPolicy::new(service, "eu-west-1");
        policy.path_rule = rule;
        policy.noncanonical_path = NonCanonicalPath::Allowed;
        assert_eq!(verified(service, "/admin", sent, &policy).as_deref(), Ok("/admin"), "{sent}");
        policy.noncanonical_path = NonCanonicalPath::Refused;
        assert_eq!(verified(service, "/admin", sent, &policy), Err(Refusal::NonCanonicalPath), "{sent}");
        policy.noncanonical_path = NonCanonicalPath::ByService;
        let answer = if service == "s3" { Ok("/admin".to_owned()) } else { Err(Refusal::NonCanonicalPath) };
        assert_eq!(verified(service, "/admin", sent, &policy), answer, "{sent}");
    }
}

#[test]
fn keys_of_s3_are_opaque() {
    for service in ["s3", "s3express", "s3-object-lambda", "s3-outposts"] {
        let policy = VerifyPolicy::new(service, "eu-west-1");
        for (sent, routed) in [
            ("/b//k", "/b//k"),
            ("/b/a=1", "/b/a%3D1"),
            ("/b/%61%2f%c3%a9", "/b/a/%C3%A9"),
            ("/b/a:b@c", "/b/a%3Ab%40c"),
        ] {
            assert_eq!(verified(service, sent, sent, &policy).as_deref(), Ok(routed), "{service} {sent}");
        }
    }
}

proptest! {
    /// Whatever is accepted is routed by the bytes that were sent, or by what the server is told; both stand for one path.
    #[test]
    fn what_is_accepted_is_canonical(
        path in "(/|\\.|%2[eEfF]|%61|a|b|=|:|%20|%c3|%C3){0,12}",
        rule in prop_oneof![Just(None), Just(Some(ONCE)), Just(Some(OPAQUE)), Just(Some(PathRule::S3))],
    ) {
        let path = format!("/{path}");
        let mut policy = VerifyPolicy::new("notes", "eu-west-1");
        policy.path_rule = rule;
        let strict = verified("notes", &path, &path, &policy);
        policy.noncanonical_path = NonCanonicalPath::Allowed;
        let routed = verified("notes", &path, &path, &policy).unwrap();
        match strict {
            Ok(same) => prop_assert!(same == path && routed == path, "{} {}", same, routed),
            Err(refusal) => prop_assert_eq!(refusal, Refusal::NonCanonicalPath),
        }
        // What the server is told is a canonical path itself, but for escapes that are signed as they stand.
        let again = verified("notes", &path, &routed, &policy);
        prop_assert_eq!(again.as_deref(), Ok(&*routed));
    }
}
