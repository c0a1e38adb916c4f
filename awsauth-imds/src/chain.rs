//! The default chain of providers.

pub(crate) mod default_chain;
