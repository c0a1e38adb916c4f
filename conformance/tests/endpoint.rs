//! The endpoint table against the facts that it is built from, and against botocore's rule sets.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use awsauth_conformance::endpoint_table::{generate, table_path, vectors_folder};
use awsauth_core::endpoint::Endpoint;
use serde_json::Value;

#[test]
#[cfg_attr(not(vectors), ignore = "there are no vectors in ../shared/vectors: set AWSAUTH_VECTORS")]
fn the_checked_in_table_is_a_fresh_one() {
    let fresh = generate(&vectors_folder()).unwrap();
    let checked_in = fs::read_to_string(table_path()).unwrap();
    assert!(fresh == checked_in, "run: cargo run -p awsauth-conformance --bin generate-endpoint-table");
}

#[test]
#[cfg_attr(not(vectors), ignore = "there are no vectors in ../shared/vectors: set AWSAUTH_VECTORS")]
fn hosts_resolve_as_botocore_has_them() {
    let text = fs::read_to_string(vectors_folder().join("hosts.jsonl")).unwrap();
    let (mut right, mut errors, mut wrong) = (0, Vec::new(), Vec::new());
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let host = case["host"].as_str().unwrap();
        let resolved = Endpoint::resolve(host, case["path"].as_str().unwrap_or_default());
        let answer = resolved.as_ref().map(|e| (e.signing_name(), e.region_name()));
        match answer {
            Ok((name, Ok(region))) if case["signing_name"] == name && case["region"] == region => right += 1,
            Ok((_, Ok(_))) => wrong.push(format!("{host}: {answer:?}")),
            Ok((_, Err(error))) | Err(&error) => errors.push(format!("{host}: {error:?}")),
        }
    }
    let misses = errors.len() + wrong.len();
    println!("{right} right, {} errors, {} wrong", errors.len(), wrong.len());
    assert!(right + misses > 7_000, "hosts.jsonl is cut short");
    assert!(misses * 1000 <= right * 2, "under 99.8 % right: {errors:#?} {wrong:#?}");
    assert!(wrong.len() <= errors.len(), "more wrong answers than errors: {wrong:#?}");
}
