//! Reads requests as a server does.

#![allow(clippy::unwrap_used, reason = "tests")]

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_http::awsauth_core::{
    CredentialScope, Header, PayloadHash, Protocol, Request, SignedHeaders, SigningKey, SigningOptions,
    Sigv4, Timestamp,
};

pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

pub(crate) fn at(unix_seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(unix_seconds)
}

/// Signs what is on the wire once more, in the core, and compares the signatures.
pub(crate) fn assert_verifies<B>(request: &http::Request<B>, region: &str, service: &str) {
    assert_eq!(signature_of(request), expected_signature(request, SECRET, region, service));
}

/// The signature in the `authorization` header.
pub(crate) fn signature_of<B>(request: &http::Request<B>) -> String {
    let authorization = request.headers()["authorization"].to_str().unwrap();
    authorization.rsplit_once("Signature=").unwrap().1.to_owned()
}

/// What the signature has to be, from scratch, for what is signed according to `authorization`.
pub(crate) fn expected_signature<B>(
    request: &http::Request<B>,
    secret: &str,
    region: &str,
    service: &str,
) -> String {
    let headers = request.headers();
    let text = |name: &str| headers[name].to_str().unwrap();
    let signed_headers = text("authorization").split_once("SignedHeaders=").unwrap().1;
    let signed_headers = signed_headers.split_once(", ").unwrap().0;
    let now = Timestamp::parse(text("x-amz-date")).unwrap();
    let key = SigningKey::derive(secret, CredentialScope::new(now.date(), region, service).unwrap());
    let lent: Vec<_> =
        headers.iter().map(|(name, value)| Header::new(name.as_str(), value.as_bytes())).collect();
    let host = request.uri().authority().map_or("", http::uri::Authority::as_str);
    let protocol = if request.uri().scheme_str() == Some("http") { Protocol::Http } else { Protocol::Https };
    let target = request.uri().path_and_query().unwrap().as_str();
    let request = Request::new(request.method().as_str(), target, host).headers(&lent).protocol(protocol);
    let names: Vec<_> = signed_headers.split(';').collect();
    let mut options = SigningOptions::DEFAULT;
    options.content_sha256_header = names.contains(&"x-amz-content-sha256");
    options.session_token = headers.get("x-amz-security-token").map(|token| token.to_str().unwrap());
    options.signed_headers = SignedHeaders::Named(&names);
    let payload = PayloadHash::parse(text("x-amz-content-sha256")).unwrap();
    let signed = Sigv4::new("AKIDEXAMPLE", &key).options(options).sign(&request, payload, now).unwrap();
    let mut signed_again = String::new();
    signed.canonical_request().write_signed_headers(&mut |bytes: &[u8]| {
        signed_again.push_str(core::str::from_utf8(bytes).unwrap());
    });
    assert_eq!(signed_again, signed_headers);
    assert_eq!(signed.target().to_string(), target, "the target on the wire is canonical");
    signed.signature().to_string()
}
