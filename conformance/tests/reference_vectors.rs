//! The naive reference signer against every published and every adversarial known answer.
//!
//! Each case is compared step by step: the first step that differs is the one reported.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;

use awsauth_conformance::reference::{
    Answer, Refusal, RepeatedParameters, Settings, sign_case, sign_case_with,
};
use awsauth_conformance::vectors::{self, Case, Scheme};
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use sha2::{Digest as _, Sha256};

#[test]
#[cfg_attr(not(vectors), ignore = "there are no vectors in ../shared/vectors: set AWSAUTH_VECTORS")]
fn published_cases() {
    let cases = vectors::published().unwrap().expect("published.jsonl");
    assert_eq!(cases.len(), 160);
    let folded = ["v4/get-header-value-multiline", "v4a/get-header-value-multiline"];
    let mut unfolded = 0;
    for case in &cases {
        // AWS wrote these four with values folded over several lines (the obs-fold of RFC 9112, section 5.2), which
        // an HTTP/1.1 parser turns into spaces before anybody sees the value. So does this test; the signer refuses.
        let parsed = as_parsed(case);
        if folded.iter().any(|id| case.id.starts_with(id)) {
            assert_eq!(sign_case(case), Err(Refusal::ControlCharacter), "{}", case.id);
            unfolded += 1;
        } else {
            assert_eq!(parsed.headers, case.headers, "{}", case.id);
        }
        compare(case, &sign_case(&parsed).unwrap_or_else(|refusal| panic!("{}: {refusal}", case.id)));
    }
    assert_eq!(unfolded, 4);
}

#[test]
#[cfg_attr(not(vectors), ignore = "there are no vectors in ../shared/vectors: set AWSAUTH_VECTORS")]
fn adversarial_cases() {
    let cases = vectors::sample().unwrap().expect("sample.jsonl");
    assert_eq!(cases.len(), 730);
    let mut schemes: BTreeMap<Scheme, usize> = BTreeMap::new();
    for case in &cases {
        *schemes.entry(case.scheme).or_default() += 1;
        // Signers agree on this one, but S3 would keep the first `a` only: refused, unless the caller insists.
        if case.id == "v4-02045" {
            assert_eq!(sign_case(case), Err(Refusal::RepeatedParameter));
            let settings = Settings {
                repeated_parameters: RepeatedParameters::Keep,
                ..Settings::of_case(case).unwrap()
            };
            compare(case, &sign_case_with(case, &settings).unwrap());
        } else {
            compare(case, &sign_case(case).unwrap_or_else(|refusal| panic!("{}: {refusal}", case.id)));
        }
    }
    assert_eq!(schemes.len(), 14, "{schemes:?}");
}

/// Replaces each fold of a header value by one space.
fn as_parsed(case: &Case) -> Case {
    let mut case = case.clone();
    for (_, value) in &mut case.headers {
        let lines: Vec<&str> = value.split('\n').map(|line| line.trim_matches([' ', '\t', '\r'])).collect();
        if lines.len() > 1 {
            *value = lines.join(" ");
        }
    }
    case
}

/// Compares every step that the case gives, in the order of their making.
fn compare(case: &Case, answer: &Answer) {
    let expected = &case.expected;
    let mut steps = Steps { id: &case.id, compared: 0 };
    steps.text("canonical request", answer.canonical_request.as_deref(), &expected.canonical_request);
    steps.text("signed headers", as_bytes(&answer.signed_headers), &expected.signed_headers);
    steps.text("credential scope", as_bytes(&answer.credential_scope), &expected.credential_scope);
    steps.text("string to sign", answer.string_to_sign.as_deref(), &expected.string_to_sign);
    steps.text("private key", answer.private_key.as_ref().map(|key| key.0.as_bytes()), &expected.private_key);
    steps.text("public key", as_bytes(&answer.public_key), &expected.public_key);
    steps.text("seed signature", as_bytes(&answer.seed_signature), &expected.seed_signature);
    steps.list("chunk signature", &answer.chunk_signatures, &expected.chunk_signatures);
    let trailer_string_to_sign = as_bytes(&answer.trailer_string_to_sign);
    steps.text("trailer string to sign", trailer_string_to_sign, &expected.trailer_string_to_sign);
    steps.text("trailer signature", as_bytes(&answer.trailer_signature), &expected.trailer_signature);
    steps.list("event signature", &answer.signatures, &expected.signatures);
    let signature = Some(answer.signature.as_bytes());
    steps.text("RFC 6979 signature", signature, &expected.rfc6979_signature);
    steps.text("signature", signature, &expected.signature);
    steps.text("authorization", as_bytes(&answer.authorization), &expected.authorization);
    let body = answer.body.as_deref().unwrap_or_default();
    if let Some(length) = expected.wire_body_len {
        assert_eq!(body.len(), length, "{}: length of the chunked body", case.id);
    }
    let body_hash = hex(&Sha256::digest(body));
    steps.text("chunked body", Some(body_hash.as_bytes()), &expected.wire_body_sha256);
    if matches!(case.scheme, Scheme::V4a | Scheme::V4aQuery) {
        verify(case, answer);
    }
    assert!(steps.compared > 0, "{}: nothing to compare", case.id);
}

/// The case under comparison, and how many of its steps were compared.
struct Steps<'a> {
    id: &'a str,
    compared: usize,
}

impl Steps<'_> {
    fn text(&mut self, step: &str, ours: Option<&[u8]>, theirs: &Option<String>) {
        let Some(theirs) = theirs else { return };
        let ours = String::from_utf8_lossy(ours.unwrap_or(b"(none)"));
        assert_eq!(ours, theirs.as_str(), "{}: {step} (ours on the left)", self.id);
        self.compared += 1;
    }

    fn list(&mut self, step: &str, ours: &[String], theirs: &Option<Vec<String>>) {
        let Some(theirs) = theirs else { return };
        assert_eq!(ours, theirs, "{}: {step} (ours on the left)", self.id);
        self.compared += 1;
    }
}

/// A SigV4A signature is good when the public key says so, whatever its nonce.
fn verify(case: &Case, answer: &Answer) {
    let public_key = [vec![4], from_hex(answer.public_key.as_deref().unwrap_or_default())].concat();
    let public_key = VerifyingKey::from_sec1_bytes(&public_key).expect("a public key");
    let signature = Signature::from_der(&from_hex(&answer.signature)).expect("a DER signature");
    let hash = Sha256::digest(answer.string_to_sign.as_deref().unwrap_or_default());
    public_key.verify_prehash(&hash, &signature).unwrap_or_else(|error| panic!("{}: {error}", case.id));
}

fn as_bytes(text: &Option<String>) -> Option<&[u8]> {
    text.as_deref().map(str::as_bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair).into_owned());
    digits.map(|pair| u8::from_str_radix(&pair, 16).expect("two hex digits")).collect()
}
