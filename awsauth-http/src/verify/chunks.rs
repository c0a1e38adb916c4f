use core::fmt;

use awsauth_core::aws_chunked::{DecodeError, Decoder, Step};
use awsauth_core::verify::{self as core_verify, Refusal};
use awsauth_core::{ChunkSigner, OwnedSigningKey};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::verified::Verified;
#[cfg(feature = "checksums")]
use crate::request::checksum::{Checksum, ChecksumState};

/// A request whose `aws-chunked` body has not been read yet. It decodes the body as it comes, and checks the signatures of
/// chunks and trailers, the checksums in trailers, and the length in `x-amz-decoded-content-length`.
#[must_use = "a request is verified only when its body is"]
pub struct PendingChunks {
    verified: Verified,
    decoder: Box<Decoder<OwnedSigningKey>>,
    decoded_length: u64,
    /// The trailers that `x-amz-trailer` declares.
    trailers: Vec<DeclaredTrailer>,
    refusal: Option<Refusal>,
}

struct DeclaredTrailer {
    name: HeaderName,
    #[cfg(feature = "checksums")]
    checksum: Option<ChecksumState>,
}

/// How many trailers a body may have.
const MAX_TRAILERS: usize = 16;

impl PendingChunks {
    pub(super) fn of(pending: &core_verify::PendingChunks<'_>, headers: &HeaderMap) -> Result<Self, Refusal> {
        let (claim, key, seed) = (pending.claim(), pending.signing_key(), pending.signature());
        let signer = ChunkSigner::new(key.to_owned_key(), claim.time(), seed)?;
        let decoded_length = pending.decoded_length();
        let decoder = Decoder::new(claim.payload_hash(), decoded_length, Some(signer))?;
        let trailers = declared_trailers(headers)?;
        let names: Vec<_> = trailers.iter().map(|trailer| trailer.name.as_str()).collect();
        Ok(Self {
            verified: Verified::new(claim, key.hmac_key().clone(), seed),
            decoder: Box::new(decoder.with_trailers(names.join(",").as_bytes())?),
            decoded_length,
            trailers,
            refusal: None,
        })
    }

    /// Returns the access key ID that signed the request. The head has been verified.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.verified.access_key_id()
    }

    /// Returns the length of the body's data in bytes.
    #[must_use]
    pub fn decoded_length(&self) -> u64 {
        self.decoded_length
    }

    /// Decodes from the front of `input`, which may be split anywhere. Call it again until it returns [`Step::NeedInput`] or
    /// [`Step::End`]. Data is verified only at the [`Step::Chunk`] after it, or at [`Step::End`] if chunks are not signed. The
    /// body is complete only at [`Step::End`].
    ///
    /// # Errors
    /// [`Refusal::ChunkSignatureMismatch`], [`Refusal::ChecksumMismatch`] or [`Refusal::Undecodable`]. Every later call returns
    /// the same.
    pub fn step<'i>(&mut self, input: &mut &'i [u8]) -> Result<Step<'i>, Refusal> {
        if let Some(refusal) = self.refusal {
            return Err(refusal);
        }
        let step = self.advance(input);
        self.refusal = step.err();
        step
    }

    /// Ends the body. Call it when the input ends.
    ///
    /// # Errors
    /// [`Refusal::Undecodable`] if the body is incomplete; otherwise what [`step`](Self::step) has failed with.
    pub fn finish(self) -> Result<Verified, Refusal> {
        match self.refusal {
            Some(refusal) => Err(refusal),
            None => self.decoder.finish().map(|()| self.verified).map_err(Refusal::from),
        }
    }

    /// Decodes a body that has been read as a whole.
    ///
    /// # Errors
    /// As for [`step`](Self::step) and [`finish`](Self::finish); [`Refusal::Undecodable`] if more bytes follow the body.
    pub fn decode(mut self, body: &[u8]) -> Result<(Bytes, Verified), Refusal> {
        // The declared length does not count beyond what there is.
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

/// The trailers that the headers declare. Checksums that cannot be computed are refused, as nobody would check them.
fn declared_trailers(headers: &HeaderMap) -> Result<Vec<DeclaredTrailer>, Refusal> {
    let mut trailers: Vec<DeclaredTrailer> = Vec::new();
    for line in headers.get_all("x-amz-trailer") {
        let names = line.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
        // Some signers announce the signature of the trailers, too.
        let is_data =
            |name: &&[u8]| !name.is_empty() && !name.eq_ignore_ascii_case(b"x-amz-trailer-signature");
        for name in names.filter(is_data) {
            let name = HeaderName::from_bytes(name).map_err(|_| DecodeError::Malformed)?;
            if trailers.len() == MAX_TRAILERS {
                return Err(DecodeError::TrailersTooLong.into());
            }
            if !trailers.iter().any(|other| other.name == name) {
                trailers.push(DeclaredTrailer::new(name)?);
            }
        }
    }
    Ok(trailers)
}

impl DeclaredTrailer {
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
