//! Known answers, a naive reference signer and live servers for awsauth.
//!
//! Nothing here is published. It holds what the other crates are measured against:
//!
//! - [`driver`]: signs the known cases through the public API alone.
//! - [`endpoint_table`]: writes the core's table of endpoints from the facts beside the project.
//! - [`vectors`]: published and adversarial known answers, read from a folder beside the project.

pub mod driver;
pub mod endpoint_table;
pub mod vectors;
