//! Known answers, a naive reference signer and live servers for awsauth.
//!
//! Nothing here is published. It holds what the other crates are measured against:
//!
//! - [`vectors`]: published and adversarial known answers, read from a folder beside the project.

pub mod vectors;
