//! Checksums of bodies, as S3 takes them: in a header of the request, or in the trailer of an `aws-chunked` body.

mod running;

use awsauth_core::aws_chunked::Trailer;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::body::BodyBytes;
use crate::error::Error;

pub(crate) use running::Running;

const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");
const X_AMZ_SDK_CHECKSUM_ALGORITHM: HeaderName = HeaderName::from_static("x-amz-sdk-checksum-algorithm");

/// All that S3 knows, whether they can be computed here or not.
const ALL: [Trailer<'static>; 10] = [
    Trailer::CRC32,
    Trailer::CRC32C,
    Trailer::CRC64NVME,
    Trailer::MD5,
    Trailer::SHA1,
    Trailer::SHA256,
    Trailer::SHA512,
    Trailer::XXHASH128,
    Trailer::XXHASH3,
    Trailer::XXHASH64,
];

/// A checksum of a body's data (AWS: ["Checking object integrity in Amazon S3"]). S3 compares it with what it received,
/// stores it with the object, and refuses what differs with `BadDigest`. Nothing adds one by itself.
///
/// ```
/// use awsauth_http::{Checksum, WithChecksum};
///
/// // In a header, of a body that is at hand.
/// let put = http::Request::put("https://bucket.s3.eu-west-1.amazonaws.com/report.txt").body("21.5")?;
/// let put = put.aws_checksum(Checksum::Crc32)?;
/// assert_eq!(put.headers()["x-amz-checksum-crc32"], "A3utng==");
///
/// // In the trailer of a body that streams.
/// let chunked = awsauth_http::AwsChunked::signed().checksum(Checksum::Crc64Nvme);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// ["Checking object integrity in Amazon S3"]: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Checksum {
    /// `x-amz-checksum-crc32`.
    Crc32,
    /// `x-amz-checksum-crc32c`.
    Crc32c,
    /// `x-amz-checksum-crc64nvme`, S3's own default.
    Crc64Nvme,
    /// `x-amz-checksum-md5`. The older `content-md5` is [`WithChecksum::content_md5`].
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

/// Adds a checksum of the body to a request, in the line that makes it, before it is signed.
pub trait WithChecksum: Sized {
    /// The request with the checksum of its body in the header of this kind, in place of one of another kind, and with
    /// `x-amz-sdk-checksum-algorithm`, which S3 wants where objects are locked.
    ///
    /// # Errors
    /// [`Error::Request`] with [`TooManyHeaders`](awsauth_core::Error::TooManyHeaders).
    fn aws_checksum(self, checksum: Checksum) -> Result<Self, Error>;

    /// The request with the MD5 of its body in the header `content-md5`, which S3 wants with a few requests unless they
    /// have another checksum.
    ///
    /// # Errors
    /// As for [`aws_checksum`](Self::aws_checksum).
    fn content_md5(self) -> Result<Self, Error>;
}

impl<B: BodyBytes> WithChecksum for http::Request<B> {
    fn aws_checksum(self, checksum: Checksum) -> Result<Self, Error> {
        let (mut parts, body) = self.into_parts();
        checksum.insert(&mut parts.headers, body.body_bytes())?;
        Ok(Self::from_parts(parts, body))
    }

    fn content_md5(self) -> Result<Self, Error> {
        let (mut parts, body) = self.into_parts();
        insert_content_md5(&mut parts.headers, body.body_bytes())?;
        Ok(Self::from_parts(parts, body))
    }
}

impl Checksum {
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

    /// The name of the header, or of the trailer.
    #[must_use]
    pub const fn header_name(self) -> HeaderName {
        HeaderName::from_static(self.trailer().name)
    }

    /// The checksum of this header, or trailer; `None` if it is none that can be computed here.
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

    /// S3's name of the algorithm, such as `CRC64NVME`: what `x-amz-sdk-checksum-algorithm` and
    /// `x-amz-checksum-algorithm` say.
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

    /// The checksum of this data as it is sent: in base64 of its bytes, the highest first.
    ///
    /// ```
    /// assert_eq!(awsauth_http::Checksum::Crc32c.of(b"123456789"), "4waSgw==");
    /// ```
    #[must_use]
    pub fn of(self, data: &[u8]) -> HeaderValue {
        let mut running = self.start();
        running.update(data);
        // Of base64 every character is taken.
        running.finish().unwrap_or(HeaderValue::from_static(""))
    }

    /// Puts the checksum of this body among these headers, as [`WithChecksum::aws_checksum`] does.
    ///
    /// # Errors
    /// As for [`WithChecksum::aws_checksum`].
    pub fn insert(self, headers: &mut HeaderMap, body: &[u8]) -> Result<(), Error> {
        let value = self.of(body);
        // S3 refuses more than one.
        for other in ALL {
            headers.remove(other.name);
        }
        set(headers, self.header_name(), value)?;
        self.announce(headers)
    }

    /// Says which it is, as AWS's SDKs do.
    pub(crate) fn announce(self, headers: &mut HeaderMap) -> Result<(), Error> {
        set(headers, X_AMZ_SDK_CHECKSUM_ALGORITHM, HeaderValue::from_static(self.algorithm()))
    }

    /// The trailer as it is declared.
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

    pub(crate) fn start(self) -> Running {
        Running::start(self)
    }
}

/// Puts the MD5 of this body among these headers, as [`WithChecksum::content_md5`] does.
///
/// # Errors
/// As for [`WithChecksum::content_md5`].
pub fn insert_content_md5(headers: &mut HeaderMap, body: &[u8]) -> Result<(), Error> {
    set(headers, CONTENT_MD5, Checksum::Md5.of(body))
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) -> Result<(), Error> {
    match headers.try_insert(name, value) {
        Ok(_) => Ok(()),
        Err(_) => Err(awsauth_core::Error::TooManyHeaders.into()),
    }
}
