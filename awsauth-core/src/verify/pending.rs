//! Requests whose head has been verified, and whose body is still to come.

use super::awaited_signature::AwaitedSignature;
use super::claim::Claim;
use super::credential::Credential;
use super::events::{Event, EventVerifier};
use super::key::VerifyingKey;
use super::payload::is_chunked;
use super::policy::VerifyPolicy;
use super::refusal::Refusal;
use super::verified::Verified;
use crate::hash::HmacKey;
use crate::schemes::sigv4::ALGORITHM;
use crate::schemes::sigv4::{
    ChainedStringToSign, ChunkSigner, ChunkVerifyingKey, CredentialScope, Signature, SigningKey,
};
use crate::streaming::aws_chunked::{DecodeError, Decoder, Step};
use crate::vocabulary::payload::PayloadHash;
use crate::vocabulary::time::Timestamp;

/// A request whose body is still to come: once the body has been checked, it gives a [`Verified`].
#[derive(Debug)]
#[must_use = "a request is verified only when its body is"]
#[non_exhaustive]
pub enum PendingBody<'a> {
    /// An `aws-chunked` body, signed or not.
    Chunked(PendingChunks<'a>),
    /// The messages of an event stream.
    Events(PendingEvents<'a>),
    /// A body that the signature covers by its hash.
    Hashed(PendingHash<'a>),
    /// A body that is not signed, which the policy accepts: there is nothing to check.
    Unsigned(Verified<'a>),
}

/// A request that is signed with its body's hash.
#[derive(Debug)]
#[must_use = "a request is verified only when its body is"]
pub struct PendingHash<'a> {
    claim: Claim<'a>,
    key: HmacKey,
    /// `None` if it covers the body that is still to come.
    signature: Option<Signature>,
}

/// A request with an `aws-chunked` body.
#[derive(Debug)]
#[must_use = "a request is verified only when its body is"]
pub struct PendingChunks<'a>(Verified<'a>);

/// A request that opens an event stream. A stream is complete only if its last message has no payload.
#[derive(Debug)]
#[must_use = "a stream is whole only where it ends"]
pub struct PendingEvents<'a> {
    verified: Verified<'a>,
    verifier: EventVerifier<'a>,
}

/// Reads and verifies an `aws-chunked` body, as a [`Decoder`] does, and returns what it belongs to when it is complete.
#[derive(Debug)]
#[must_use = "a request is verified only when its body is"]
pub struct BodyDecoder<V, K: ChunkVerifyingKey> {
    verified: V,
    decoder: Decoder<K>,
}

/// What a request says of its `aws-chunked` body.
pub(super) struct Announcement<'a> {
    time: Timestamp,
    payload: PayloadHash,
    decoded_length: u64,
    trailers: &'a [u8],
}

/// The credential scope of a claim, which can outlive it.
#[derive(Debug, Clone)]
pub struct ClaimScope<'a>(Credential<'a>);

/// The key that verified a request, for the chunks of its body.
#[derive(Debug, Clone)]
pub struct ClaimKey<'a> {
    scope: ClaimScope<'a>,
    hmac: HmacKey,
}

impl<'a> Claim<'a> {
    /// Checks the signature, in constant time, of a request whose body is still to come. If the request does not state
    /// the hash of its body, the signature is checked with the body.
    ///
    /// # Errors
    /// [`Refusal::SignatureMismatch`].
    pub fn verify_head(mut self, key: &(impl VerifyingKey + ?Sized)) -> Result<PendingBody<'a>, Refusal> {
        if self.awaits_payload_hash() {
            if self.asymmetric().is_some() {
                return Err(Refusal::UnsupportedAlgorithm);
            }
            let key = key.signing_key(self.scope()).hmac_key().clone();
            return Ok(PendingBody::Hashed(PendingHash::awaiting(self, key)));
        }
        let (key, signature) = self.check_signature(key)?;
        Ok(PendingBody::new(Verified::new(self, key, signature)))
    }
}

