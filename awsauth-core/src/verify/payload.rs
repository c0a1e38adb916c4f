//! Reads what a request says of its body, and checks whether a policy accepts that.

use super::authorization::Algorithm;
use super::policy::{MissingPayloadHash, StreamingPayload, UnsignedPayload, VerifyPolicy};
use super::refusal::Refusal;
use crate::canonical::path::is_s3;
use crate::vocabulary::payload::PayloadHash;
use crate::vocabulary::request::Header;

/// What is known of the body when its request is read.
#[derive(Clone, Copy)]
pub(super) enum Body {
    /// Its SHA-256: it has been read.
    Read([u8; 32]),
    /// It was not read, so it must be unsigned.
    Unread,
    /// It is still to come, and will be checked then.
    Pending,
}

impl From<Option<[u8; 32]>> for Body {
    fn from(sha256: Option<[u8; 32]>) -> Self {
        sha256.map_or(Self::Unread, Self::Read)
    }
}

/// Returns what the two places say of a body; they must not contradict each other.
pub(super) fn stated<'a>(
    parameter: Option<&'a [u8]>,
    header: Option<&'a [u8]>,
) -> Result<Option<&'a [u8]>, Refusal> {
    match (parameter, header) {
        (Some(parameter), Some(header)) if parameter != header => {
            Err(Refusal::repeated("x-amz-content-sha256"))
        }
        (parameter, header) => Ok(parameter.or(header)),
    }
}

impl VerifyPolicy<'_> {
    /// Checks a request that is signed in its headers and does not state the hash of its body.
    pub(super) fn check_missing_payload_hash(&self, service: &str) -> Result<(), Refusal> {
        let is_refused = match self.missing_payload_hash {
            MissingPayloadHash::ByService => is_s3(service),
            MissingPayloadHash::Allowed => false,
            MissingPayloadHash::Refused => true,
        };
        if is_refused { Err(Refusal::MissingPayloadHash) } else { Ok(()) }
    }

    /// The last line of the canonical request; `None` if the body's hash is that line, and the body still to come.
    pub(super) fn payload(
        &self,
        stated: Option<&[u8]>,
        presigned: bool,
        body: Body,
        algorithm: Algorithm,
        service: &str,
    ) -> Result<Option<PayloadHash>, Refusal> {
        let payload = match (stated, body) {
            (Some(text), _) => read(text)?,
            // How it is signed is the service's to say, and not the policy's, which says whether that will do.
            (None, _) if presigned && is_s3(service) => PayloadHash::Unsigned,
            (None, Body::Read(digest)) => PayloadHash::Sha256(digest),
            (None, Body::Pending) if algorithm == Algorithm::HMAC => return Ok(None),
            (None, Body::Pending | Body::Unread) => return Err(Refusal::PayloadHashNeeded),
        };
        self.check_payload(payload, algorithm, service)?;
        match (payload, body) {
            (PayloadHash::Unsigned, _) | (_, Body::Pending) | (PayloadHash::Sha256(_), Body::Read(_)) => {
                Ok(Some(payload))
            }
            (PayloadHash::Sha256(_), Body::Unread) => Err(Refusal::PayloadHashNeeded),
            // The hash of what is framed says nothing of what is in the frames.
            (_, Body::Read(_) | Body::Unread) => Err(Refusal::StreamingPayloadRefused),
        }
    }

    /// Whether a request to this service that is signed with this algorithm may say this of its body.
    fn check_payload(
        &self,
        payload: PayloadHash,
        algorithm: Algorithm,
        service: &str,
    ) -> Result<(), Refusal> {
        use PayloadHash::*;
        let its_own = match payload {
            Sha256(_) | Unsigned | StreamingUnsignedTrailer => algorithm,
            StreamingSigned | StreamingSignedTrailer | StreamingEvents => Algorithm::HMAC,
            StreamingEcdsa | StreamingEcdsaTrailer => Algorithm::ECDSA,
        };
        let unsigned = matches!(payload, Unsigned | StreamingUnsignedTrailer);
        if algorithm != its_own {
            Err(Refusal::PayloadOfAnotherAlgorithm)
        } else if unsigned && !self.takes_unsigned_payload(service) {
            Err(Refusal::UnsignedPayloadRefused)
        } else if !matches!(payload, Sha256(_) | Unsigned) && !self.takes_streaming_payload(payload, service)
        {
            Err(Refusal::StreamingPayloadRefused)
        } else {
            Ok(())
        }
    }

    /// Whether a body may go unsigned in requests to this service.
    fn takes_unsigned_payload(&self, service: &str) -> bool {
        match self.unsigned_payload {
            UnsignedPayload::ByService => is_s3(service),
            UnsignedPayload::Allowed => true,
            UnsignedPayload::Refused => false,
        }
    }

    fn takes_streaming_payload(&self, payload: PayloadHash, service: &str) -> bool {
        match self.streaming_payload {
            StreamingPayload::ByService => is_s3(service) != (payload == PayloadHash::StreamingEvents),
            StreamingPayload::Allowed => true,
            StreamingPayload::Refused => false,
        }
    }
}

/// Whether it is a kind of `aws-chunked`.
pub(super) fn is_chunked(payload: PayloadHash) -> bool {
    use PayloadHash::*;
    matches!(
        payload,
        StreamingSigned
            | StreamingSignedTrailer
            | StreamingUnsignedTrailer
            | StreamingEcdsa
            | StreamingEcdsaTrailer
    )
}

/// The length of the data in an `aws-chunked` body, in bytes.
pub(super) fn decoded_length(headers: &[Header<'_>]) -> Result<u64, Refusal> {
    let mut sent = headers.iter().filter(|header| header.is("x-amz-decoded-content-length"));
    let (Some(header), None) = (sent.next(), sent.next()) else { return Err(Refusal::DecodedLengthNeeded) };
    let digits = header.value.trim_ascii();
    let length = digits.iter().try_fold(0_u64, |length, digit| match digit {
        b'0'..=b'9' => length.checked_mul(10)?.checked_add(u64::from(digit - b'0')),
        _ => None,
    });
    length.filter(|_| !digits.is_empty()).ok_or(Refusal::DecodedLengthNeeded)
}

/// The trailers that an `aws-chunked` body announces: the value of its `x-amz-trailer`, which is sent once.
pub(super) fn trailers<'a>(headers: &'a [Header<'a>]) -> Result<&'a [u8], Refusal> {
    let mut sent = headers.iter().filter(|header| header.is("x-amz-trailer")).map(|header| header.value);
    match (sent.next(), sent.next()) {
        (_, Some(_)) => Err(Refusal::repeated_header("x-amz-trailer")),
        (announced, None) => Ok(announced.unwrap_or_default()),
    }
}

fn read(text: &[u8]) -> Result<PayloadHash, Refusal> {
    let text = core::str::from_utf8(text).map_err(|_| Refusal::MalformedPayloadHash)?;
    PayloadHash::parse(text).map_err(|_| Refusal::MalformedPayloadHash)
}
