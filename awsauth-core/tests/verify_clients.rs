//! What well-known clients sign as they send it: each verifies, and what they did not mean does not.

#![allow(clippy::unwrap_used)]

use awsauth_core::verify::{MissingPayloadHash, PartName, Refusal, VerifyPolicy};
use awsauth_core::{CredentialScope, Header, Protocol, Request, SigningKey, StringToSign, Timestamp, sha256};

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const NOW: &str = "20130524T000000Z";
const HTTP_NOW: &str = "Fri, 24 May 2013 00:00:00 GMT";
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn now() -> Timestamp {
    Timestamp::parse(NOW).unwrap()
}

/// A client of its own kind: it signs these lines, whatever it sends.
fn authorization(service: &str, lines: &[(&str, &str)], payload: &str) -> String {
    let names: Vec<_> = lines.iter().map(|(name, _)| *name).collect();
    let lines: String = lines.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let names = names.join(";");
    let canonical_request = format!("GET\n/\n\n{lines}\n{names}\n{payload}");
    let scope = CredentialScope::new(now().date(), "us-east-1", service).unwrap();
    let text = StringToSign::new("AWS4-HMAC-SHA256", now(), scope, sha256(canonical_request.as_bytes()));
    let signature = SigningKey::derive(SECRET, scope).sign(&text);
    format!("AWS4-HMAC-SHA256 Credential={ID}/{scope}, SignedHeaders={names}, Signature={signature}")
}

/// Verifies what is sent, and gives the canonical request.
fn verify(
    authorization: &str,
    protocol: Protocol,
    sent: &[(&str, &str)],
    policy: &VerifyPolicy<'_>,
) -> Result<String, Refusal> {
    let mut headers: Vec<_> = sent.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
    headers.push(Header::new("authorization", authorization.as_bytes()));
    let request = Request::get("/", "").protocol(protocol).headers(&headers);
    let verified = policy.verify(&request, Some(sha256(b"")), now(), |_| Some(SECRET))?;
    assert_eq!(
        verified.claim().string_to_sign().to_string().lines().last(),
        Some(hex(sha256(verified.claim().canonical_request().to_string().as_bytes())).as_str())
    );
    Ok(verified.claim().canonical_request().to_string())
}

