//! Chunked bodies, event streams and SigV4A, against the known answers.

use awsauth_conformance::driver;
use awsauth_conformance::vectors::{self, Case, Scheme};

fn cases(schemes: &[Scheme]) -> Vec<Case> {
    let files = [vectors::published(), vectors::sample()];
    let files = files.map(|file| file.expect("readable").expect("the file of the cases"));
    let cases: Vec<_> = files.into_iter().flatten().filter(|case| schemes.contains(&case.scheme)).collect();
    assert!(!cases.is_empty());
    cases
}

/// Compares a key of the answer that the case gives.
fn assert_known<T: PartialEq + core::fmt::Debug>(id: &str, key: &str, known: &Option<T>, ours: &Option<T>) {
    if known.is_some() {
        assert_eq!(known, ours, "{id}: {key}");
    }
}

#[test]
#[cfg_attr(not(vectors), ignore = "there are no vectors in ../shared/vectors: set AWSAUTH_VECTORS")]
fn chunked_bodies() {
    for case in cases(&[Scheme::V4Chunked]) {
        let (id, known, ours) = (&case.id, &case.expected, driver::sign(&case));
        assert_eq!(ours.error, None, "{id}");
        assert_known(id, "seed_signature", &known.seed_signature, &ours.seed_signature);
        assert_known(id, "chunk_signatures", &known.chunk_signatures, &ours.chunk_signatures);
        assert_known(id, "trailer_signature", &known.trailer_signature, &ours.trailer_signature);
        assert_known(id, "signature", &known.signature, &ours.signature);
        assert_known(id, "wire_body_len", &known.wire_body_len, &ours.wire_body_len);
        assert_known(id, "wire_body_sha256", &known.wire_body_sha256, &ours.wire_body_sha256);
    }
}

#[test]
#[cfg_attr(not(vectors), ignore = "there are no vectors in ../shared/vectors: set AWSAUTH_VECTORS")]
fn event_streams() {
    for case in cases(&[Scheme::V4Event]) {
        let (id, known, ours) = (&case.id, &case.expected, driver::sign(&case));
        assert_eq!(ours.error, None, "{id}");
        assert_known(id, "signatures", &known.signatures, &ours.signatures);
        assert_known(id, "signature", &known.signature, &ours.signature);
    }
}

/// The driver also verifies each signature with the derived public key.
#[test]
#[cfg_attr(not(vectors), ignore = "there are no vectors in ../shared/vectors: set AWSAUTH_VECTORS")]
fn sigv4a() {
    for case in cases(&[Scheme::V4a, Scheme::V4aQuery]) {
        let (id, known, ours) = (&case.id, &case.expected, driver::sign(&case));
        assert_eq!(ours.error, None, "{id}");
        assert_known(id, "canonical_request", &known.canonical_request, &ours.canonical_request);
        assert_known(id, "string_to_sign", &known.string_to_sign, &ours.string_to_sign);
        assert_known(id, "public_key", &known.public_key, &ours.public_key);
        assert_known(id, "rfc6979_signature", &known.rfc6979_signature, &ours.signature);
    }
}
