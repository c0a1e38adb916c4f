//! The `application/vnd.amazon.eventstream` framing of signed messages, without I/O and without a copy of the payload
//! (see [event stream encoding](https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html)).
//!
//! A signed message has two headers, `:date` and `:chunk-signature`; its payload is the service's own message, encoded.
//! The last message of a stream has no payload.
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

use core::fmt;

use crate::schemes::sigv4::Signature;
use crate::schemes::sigv4::event::date_header;
use crate::verify::Event;
use crate::vocabulary::error::Error;
use crate::vocabulary::time::Timestamp;

/// The length of a signed message before its payload, in bytes.
pub const HEAD_LENGTH: usize = PRELUDE + HEADERS as usize;
/// The longest message that AWS's decoders accept, in bytes: 24 MiB, head and tail included.
pub const MAX_MESSAGE_LENGTH: usize = 24 * 1024 * 1024;

/// Total length and headers' length, and the CRC-32 of both.
const PRELUDE: usize = 12;
/// `:date`, and `:chunk-signature` with its 32 bytes.
const HEADERS: u32 = 15 + 20 + 32;
const TAIL_LENGTH: usize = 4;
/// A name of 16 bytes, and bytes (type 6), 32 of them.
const SIGNATURE_NAME: &[u8] = b"\x10:chunk-signature\x06\x00\x20";

/// Why bytes are not a signed message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessageError {
    /// A CRC-32 is wrong: the bytes were damaged on the way, or are not a message.
    ChecksumMismatch,
    /// Its headers are other than `:date` and `:chunk-signature`: the signature would not cover them.
    Malformed,
    /// It has, or claims to have, more than [`MAX_MESSAGE_LENGTH`] bytes.
    TooLong,
}

/// Parses the signed message at the front of `input`, and returns it with its length in bytes; `None` if it is not
/// complete yet. [`EventVerifier`](crate::verify::EventVerifier) then verifies its signature.
///
/// # Errors
/// Any [`MessageError`]: the rest of the stream cannot be read.
pub fn parse(input: &[u8]) -> Result<Option<(Event<'_>, usize)>, MessageError> {
    let Some((prelude, rest)) = input.split_at_checked(PRELUDE) else { return Ok(None) };
    let Some((lengths, prelude_crc)) = prelude.split_at_checked(8) else { return Ok(None) };
    let total = word(lengths).ok_or(MessageError::Malformed)? as usize;
    if prelude_crc != crc32fast::hash(lengths).to_be_bytes() {
        return Err(MessageError::ChecksumMismatch);
    }
    if total > MAX_MESSAGE_LENGTH {
        return Err(MessageError::TooLong);
    }
    if lengths.get(4..).and_then(word) != Some(HEADERS) || total < HEAD_LENGTH + TAIL_LENGTH {
        return Err(MessageError::Malformed);
    }
    let Some(message) = input.get(..total) else { return Ok(None) };
    let (signed, crc) = message.split_last_chunk::<TAIL_LENGTH>().ok_or(MessageError::Malformed)?;
    if *crc != crc32fast::hash(signed).to_be_bytes() {
        return Err(MessageError::ChecksumMismatch);
    }
    let headers = rest.get(..HEADERS as usize).and_then(parse_headers);
    let (milliseconds, signature) = headers.ok_or(MessageError::Malformed)?;
    let payload = signed.get(HEAD_LENGTH..).unwrap_or_default();
    Ok(Some((Event { milliseconds, payload, signature }, total)))
}

/// The two headers, in either order.
fn parse_headers(headers: &[u8]) -> Option<(u64, Signature)> {
    let date = |text: &[u8]| {
        let milliseconds = text.strip_prefix(b"\x05:date\x08")?;
        Some(u64::from_be_bytes(milliseconds.try_into().ok()?))
    };
    let signature = |text: &[u8]| {
        let bytes = text.strip_prefix(SIGNATURE_NAME)?;
        Some(Signature::from_bytes(bytes.try_into().ok()?))
    };
    let (first, second) = headers.split_at_checked(15)?;
    let in_order = || Some((date(first)?, signature(second)?));
    let (other_first, other_second) = headers.split_at_checked(SIGNATURE_NAME.len() + 32)?;
    in_order().or_else(|| Some((date(other_second)?, signature(other_first)?)))
}

fn word(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.first_chunk()?))
}

/// A signed message, except for its payload.
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
            &date_header(time.unix_seconds().saturating_mul(1_000)),
            SIGNATURE_NAME,
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

    /// Returns the bytes to send before the payload: prelude and headers.
    #[must_use]
    pub const fn head(&self) -> [u8; HEAD_LENGTH] {
        self.head
    }

    /// Returns the bytes to send after the payload: the CRC-32 of head and payload.
    #[must_use]
    pub const fn tail(&self) -> [u8; TAIL_LENGTH] {
        self.tail
    }

    /// Returns the length on the wire in bytes, payload included.
    #[must_use]
    pub const fn encoded_length(&self) -> usize {
        HEAD_LENGTH + self.payload_length + TAIL_LENGTH
    }
}

impl fmt::Display for MessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ChecksumMismatch => "a checksum of the message is wrong",
            Self::Malformed => "the message has other headers than a date and a signature",
            Self::TooLong => "the message has more than 25165824 bytes",
        })
    }
}

impl core::error::Error for MessageError {}

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
