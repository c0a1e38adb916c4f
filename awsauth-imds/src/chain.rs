//! Which source comes first.

pub(crate) mod configuration;
pub(crate) mod default_chain;
