use std::time::SystemTime;

use awsauth_core::verify::{
    self as core_verify, AwaitedSignature, Event, EventVerifier, Refusal, VerifyPolicy, VerifyingKey,
};
use awsauth_core::{CredentialScope, PayloadHash, Timestamp, sha256};
use bytes::Bytes;
use http::HeaderMap;

use super::chunks::PendingChunks;
use super::received::timestamp_of;
use super::verified::Verified;

/// A request whose body has not been checked yet. Each kind returns [`Verified`] once the body has been checked. It borrows
/// nothing of the request.
#[derive(Debug)]
#[must_use = "a request is verified only when its body is"]
#[non_exhaustive]
pub enum PendingBody {
    /// An `aws-chunked` body, with signed chunks or unsigned ones.
    Chunked(PendingChunks),
    /// The messages of an event stream.
    Events(PendingEvents),
    /// A body whose hash the signature covers.
    Hashed(PendingHash),
    /// An unsigned body, which the policy accepts: there is nothing to check.
    Unsigned(Verified),
}

/// A request that is signed with the hash of its body, which has not been checked yet.
#[derive(Debug)]
#[must_use = "a request is verified only when its body is"]
pub struct PendingHash {
    verified: Verified,
    /// What verifies the signature, if the request does not state the hash.
    awaited_signature: Option<Box<AwaitedSignature>>,
}

/// A request that opens an event stream. The stream is complete when its last message has no payload.
#[derive(Debug)]
#[must_use = "a stream is complete only when it has ended"]
pub struct PendingEvents {
    verified: Verified,
    verifier: EventVerifier<'static>,
    /// A message was refused before the verifier was asked.
    is_refused: bool,
}

impl PendingBody {
    pub(super) fn of(
        pending: core_verify::PendingBody<'_>,
        policy: &VerifyPolicy<'_>,
        headers: &HeaderMap,
    ) -> Result<Self, Refusal> {
        use core_verify::PendingBody::*;
        Ok(match pending {
            Chunked(chunks) => Self::Chunked(PendingChunks::of(&chunks, headers)?),
            Events(events) => {
                let (key, signature) = (events.signing_key(), events.signature());
                let mut clock = VerifyPolicy::DEFAULT;
                clock.allowed_skew = policy.allowed_skew;
                Self::Events(PendingEvents {
                    verified: Verified::new(events.claim(), key.hmac_key().clone(), signature),
                    verifier: EventVerifier::new(clock, signature),
                    is_refused: false,
                })
            }
            Hashed(hash) => {
                let awaited_signature = hash.awaited().map(Box::new);
                // A placeholder that nobody sees: `verify` replaces it.
                let signature = hash.signature().unwrap_or(awsauth_core::Signature::from_bytes([0; 32]));
                let verified = Verified::new(hash.claim(), hash.hmac_key().clone(), signature);
                Self::Hashed(PendingHash { verified, awaited_signature })
            }
            Unsigned(verified) => Self::Unsigned(Verified::of(&verified)),
            _ => return Err(Refusal::StreamingPayloadRefused),
        })
    }

