//! What hostile requests cost before a key is looked up, by length: `linear [KiB]`, by default 64, and four times
//! that. It fails where four times the length cost five times as much, or a byte more than 40 ns.

use std::process::ExitCode;
use std::time::Instant;

use awsauth_benches::hostile::{Hostile, requests};

/// Times the cost of a request of a quarter of the length.
const MOST_TIMES: f64 = 5.0;
/// Nanoseconds.
const MOST_A_BYTE: f64 = 40.0;

fn main() -> ExitCode {
    let kib = match std::env::args().nth(1).map(|text| text.parse()) {
        None => 64,
        Some(Ok(kib)) if (8..=512).contains(&kib) => kib,
        Some(_) => {
            eprintln!("usage: linear [8..=512]");
            return ExitCode::FAILURE;
        }
    };
    let mut failed = false;
    println!("request bytes us ns_a_byte times_a_quarter goal");
    for (small, large) in requests(kib << 10).iter().zip(&requests(kib << 12)) {
        let (quarter, all) = (nanoseconds(small), nanoseconds(large));
        #[allow(clippy::cast_precision_loss, reason = "far below 2^53")]
        let a_byte = all / large.bytes() as f64;
        let meets = all / quarter < MOST_TIMES && a_byte <= MOST_A_BYTE;
        failed |= !meets;
        println!(
            "{} {} {:.0} {a_byte:.1} {:.2} {}",
            large.name,
            large.bytes(),
            all / 1_000.0,
            all / quarter,
            if meets { "ok" } else { "MISSED" }
        );
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// The fastest of some.
#[allow(clippy::cast_precision_loss, reason = "far below 2^53")]
fn nanoseconds(request: &Hostile) -> f64 {
    let headers = request.headers();
    let mut fastest = f64::INFINITY;
    for _ in 0..30 {
        let start = Instant::now();
        request.claim(&headers);
        fastest = fastest.min(start.elapsed().as_nanos() as f64);
    }
    fastest
}
