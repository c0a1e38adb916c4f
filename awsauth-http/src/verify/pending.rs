use std::time::SystemTime;

use awsauth_core::verify::{
    self as core_verify, AwaitedSignature, Event, EventVerifier, Refusal, VerifyPolicy, VerifyingKey,
};
use awsauth_core::{CredentialScope, PayloadHash, Timestamp, aws_chunked::DecodeError, sha256};
use bytes::Bytes;
use http::HeaderMap;

use super::chunks::PendingChunks;
use super::received::timestamp_of;
use super::verified::Verified;

/// A request whose body is still to come: what it yields [`Verified`] for, once that has been checked. It borrows nothing of
/// the request.
#[derive(Debug)]
#[must_use = "a request is verified only when its body is"]
#[non_exhaustive]
pub enum PendingBody {
    /// An `aws-chunked` body, signed or not.
    Chunked(PendingChunks),
    /// The messages of an event stream.
    Events(PendingEvents),
    /// A body that the signature covers by its hash.
    Hashed(PendingHash),
    /// A body that is not signed, which the policy takes: there is nothing to check.
    Unsigned(Verified),
}

/// A request that is signed with its body's hash, whose body is still to come.
#[derive(Debug)]
#[must_use = "a request is verified only when its body is"]
pub struct PendingHash {
    verified: Verified,
    /// Where the request does not tell the hash.
    awaited: Option<Box<AwaitedSignature>>,
}

/// A request that opens an event stream. A stream is whole where its last message has no payload.
#[derive(Debug)]
#[must_use = "a stream is whole only where it ends"]
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
                let awaited = hash.awaited().map(Box::new);
                // Nobody sees it before it is put in its place.
                let signature = hash.signature().unwrap_or(awsauth_core::Signature::from_bytes([0; 32]));
                let verified = Verified::new(hash.claim(), hash.hmac_key().clone(), signature);
                Self::Hashed(PendingHash { verified, awaited })
            }
            Unsigned(verified) => Self::Unsigned(Verified::of(&verified)),
            _ => return Err(Refusal::StreamingPayloadRefused),
        })
    }

    /// Who is said to have signed. It is true, if [the signature has been verified](Self::is_signature_verified).
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.verified().access_key_id()
    }

    /// Whether the signature has been found right. It has not where the request does not tell its body's hash, so that it is
    /// the body that decides.
    #[must_use]
    pub fn is_signature_verified(&self) -> bool {
        !matches!(self, Self::Hashed(hash) if hash.awaited.is_some())
    }

    /// What the request says of its body; `None` if that is for the body to tell.
    #[must_use]
    pub fn payload_hash(&self) -> Option<PayloadHash> {
        self.is_signature_verified().then(|| self.verified().payload_hash())
    }

    /// Checks a body that has come as a whole, by its SHA-256.
    ///
    /// # Errors
    /// As for [`PendingHash::verify`]; [`Refusal::StreamingPayloadRefused`] if the body is framed, of which its hash tells
    /// nothing: that is for [`decode`](Self::decode).
    pub fn verify_body(self, sha256: &[u8; 32]) -> Result<Verified, Refusal> {
        match self {
            Self::Hashed(hash) => hash.verify(sha256),
            Self::Unsigned(verified) => Ok(verified),
            Self::Chunked(_) | Self::Events(_) => Err(Refusal::StreamingPayloadRefused),
        }
    }

    /// Checks a body that has come as a whole, and gives its data: the body itself, or what an `aws-chunked` one is made of.
    ///
    /// # Errors
    /// As for [`PendingHash::verify`] and [`PendingChunks::decode`]; [`Refusal::StreamingPayloadRefused`] of an event stream,
    /// whose messages are verified one by one.
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
    /// Checks the body, by its SHA-256, and the signature where that has not been checked.
    ///
    /// # Errors
    /// [`Refusal::PayloadMismatch`]; [`Refusal::SignatureMismatch`] where the request does not tell the hash.
    pub fn verify(self, sha256: &[u8; 32]) -> Result<Verified, Refusal> {
        let Self { mut verified, awaited } = self;
        match awaited {
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
    /// Who signed the request, which has been verified.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.verified.access_key_id()
    }

    /// Checks the next message, which may be used then. `key` is the secret access key, or the [`HmacKey`] of the message's
    /// own day.
    ///
    /// # Errors
    /// [`Refusal::ChunkSignatureMismatch`], also for all after one that was refused, and after the last;
    /// [`Refusal::TimeTooSkewed`].
    ///
    /// [`HmacKey`]: awsauth_core::HmacKey
    pub fn verify(
        &mut self,
        key: &(impl VerifyingKey + ?Sized),
        event: &Event<'_>,
        now: SystemTime,
    ) -> Result<(), Refusal> {
        if self.is_refused || self.verifier.finish().is_ok() {
            self.is_refused = true;
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

    /// To be called where the stream ends.
    ///
    /// # Errors
    /// [`Refusal::Undecodable`] if its last message has not come; [`Refusal::ChunkSignatureMismatch`] if one was refused.
    pub fn finish(self) -> Result<Verified, Refusal> {
        match self.verifier.finish() {
            _ if self.is_refused => Err(Refusal::ChunkSignatureMismatch),
            Ok(()) => Ok(self.verified),
            Err(_) => Err(DecodeError::BodyTooShort.into()),
        }
    }
}
