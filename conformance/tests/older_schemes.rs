//! SigV2, SigV3, S3's older scheme and POST policies against the known answers.

#![allow(clippy::unwrap_used, reason = "a test")]

use awsauth_conformance::driver;
use awsauth_conformance::vectors::{self, Case, Scheme};

const SCHEMES: [Scheme; 8] = [
    Scheme::S3,
    Scheme::S3Post,
    Scheme::S3Query,
    Scheme::V2Post,
    Scheme::V2Query,
    Scheme::V3,
    Scheme::V3Https,
    Scheme::V4Post,
];

#[test]
#[cfg_attr(not(vectors), ignore = "there are no vectors in ../shared/vectors: set AWSAUTH_VECTORS")]
fn known_answers() {
    for (file, least) in [(vectors::published().unwrap(), 1), (vectors::sample().unwrap(), 225)] {
        let cases = file.expect("the file of the cases");
        let cases: Vec<_> = cases.iter().filter(|case| SCHEMES.contains(&case.scheme)).collect();
        assert!(cases.len() >= least, "{} cases", cases.len());
        cases.into_iter().for_each(check);
    }
}

fn check(case: &Case) {
    let outcome = driver::sign(case);
    let expected = &case.expected;
    assert_eq!(outcome.error, None, "{}", case.id);
    assert!(expected.signature.is_some(), "{}", case.id);
    for (ours, theirs) in [
        (&outcome.string_to_sign, &expected.string_to_sign),
        (&outcome.signature, &expected.signature),
        (&outcome.authorization, &expected.authorization),
    ] {
        if theirs.is_some() {
            assert_eq!(ours, theirs, "{}", case.id);
        }
    }
}
