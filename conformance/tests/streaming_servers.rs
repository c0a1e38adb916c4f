//! `aws-chunked` uploads to every S3 server there is: see `conformance/servers/README.md`.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

mod servers;
mod streaming;

use std::io::Read;

use awsauth_http::{AwsChunked, Checksum};
use servers::Server;
use streaming::{Bucket, CHUNK, Pattern};

/// What a server does with `aws-chunked`.
struct Does {
    kinds: Vec<(&'static str, AwsChunked)>,
    /// Whether a body of no bytes may come so.
    empty: bool,
    /// Of the changes that [`streaming::CHANGES`] names, how many of the first it refuses.
    refuses: usize,
    /// After which of those it has the object all the same.
    keeps: &'static [&'static str],
    /// Whether there is nothing of a body that breaks.
    whole: bool,
}

impl Does {
    fn of(server: &Server) -> Self {
        let all = streaming::kinds().into_iter();
        let does = Self { kinds: Vec::new(), empty: true, refuses: 0, keeps: &[], whole: false };
        match server.name {
            // Of signed bodies with trailers it stores the framing itself. Signatures of chunks are not looked at.
            "rclone" => {
                Self { kinds: all.filter(|(kind, _)| !kind.starts_with("signed-")).collect(), ..does }
            }
            // Trailers came with Ceph 19.
            "rgw" => Self { kinds: all.take(1).collect(), empty: false, refuses: 2, ..does },
            // s3s-fs has stored the object when it compares a trailer's checksum.
            "s3s" => {
                let refuses = streaming::CHANGES.len();
                Self { kinds: all.collect(), refuses, keeps: &["unsigned data byte"], whole: true, ..does }
            }
            _ => Self { kinds: all.collect(), refuses: streaming::CHANGES.len(), whole: true, ..does },
        }
    }
}

/// Runs the test on each server.
fn on_each(test: &str, run: impl Fn(&Bucket, &Does)) {
    for server in servers::every(test) {
        println!("{}:", server.name);
        let [endpoint, region, access_key_id, secret, bucket] = server.parts();
        let bucket = Bucket::create(endpoint, region, access_key_id, secret, bucket);
        run(&bucket, &Does::of(&server));
    }
}

#[test]
fn takes_and_gives_back_every_kind_and_size() {
    on_each("streamed_sizes", |bucket, does| {
        let sizes = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 17];
        streaming::roundtrip(bucket, &does.kinds, if does.empty { &sizes } else { &sizes[1..] });
    });
}

#[test]
fn takes_200_megabytes() {
    let [s3s, ..] = &servers::every("streamed_200_megabytes")[..] else { unreachable!() };
    let [endpoint, region, access_key_id, secret, bucket] = s3s.parts();
    let bucket = Bucket::create(endpoint, region, access_key_id, secret, bucket);
    let size = 200_000_000;
    let chunked = AwsChunked::signed().checksum(Checksum::Crc64Nvme);
    assert_eq!(bucket.put("large", Pattern::default().take(size), size, &chunked).unwrap().status(), 200);
    assert!(bucket.holds("large", size));
}

#[test]
fn refuses_what_was_changed_on_the_way() {
    on_each("streamed_changes", |bucket, does| {
        streaming::refuses_changes(bucket, &streaming::CHANGES[..does.refuses], does.keeps);
    });
}

#[test]
fn has_nothing_of_bodies_that_break() {
    on_each("streamed_halves", |bucket, does| {
        if does.whole {
            streaming::leaves_nothing_of_broken_bodies(bucket, &does.kinds);
        }
    });
}
