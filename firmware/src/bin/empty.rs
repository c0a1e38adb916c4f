//! The image without the call: what `put` is compared with.
#![no_std]
#![no_main]

#[path = "../entry.rs"]
mod entry;

use core::hint::black_box;

use awsauth_core::ByteSink;
use awsauth_firmware::board;
use awsauth_firmware::jobs::{SECRET_ACCESS_KEY, Sent};

fn run() -> bool {
    let mut sent = Sent::new();
    sent.put(black_box(SECRET_ACCESS_KEY).as_bytes());
    board::write(sent.as_bytes());
    true
}
