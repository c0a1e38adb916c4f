//! Known answers, a naive reference signer and live servers for awsauth.
//!
//! Nothing here is published. It holds what the other crates are measured against:
//!
//! - [`agreement`]: one signature as a job for both the core and the reference.
//! - [`divergence`]: the questions on which well-known signers disagree, with the right answers.
//! - [`driver`]: signs the known cases through the public API alone.
//! - [`endpoint_table`]: writes the core's table of endpoints from the facts beside the project.
//! - [`own_vectors`]: known answers that are committed, made with the reference.
//! - [`mod@reference`]: every scheme once more, slow and obvious, written from AWS's documentation and sharing no
//!   code with `awsauth-core`. Property tests and fuzz targets use it as the oracle.
//! - `s3_roundtrip`, with the feature `s3-server`: the round trip to S3 that the adapters' examples run.
//! - `s3_server`, with the feature `s3-server`: an S3 server that verifies signatures, for live tests and examples.
//! - [`vectors`]: published and adversarial known answers, read from a folder beside the project.

pub mod agreement;
pub mod divergence;
pub mod driver;
pub mod endpoint_table;
pub mod own_vectors;
pub mod reference;
#[cfg(feature = "s3-server")]
pub mod s3_roundtrip;
#[cfg(feature = "s3-server")]
pub mod s3_server;
pub mod vectors;

/// The README's examples, compiled and run by `cargo test`.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
