//! Presigned URLs, where what is signed is itself text of a URL.

#![allow(clippy::unwrap_used, reason = "a test")]

use awsauth_core::{
    CredentialScope, Header, PayloadHash, Request, SignedHeaders, SigningKey, Sigv4, Timestamp,
};

/// `!#$%&'*+.^_|~` may stand in a header's name, and region and service take nearly any character.
#[test]
fn what_the_signature_adds_is_percent_encoded() {
    let now = Timestamp::parse("20150830T123600Z").unwrap();
    let scope = CredentialScope::new(now.date(), "a&b+c", "d=%e#").unwrap();
    let key = SigningKey::derive("secret", scope);
    let headers = [Header::new("X-A!#$%&'*+.^_|~", b"v")];
    let request = Request::get("/", "example.com").headers(&headers);
    let signer = Sigv4::new("A+&#%", &key).signed_headers(SignedHeaders::AllButHopByHop);
    let signed = signer.presign(&request, PayloadHash::EMPTY, now, 60).unwrap();

    let target = signed.target().to_string();
    let credential =
        "X-Amz-Credential=A%2B%26%23%25%2F20150830%2Fa%26b%2Bc%2Fd%3D%25e%23%2Faws4_request&X-Amz-Date=";
    assert!(target.contains(credential), "{target}");
    let names = "X-Amz-SignedHeaders=host%3Bx-a%21%23%24%25%26%27%2A%2B.%5E_%7C~&X-Amz-Signature=";
    assert!(target.contains(names), "{target}");
    assert!(signed.canonical_request().to_string().contains("\n\nhost;x-a!#$%&'*+.^_|~\n"));
}
