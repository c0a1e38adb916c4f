//! The public API against the known answers, by way of the driver.
//!
//! Each case is compared step by step, so that the first difference is the cause.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;

use awsauth_conformance::driver::{self, Outcome};
use awsauth_conformance::own_vectors;
use awsauth_conformance::vectors::{self, Case, Scheme};

/// Cases of each scheme in `published.jsonl` and `sample.jsonl`.
const COUNTS: [(Scheme, [usize; 2]); 14] = [
    (Scheme::S3, [0, 62]),
    (Scheme::S3Post, [0, 12]),
    (Scheme::S3Query, [1, 37]),
    (Scheme::V2Post, [0, 28]),
    (Scheme::V2Query, [0, 35]),
    (Scheme::V3, [0, 27]),
    (Scheme::V3Https, [0, 12]),
    (Scheme::V4, [42, 268]),
    (Scheme::V4Chunked, [2, 25]),
    (Scheme::V4Event, [0, 12]),
    (Scheme::V4Post, [0, 12]),
    (Scheme::V4Query, [39, 159]),
    (Scheme::V4a, [38, 26]),
    (Scheme::V4aQuery, [38, 15]),
];

#[test]
#[cfg_attr(not(vectors), ignore = "there are no vectors in ../shared/vectors: set AWSAUTH_VECTORS")]
fn published_cases() {
    let cases = vectors::published().unwrap().expect("published.jsonl");
    compare_all(&cases, &COUNTS.map(|(scheme, [published, _])| (scheme, published)));
}

#[test]
#[cfg_attr(not(vectors), ignore = "there are no vectors in ../shared/vectors: set AWSAUTH_VECTORS")]
fn adversarial_cases() {
    let cases = vectors::sample().unwrap().expect("sample.jsonl");
    compare_all(&cases, &COUNTS.map(|(scheme, [_, sample])| (scheme, sample)));
}

#[test]
fn own_cases() {
    let cases = own_vectors::committed().unwrap();
    compare_all(&cases, &own_vectors::WRITTEN.map(|(scheme, count)| (scheme, own_vectors::CASES + count)));
}

/// Made without this project, of the websocket of IoT: the token is no part of what is signed.
#[test]
fn own_cases_have_a_known_answer() {
    let cases = own_vectors::committed().unwrap();
    let websocket = cases.iter().find(|case| case.id == "own/v4-query/websocket").unwrap();
    let signature = "d9615f9dcd1d6757d4ba5e2e3543f610322e9737aa4c20b4be69cf491b190460";
    assert_eq!(websocket.expected.signature.as_deref(), Some(signature));
}

#[test]
fn own_cases_are_fresh() {
    let committed = std::fs::read_to_string(own_vectors::file()).unwrap();
    let fresh = own_vectors::generate().unwrap();
    assert!(committed == fresh, "run: cargo run -p awsauth-conformance --bin generate-own-vectors");
}

/// Were the vectors put in place after the build, the tests above would be ignored for no reason.
#[test]
fn vectors_are_where_the_build_saw_them() {
    let there = vectors::folder_from_env().join("published.jsonl").exists();
    assert_eq!(there, cfg!(vectors), "the vectors came or went: touch conformance/build.rs");
}

fn compare_all(cases: &[Case], counts: &[(Scheme, usize)]) {
    let mut compared: BTreeMap<Scheme, usize> = BTreeMap::new();
    let mut differences = Vec::new();
    for case in cases {
        *compared.entry(case.scheme).or_default() += 1;
        let outcome = driver::sign(case);
        assert_eq!(outcome.id, case.id);
        if let Err(difference) = compare(case, &outcome) {
            differences.push(format!("{}: {difference}", case.id));
        }
    }
    assert!(differences.is_empty(), "{} differ, the first:\n{}", differences.len(), differences[0]);
    let counts: BTreeMap<Scheme, usize> = counts.iter().copied().filter(|(_, count)| *count > 0).collect();
    assert_eq!(compared, counts, "cases of each scheme");
}

/// The first step that differs.
fn compare(case: &Case, ours: &Outcome) -> Result<(), String> {
    if let Some(error) = &ours.error {
        return Err(format!("refused: {error}"));
    }
    let theirs = &case.expected;
    let one = |text: &Option<String>| text.clone().map(|text| vec![text]);
    let signature = theirs.rfc6979_signature.as_ref().or(theirs.signature.as_ref()).cloned();
    let steps = [
        ("canonical request", one(&ours.canonical_request), one(&theirs.canonical_request)),
        ("string to sign", one(&ours.string_to_sign), one(&theirs.string_to_sign)),
        ("seed signature", one(&ours.seed_signature), one(&theirs.seed_signature)),
        ("chunk signatures", ours.chunk_signatures.clone(), theirs.chunk_signatures.clone()),
        ("trailer signature", one(&ours.trailer_signature), one(&theirs.trailer_signature)),
        ("event signatures", ours.signatures.clone(), theirs.signatures.clone()),
        ("signature", one(&ours.signature), one(&signature)),
        ("authorization", one(&ours.authorization), one(&theirs.authorization)),
    ];
    let mut compared = 0;
    for (step, ours, theirs) in steps {
        let Some(theirs) = theirs else { continue };
        compared += 1;
        if ours.as_ref() != Some(&theirs) {
            let ours = ours.unwrap_or_default().join("\n");
            return Err(format!("{step}\n--- ours\n{ours}\n--- theirs\n{}", theirs.join("\n")));
        }
    }
    if compared == 0 { Err("nothing to compare".to_owned()) } else { Ok(()) }
}
