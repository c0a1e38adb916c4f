//! The HTTP clients that fetch for the state machines of this crate.

pub(crate) mod bundled;
#[cfg_attr(
    not(any(feature = "async", feature = "blocking")),
    allow(dead_code, reason = "no driver is built")
)]
mod connect;
pub(crate) mod error;
#[cfg_attr(
    not(any(feature = "async", feature = "blocking")),
    allow(dead_code, reason = "no driver is built")
)]
mod proxy;
#[cfg(feature = "async")]
mod reqwest;
pub(crate) mod transport;
#[cfg(feature = "blocking")]
mod ureq;
