//! The image with the call, by the signer that canonicalises nothing.
#![no_std]
#![no_main]

#[path = "../entry.rs"]
mod entry;

use core::hint::black_box;

use awsauth_firmware::board;
use awsauth_firmware::jobs::{SECRET_ACCESS_KEY, Sent, verbatim};

fn run() -> bool {
    let mut sent = Sent::new();
    let signed = verbatim(black_box(SECRET_ACCESS_KEY), black_box("token"), &mut sent);
    board::write(sent.as_bytes());
    signed.is_ok()
}
