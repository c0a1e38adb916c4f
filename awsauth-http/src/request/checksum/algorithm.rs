use awsauth_core::aws_chunked::Trailer;
use http::HeaderName;

/// A checksum of a body's data: see [Checking object integrity in Amazon S3][integrity]. S3 compares it with what it
/// received, stores it with the object, and refuses a body that differs with `BadDigest`. The signer adds none unless asked.
///
/// ```
/// use awsauth_http::{Checksum, WithChecksum};
///
/// // In a header, for a body in memory.
/// let put = http::Request::put("https://bucket.s3.eu-west-1.amazonaws.com/report.txt").body("21.5")?;
/// let put = put.aws_checksum(Checksum::Crc32)?;
/// assert_eq!(put.headers()["x-amz-checksum-crc32"], "A3utng==");
///
/// // In the trailer, for a body that streams.
/// let chunked = awsauth_http::AwsChunked::signed().checksum(Checksum::Crc64Nvme);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [integrity]: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Checksum {
    /// `x-amz-checksum-crc32`.
    Crc32,
    /// `x-amz-checksum-crc32c`.
    Crc32c,
    /// `x-amz-checksum-crc64nvme`, S3's own default.
    Crc64Nvme,
    /// `x-amz-checksum-md5`. The older `content-md5` is [`WithChecksum::content_md5`](crate::WithChecksum::content_md5).
    Md5,
    /// `x-amz-checksum-sha1`.
    Sha1,
    /// `x-amz-checksum-sha256`.
    Sha256,
    /// `x-amz-checksum-sha512`.
    Sha512,
    /// `x-amz-checksum-xxhash128`: XXH3 of 128 bits.
    #[cfg(feature = "xxhash")]
    Xxhash128,
    /// `x-amz-checksum-xxhash3`: XXH3 of 64 bits.
    #[cfg(feature = "xxhash")]
    Xxhash3,
    /// `x-amz-checksum-xxhash64`: XXH64.
    #[cfg(feature = "xxhash")]
    Xxhash64,
}

impl Checksum {
    /// Returns the name of the header or trailer.
    #[must_use]
    pub const fn header_name(self) -> HeaderName {
        HeaderName::from_static(self.trailer().name)
    }

    /// Returns the checksum that this header or trailer holds, or `None` if it is not one that this build can compute.
    ///
    /// ```
    /// use awsauth_http::{Checksum, http::HeaderName};
    ///
    /// let name = HeaderName::from_static("x-amz-checksum-sha256");
    /// assert_eq!(Checksum::of_header(&name), Some(Checksum::Sha256));
    /// ```
    #[must_use]
    pub fn of_header(name: &HeaderName) -> Option<Self> {
        Self::COMPUTED.iter().copied().find(|checksum| checksum.trailer().name == name.as_str())
    }

    /// Returns S3's name of the algorithm, such as `CRC64NVME`: the value of `x-amz-sdk-checksum-algorithm` and
    /// `x-amz-checksum-algorithm`.
    #[must_use]
    pub const fn algorithm(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
            #[cfg(feature = "xxhash")]
            Self::Xxhash128 => "XXHASH128",
            #[cfg(feature = "xxhash")]
            Self::Xxhash3 => "XXHASH3",
            #[cfg(feature = "xxhash")]
            Self::Xxhash64 => "XXHASH64",
        }
    }

    /// The trailer, as it is declared.
    pub(crate) const fn trailer(self) -> Trailer<'static> {
        match self {
            Self::Crc32 => Trailer::CRC32,
            Self::Crc32c => Trailer::CRC32C,
            Self::Crc64Nvme => Trailer::CRC64NVME,
            Self::Md5 => Trailer::MD5,
            Self::Sha1 => Trailer::SHA1,
            Self::Sha256 => Trailer::SHA256,
            Self::Sha512 => Trailer::SHA512,
            #[cfg(feature = "xxhash")]
            Self::Xxhash128 => Trailer::XXHASH128,
            #[cfg(feature = "xxhash")]
            Self::Xxhash3 => Trailer::XXHASH3,
            #[cfg(feature = "xxhash")]
            Self::Xxhash64 => Trailer::XXHASH64,
        }
    }

    const COMPUTED: &'static [Self] = &[
        Self::Crc32,
        Self::Crc32c,
        Self::Crc64Nvme,
        Self::Md5,
        Self::Sha1,
        Self::Sha256,
        Self::Sha512,
        #[cfg(feature = "xxhash")]
        Self::Xxhash128,
        #[cfg(feature = "xxhash")]
        Self::Xxhash3,
        #[cfg(feature = "xxhash")]
        Self::Xxhash64,
    ];
}