fn hex(bytes: [u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Go's SDK, rclone and curl sign the host as it is written, with its default port; all others its normal form.
#[test]
fn a_host_is_taken_as_it_was_received_and_in_its_normal_form() {
    let https = Protocol::Https;
    for (protocol, received, signed, taken) in [
        (https, "example.com", "example.com", true),
        (https, "Example.COM", "Example.COM", true),
        (https, "Example.COM", "example.com", true),
        (https, "example.com:443", "example.com:443", true),
        (https, "example.com:443", "example.com", true),
        (https, "Example.com:443", "example.com", true),
        (https, "Example.com:443", "Example.com:443", true),
        (https, "example.com:", "example.com:", true),
        (Protocol::Http, "MinIO:80", "MinIO:80", true),
        (Protocol::Http, "MinIO:9000", "minio:9000", true),
        // Neither of the two.
        (https, "example.com", "Example.com", false),
        (https, "example.com", "example.com:443", false),
        (https, "Example.com:443", "example.com:443", false),
        (https, "Example.com:443", "Example.com", false),
        (https, "example.com:80", "example.com", false),
        (https, "example.com", "example.org", false),
    ] {
        let authorization = authorization("sqs", &[("host", signed), ("x-amz-date", NOW)], EMPTY);
        let found = verify(
            &authorization,
            protocol,
            &[("host", received), ("x-amz-date", NOW)],
            &VerifyPolicy::DEFAULT,
        );
        match &found {
            Ok(canonical_request) => assert!(canonical_request.contains(&format!("\nhost:{signed}\n"))),
            Err(refusal) => assert_eq!(*refusal, Refusal::SignatureMismatch),
        }
        assert_eq!(found.is_ok(), taken, "{received} signed as {signed}");
        // A host that the policy names is taken in both ways, too.
        let mut policy = VerifyPolicy::DEFAULT;
        policy.signed_host = Some(received);
        let found = verify(&authorization, protocol, &[("host", "backend"), ("x-amz-date", NOW)], &policy);
        assert_eq!(found.is_ok(), taken, "{received} signed as {signed}");
    }
}

/// Go and Rust's SDKs keep a tab; curl, boto3, the CRT and the servers make it a space.
#[test]
fn a_tab_is_taken_as_it_stands_and_as_a_blank() {
    for (received, signed, taken) in [
        ("a\tb", "a b", true),
        ("a\tb", "a\tb", true),
        ("a \t b", "a b", true),
        ("a \t  b", "a \t b", true),
        (" a\t", "a", true),
        ("a\tb", "ab", false),
        ("a b", "a\tb", false),
        ("a\tb\tc", "a b\tc", false),
    ] {
        for (host, signed_host) in [("example.com", "example.com"), ("Example.com", "Example.com")] {
            let lines = [("host", signed_host), ("x-amz-date", NOW), ("x-amz-meta-a", signed)];
            let authorization = authorization("sqs", &lines, EMPTY);
            let sent = [("host", host), ("x-amz-meta-a", received), ("x-amz-date", NOW)];
            let found = verify(&authorization, Protocol::Https, &sent, &VerifyPolicy::DEFAULT);
            assert_eq!(found.is_ok(), taken, "{received:?} signed as {signed:?}: {found:?}");
        }
    }
}

/// A claim shows the form that most clients sign, whatever the request has, until another is found to be the signed one.
#[test]
fn a_claim_shows_the_normal_form() {
    let headers = [
        Header::new("host", b"Example.com:443"),
        Header::new("x-amz-meta-a", b"a\tb"),
        Header::new("x-amz-date", NOW.as_bytes()),
    ];
    let lines = [("host", "Example.com:443"), ("x-amz-date", NOW), ("x-amz-meta-a", "a\tb")];
    let authorization = authorization("sqs", &lines, EMPTY);
    let headers = [&headers[..], &[Header::new("authorization", authorization.as_bytes())]].concat();
    let request = Request::get("/", "example.com").headers(&headers);
    let claim = VerifyPolicy::DEFAULT.claim(&request, Some(sha256(b"")), now()).unwrap();
    let shown = claim.canonical_request().to_string();
    assert!(shown.contains("\nhost:example.com\n") && shown.contains("\nx-amz-meta-a:a b\n"), "{shown}");
    let verified = claim.verify(SECRET).unwrap();
    let shown = verified.claim().canonical_request().to_string();
    assert!(shown.contains("\nhost:Example.com:443\n") && shown.contains("\nx-amz-meta-a:a\tb\n"), "{shown}");
}

#[test]
fn a_date_header_may_say_its_zone_as_mail_does() {
    for (date, taken) in [
        (HTTP_NOW, true),
        ("Fri, 24 May 2013 00:00:00 +0000", true),
        ("Fri, 24 May 2013 00:00:00 +0100", false),
        ("Fri, 24 May 2013 00:00:00", false),
    ] {
        let authorization = authorization("sqs", &[("date", date), ("host", "example.com")], EMPTY);
        let found = verify(
            &authorization,
            Protocol::Https,
            &[("host", "example.com"), ("date", date)],
            &VerifyPolicy::DEFAULT,
        );
        let expected = if taken { None } else { Some(Refusal::MissingDate) };
        assert_eq!(found.err(), expected, "{date}");
    }
}

/// The last line of the canonical request is the value of `x-amz-content-sha256`, whether the header is signed or not.
#[test]
fn a_payload_hash_need_not_be_signed_where_it_is_sent() {
    let lines = [("host", "example.com"), ("x-amz-date", NOW)];
    let signed = authorization("s3", &lines, EMPTY);
    let sent = |hash| [("host", "example.com"), ("x-amz-date", NOW), ("x-amz-content-sha256", hash)];
    let verify = |authorization: &str, sent: &[_], policy: &_| {
        verify(authorization, Protocol::Https, sent, policy).map(|_| ())
    };
    let mut policy = VerifyPolicy::new("s3", "us-east-1");
    assert_eq!(verify(&signed, &sent(EMPTY), &policy), Ok(()));
    assert_eq!(verify(&signed, &sent("UNSIGNED-PAYLOAD"), &policy), Err(Refusal::SignatureMismatch));
    let unsigned = authorization("s3", &lines, "UNSIGNED-PAYLOAD");
    assert_eq!(verify(&unsigned, &sent("UNSIGNED-PAYLOAD"), &policy), Ok(()));
    assert_eq!(verify(&unsigned, &sent(EMPTY), &policy), Err(Refusal::SignatureMismatch));

    // S3 asks for it; other services do not.
    assert_eq!(verify(&signed, &sent("")[..2], &policy), Err(Refusal::MissingPayloadHash));
    policy.missing_payload_hash = MissingPayloadHash::Allowed;
    assert_eq!(verify(&signed, &sent("")[..2], &policy), Ok(()));
    let sqs = authorization("sqs", &lines, EMPTY);
    let mut policy = VerifyPolicy::new("sqs", "us-east-1");
    assert_eq!(verify(&sqs, &sent("")[..2], &policy), Ok(()));
    policy.missing_payload_hash = MissingPayloadHash::Refused;
    assert_eq!(verify(&sqs, &sent("")[..2], &policy), Err(Refusal::MissingPayloadHash));
    assert_eq!(verify(&sqs, &sent(EMPTY), &policy), Ok(()));
    for service in ["s3", "s3express", "s3-object-lambda", "s3-outposts"] {
        let signed = authorization(service, &lines, EMPTY);
        assert_eq!(verify(&signed, &sent("")[..2], &VerifyPolicy::DEFAULT), Err(Refusal::MissingPayloadHash));
    }
    // A presigned URL of S3 that does not say leaves its body unsigned, as ever: `verify.rs` has AWS's own.
}

/// What is refused is named, and the name is fit for a log.
#[test]
fn refusals_print_the_name_that_they_are_about() {
    let hostile = format!("x-amz-{}", "a".repeat(100));
    let cut = format!("x-amz-{}..", "a".repeat(56));
    for (header, name) in [
        ("X-Amz-Acl", "x-amz-acl"),
        ("x-amz-a\r\nset-cookie: b", "x-amz-a??set-cookie??b"),
        ("x-amz-\u{1b}[2J", "x-amz-??2j"),
        (&hostile, &cut),
    ] {
        let signed = authorization("sqs", &[("host", "example.com"), ("x-amz-date", NOW)], EMPTY);
        let sent = [("host", "example.com"), ("x-amz-date", NOW), (header, "v")];
        let refusal = verify(&signed, Protocol::Https, &sent, &VerifyPolicy::DEFAULT).unwrap_err();
        assert_eq!(refusal, Refusal::UnsignedHeader(name.into()));
        assert_eq!(refusal.part().map(|part| part.to_string()).as_deref(), Some(name));
        assert_eq!(refusal.to_string(), format!("a header is not signed that must be: {name}"));
        assert_eq!(refusal.as_str(), "a header is not signed that must be");
    }
    assert_eq!(Refusal::Expired.part(), None);
    let unnamed = Refusal::MissingSignedHeader(PartName::EMPTY);
    assert_eq!(unnamed.to_string(), "a signed header is not in the request");
}
