use awsauth_core::aws_chunked::Trailer;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::algorithm::Checksum;
use super::state::ChecksumState;
use crate::error::Error;
use crate::request::body::BodyBytes;

const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");
const X_AMZ_SDK_CHECKSUM_ALGORITHM: HeaderName = HeaderName::from_static("x-amz-sdk-checksum-algorithm");

/// All checksums that S3 knows, whether this build can compute them or not.
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

/// Adds a checksum of the body to a request in the line that builds it, before it is signed.
pub trait WithChecksum: Sized {
    /// Sets the header with this checksum of the body, in place of any other checksum, and `x-amz-sdk-checksum-algorithm`,
    /// which S3 requires for [Object Lock](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html).
    ///
    /// # Errors
    /// [`Error::Request`] with [`TooManyHeaders`](awsauth_core::Error::TooManyHeaders) if the map of headers is full.
    fn aws_checksum(self, checksum: Checksum) -> Result<Self, Error>;

    /// Sets the header `content-md5` to the MD5 of the body, which S3 requires for a few operations unless the request has
    /// another checksum.
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
    /// Computes the checksum of this data, in the form that is sent: base64 of its big-endian bytes.
    ///
    /// ```
    /// assert_eq!(awsauth_http::Checksum::Crc32c.of(b"123456789"), "4waSgw==");
    /// ```
    #[must_use]
    pub fn of(self, data: &[u8]) -> HeaderValue {
        let mut state = ChecksumState::start(self);
        state.update(data);
        // A header takes every character of base64.
        state.finish().unwrap_or(HeaderValue::from_static(""))
    }

    /// Sets the headers that [`WithChecksum::aws_checksum`] sets, for this body.
    ///
    /// # Errors
    /// As for [`WithChecksum::aws_checksum`].
    pub fn insert(self, headers: &mut HeaderMap, body: &[u8]) -> Result<(), Error> {
        let value = self.of(body);
        // S3 refuses more than one checksum.
        for other in ALL {
            headers.remove(other.name);
        }
        set(headers, self.header_name(), value)?;
        announce(self, headers)
    }
}

/// States the checksum's algorithm in `x-amz-sdk-checksum-algorithm`, as AWS's SDKs do.
fn announce(checksum: Checksum, headers: &mut HeaderMap) -> Result<(), Error> {
    set(headers, X_AMZ_SDK_CHECKSUM_ALGORITHM, HeaderValue::from_static(checksum.algorithm()))
}

/// Sets the header that [`WithChecksum::content_md5`] sets, for this body.
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
