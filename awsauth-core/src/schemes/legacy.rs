//! What the schemes before Signature Version 4 share.

mod date_header;
mod header_value;
mod signature;
mod signed;

pub use date_header::DateHeader;
pub(crate) use date_header::SentDate;
pub use header_value::LegacyHeader;
pub(crate) use header_value::{Authorization, added};
pub use signature::LegacySignature;
pub(crate) use signed::signed_request;
