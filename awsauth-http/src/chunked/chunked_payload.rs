use core::fmt;
use std::io::Read;

use awsauth_core::aws_chunked::Framing;

use super::chunks::Chunks;
use super::reader::ChunkedReader;
use crate::signing::signed::Signed;

/// The body of a request that [`Signer::sign_chunked`](crate::Signer::sign_chunked) has signed: it takes the data, and
/// returns the body to send.
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

    /// Returns how the request was signed.
    #[must_use]
    pub fn signed(&self) -> &Signed {
        &self.signed
    }

    /// Returns the length of the data in bytes: the value of `x-amz-decoded-content-length`.
    #[must_use]
    pub fn decoded_length(&self) -> u64 {
        self.decoded_length
    }

    /// Returns the exact length of the body that will be sent, in bytes: the value of `content-length`.
    #[must_use]
    pub fn encoded_length(&self) -> u64 {
        self.encoded_length
    }

    /// Returns the body to send for this data, for blocking clients.
    pub fn reader<R: Read>(self, data: R) -> ChunkedReader<R> {
        ChunkedReader::new(data, self.chunks)
    }

    /// Returns the body to send for this data, for async clients.
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