    /// Returns the access key ID of the request. Whether it has signed is known only if
    /// [the signature has been verified](Self::is_signature_verified).
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.verified().access_key_id()
    }

    /// Returns whether the signature has been verified. If not, the request does not state the hash of its body, so that the
    /// signature can be verified only with the body.
    #[must_use]
    pub fn is_signature_verified(&self) -> bool {
        !matches!(self, Self::Hashed(hash) if hash.awaited_signature.is_some())
    }

    /// Returns the payload hash that the request states, or `None` if it states none.
    #[must_use]
    pub fn payload_hash(&self) -> Option<PayloadHash> {
        self.is_signature_verified().then(|| self.verified().payload_hash())
    }

    /// Checks a body that has been read as a whole, by its SHA-256.
    ///
    /// # Errors
    /// As for [`PendingHash::verify`]; [`Refusal::StreamingPayloadRefused`] if the body is framed, so that its hash
    /// proves nothing: use [`decode`](Self::decode).
    pub fn verify_body(self, sha256: &[u8; 32]) -> Result<Verified, Refusal> {
        match self {
            Self::Hashed(hash) => hash.verify(sha256),
            Self::Unsigned(verified) => Ok(verified),
            Self::Chunked(_) | Self::Events(_) => Err(Refusal::StreamingPayloadRefused),
        }
    }

    /// Checks a body that has been read as a whole, and returns its data: the body itself, or the decoded `aws-chunked` body.
    /// The request's headers stay those of the body as it was sent:
    /// [`declare_decoded_body`](crate::declare_decoded_body) changes them.
    ///
    /// # Errors
    /// As for [`PendingHash::verify`] and [`PendingChunks::decode`]; [`Refusal::StreamingPayloadRefused`] if it is an
    /// event stream, whose messages are verified one by one.
    pub fn decode(self, body: Bytes) -> Result<(Bytes, Verified), Refusal> {
        match self {
            Self::Chunked(chunks) => chunks.decode(&body),
            Self::Hashed(hash) => Ok((body.clone(), hash.verify(&sha256(&body))?)),
            Self::Unsigned(verified) => Ok((body, verified)),
            Self::Events(_) => Err(Refusal::StreamingPayloadRefused),
        }
    }

    fn verified(&self) -> &Verified {
        match self {
            Self::Chunked(chunks) => chunks.verified(),
            Self::Events(events) => &events.verified,
            Self::Hashed(hash) => &hash.verified,
            Self::Unsigned(verified) => verified,
        }
    }
}

impl PendingHash {
    /// Checks the body by its SHA-256, and the signature if that has not been verified.
    ///
    /// # Errors
    /// [`Refusal::PayloadMismatch`]; [`Refusal::SignatureMismatch`] instead if the request does not state the hash.
    pub fn verify(self, sha256: &[u8; 32]) -> Result<Verified, Refusal> {
        let Self { mut verified, awaited_signature } = self;
        match awaited_signature {
            Some(awaited) => {
                let signature = awaited.verify(verified.scope()?, sha256)?;
                verified.complete(signature, PayloadHash::Sha256(*sha256));
                Ok(verified)
            }
            None if verified.payload_hash() == PayloadHash::Sha256(*sha256) => Ok(verified),
            None => Err(Refusal::PayloadMismatch),
        }
    }
}

impl PendingEvents {
    /// Returns the access key ID that signed the request, which has been verified.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.verified.access_key_id()
    }

    /// Checks the next message, which may be used only after that. `key` is the secret access key, or the [`HmacKey`] of the
    /// day in the message.
    ///
    /// # Errors
    /// [`Refusal::ChunkSignatureMismatch`], also for every message after a refused one; [`Refusal::AfterEnd`] after the last
    /// one; [`Refusal::TimeTooSkewed`].
    ///
    /// [`HmacKey`]: awsauth_core::HmacKey
    pub fn verify(
        &mut self,
        key: &(impl VerifyingKey + ?Sized),
        event: &Event<'_>,
        now: SystemTime,
    ) -> Result<(), Refusal> {
        if self.is_refused {
            return Err(Refusal::ChunkSignatureMismatch);
        }
        let verified = self.check(key, event, now);
        self.is_refused = verified.is_err();
        verified
    }

    fn check(
        &mut self,
        key: &(impl VerifyingKey + ?Sized),
        event: &Event<'_>,
        now: SystemTime,
    ) -> Result<(), Refusal> {
        let day = Timestamp::from_unix(event.milliseconds / 1_000)?.date();
        let scope = CredentialScope::new(day, self.verified.region(), self.verified.service())?;
        self.verifier.verify(&key.signing_key(scope), event, timestamp_of(now)?)
    }

    /// Ends the stream. Call it when the input ends.
    ///
    /// # Errors
    /// [`Refusal::BodyCutOff`] if the last message has not come; [`Refusal::ChunkSignatureMismatch`] if one was refused.
    pub fn finish(self) -> Result<Verified, Refusal> {
        if self.is_refused {
            return Err(Refusal::ChunkSignatureMismatch);
        }
        self.verifier.finish()?;
        Ok(self.verified)
    }
}