impl<'a> PendingBody<'a> {
    /// Chooses by what the request says of its body.
    pub(super) fn new(verified: Verified<'a>) -> Self {
        match verified.payload_hash() {
            PayloadHash::Unsigned => Self::Unsigned(verified),
            PayloadHash::StreamingEvents => {
                let policy =
                    VerifyPolicy { allowed_skew: verified.claim().allowed_skew(), ..VerifyPolicy::DEFAULT };
                let verifier = EventVerifier::new(policy, verified.signature());
                Self::Events(PendingEvents { verified, verifier })
            }
            payload if is_chunked(payload) => Self::Chunked(PendingChunks(verified)),
            _ => {
                let (claim, key, signature) = verified.into_parts();
                Self::Hashed(PendingHash { claim, key, signature: Some(signature) })
            }
        }
    }

    /// Returns what the request claims. It is verified, unless it [awaits](Claim::awaits_payload_hash) the hash of its
    /// body.
    #[must_use]
    pub fn claim(&self) -> &Claim<'a> {
        match self {
            Self::Chunked(chunks) => chunks.claim(),
            Self::Events(events) => events.claim(),
            Self::Hashed(hash) => hash.claim(),
            Self::Unsigned(verified) => verified.claim(),
        }
    }

    /// Checks a body that has arrived as a whole, by its SHA-256.
    ///
    /// # Errors
    /// As for [`PendingHash::verify`]; [`Refusal::StreamingPayloadRefused`] if the body is framed: its hash says
    /// nothing of the data.
    pub fn verify_body(self, sha256: &[u8; 32]) -> Result<Verified<'a>, Refusal> {
        match self {
            Self::Hashed(hash) => hash.verify(sha256),
            Self::Unsigned(verified) => Ok(verified),
            Self::Chunked(_) | Self::Events(_) => Err(Refusal::StreamingPayloadRefused),
        }
    }
}

impl<'a> PendingHash<'a> {
    /// A request that does not state the hash.
    pub(super) fn awaiting(claim: Claim<'a>, key: HmacKey) -> Self {
        Self { claim, key, signature: None }
    }

    /// Returns what the request claims. It is verified, unless it [awaits](Claim::awaits_payload_hash) the hash of its
    /// body.
    #[must_use]
    pub fn claim(&self) -> &Claim<'a> {
        &self.claim
    }

    /// Returns the key that it is verified with.
    #[must_use]
    pub fn hmac_key(&self) -> &HmacKey {
        &self.key
    }

    /// Returns the signature, if it has been verified: `None` if it covers the body that is still to come.
    #[must_use]
    pub fn signature(&self) -> Option<Signature> {
        self.signature
    }

    /// Returns the signature that is still to be checked, for a body that outlives the request; `None` if it has been
    /// verified.
    #[must_use]
    pub fn awaited(&self) -> Option<AwaitedSignature> {
        if self.signature.is_some() { None } else { self.claim.awaited(self.key.clone()) }
    }

    /// Checks the body by its SHA-256, and the signature if that has not been checked.
    ///
    /// # Errors
    /// [`Refusal::PayloadMismatch`]; [`Refusal::SignatureMismatch`] if the request does not state the hash.
    pub fn verify(self, sha256: &[u8; 32]) -> Result<Verified<'a>, Refusal> {
        let Self { claim, key, signature } = self;
        match signature {
            None => claim.with_body(*sha256).verify(&key),
            Some(_) if claim.payload_hash() != PayloadHash::Sha256(*sha256) => Err(Refusal::PayloadMismatch),
            Some(signature) => Ok(Verified::new(claim, key, signature)),
        }
    }
}

impl<'a> PendingChunks<'a> {
    /// Returns what the request claims; that of its head is verified.
    #[must_use]
    pub fn claim(&self) -> &Claim<'a> {
        self.0.claim()
    }

    /// Returns the signature, to which that of the first chunk is chained.
    #[must_use]
    pub fn signature(&self) -> Signature {
        self.0.signature()
    }

    /// Returns the key that verified the request, and verifies the chunks.
    #[must_use]
    pub fn signing_key(&self) -> SigningKey<'_> {
        self.0.signing_key()
    }

    /// Returns the length of the data in bytes, as `x-amz-decoded-content-length` states it.
    #[must_use]
    pub fn decoded_length(&self) -> u64 {
        self.claim().decoded_length()
    }

    /// Returns the decoder of the body.
    ///
    /// # Errors
    /// As for [`Decoder::with_trailers`], if the request announces trailers; the errors of [`Decoder::new`] do not
    /// occur.
    pub fn decoder(self) -> Result<BodyDecoder<Verified<'a>, ClaimKey<'a>>, DecodeError> {
        let claim = self.claim();
        let hmac = self.0.signing_key().hmac_key().clone();
        let key = ClaimKey { scope: ClaimScope::of(claim), hmac };
        let (announced, seed) = (Announcement::of(claim), self.signature());
        BodyDecoder::new(self.0, key, seed, announced)
    }
}

