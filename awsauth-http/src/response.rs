//! What a service's response means for the next try.

pub(crate) mod attempt;
pub(crate) mod clock_skew;
pub(crate) mod error_response;
pub(crate) mod follow_redirects;
#[cfg(feature = "http-body")]
pub(crate) mod inspected_body;
pub(crate) mod redirect;
pub(crate) mod repeats;
pub(crate) mod server_time;
