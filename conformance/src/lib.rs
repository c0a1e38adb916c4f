//! Known answers, a naive reference signer and live servers for awsauth.
//!
//! Nothing here is published. It holds what the other crates are measured against:
//!
//! - [`vectors`]: published and adversarial known answers, read from a folder beside the project.
//! - [`mod@reference`]: every scheme once more, slow and obvious, written from AWS's documentation and sharing no
//!   code with `awsauth-core`. Property tests and fuzz targets use it as the oracle.

pub mod reference;
pub mod vectors;
