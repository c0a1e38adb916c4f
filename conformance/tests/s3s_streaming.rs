//! `aws-chunked` uploads to `s3s-fs`, in this process.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

mod streaming;

use std::io::Read;

use awsauth_conformance::s3_server::S3Server;
use awsauth_http::{AwsChunked, Checksum};
use streaming::{Bucket, CHUNK, Pattern};

const KEYS: (&str, &str) = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

fn with_bucket(test: impl FnOnce(&Bucket)) {
    let server = S3Server::start(KEYS.0, KEYS.1).unwrap();
    test(&Bucket::create(&server.endpoint(), "us-east-1", KEYS.0, KEYS.1, "streams"));
}

#[test]
fn takes_and_gives_back_every_kind_and_size() {
    with_bucket(|bucket| {
        streaming::roundtrip(bucket, &[0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 17]);
    });
}

#[test]
fn takes_200_megabytes() {
    with_bucket(|bucket| {
        let size = 200_000_000;
        let chunked = AwsChunked::signed().checksum(Checksum::Crc64Nvme);
        assert_eq!(bucket.put("large", Pattern::default().take(size), size, &chunked).unwrap().status(), 200);
        assert!(bucket.holds("large", size));
    });
}

#[test]
fn refuses_what_was_changed_on_the_way() {
    // s3s-fs has stored the object when it compares a trailer's checksum.
    with_bucket(|bucket| streaming::refuses_changes(bucket, &["unsigned data byte"]));
}

#[test]
fn has_nothing_of_bodies_that_break() {
    with_bucket(streaming::leaves_nothing_of_broken_bodies);
}
