use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crc::{CRC_32_ISCSI, CRC_32_ISO_HDLC, CRC_64_NVME, Crc, Table};
use http::HeaderValue;
use sha2::Digest as _;
#[cfg(feature = "xxhash")]
use twox_hash::{XxHash3_64, XxHash3_128, XxHash64};

use super::algorithm::Checksum;

static CRC32: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISO_HDLC);
static CRC32C: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISCSI);
static CRC64NVME: Crc<u64, Table<16>> = Crc::<u64, Table<16>>::new(&CRC_64_NVME);

/// The state of a checksum that is being computed.
pub(crate) enum ChecksumState {
    Crc32(crc::Digest<'static, u32, Table<16>>),
    Crc64(crc::Digest<'static, u64, Table<16>>),
    Md5(md5::Md5),
    Sha1(sha1::Sha1),
    Sha256(sha2::Sha256),
    Sha512(sha2::Sha512),
    #[cfg(feature = "xxhash")]
    Xxhash128(XxHash3_128),
    #[cfg(feature = "xxhash")]
    Xxhash3(XxHash3_64),
    #[cfg(feature = "xxhash")]
    Xxhash64(XxHash64),
}

impl ChecksumState {
    pub(crate) fn start(checksum: Checksum) -> Self {
        match checksum {
            Checksum::Crc32 => Self::Crc32(CRC32.digest()),
            Checksum::Crc32c => Self::Crc32(CRC32C.digest()),
            Checksum::Crc64Nvme => Self::Crc64(CRC64NVME.digest()),
            Checksum::Md5 => Self::Md5(md5::Md5::new()),
            Checksum::Sha1 => Self::Sha1(sha1::Sha1::new()),
            Checksum::Sha256 => Self::Sha256(sha2::Sha256::new()),
            Checksum::Sha512 => Self::Sha512(sha2::Sha512::new()),
            // Each with the seed 0.
            #[cfg(feature = "xxhash")]
            Checksum::Xxhash128 => Self::Xxhash128(XxHash3_128::new()),
            #[cfg(feature = "xxhash")]
            Checksum::Xxhash3 => Self::Xxhash3(XxHash3_64::new()),
            #[cfg(feature = "xxhash")]
            Checksum::Xxhash64 => Self::Xxhash64(XxHash64::with_seed(0)),
        }
    }

    pub(crate) fn update(&mut self, data: &[u8]) {
        #[cfg(feature = "xxhash")]
        use core::hash::Hasher as _;
        match self {
            Self::Crc32(digest) => digest.update(data),
            Self::Crc64(digest) => digest.update(data),
            Self::Md5(digest) => digest.update(data),
            Self::Sha1(digest) => digest.update(data),
            Self::Sha256(digest) => digest.update(data),
            Self::Sha512(digest) => digest.update(data),
            #[cfg(feature = "xxhash")]
            Self::Xxhash128(hasher) => hasher.write(data),
            #[cfg(feature = "xxhash")]
            Self::Xxhash3(hasher) => hasher.write(data),
            #[cfg(feature = "xxhash")]
            Self::Xxhash64(hasher) => hasher.write(data),
        }
    }

    /// The checksum in base64 of its big-endian bytes.
    pub(crate) fn finish(self) -> Option<HeaderValue> {
        #[cfg(feature = "xxhash")]
        use core::hash::Hasher as _;
        match self {
            Self::Crc32(digest) => to_base64(digest.finalize().to_be_bytes()),
            Self::Crc64(digest) => to_base64(digest.finalize().to_be_bytes()),
            Self::Md5(digest) => to_base64(digest.finalize()),
            Self::Sha1(digest) => to_base64(digest.finalize()),
            Self::Sha256(digest) => to_base64(digest.finalize()),
            Self::Sha512(digest) => to_base64(digest.finalize()),
            #[cfg(feature = "xxhash")]
            Self::Xxhash128(hasher) => to_base64(hasher.finish_128().to_be_bytes()),
            #[cfg(feature = "xxhash")]
            Self::Xxhash3(hasher) => to_base64(hasher.finish().to_be_bytes()),
            #[cfg(feature = "xxhash")]
            Self::Xxhash64(hasher) => to_base64(hasher.finish().to_be_bytes()),
        }
    }
}

fn to_base64(digest: impl AsRef<[u8]>) -> Option<HeaderValue> {
    HeaderValue::try_from(STANDARD.encode(digest)).ok()
}
