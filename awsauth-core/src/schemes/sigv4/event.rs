use super::chunk::{ChainedStringToSign, ChunkKey};
use super::scope::CredentialScope;
use super::signature::Signature;
use super::signing_key::{ALGORITHM, SigningKey};
use crate::hash::Sha256;
use crate::vocabulary::error::Error;
use crate::vocabulary::time::Timestamp;

/// Signs the messages of an event stream, each signature over the one before it: Transcribe, Polly, Bedrock, Lex (see
/// [event stream encoding](https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html)).
///
/// A stream may last longer than a day, so each message is signed with a key of its own day. This only computes
/// signatures; `event_stream::SignedMessage`, with the feature `event-stream`, puts them on the wire.
///
/// ```
/// use awsauth_core::{CredentialScope, EventSigner, PayloadHash, Request, SigningKey, Sigv4, Timestamp, sha256};
///
/// let now = Timestamp::parse("20240229T120000Z")?;
/// let scope = CredentialScope::new(now.date(), "eu-west-1", "transcribe")?;
/// let key = SigningKey::derive("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", scope);
/// let request = Request::post("/stream-transcription", "transcribestreaming.eu-west-1.amazonaws.com");
/// let signed = Sigv4::new("AKIDEXAMPLE", &key).sign(&request, PayloadHash::StreamingEvents, now)?;
///
/// let mut events = EventSigner::new(*signed.signature());
/// let first = events.sign(&key, now, &sha256(b"an encoded message"))?;
/// let last = events.sign(&key, now.plus_seconds(2)?, &sha256(b""))?; // an empty message ends the stream
/// # assert_ne!(first, last);
/// # Ok::<(), awsauth_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct EventSigner {
    previous: Signature,
}

impl EventSigner {
    /// Creates a signer for a stream; `seed` is the signature of the request that opens it.
    #[must_use]
    pub const fn new(seed: Signature) -> Self {
        Self { previous: seed }
    }

    /// Signs the next message, given its time and the SHA-256 of its payload, which is the encoded message inside it.
    ///
    /// # Errors
    /// [`Error::KeyOfAnotherDay`] if the key is not of the day of `time`: derive that day's.
    pub fn sign(
        &mut self,
        key: &SigningKey<'_>,
        time: Timestamp,
        payload_sha256: &[u8; 32],
    ) -> Result<Signature, Error> {
        self.previous = key.sign_chained(&self.string_to_sign(key.scope(), time, payload_sha256)?);
        Ok(self.previous)
    }

    /// Returns the string that [`sign`](Self::sign) would sign next.
    ///
    /// # Errors
    /// [`Error::KeyOfAnotherDay`] if the scope is not of the day of `time`.
    pub fn string_to_sign<'a>(
        &self,
        scope: CredentialScope<'a>,
        time: Timestamp,
        payload_sha256: &[u8; 32],
    ) -> Result<ChainedStringToSign<'a>, Error> {
        self.string_to_sign_at(scope, time.unix_seconds().saturating_mul(1_000), payload_sha256)
    }

    /// As [`string_to_sign`](Self::string_to_sign), at a time in milliseconds, as the `:date` of other signers may have it.
    pub(crate) fn string_to_sign_at<'a>(
        &self,
        scope: CredentialScope<'a>,
        milliseconds: u64,
        payload_sha256: &[u8; 32],
    ) -> Result<ChainedStringToSign<'a>, Error> {
        let time = Timestamp::from_unix(milliseconds / 1_000)?;
        if scope.date() != time.date() {
            return Err(Error::KeyOfAnotherDay);
        }
        Ok(ChainedStringToSign {
            algorithm: [ALGORITHM, "-PAYLOAD"],
            time,
            scope,
            previous: self.previous,
            headers_sha256: Some(Sha256::digest(&date_header(milliseconds))),
            data_sha256: *payload_sha256,
        })
    }

    /// Returns the signature that the next one is chained to.
    #[must_use]
    pub const fn previous(&self) -> &Signature {
        &self.previous
    }
}

/// The one signed header of a message, encoded: `:date`, a timestamp (type 8) in milliseconds.
pub(crate) fn date_header(milliseconds: u64) -> [u8; 15] {
    let [b1, b2, b3, b4, b5, b6, b7, b8] = milliseconds.to_be_bytes();
    [5, b':', b'd', b'a', b't', b'e', 8, b1, b2, b3, b4, b5, b6, b7, b8]
}
