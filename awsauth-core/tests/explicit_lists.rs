//! An explicit list of signed headers may name what the signer adds: the caller's headers of these names are replaced.

#![allow(clippy::unwrap_used, reason = "tests")]

use awsauth_core::{
    CredentialScope, Header, PayloadHash, Request, SignedHeaders, SigningKey, Sigv4, Timestamp,
};

#[test]
fn what_is_added_is_signed_once() {
    let now = Timestamp::parse("20150830T123600Z").unwrap();
    let key = SigningKey::derive("secret", CredentialScope::new(now.date(), "us-east-1", "service").unwrap());
    let sorted = [
        Header::new("content-type", b"a/b"),
        Header::new("X-Amz-Content-Sha256", b"old"),
        Header::new("x-amz-date", b"20150829T000000Z"),
        Header::new("x-amz-security-token", b"old"),
    ];
    let mut reversed = sorted;
    reversed.reverse();
    for headers in [sorted, reversed] {
        let request = Request::get("/", "example.amazonaws.com").headers(&headers);
        for list in [
            SignedHeaders::Exactly("content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token"),
            SignedHeaders::ExactlyEncoded("content-type%3Bhost%3bx-amz-date"),
        ] {
            let signer = Sigv4::new("AKIDEXAMPLE", &key).session_token("new").signed_headers(list);
            let signed = signer.sign(&request, PayloadHash::EMPTY, now).unwrap();
            assert_eq!(
                signed.canonical_request().to_string(),
                "GET\n/\n\ncontent-type:a/b\nhost:example.amazonaws.com\n\
                 x-amz-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n\
                 x-amz-date:20150830T123600Z\nx-amz-security-token:new\n\n\
                 content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token\n\
                 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            );
        }
    }
}
