//! Encoding: bytes in, text out, nothing stored. Knows nothing of AWS.

pub(crate) mod ascii;
pub(crate) mod base64;
pub(crate) mod decimal;
pub(crate) mod hex;
mod lanes;
pub(crate) mod names;
pub(crate) mod percent;
pub(crate) mod sink;
pub(crate) mod slots;
pub(crate) mod steps;
pub(crate) mod writer;
