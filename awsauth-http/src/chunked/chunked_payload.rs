use core::fmt;
use std::io::Read;

use awsauth_core::aws_chunked::Framing;

use super::chunks::Chunks;
use super::reader::ChunkedReader;
use crate::signing::signed::Signed;

/// The body of a request that [`Signer::sign_chunked`](crate::Signer::sign_chunked) signed: it takes the data, and gives
/// what is to be sent.
#[must_use = "the request was signed for the body that this makes"]
pub struct ChunkedPayload {
    signed: Signed,
    chunks: Chunks,
    decoded_length: u64,
    encoded_length: u64,
}

impl ChunkedPayload {
    pub(super) fn new(signed: Signed, chunks: Chunks, framing: &Framing<'_>) -> Self {
        let (decoded_length, encoded_length) = (framing.decoded_length(), framing.encoded_length());
        Self { signed, chunks, decoded_length, encoded_length }
    }

    /// What was decided for the request.
    #[must_use]
    pub fn signed(&self) -> &Signed {
        &self.signed
    }

    /// Bytes of data: the value of `x-amz-decoded-content-length`.
    #[must_use]
    pub fn decoded_length(&self) -> u64 {
        self.decoded_length
    }

    /// Bytes that will be sent, exactly: the value of `content-length`.
    #[must_use]
    pub fn encoded_length(&self) -> u64 {
        self.encoded_length
    }

    /// The body to send for this data, for blocking clients.
    pub fn reader<R: Read>(self, data: R) -> ChunkedReader<R> {
        ChunkedReader::new(data, self.chunks)
    }

    /// The body to send for this data, for async clients.
    #[cfg(feature = "http-body")]
    pub fn body<B: http_body::Body>(self, data: B) -> super::body::ChunkedBody<B>
    where
        B::Error: Into<Box<dyn core::error::Error + Send + Sync>>,
    {
        super::body::ChunkedBody::new(data, self.chunks, self.encoded_length)
    }
}

impl fmt::Debug for ChunkedPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChunkedPayload")
            .field("signed", &self.signed)
            .field("decoded_length", &self.decoded_length)
            .field("encoded_length", &self.encoded_length)
            .finish_non_exhaustive()
    }
}
