//! What one sender writes in another way than the next: which of it means the same, and so verifies.

#![allow(clippy::unwrap_used)]

use awsauth_core::verify::{Refusal, VerifyPolicy};
use awsauth_core::{
    CredentialScope, Header, PayloadHash, Request, SignedHeaders, SigningKey, Sigv4, Timestamp, sha256,
};

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

fn now() -> Timestamp {
    Timestamp::parse("20130524T000000Z").unwrap()
}

/// What an escape is in a URL is a name in a header: `%3B` parts the names of one, and is part of the other's.
#[test]
fn names_that_a_url_escapes() {
    let (region, service) = ("eu%2Fwest+1", "a&b=c%");
    let scope = CredentialScope::new(now().date(), region, service).unwrap();
    let key = SigningKey::derive(SECRET, scope);
    let names = ["X-B%3Bhost", "x-a!#$&'*+.^_|~", "x-b", "x-b%", "x-b%2Ac", "x-b*c"];
    let own = names.map(|name| Header::new(name, b"v"));
    let request = Request::get("/", "example.com").headers(&own);
    let signer = Sigv4::new("A+K%I=D", &key).signed_headers(SignedHeaders::AllButHopByHop);
    for presign in [false, true] {
        let signed = match presign {
            true => signer.presign(&request, PayloadHash::EMPTY, now(), 60).unwrap(),
            false => signer.sign(&request, PayloadHash::EMPTY, now()).unwrap(),
        };
        let (target, added) = (signed.target().to_string(), signed.headers());
        let added: Vec<_> = added.map(|(name, value)| (name, value.to_string())).collect();
        let mut headers = own.to_vec();
        headers.extend(added.iter().map(|(name, value)| Header::new(name, value.as_bytes())));
        let verify = |headers: &[Header<'_>]| {
            let received = Request::get(&target, "example.com").headers(headers);
            let found =
                VerifyPolicy::DEFAULT.verify(&received, Some(sha256(b"")), now(), |_| Some(SECRET))?;
            assert_eq!(found.access_key_id(), "A+K%I=D");
            assert_eq!((found.scope().region(), found.scope().service()), (Some(region), service));
            let listed: Vec<_> = found.claim().signed_headers().map(|name| name.to_string()).collect();
            for name in names {
                assert!(found.claim().is_signed(name) && listed.contains(&name.to_ascii_lowercase()));
            }
            assert!(!found.claim().is_signed("x-b%2A"));
            Ok::<_, Refusal>(())
        };
        assert_eq!(verify(&headers), Ok(()), "{target}");
        for at in 0..names.len() {
            let mut changed = headers.clone();
            changed[at].value = b"w";
            assert_eq!(verify(&changed), Err(Refusal::SignatureMismatch));
            let missing = changed.remove(at).name.to_ascii_lowercase().as_str().into();
            assert_eq!(verify(&changed), Err(Refusal::MissingSignedHeader(missing)));
        }
    }
}

#[test]
fn no_path_is_the_root_and_an_empty_query_is_none() {
    let scope = CredentialScope::new(now().date(), "us-east-1", "s3").unwrap();
    let key = SigningKey::derive(SECRET, scope);
    let signer = Sigv4::new(ID, &key);
    let signed = signer.sign(&Request::get("/", "example.com"), PayloadHash::EMPTY, now()).unwrap();
    let added: Vec<_> = signed.headers().map(|(name, value)| (name, value.to_string())).collect();
    let headers: Vec<_> = added.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
    for (target, answer) in [
        ("/", Ok(())),
        ("", Ok(())),
        ("?", Ok(())),
        ("/?", Ok(())),
        ("//", Err(Refusal::SignatureMismatch)),
        ("/?=", Err(Refusal::SignatureMismatch)),
    ] {
        let received = Request::get(target, "example.com").headers(&headers);
        let found = VerifyPolicy::DEFAULT.verify(&received, Some(sha256(b"")), now(), |_| Some(SECRET));
        assert_eq!(found.map(|_| ()), answer, "{target}");
    }
}

/// `date` is what a request is dated by only without `x-amz-date`: else there may be two, joined where they are signed.
#[test]
fn a_date_that_is_not_asked_may_be_there_twice() {
    let scope = CredentialScope::new(now().date(), "us-east-1", "s3").unwrap();
    let key = SigningKey::derive(SECRET, scope);
    let own = [Header::new("date", b"Fri, 24 May 2013 00:00:00 GMT"), Header::new("Date", b"yesterday")];
    let request = Request::get("/", "example.com").headers(&own);
    let signer = Sigv4::new(ID, &key).signed_headers(SignedHeaders::EssentialAnd(&["date"]));
    let signed = signer.sign(&request, PayloadHash::EMPTY, now()).unwrap();
    let added: Vec<_> = signed.headers().map(|(name, value)| (name, value.to_string())).collect();
    let mut headers = own.to_vec();
    headers.extend(added.iter().map(|(name, value)| Header::new(name, value.as_bytes())));
    let verify = |headers: &[Header<'_>]| {
        let received = Request::get("/", "example.com").headers(headers);
        VerifyPolicy::DEFAULT.verify(&received, Some(sha256(b"")), now(), |_| Some(SECRET)).map(|_| ())
    };
    assert_eq!(verify(&headers), Ok(()));
    assert_eq!(verify(&headers[1..]), Err(Refusal::SignatureMismatch));
    headers.retain(|header| header.name != "x-amz-date");
    assert_eq!(verify(&headers), Err(Refusal::RepeatedAuthentication("date".into())));
}

/// A path that is encoded once more is signed as it is; all else is decoded, and so an escape may be in either case.
#[test]
fn the_case_of_an_escape_counts_in_a_path_that_is_encoded_twice() {
    for (service, in_path) in [("s3", Ok(())), ("execute-api", Err(Refusal::SignatureMismatch))] {
        let scope = CredentialScope::new(now().date(), "us-east-1", service).unwrap();
        let key = SigningKey::derive(SECRET, scope);
        let target = "/a%5Eb?c=%5E";
        let signed = Sigv4::new(ID, &key)
            .sign(&Request::get(target, "example.com"), PayloadHash::EMPTY, now())
            .unwrap();
        let added: Vec<_> = signed.headers().map(|(name, value)| (name, value.to_string())).collect();
        let headers: Vec<_> = added.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
        for (target, answer) in [(target, Ok(())), ("/a%5eb?c=%5E", in_path), ("/a%5Eb?c=%5e", Ok(()))] {
            let received = Request::get(target, "example.com").headers(&headers);
            let found = VerifyPolicy::DEFAULT.verify(&received, Some(sha256(b"")), now(), |_| Some(SECRET));
            assert_eq!(found.map(|_| ()), answer, "{service} {target}");
        }
    }
}
