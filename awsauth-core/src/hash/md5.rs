//! MD5, a checksum that a few requests to S3 need. Nothing secret goes through it.

use md5::{Digest, Md5};

pub(crate) fn digest(bytes: &[u8]) -> [u8; 16] {
    Md5::digest(bytes).into()
}
