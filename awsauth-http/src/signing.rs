//! Settings, who signs, what for, and with which key.

pub(crate) mod endpoint;
pub(crate) mod key_cache;
pub(crate) mod post_form;
pub(crate) mod presigned;
pub(crate) mod schemes;
pub(crate) mod sign_body;
pub(crate) mod signed;
pub(crate) mod signer;
pub(crate) mod signing_override;
