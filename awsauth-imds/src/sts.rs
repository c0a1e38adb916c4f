//! Credentials of roles, from AWS STS.

pub(crate) mod assume_role;
mod protocol;
mod settings;
pub(crate) mod web_identity;
