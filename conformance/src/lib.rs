//! Known answers, a naive reference signer and live servers for awsauth.
//!
//! Nothing here is published. It holds what the other crates are measured against:
//!
//! - [`driver`]: signs the known cases through the public API alone.
//! - [`vectors`]: published and adversarial known answers, read from a folder beside the project.

pub mod driver;
pub mod vectors;
