use awsauth_core::aws_chunked::Trailer;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crc::{CRC_32_ISCSI, CRC_32_ISO_HDLC, CRC_64_NVME, Crc, Digest, Table};
use http::{HeaderName, HeaderValue};
use sha2::Digest as _;

static CRC32: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISO_HDLC);
static CRC32C: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISCSI);
static CRC64NVME: Crc<u64, Table<16>> = Crc::<u64, Table<16>>::new(&CRC_64_NVME);

/// A checksum of the data, in base64 in a trailer (AWS: "Checking object integrity in Amazon S3").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Checksum {
    /// `x-amz-checksum-crc32`.
    Crc32,
    /// `x-amz-checksum-crc32c`.
    Crc32c,
    /// `x-amz-checksum-crc64nvme`, S3's own default.
    Crc64Nvme,
    /// `x-amz-checksum-sha256`.
    Sha256,
}

/// A checksum that is being computed.
pub(crate) enum Running {
    Crc32(Digest<'static, u32, Table<16>>),
    Crc64(Digest<'static, u64, Table<16>>),
    Sha256(sha2::Sha256),
}

impl Checksum {
    /// The trailer's name.
    #[must_use]
    pub const fn header_name(self) -> HeaderName {
        HeaderName::from_static(self.trailer().name)
    }

    /// The one of this header; `None` if it is none that is known here.
    pub(crate) fn of_header(name: &HeaderName) -> Option<Self> {
        [Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Sha256]
            .into_iter()
            .find(|checksum| checksum.header_name() == *name)
    }

    /// The trailer as it is declared.
    pub(super) const fn trailer(self) -> Trailer<'static> {
        match self {
            Self::Crc32 => Trailer::CRC32,
            Self::Crc32c => Trailer::CRC32C,
            Self::Crc64Nvme => Trailer::CRC64NVME,
            Self::Sha256 => Trailer::SHA256,
        }
    }

    pub(crate) fn start(self) -> Running {
        match self {
            Self::Crc32 => Running::Crc32(CRC32.digest()),
            Self::Crc32c => Running::Crc32(CRC32C.digest()),
            Self::Crc64Nvme => Running::Crc64(CRC64NVME.digest()),
            Self::Sha256 => Running::Sha256(sha2::Sha256::new()),
        }
    }
}

impl Running {
    pub(crate) fn update(&mut self, data: &[u8]) {
        match self {
            Self::Crc32(digest) => digest.update(data),
            Self::Crc64(digest) => digest.update(data),
            Self::Sha256(digest) => digest.update(data),
        }
    }

    /// In base64 of its bytes, the highest first.
    pub(crate) fn finish(self) -> Option<HeaderValue> {
        let text = match self {
            Self::Crc32(digest) => STANDARD.encode(digest.finalize().to_be_bytes()),
            Self::Crc64(digest) => STANDARD.encode(digest.finalize().to_be_bytes()),
            Self::Sha256(digest) => STANDARD.encode(digest.finalize()),
        };
        HeaderValue::try_from(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check values of the CRC catalogue (reveng.sourceforge.io) and FIPS 180's of `abc`.
    #[test]
    fn known_answers() {
        let known: [(Checksum, &str, &[u8]); 4] = [
            (Checksum::Crc32, "123456789", &0xcbf4_3926_u32.to_be_bytes()),
            (Checksum::Crc32c, "123456789", &0xe306_9283_u32.to_be_bytes()),
            (Checksum::Crc64Nvme, "123456789", &0xae8b_1486_0a79_9888_u64.to_be_bytes()),
            (Checksum::Sha256, "abc", &awsauth_core::sha256(b"abc")),
        ];
        for (checksum, data, expected) in known {
            let (head, tail) = data.split_at(2);
            let mut running = checksum.start();
            running.update(head.as_bytes());
            running.update(tail.as_bytes());
            let value = running.finish().unwrap();
            assert_eq!(value, STANDARD.encode(expected), "{checksum:?}");
            assert_eq!(value.len(), checksum.trailer().value_length, "{checksum:?}");
        }
    }
}
