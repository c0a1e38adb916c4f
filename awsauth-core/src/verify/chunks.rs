use super::presented_signature::PresentedSignature;
use super::refusal::Refusal;
use crate::schemes::sigv4::{ChunkSigner, Trailers};
use crate::schemes::sigv4::{Signature, SigningKey};
use crate::vocabulary::error::Error;
use crate::vocabulary::payload::EMPTY_SHA256;
use crate::vocabulary::time::Timestamp;

/// Verifies the chunks of an `aws-chunked` body and its trailers, in order. After a refusal, and after the end, it
/// refuses everything.
///
/// What it has verified may be only part of a body until [`finish`](Self::finish) returns `Ok`.
#[derive(Debug, Clone)]
pub struct ChunkVerifier<'a> {
    signer: ChunkSigner<SigningKey<'a>>,
    has_trailers: bool,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Chunks,
    /// After the last chunk, before the trailers that must come.
    Trailers,
    End,
    Refused,
}

impl<'a> ChunkVerifier<'a> {
    /// Creates a verifier for the body of a request whose signature, `seed`, was verified with this key; `time` is that
    /// of the request. [`PendingChunks::decoder`](super::PendingChunks::decoder) knows all of these, and reads the body
    /// too.
    ///
    /// # Errors
    /// [`Error::KeyOfAnotherDay`] if the key's scope is not of the day of `time`.
    pub fn new(key: SigningKey<'a>, time: Timestamp, seed: Signature) -> Result<Self, Error> {
        Ok(Self { signer: ChunkSigner::new(key, time, seed)?, has_trailers: false, state: State::Chunks })
    }

    /// Sets that the body has trailers, as [`StreamingSignedTrailer`](crate::PayloadHash::StreamingSignedTrailer) says.
    #[must_use]
    pub const fn with_trailers(mut self) -> Self {
        self.has_trailers = true;
        self
    }

    /// Verifies the next chunk, by the SHA-256 of its data and its `chunk-signature`. The last one has no data.
    ///
    /// # Errors
    /// [`Refusal::ChunkSignatureMismatch`]; [`Refusal::AfterEnd`] after the last one.
    pub fn verify_chunk(&mut self, data_sha256: &[u8; 32], presented: Signature) -> Result<(), Refusal> {
        let next = match (*data_sha256 == EMPTY_SHA256, self.has_trailers) {
            (false, _) => State::Chunks,
            (true, true) => State::Trailers,
            (true, false) => State::End,
        };
        self.check(State::Chunks, next, presented, |signer| signer.sign_chunk(data_sha256))
    }

    /// Verifies the trailers, after the last chunk, by their `x-amz-trailer-signature`.
    ///
    /// # Errors
    /// [`Refusal::ChunkSignatureMismatch`]; [`Refusal::BodyCutOff`] before the last chunk; [`Refusal::AfterEnd`] if
    /// trailers were verified already, or the body has none.
    pub fn verify_trailers(&mut self, trailers: &Trailers<'_>, presented: Signature) -> Result<(), Refusal> {
        self.check(State::Trailers, State::End, presented, |signer| signer.sign_trailers(trailers))
    }

    /// Ends the body: call it when the input ends.
    ///
    /// # Errors
    /// [`Refusal::BodyCutOff`] if the last chunk or the trailers are missing; [`Refusal::ChunkSignatureMismatch`] if
    /// anything was refused.
    pub const fn finish(&self) -> Result<(), Refusal> {
        match self.state {
            State::End => Ok(()),
            State::Chunks | State::Trailers => Err(Refusal::BodyCutOff),
            State::Refused => Err(Refusal::ChunkSignatureMismatch),
        }
    }

    fn check(
        &mut self,
        due: State,
        next: State,
        presented: Signature,
        sign: impl FnOnce(&mut ChunkSigner<SigningKey<'a>>) -> Signature,
    ) -> Result<(), Refusal> {
        let refusal = match self.state {
            State::Refused => Refusal::ChunkSignatureMismatch,
            state if state == due => {
                if PresentedSignature::new(*presented.as_bytes()).is(&sign(&mut self.signer)) {
                    self.state = next;
                    return Ok(());
                }
                Refusal::ChunkSignatureMismatch
            }
            State::Chunks => Refusal::BodyCutOff,
            State::Trailers | State::End => Refusal::AfterEnd,
        };
        self.state = State::Refused;
        Err(refusal)
    }
}
