//! Credentials of profiles, roles included.

pub(crate) mod role_profile;
