//! `aws-chunked` uploads to OpenStack Swift's s3api: see `conformance/servers/README.md`.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

mod streaming;

use std::env;

use streaming::{Bucket, CHUNK};

/// Runs the test where the server is, and says where it is not.
fn with_bucket(name: &str, test: impl FnOnce(&Bucket)) {
    let variable = |name: &str| env::var(format!("AWSAUTH_SWIFT_{name}")).ok();
    let server =
        (variable("URL"), variable("REGION"), variable("ACCESS_KEY_ID"), variable("SECRET_ACCESS_KEY"));
    let (Some(url), Some(region), Some(access_key_id), Some(secret)) = server else {
        println!("NOT RUN: no AWSAUTH_SWIFT_URL: eval \"$(conformance/servers/start swift)\" first");
        return;
    };
    test(&Bucket::create(&url, &region, &access_key_id, &secret, &format!("streams-{name}")));
}

#[test]
fn takes_and_gives_back_every_kind_and_size() {
    with_bucket("sizes", |bucket| {
        streaming::roundtrip(bucket, &[0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 17]);
    });
}

#[test]
fn refuses_what_was_changed_on_the_way() {
    with_bucket("changes", |bucket| streaming::refuses_changes(bucket, &[]));
}

#[test]
fn has_nothing_of_bodies_that_break() {
    with_bucket("broken", streaming::leaves_nothing_of_broken_bodies);
}
