//! Checksums of bodies, as S3 takes them: in a header of the request, or in the trailer of an `aws-chunked` body.

mod algorithm;
mod header;
mod state;

pub use algorithm::Checksum;
pub use header::{WithChecksum, insert_content_md5};
pub(crate) use state::ChecksumState;
