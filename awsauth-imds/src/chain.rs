//! Which source comes first.

pub(crate) mod default_chain;
