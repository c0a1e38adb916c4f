use core::fmt;

use super::policy::VerifyPolicy;
use super::presented_signature::PresentedSignature;
use super::refusal::Refusal;
use super::scope_and_time::check_time;
use crate::hash::sha256;
use crate::schemes::sigv4::event::EventSigner;
use crate::schemes::sigv4::{ChunkKey, Signature, SigningKey};
use crate::vocabulary::time::Timestamp;

/// Verifies the messages of an event stream, in order. After a refusal, and after the message without a payload that
/// ends the stream, it refuses everything.
///
/// What it has verified may be only part of a stream until [`finish`](Self::finish) returns `Ok`.
#[derive(Debug, Clone)]
pub struct EventVerifier<'a> {
    policy: VerifyPolicy<'a>,
    signer: EventSigner,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    End,
    Refused,
}

/// A message of an event stream, as it was received: `event_stream::parse` of `awsauth-core`, with its
/// feature `event-stream`, parses it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Event<'a> {
    /// The `:date`, in milliseconds since 1970.
    pub milliseconds: u64,
    /// The signed payload: the service's own message, encoded; an empty one ends the stream.
    pub payload: &'a [u8],
    /// The `:chunk-signature`.
    pub signature: Signature,
}

impl<'a> EventVerifier<'a> {
    /// Creates a verifier for the stream that a request opens whose signature, `seed`, was verified. Of the policy,
    /// only the allowed clock skew matters. [`PendingEvents`](super::PendingEvents) has such a verifier.
    #[must_use]
    pub const fn new(policy: VerifyPolicy<'a>, seed: Signature) -> Self {
        Self { policy, signer: EventSigner::new(seed), state: State::Open }
    }

    /// Verifies the next message. `key` is of the day of the message, which may be later than the request's.
    ///
    /// # Errors
    /// [`Refusal::ChunkSignatureMismatch`]; [`Refusal::TimeTooSkewed`]; [`Refusal::ScopeOfAnotherDay`] if the key is not of
    /// the message's day; [`Refusal::AfterEnd`] after the message that ended the stream.
    pub fn verify(&mut self, key: &SigningKey<'_>, event: &Event<'_>, now: Timestamp) -> Result<(), Refusal> {
        let verified = self.check(key, event, now);
        self.state = match verified {
            Ok(()) if event.payload.is_empty() => State::End,
            Ok(()) => State::Open,
            Err(_) => State::Refused,
        };
        verified
    }

    /// Ends the stream: call it when the input ends.
    ///
    /// # Errors
    /// [`Refusal::BodyCutOff`] if the message that ends the stream is missing; [`Refusal::ChunkSignatureMismatch`] if a
    /// message was refused.
    pub const fn finish(&self) -> Result<(), Refusal> {
        match self.state {
            State::End => Ok(()),
            State::Open => Err(Refusal::BodyCutOff),
            State::Refused => Err(Refusal::ChunkSignatureMismatch),
        }
    }

    fn check(&mut self, key: &SigningKey<'_>, event: &Event<'_>, now: Timestamp) -> Result<(), Refusal> {
        match self.state {
            State::Open => {}
            State::End => return Err(Refusal::AfterEnd),
            State::Refused => return Err(Refusal::ChunkSignatureMismatch),
        }
        let time = Timestamp::from_unix(event.milliseconds / 1_000)?;
        check_time(&self.policy, time, None, now)?;
        let payload_sha256 = sha256(event.payload);
        let string_to_sign = self.signer.string_to_sign_at(key.scope(), event.milliseconds, &payload_sha256);
        let computed = ChunkKey::sign_chained(key, &string_to_sign.map_err(|_| Refusal::ScopeOfAnotherDay)?);
        if !PresentedSignature::new(*event.signature.as_bytes()).is(&computed) {
            return Err(Refusal::ChunkSignatureMismatch);
        }
        self.signer = EventSigner::new(computed);
        Ok(())
    }
}

impl fmt::Debug for Event<'_> {
    /// Without payload and signature.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event").field("milliseconds", &self.milliseconds).finish_non_exhaustive()
    }
}
