//! The canonical forms that the schemes share. They know the request and the rules, but no credentials.

pub(crate) mod added_headers;
pub(crate) mod amz_headers;
pub(crate) mod header_list;
mod header_name;
pub(crate) mod header_selection;
pub(crate) mod header_value;
pub(crate) mod headers;
pub(crate) mod host;
#[cfg(feature = "alloc")]
pub(crate) mod owned_signed_headers;
pub(crate) mod parameters;
pub(crate) mod path;
pub(crate) mod query;
pub(crate) mod signed_headers;
pub(crate) mod wire_path;
