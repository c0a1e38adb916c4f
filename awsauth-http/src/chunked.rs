//! `aws-chunked` bodies of requests: what is declared beforehand, and the bodies that are framed and signed as they are
//! sent. The framing itself is [`awsauth_core::aws_chunked`].

#[cfg(feature = "http-body")]
mod body;
mod chunks;
mod error;
mod headers;
mod payload;
mod reader;

use core::fmt;
use std::sync::Arc;

use awsauth_core::aws_chunked::{DEFAULT_CHUNK_SIZE, Framing, Trailer};
use awsauth_core::{ChunkSigner, Header, PayloadHash, Trailers};
use awsauth_credentials::Credentials;
use http::{HeaderName, HeaderValue};

use crate::error::Error;
#[cfg(feature = "checksums")]
use crate::request::checksum::Checksum;
use crate::request::head::RequestHead;
use crate::signing::signer::Signer;

#[cfg(feature = "http-body")]
pub use body::ChunkedBody;
pub use error::ChunkedError;
pub use headers::is_aws_chunked;
pub(crate) use headers::undeclare;
pub use payload::ChunkedPayload;
pub use reader::ChunkedReader;

/// How a body is sent in the content encoding `aws-chunked`, which S3 takes: it is signed chunk by chunk while it is
/// sent, and so is neither read twice nor held in memory (AWS: "Signature Calculations for the Authorization Header:
/// Transferring Payload in Multiple Chunks").
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
    trailers: Vec<DeclaredTrailer>,
}

#[derive(Debug, Clone, Copy)]
enum ChunkSize {
    InRange(usize),
    Any(usize),
}

/// A header that will follow the body.
#[derive(Debug, Clone)]
struct DeclaredTrailer {
    name: HeaderName,
    value: TrailerValue,
}

/// Where a trailer's value comes from.
#[derive(Clone)]
enum TrailerValue {
    Given(HeaderValue),
    Later {
        length: usize,
        value: Arc<dyn Fn() -> Option<HeaderValue> + Send + Sync>,
    },
    #[cfg(feature = "checksums")]
    Checksum(Checksum),
}

impl AwsChunked {
    /// Each chunk is signed, and the trailers, if there are any, too: `STREAMING-AWS4-HMAC-SHA256-PAYLOAD` and
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER`.
    #[must_use]
    pub const fn signed() -> Self {
        Self { signed: true, chunk_size: ChunkSize::InRange(DEFAULT_CHUNK_SIZE), trailers: Vec::new() }
    }

    /// Neither chunks nor trailers are signed: `STREAMING-UNSIGNED-PAYLOAD-TRAILER`. It needs a trailer, a checksum; S3
    /// takes it over https only.
    #[must_use]
    pub const fn unsigned() -> Self {
        Self { signed: false, chunk_size: ChunkSize::InRange(DEFAULT_CHUNK_SIZE), trailers: Vec::new() }
    }

    /// The same in chunks of `size` bytes, 8192 to 16777216, in place of 65536. A body holds one chunk in memory.
    #[must_use]
    pub const fn chunk_size(mut self, size: usize) -> Self {
        self.chunk_size = ChunkSize::InRange(size);
        self
    }

    /// The same in chunks of `size` bytes, smaller than S3 takes or larger than others do.
    #[must_use]
    pub const fn any_chunk_size(mut self, size: usize) -> Self {
        self.chunk_size = ChunkSize::Any(size);
        self
    }

    /// The same with a trailer whose value is known: a checksum that the caller has.
    #[must_use]
    pub fn trailer(self, name: HeaderName, value: HeaderValue) -> Self {
        self.declare(name, TrailerValue::Given(value))
    }

    /// The same with a trailer of `value_length` bytes, whose value is asked for when all data has been sent: a checksum
    /// that the caller computes on the way. Without a value the body ends with
    /// [`TrailerMissing`](awsauth_core::Error::TrailerMissing), with one of another length likewise.
    #[must_use]
    pub fn trailer_with(
        self,
        name: HeaderName,
        value_length: usize,
        value: impl Fn() -> Option<HeaderValue> + Send + Sync + 'static,
    ) -> Self {
        self.declare(name, TrailerValue::Later { length: value_length, value: Arc::new(value) })
    }

    /// The same with a checksum in the trailer, computed as the body is sent. The request says which it is in
    /// `x-amz-sdk-checksum-algorithm`, which S3 wants where objects are locked.
    #[cfg(feature = "checksums")]
    #[must_use]
    pub fn checksum(self, checksum: Checksum) -> Self {
        self.declare(checksum.header_name(), TrailerValue::Checksum(checksum))
    }

    /// What the request is signed with, and sends as `x-amz-content-sha256`.
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

    /// That of the checksum in the trailer, if it is computed here.
    fn algorithm(&self) -> Option<&'static str> {
        self.trailers.iter().find_map(|trailer| match &trailer.value {
            TrailerValue::Given(_) | TrailerValue::Later { .. } => None,
            #[cfg(feature = "checksums")]
            TrailerValue::Checksum(checksum) => Some(checksum.algorithm()),
        })
    }

    fn framing<'t>(
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

impl Signer {
    /// Signs a request whose body of `decoded_length` bytes will be sent as `aws-chunked`, in place, and replaces an
    /// older signature. It sets `content-encoding` (besides the caller's own), `content-length`,
    /// `x-amz-decoded-content-length` and `x-amz-trailer`.
    ///
    /// Send what the returned [`ChunkedPayload`] makes of the data, in place of the data:
    ///
    /// ```
    /// # use awsauth_http::{AwsChunked, Credentials, Signer};
    /// use std::io::Read;
    ///
    /// # let credentials = Credentials::new("AKIDEXAMPLE", "secret");
    /// let signer = Signer::new(credentials);
    /// let url = "https://bucket.s3.eu-west-1.amazonaws.com/backup.tar";
    /// let (mut parts, ()) = http::Request::put(url).body(())?.into_parts();
    ///
    /// let payload = signer.sign_chunked_blocking(&mut parts, 100_000, &AwsChunked::signed())?;
    /// let mut body = Vec::new();
    /// payload.reader(std::io::repeat(7).take(100_000)).read_to_end(&mut body)?;
    /// assert_eq!(parts.headers["content-encoding"], "aws-chunked");
    /// assert_eq!(parts.headers["content-length"], body.len().to_string());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As for [`sign_head`](Self::sign_head); [`Error::ChunkedPayload`] where the service does not take that;
    /// [`Error::Request`] with the core's error for chunk size and trailers. The request is then as it was.
    pub async fn sign_chunked(
        &self,
        head: &mut impl RequestHead,
        decoded_length: u64,
        chunked: &AwsChunked,
    ) -> Result<ChunkedPayload, Error> {
        let credentials = self.credentials().await?;
        self.sign_chunked_with(&credentials, head, decoded_length, chunked)
    }

