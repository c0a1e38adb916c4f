//! awsauth side by side with other signers: the same requests, to the same signatures, in one process.
//!
//! `cargo run --release -p awsauth-benches --bin ratios` prints the table and holds it to the goals;
//! `cargo bench -p awsauth-benches` runs the same contenders under criterion. `s3s-sigv4` asks for Rust 1.96, and joins
//! with `RUSTFLAGS="--cfg s3s_sigv4" cargo run --release --ignore-rust-version -p awsauth-benches --bin ratios`.
//!
//! A contender is only timed once it has signed the request to the signature that awsauth gives it. Where the job of a
//! contender is smaller than awsauth's, or some of its work is done outside of the timing, its
//! [`note`](contender::Contender::note) says so, and the tables print it.

pub mod allocations;
pub mod case;
pub mod contender;
pub mod contenders;
pub mod contention;
pub mod hostile;
pub mod rounds;
