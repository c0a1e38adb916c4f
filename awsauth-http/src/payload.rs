use crate::chunked::aws_chunked::AwsChunked;

/// How a request's body is covered by its signature.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum Payload {
    /// By the SHA-256 of its bytes, which must be at hand: a body that streams is an error.
    #[default]
    Signed,
    /// By the SHA-256 that is given.
    Sha256([u8; 32]),
    /// Not at all: `UNSIGNED-PAYLOAD`, where the service takes that; elsewhere it is an error.
    Unsigned,
    /// Chunk by chunk, or by a checksum that follows it: S3 only.
    AwsChunked(AwsChunked),
}

impl From<AwsChunked> for Payload {
    fn from(chunked: AwsChunked) -> Self {
        Self::AwsChunked(chunked)
    }
}