impl<'a> PendingEvents<'a> {
    /// Returns what the request claims; that of its head is verified.
    #[must_use]
    pub fn claim(&self) -> &Claim<'a> {
        self.verified.claim()
    }

    /// Returns the signature, to which that of the first message is chained.
    #[must_use]
    pub fn signature(&self) -> Signature {
        self.verified.signature()
    }

    /// Returns the key of the request's day, which verifies the messages of that day.
    #[must_use]
    pub fn signing_key(&self) -> SigningKey<'_> {
        self.verified.signing_key()
    }

    /// Verifies the next message as [`EventVerifier::verify`] does; then it may be used. Of the policy, only the
    /// allowed clock skew matters.
    ///
    /// # Errors
    /// The errors of that method.
    pub fn verify(&mut self, key: &SigningKey<'_>, event: &Event<'_>, now: Timestamp) -> Result<(), Refusal> {
        self.verifier.verify(key, event, now)
    }

    /// Ends the stream: call it when the input ends.
    ///
    /// # Errors
    /// As for [`EventVerifier::finish`].
    pub fn finish(self) -> Result<Verified<'a>, Refusal> {
        self.verifier.finish()?;
        Ok(self.verified)
    }
}

impl<V, K: ChunkVerifyingKey> BodyDecoder<V, K> {
    pub(super) fn new(
        verified: V,
        key: K,
        seed: K::Signature,
        announced: Announcement<'_>,
    ) -> Result<Self, DecodeError> {
        let Announcement { time, payload, decoded_length, trailers } = announced;
        let signer = ChunkSigner::new(key, time, seed).map_err(|_| DecodeError::PayloadOfAnotherKind)?;
        let decoder = Decoder::new(payload, decoded_length, Some(signer))?.with_trailers(trailers)?;
        Ok(Self { verified, decoder })
    }

    /// Decodes the next part of the input as [`Decoder::step`] does: data is not verified before the [`Step::Chunk`]
    /// after it.
    ///
    /// # Errors
    /// The errors of that method.
    pub fn step<'i>(&mut self, input: &mut &'i [u8]) -> Result<Step<'i>, DecodeError> {
        self.decoder.step(input)
    }

    /// Returns the value of a trailer, after [`Step::End`].
    #[must_use]
    pub fn trailer(&self, name: &str) -> Option<&[u8]> {
        self.decoder.trailer(name)
    }

    /// Ends the body: call it when the input ends.
    ///
    /// # Errors
    /// [`DecodeError::BodyTooShort`] if the body has not ended; the error of [`step`](Self::step), if that failed.
    pub fn finish(self) -> Result<V, DecodeError> {
        self.decoder.finish()?;
        Ok(self.verified)
    }
}

impl<'a> Announcement<'a> {
    pub(super) fn of(claim: &Claim<'a>) -> Self {
        let (time, payload) = (claim.time(), claim.payload_hash());
        Self { time, payload, decoded_length: claim.decoded_length(), trailers: claim.trailers() }
    }
}

impl<'a> ClaimScope<'a> {
    pub(super) fn of(claim: &Claim<'a>) -> Self {
        Self(claim.credential().clone())
    }

    /// Returns the scope.
    #[must_use]
    pub fn scope(&self) -> CredentialScope<'_> {
        self.0.scope()
    }
}

impl ChunkVerifyingKey for ClaimKey<'_> {
    type Signature = Signature;

    const ALGORITHM: &'static str = ALGORITHM;

    fn scope(&self) -> CredentialScope<'_> {
        self.scope.scope()
    }

    fn verify_chained(&self, string_to_sign: &ChainedStringToSign<'_>, digits: &str) -> Option<Signature> {
        SigningKey::from_hmac_key(self.hmac.clone(), self.scope()).verify_chained(string_to_sign, digits)
    }
}
