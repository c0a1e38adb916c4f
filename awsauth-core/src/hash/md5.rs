//! MD5, a checksum that some requests of S3 want. Nothing secret goes through it.

use md5::{Digest, Md5};

pub(crate) fn digest(bytes: &[u8]) -> [u8; 16] {
    Md5::digest(bytes).into()
}
