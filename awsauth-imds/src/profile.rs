//! Credentials of a profile that names a role.

pub(crate) mod role_profile;
