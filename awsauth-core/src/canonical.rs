//! The canonical forms that schemes share. They know the request and the rules, and no credentials.

pub(crate) mod header_list;
pub(crate) mod headers;
pub(crate) mod host;
pub(crate) mod path;
pub(crate) mod query;