    /// As [`sign_chunked`](Self::sign_chunked), for blocking callers.
    ///
    /// # Errors
    /// As for [`sign_chunked`](Self::sign_chunked).
    pub fn sign_chunked_blocking(
        &self,
        head: &mut impl RequestHead,
        decoded_length: u64,
        chunked: &AwsChunked,
    ) -> Result<ChunkedPayload, Error> {
        let credentials = self.credentials_blocking()?;
        self.sign_chunked_with(&credentials, head, decoded_length, chunked)
    }

    /// As [`sign_chunked`](Self::sign_chunked), with these credentials in place of the provider's.
    ///
    /// # Errors
    /// As for [`sign_chunked`](Self::sign_chunked), but for those of the provider.
    pub fn sign_chunked_with(
        &self,
        credentials: &Credentials,
        head: &mut impl RequestHead,
        decoded_length: u64,
        chunked: &AwsChunked,
    ) -> Result<ChunkedPayload, Error> {
        let declared: Vec<_> =
            chunked.trailers.iter().map(DeclaredTrailer::declared).collect::<Result<_, _>>()?;
        let framing = chunked.framing(decoded_length, &declared)?;
        let as_it_was = headers::declare(head.headers_mut(), &framing, chunked.algorithm())?;
        let signed = match self.sign_with(credentials, head, framing.payload_hash()) {
            Ok(signed) => signed,
            Err(error) => {
                as_it_was.restore(head.headers_mut());
                return Err(error);
            }
        };
        // None with schemes that sign no chunks: those have refused all but unsigned ones above.
        let signer = match signed.seed() {
            Some((key, signature)) => Some(ChunkSigner::new(key.to_owned_key(), signed.time(), signature)?),
            None => None,
        };
        let chunks = chunks::Chunks::new(&framing, signer, &chunked.trailers)?;
        Ok(ChunkedPayload::new(signed, chunks, &framing))
    }
}

impl DeclaredTrailer {
    fn declared(&self) -> Result<Trailer<'_>, awsauth_core::Error> {
        let name = self.name.as_str();
        Ok(match &self.value {
            TrailerValue::Given(value) => Trailer::new(name, sent_length(name, value)?),
            TrailerValue::Later { length, .. } => Trailer::new(name, *length),
            #[cfg(feature = "checksums")]
            TrailerValue::Checksum(checksum) => checksum.trailer(),
        })
    }
}

/// The length of a value as it is sent: trimmed, and without repeated spaces.
fn sent_length(name: &str, value: &HeaderValue) -> Result<usize, awsauth_core::Error> {
    let header = [Header::new(name, value.as_bytes())];
    let mut line = 0_usize;
    Trailers::new(&header)?.write_to(&mut |run: &[u8]| line = line.saturating_add(run.len()));
    Ok(line.saturating_sub(name.len() + ":\n".len()))
}

impl fmt::Debug for TrailerValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(value) => f.debug_tuple("Given").field(value).finish(),
            Self::Later { length, .. } => {
                f.debug_struct("Later").field("length", length).finish_non_exhaustive()
            }
            #[cfg(feature = "checksums")]
            Self::Checksum(checksum) => f.debug_tuple("Checksum").field(checksum).finish(),
        }
    }
}
