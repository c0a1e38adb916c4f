use super::Refusal;
use super::claim::PresentedSignature;
use crate::sigv4::{ChunkSigner, Trailers};
use crate::{Error, Signature, SigningKey, Timestamp};

/// Verifies the chunks of an `aws-chunked` body and its trailers, in order. After a refusal it refuses all.
#[derive(Debug, Clone)]
pub struct ChunkVerifier<'a> {
    signer: ChunkSigner<SigningKey<'a>>,
    refused: bool,
}

impl<'a> ChunkVerifier<'a> {
    /// For the body of a request whose signature, `seed`, was verified with this key; `time` is that of the request.
    /// [`PendingChunks::decoder`](super::PendingChunks::decoder) has it all at hand, and reads the body too.
    ///
    /// # Errors
    /// [`Error::KeyOfAnotherDay`] if the key's scope is not of the day of `time`.
    pub fn new(key: SigningKey<'a>, time: Timestamp, seed: Signature) -> Result<Self, Error> {
        Ok(Self { signer: ChunkSigner::new(key, time, seed)?, refused: false })
    }

    /// Checks the next chunk, by the SHA-256 of its data and its `chunk-signature`. The last one is that of no data: a
    /// body that ends before it is cut off.
    ///
    /// # Errors
    /// [`Refusal::ChunkSignatureMismatch`].
    pub fn verify_chunk(&mut self, data_sha256: &[u8; 32], presented: Signature) -> Result<(), Refusal> {
        let computed = self.signer.sign_chunk(data_sha256);
        self.compare(presented, &computed)
    }

    /// Checks the trailers, after the last chunk, by their `x-amz-trailer-signature`.
    ///
    /// # Errors
    /// [`Refusal::ChunkSignatureMismatch`].
    pub fn verify_trailers(&mut self, trailers: &Trailers<'_>, presented: Signature) -> Result<(), Refusal> {
        let computed = self.signer.sign_trailers(trailers);
        self.compare(presented, &computed)
    }

    fn compare(&mut self, presented: Signature, computed: &Signature) -> Result<(), Refusal> {
        self.refused |= !PresentedSignature::new(*presented.as_bytes()).is(computed);
        if self.refused { Err(Refusal::ChunkSignatureMismatch) } else { Ok(()) }
    }
}
