use super::error::Error;
use crate::hash::Sha256;
use crate::text::hex;
use crate::text::sink::ByteSink;

/// The SHA-256 of nothing.
pub(crate) const EMPTY_SHA256: [u8; 32] = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27,
    0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];

/// The payload hash: the last line of the canonical request, and the value of `x-amz-content-sha256` (see [Create a
/// signed AWS API
/// request](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[doc(alias = "x-amz-content-sha256")]
#[doc(alias = "UNSIGNED-PAYLOAD")]
pub enum PayloadHash {
    /// The SHA-256 of the whole body.
    Sha256([u8; 32]),
    /// `UNSIGNED-PAYLOAD`: the signature does not cover the body. S3 and a few other services accept it, over https.
    Unsigned,
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`: an `aws-chunked` body, each chunk signed.
    StreamingSigned,
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER`: the same, with a signed trailer.
    StreamingSignedTrailer,
    /// `STREAMING-UNSIGNED-PAYLOAD-TRAILER`: an `aws-chunked` body with a checksum in its trailer, nothing signed.
    StreamingUnsignedTrailer,
    /// `STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD`: chunks signed with SigV4A.
    StreamingEcdsa,
    /// `STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER`: the same, with a signed trailer.
    StreamingEcdsaTrailer,
    /// `STREAMING-AWS4-HMAC-SHA256-EVENTS`: event-stream messages, each signed.
    StreamingEvents,
}

impl PayloadHash {
    /// The hash of an empty body.
    pub const EMPTY: Self = Self::Sha256(EMPTY_SHA256);

    /// Hashes `body`.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        Self::Sha256(Sha256::digest(body))
    }

    /// Parses the value of an `x-amz-content-sha256` header.
    ///
    /// # Errors
    /// [`Error::MalformedPayloadHash`] if it is neither 64 lower-case hex digits nor one of AWS's literals.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if let Some(digest) = hex::decode(text.as_bytes()) {
            return Ok(Self::Sha256(digest));
        }
        let literals = [
            Self::Unsigned,
            Self::StreamingSigned,
            Self::StreamingSignedTrailer,
            Self::StreamingUnsignedTrailer,
            Self::StreamingEcdsa,
            Self::StreamingEcdsaTrailer,
            Self::StreamingEvents,
        ];
        literals
            .into_iter()
            .find(|literal| literal.literal() == Some(text))
            .ok_or(Error::MalformedPayloadHash)
    }

    /// Returns AWS's literal, or `None` for a hash.
    #[must_use]
    pub const fn literal(self) -> Option<&'static str> {
        Some(match self {
            Self::Sha256(_) => return None,
            Self::Unsigned => "UNSIGNED-PAYLOAD",
            Self::StreamingSigned => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            Self::StreamingSignedTrailer => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            Self::StreamingUnsignedTrailer => "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            Self::StreamingEcdsa => "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
            Self::StreamingEcdsaTrailer => "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
            Self::StreamingEvents => "STREAMING-AWS4-HMAC-SHA256-EVENTS",
        })
    }

    /// Its text: one of AWS's literals, or hex that is put into `digits`.
    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn text<'d>(&self, digits: &'d mut [u8; 64]) -> &'d [u8] {
        match self {
            Self::Sha256(digest) => {
                hex::encode_into(digest, digits);
                digits
            }
            literal => literal.literal().unwrap_or_default().as_bytes(),
        }
    }

    pub(crate) fn write_to(&self, sink: &mut (impl ByteSink + ?Sized)) {
        sink.put(self.text(&mut [0; 64]));
    }
}

impl core::fmt::Display for PayloadHash {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        crate::text::sink::FormatterSink::render(f, |sink| self.write_to(sink))
    }
}
