use std::sync::Arc;

use awsauth_core::PayloadHash;
use awsauth_core::aws_chunked::{DEFAULT_CHUNK_SIZE, Framing, Trailer};
use http::{HeaderName, HeaderValue};

use super::trailer::{DeclaredTrailer, TrailerValue};
#[cfg(feature = "checksums")]
use crate::request::checksum::Checksum;

/// How a body is sent with the content encoding `aws-chunked`, which S3 accepts: it is signed chunk by chunk as it is sent,
/// and so is neither read twice nor held in memory. See [Transferring Payload in Multiple Chunks][chunks].
///
/// [chunks]: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
///
/// ```
/// use awsauth_http::AwsChunked;
/// use awsauth_http::http::{HeaderName, HeaderValue};
///
/// let plain = AwsChunked::signed();
/// let checksum = HeaderName::from_static("x-amz-checksum-crc32c");
/// let with_trailer = AwsChunked::signed().trailer(checksum, HeaderValue::from_static("sOO8/Q=="));
/// ```
#[derive(Debug, Clone)]
pub struct AwsChunked {
    signed: bool,
    chunk_size: ChunkSize,
    pub(super) trailers: Vec<DeclaredTrailer>,
}

#[derive(Debug, Clone, Copy)]
enum ChunkSize {
    InRange(usize),
    Any(usize),
}

impl AwsChunked {
    /// Returns a body of which each chunk is signed, and the trailers too, if there are any:
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD` and `STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER`.
    #[must_use]
    pub const fn signed() -> Self {
        Self { signed: true, chunk_size: ChunkSize::InRange(DEFAULT_CHUNK_SIZE), trailers: Vec::new() }
    }

    /// Returns a body of which neither chunks nor trailers are signed: `STREAMING-UNSIGNED-PAYLOAD-TRAILER`. It needs a
    /// checksum in a trailer, and S3 accepts it over https only.
    #[must_use]
    pub const fn unsigned() -> Self {
        Self { signed: false, chunk_size: ChunkSize::InRange(DEFAULT_CHUNK_SIZE), trailers: Vec::new() }
    }

    /// Sets the size of a chunk in bytes, from 8192 to 16777216. The default is 65536. A body holds one chunk in memory.
    #[must_use]
    pub const fn chunk_size(mut self, size: usize) -> Self {
        self.chunk_size = ChunkSize::InRange(size);
        self
    }

    /// Sets the size of a chunk in bytes, even if it is smaller than S3 accepts or larger than other stores do.
    #[must_use]
    pub const fn any_chunk_size(mut self, size: usize) -> Self {
        self.chunk_size = ChunkSize::Any(size);
        self
    }

    /// Adds a trailer with a known value, such as a checksum that has been computed.
    #[must_use]
    pub fn trailer(self, name: HeaderName, value: HeaderValue) -> Self {
        self.declare(name, TrailerValue::Known(value))
    }

    /// Adds a trailer whose value is known only when all data has been sent, such as a checksum that the caller computes
    /// meanwhile. `value` is called then, and must return a value of `value_length` bytes; otherwise the body ends with
    /// [`TrailerMissing`](awsauth_core::Error::TrailerMissing).
    #[must_use]
    pub fn trailer_with(
        self,
        name: HeaderName,
        value_length: usize,
        value: impl Fn() -> Option<HeaderValue> + Send + Sync + 'static,
    ) -> Self {
        self.declare(name, TrailerValue::Deferred { length: value_length, value: Arc::new(value) })
    }

    /// Adds a checksum in a trailer, computed as the body is sent. The request states its algorithm in
    /// `x-amz-sdk-checksum-algorithm`, which S3 requires for
    /// [Object Lock](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html).
    #[cfg(feature = "checksums")]
    #[must_use]
    pub fn checksum(self, checksum: Checksum) -> Self {
        self.declare(checksum.header_name(), TrailerValue::Checksum(checksum))
    }

    /// Returns the payload hash that the request is signed with, which it sends as `x-amz-content-sha256`.
    #[must_use]
    pub fn payload_hash(&self) -> PayloadHash {
        match (self.signed, self.trailers.is_empty()) {
            (true, true) => PayloadHash::StreamingSigned,
            (true, false) => PayloadHash::StreamingSignedTrailer,
            (false, _) => PayloadHash::StreamingUnsignedTrailer,
        }
    }

    fn declare(mut self, name: HeaderName, value: TrailerValue) -> Self {
        self.trailers.push(DeclaredTrailer { name, value });
        self
    }

    /// The algorithm of the checksum that is computed for a trailer.
    pub(super) fn checksum_algorithm(&self) -> Option<&'static str> {
        self.trailers.iter().find_map(|trailer| match &trailer.value {
            TrailerValue::Known(_) | TrailerValue::Deferred { .. } => None,
            #[cfg(feature = "checksums")]
            TrailerValue::Checksum(checksum) => Some(checksum.algorithm()),
        })
    }

    pub(super) fn framing<'t>(
        &self,
        decoded_length: u64,
        trailers: &'t [Trailer<'t>],
    ) -> Result<Framing<'t>, awsauth_core::Error> {
        let framing = Framing::new(self.payload_hash(), decoded_length, trailers)?;
        match self.chunk_size {
            ChunkSize::InRange(size) => framing.with_chunk_size(size),
            ChunkSize::Any(size) => framing.with_any_chunk_size(size),
        }
    }
}
