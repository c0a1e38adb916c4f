use crate::chunked::aws_chunked::AwsChunked;

/// How the signature of a request covers its body.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum Payload {
    /// By the SHA-256 of its bytes, which must be in memory: a body that streams is an error, but in `awsauth-ureq`,
    /// which reads it into memory.
    #[default]
    Signed,
    /// By this SHA-256.
    Sha256([u8; 32]),
    /// Not at all: `UNSIGNED-PAYLOAD`, if the service accepts that; otherwise it is an error.
    Unsigned,
    /// Chunk by chunk, or by a checksum in a trailer. Only S3 accepts that.
    AwsChunked(AwsChunked),
}

impl From<AwsChunked> for Payload {
    fn from(chunked: AwsChunked) -> Self {
        Self::AwsChunked(chunked)
    }
}
