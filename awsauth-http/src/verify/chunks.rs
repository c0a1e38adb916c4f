use core::fmt;

use awsauth_core::aws_chunked::{DecodeError, Decoder, Step};
use awsauth_core::verify::{self as core_verify, Refusal};
use awsauth_core::{ChunkSigner, OwnedSigningKey};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::verified::Verified;
#[cfg(feature = "checksums")]
use crate::request::checksum::{Checksum, ChecksumState};

/// A request with an `aws-chunked` body: it decodes the body as it comes, and checks the signatures of chunks and trailers,
/// the checksums in trailers and the length that `x-amz-decoded-content-length` says.
#[must_use = "a request is verified only when its body is"]
pub struct PendingChunks {
    verified: Verified,
    decoder: Box<Decoder<OwnedSigningKey>>,
    decoded_length: u64,
    /// What `x-amz-trailer` announces.
    trailers: Vec<Announced>,
    refused: Option<Refusal>,
}

struct Announced {
    name: HeaderName,
    #[cfg(feature = "checksums")]
    checksum: Option<ChecksumState>,
}

/// Trailers that a body may have.
const MOST_TRAILERS: usize = 16;

impl PendingChunks {
    pub(super) fn of(pending: &core_verify::PendingChunks<'_>, headers: &HeaderMap) -> Result<Self, Refusal> {
        let (claim, key, seed) = (pending.claim(), pending.signing_key(), pending.signature());
        let signer = ChunkSigner::new(key.to_owned_key(), claim.time(), seed)?;
        let decoded_length = pending.decoded_length();
        let decoder = Decoder::new(claim.payload_hash(), decoded_length, Some(signer))?;
        let trailers = announced(headers)?;
        let names: Vec<_> = trailers.iter().map(|trailer| trailer.name.as_str()).collect();
        Ok(Self {
            verified: Verified::new(claim, key.hmac_key().clone(), seed),
            decoder: Box::new(decoder.with_trailers(names.join(",").as_bytes())?),
            decoded_length,
            trailers,
            refused: None,
        })
    }

    /// Who signed the request, whose head has been verified.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.verified.access_key_id()
    }

    /// Bytes of data in the body.
    #[must_use]
    pub fn decoded_length(&self) -> u64 {
        self.decoded_length
    }

    /// Takes what it can from the front of `input`, which may be split anywhere; call it again until it needs input, or the
    /// body ends. Data is not verified before the [`Step::Chunk`] after it, and no object is whole before [`Step::End`]; if
    /// chunks are not signed, nothing is before that.
    ///
    /// # Errors
    /// [`Refusal::ChunkSignatureMismatch`], [`Refusal::ChecksumMismatch`], [`Refusal::Undecodable`], and the same from then on.
    pub fn step<'i>(&mut self, input: &mut &'i [u8]) -> Result<Step<'i>, Refusal> {
        if let Some(refusal) = self.refused {
            return Err(refusal);
        }
        let step = self.advance(input);
        self.refused = step.err();
        step
    }

    /// To be called where the input ends.
    ///
    /// # Errors
    /// [`Refusal::Undecodable`] if the body has not ended; what [`step`](Self::step) failed with, if it did.
    pub fn finish(self) -> Result<Verified, Refusal> {
        match self.refused {
            Some(refusal) => Err(refusal),
            None => self.decoder.finish().map(|()| self.verified).map_err(Refusal::from),
        }
    }

    /// Decodes a body that has come as a whole.
    ///
    /// # Errors
    /// As for [`step`](Self::step) and [`finish`](Self::finish); [`Refusal::Undecodable`] if there is more than the body.
    pub fn decode(mut self, body: &[u8]) -> Result<(Bytes, Verified), Refusal> {
        // What is said of its length is bounded by what there is.
        let length = usize::try_from(self.decoded_length).unwrap_or(usize::MAX).min(body.len());
        let (mut input, mut data) = (body, Vec::with_capacity(length));
        loop {
            match self.step(&mut input)? {
                Step::Data(part) => data.extend_from_slice(part),
                Step::Chunk => {}
                Step::End | Step::NeedInput => break,
            }
        }
        let verified = self.finish()?;
        if !input.is_empty() {
            return Err(DecodeError::BodyTooLong.into());
        }
        Ok((data.into(), verified))
    }

    pub(super) fn verified(&self) -> &Verified {
        &self.verified
    }

    fn advance<'i>(&mut self, input: &mut &'i [u8]) -> Result<Step<'i>, Refusal> {
        let step = self.decoder.step(input)?;
        match step {
            #[cfg(feature = "checksums")]
            Step::Data(data) => {
                for checksum in self.trailers.iter_mut().filter_map(|trailer| trailer.checksum.as_mut()) {
                    checksum.update(data);
                }
            }
            Step::End => self.check_trailers()?,
            _ => {}
        }
        Ok(step)
    }

    fn check_trailers(&mut self) -> Result<(), Refusal> {
        for trailer in self.trailers.drain(..) {
            let value = self.decoder.trailer(trailer.name.as_str()).ok_or(DecodeError::TrailerMissing)?;
            let value = HeaderValue::from_bytes(value).map_err(|_| DecodeError::Malformed)?;
            #[cfg(feature = "checksums")]
            if trailer.checksum.is_some_and(|checksum| checksum.finish().as_ref() != Some(&value)) {
                return Err(Refusal::ChecksumMismatch);
            }
            self.verified.trailers_mut().insert(trailer.name, value);
        }
        Ok(())
    }
}

/// The trailers that the headers announce. Checksums that cannot be computed are refused: nobody would look at them.
fn announced(headers: &HeaderMap) -> Result<Vec<Announced>, Refusal> {
    let mut trailers: Vec<Announced> = Vec::new();
    for line in headers.get_all("x-amz-trailer") {
        let names = line.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
        for name in names.filter(|name| !name.is_empty()) {
            let name = HeaderName::from_bytes(name).map_err(|_| DecodeError::Malformed)?;
            if trailers.len() == MOST_TRAILERS {
                return Err(DecodeError::TrailersTooLong.into());
            }
            if !trailers.iter().any(|other| other.name == name) {
                trailers.push(Announced::new(name)?);
            }
        }
    }
    Ok(trailers)
}

impl Announced {
    fn new(name: HeaderName) -> Result<Self, Refusal> {
        let is_checksum = name.as_str().starts_with("x-amz-checksum-");
        #[cfg(feature = "checksums")]
        {
            let checksum = Checksum::of_header(&name).map(ChecksumState::start);
            if is_checksum && checksum.is_none() {
                return Err(Refusal::UnknownChecksum);
            }
            Ok(Self { name, checksum })
        }
        #[cfg(not(feature = "checksums"))]
        if is_checksum { Err(Refusal::UnknownChecksum) } else { Ok(Self { name }) }
    }
}

impl fmt::Debug for PendingChunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingChunks")
            .field("verified", &self.verified)
            .field("decoder", &self.decoder)
            .finish_non_exhaustive()
    }
}
