//! The bytes around the data.

/// Between a chunk's length and its signature.
pub(super) const SIGNATURE: &str = ";chunk-signature=";
/// The name of the trailers' own signature.
pub(super) const TRAILER_SIGNATURE: &str = "x-amz-trailer-signature";
pub(super) const CRLF: &[u8] = b"\r\n";
