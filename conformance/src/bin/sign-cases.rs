//! Reads cases as JSON lines on standard input, and writes a line with the signature, or the error, for each.

use std::io::{self, BufRead, Write};

use awsauth_conformance::driver::{self, Outcome};
use awsauth_conformance::vectors::Case;

fn main() -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let outcome = match serde_json::from_str::<Case>(&line) {
            Ok(case) => driver::sign(&case),
            Err(error) => Outcome { error: Some(format!("MalformedCase: {error}")), ..Outcome::default() },
        };
        serde_json::to_writer(&mut out, &outcome)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}
