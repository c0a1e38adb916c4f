//! Writes `conformance/vectors/own.jsonl` afresh, signed by the reference:
//! `cargo run -p awsauth-conformance --bin generate-own-vectors`

use std::io;

use awsauth_conformance::own_vectors::{file, generate};

fn main() -> io::Result<()> {
    std::fs::write(file(), generate()?)
}
