//! An explicit list of signed headers may name what the signer adds: the caller's headers of these names are replaced. One
//! that cannot be kept is refused.

#![allow(clippy::unwrap_used, reason = "tests")]

use awsauth_core::{
    CredentialScope, Error, Header, PayloadHash, Request, SignedHeaders, SigningKey, Sigv4, Timestamp,
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

/// In headers and in a URL.
#[test]
fn a_list_that_cannot_be_kept_is_refused() {
    use SignedHeaders::{EssentialAnd, EssentialAndListed, Exactly, ExactlyEncoded, Listed, Named};
    let now = Timestamp::parse("20150830T123600Z").unwrap();
    let key = SigningKey::derive("secret", CredentialScope::new(now.date(), "us-east-1", "service").unwrap());
    let headers = [Header::new("Range", b"bytes=0-9"), Header::new("x-amz-meta-a", b"1")];
    let request = Request::get("/", "example.amazonaws.com").headers(&headers);
    let signed = |list| {
        let signer = Sigv4::new("AKIDEXAMPLE", &key).signed_headers(list);
        let in_headers = signer.sign(&request, PayloadHash::EMPTY, now).map(|_| ());
        let in_url = signer.presign(&request, PayloadHash::EMPTY, now, 60).map(|_| ());
        assert_eq!(in_headers, in_url, "{list:?}");
        in_url
    };
    for list in [
        Exactly(""),
        Exactly("range"),
        Exactly(";host"),
        Exactly("host;"),
        Exactly("host;;range"),
        Exactly("host; range"),
        Exactly("host%3Brange"),
        ExactlyEncoded(""),
        ExactlyEncoded("range"),
        ExactlyEncoded("host%3B%3Brange"),
        ExactlyEncoded("host%20"),
        Listed(";"),
        Listed("range;"),
        Listed("r\u{e9}"),
        EssentialAndListed("a b"),
        Named(&[""]),
        Named(&["range", "a;b"]),
        EssentialAnd(&["a:"]),
    ] {
        assert_eq!(signed(list), Err(Error::MalformedSignedHeaders), "{list:?}");
    }
    for list in [
        Exactly("host;nope"),
        Exactly("a;host;range"),
        Exactly("host;range;x-amz-security-token"),
        Exactly("authorization;host"),
        ExactlyEncoded("host%3brange%3Bx"),
    ] {
        assert_eq!(signed(list), Err(Error::MissingSignedHeader), "{list:?}");
    }
    // In any order and case. What is no complete list may name what some requests do not have.
    for list in [
        Exactly("host"),
        Exactly("range;HOST"),
        ExactlyEncoded("host%3b%72ange"),
        ExactlyEncoded("X-Amz-Meta-A;host;Range"),
        Listed(""),
        Listed("nope;range"),
        EssentialAndListed(""),
        EssentialAndListed("nope"),
        Named(&[]),
        Named(&["nope"]),
        EssentialAnd(&["RANGE", "nope"]),
    ] {
        assert_eq!(signed(list), Ok(()), "{list:?}");
    }
}
