//! The `application/vnd.amazon.eventstream` framing of signed messages, without I/O and without a copy of the payload
//! (AWS: "Setting up a streaming transcription: Event stream encoding").
//!
//! A signed message has two headers, `:date` and `:chunk-signature`, and for its payload the service's own message,
//! encoded; the last message of a stream has no payload.
//!
//! ```
//! use awsauth_core::event_stream::SignedMessage;
//! use awsauth_core::{CredentialScope, EventSigner, Signature, SigningKey, Timestamp, sha256};
//!
//! let now = Timestamp::parse("20240229T120000Z")?;
//! let key = SigningKey::derive("secret", CredentialScope::new(now.date(), "eu-west-1", "transcribe")?);
//! let mut events = EventSigner::new(Signature::from_bytes([0; 32])); // the request's signature
//!
//! let payload = b"the service's own message";
//! let signature = events.sign(&key, now, &sha256(payload))?;
//! let message = SignedMessage::new(now, signature, payload)?;
//! let mut tx = Vec::new(); // a socket
//! tx.extend_from_slice(&message.head());
//! tx.extend_from_slice(payload);
//! tx.extend_from_slice(&message.tail());
//! assert_eq!(tx.len(), message.encoded_length());
//! # Ok::<(), awsauth_core::Error>(())
//! ```

use crate::sigv4::event::date_header;
use crate::{Error, Signature, Timestamp};

/// Bytes before the payload of a signed message.
pub const HEAD_LENGTH: usize = PRELUDE + HEADERS as usize;
/// 24 MiB: what AWS's decoders take, head and tail included.
pub const MAX_MESSAGE_LENGTH: usize = 24 * 1024 * 1024;

/// Total length and headers' length, and the CRC-32 of both.
const PRELUDE: usize = 12;
/// `:date`, and `:chunk-signature` with its 32 bytes.
const HEADERS: u32 = 15 + 20 + 32;
const TAIL_LENGTH: usize = 4;

/// A signed message, but for its payload.
#[derive(Debug, Clone)]
pub struct SignedMessage {
    head: [u8; HEAD_LENGTH],
    tail: [u8; TAIL_LENGTH],
    payload_length: usize,
}

impl SignedMessage {
    /// Frames `payload`, which was signed at `time` with `signature`.
    ///
    /// # Errors
    /// [`Error::EncodedTooLong`] if the message would have more than [`MAX_MESSAGE_LENGTH`] bytes: split the payload.
    pub fn new(time: Timestamp, signature: Signature, payload: &[u8]) -> Result<Self, Error> {
        let length = payload.len().saturating_add(HEAD_LENGTH + TAIL_LENGTH);
        let total = u32::try_from(length).map_err(|_| Error::EncodedTooLong)?;
        if length > MAX_MESSAGE_LENGTH {
            return Err(Error::EncodedTooLong);
        }
        let lengths = [total.to_be_bytes(), HEADERS.to_be_bytes()];
        let prelude_crc = crc32fast::hash(lengths.as_flattened()).to_be_bytes();
        let pieces: [&[u8]; 5] = [
            lengths.as_flattened(),
            &prelude_crc,
            &date_header(time),
            // A name of 16 bytes, and bytes (type 6), 32 of them.
            b"\x10:chunk-signature\x06\x00\x20",
            signature.as_bytes(),
        ];
        let mut head = [0; HEAD_LENGTH];
        for (place, byte) in head.iter_mut().zip(pieces.into_iter().flatten()) {
            *place = *byte;
        }
        let mut crc = crc32fast::Hasher::new();
        crc.update(&head);
        crc.update(payload);
        Ok(Self { head, tail: crc.finalize().to_be_bytes(), payload_length: payload.len() })
    }

    /// What is sent before the payload: prelude and headers.
    #[must_use]
    pub const fn head(&self) -> [u8; HEAD_LENGTH] {
        self.head
    }

    /// What is sent after the payload: the CRC-32 of head and payload.
    #[must_use]
    pub const fn tail(&self) -> [u8; TAIL_LENGTH] {
        self.tail
    }

    /// Bytes on the wire, payload included.
    #[must_use]
    pub const fn encoded_length(&self) -> usize {
        HEAD_LENGTH + self.payload_length + TAIL_LENGTH
    }
}

#[cfg(test)]
mod tests {
    use std::string::String;
    use std::vec;

    use super::*;

    /// Computed with botocore's header encoding and zlib's CRC-32.
    #[test]
    fn frames_as_botocore_does() {
        let time = Timestamp::parse("20130524T000000Z").unwrap();
        let message = SignedMessage::new(time, Signature::from_bytes([0xab; 32]), b"payload").unwrap();
        let hex: String = [&message.head()[..], b"payload", &message.tail()]
            .concat()
            .iter()
            .map(|byte| std::format!("{byte:02x}"))
            .collect();
        assert_eq!(hex, EXPECTED);
    }

    const EXPECTED: &str = "0000005a00000043f8541829053a64617465080000013ed3d5bc00103a6368756e6b2d7369676e6174757265060020ab\
        ababababababababababababababababababababababababababababababab7061796c6f6164c1a8ac58";

    #[test]
    fn an_empty_payload_ends_the_stream() {
        let time = Timestamp::parse("20130524T000000Z").unwrap();
        let message = SignedMessage::new(time, Signature::from_bytes([0; 32]), b"").unwrap();
        assert_eq!(message.encoded_length(), 83);
        assert_eq!(message.head()[..8], [0, 0, 0, 83, 0, 0, 0, 67]);
    }

    #[test]
    fn refuses_a_message_that_decoders_would() {
        let time = Timestamp::parse("20130524T000000Z").unwrap();
        let signature = Signature::from_bytes([0; 32]);
        let largest = MAX_MESSAGE_LENGTH - HEAD_LENGTH - TAIL_LENGTH;
        assert!(SignedMessage::new(time, signature, &vec![0; largest]).is_ok());
        let refused = SignedMessage::new(time, signature, &vec![0; largest + 1]);
        assert_eq!(refused.unwrap_err(), Error::EncodedTooLong);
    }
}
