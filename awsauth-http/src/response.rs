//! What a service's response means for the next attempt.

pub(crate) mod attempt;
pub(crate) mod error_response;
pub(crate) mod follow_redirects;
#[cfg(feature = "http-body")]
pub(crate) mod inspected_body;
pub(crate) mod redirect;
pub(crate) mod retries;
pub(crate) mod server_time;
