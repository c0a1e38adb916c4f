use core::fmt;

use super::wire::{CRLF, SIGNATURE, TRAILER_SIGNATURE};
use crate::canonical::host::write_lower;
use crate::hash::Sha256;
use crate::schemes::sigv4::ALGORITHM;
use crate::schemes::sigv4::SignatureText;
use crate::text::ascii::{self, TOKEN};
use crate::text::sink::{ByteSink, FormatterSink};
use crate::vocabulary::error::Error;
use crate::vocabulary::payload::PayloadHash;

/// The default chunk size: 64 KiB, as AWS advises.
pub const DEFAULT_CHUNK_SIZE: usize = 64 * 1024;
/// The smallest chunk size that S3 accepts, except for the last chunk: 8 KiB.
pub const MIN_CHUNK_SIZE: usize = 8 * 1024;
/// The largest chunk size that common stores accept: 16 MiB.
pub const MAX_CHUNK_SIZE: usize = 16 * 1024 * 1024;

/// The description of an `aws-chunked` body, known before its first byte is sent.
#[derive(Debug, Clone, Copy)]
#[doc(alias = "x-amz-decoded-content-length")]
pub struct Framing<'a> {
    payload: PayloadHash,
    kind: Kind,
    decoded_length: u64,
    chunk_size: usize,
    trailers: &'a [Trailer<'a>],
    encoded_length: u64,
}

/// A header that will follow the body: its name, and the length of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[doc(alias = "checksum")]
pub struct Trailer<'a> {
    /// The name, in any case.
    pub name: &'a str,
    /// The length of the value in bytes.
    pub value_length: usize,
}

/// Names of trailers, as the header `x-amz-trailer` has them: in lower case, separated by `,`.
#[derive(Debug, Clone, Copy)]
pub struct TrailerNames<'a>(&'a [Trailer<'a>]);

impl<'a> Framing<'a> {
    /// Describes a body of `decoded_length` bytes in chunks of [`DEFAULT_CHUNK_SIZE`], followed by these trailers.
    /// `payload` says what is signed: any of [`PayloadHash`]'s streaming kinds but
    /// [`StreamingEvents`](PayloadHash::StreamingEvents).
    ///
    /// # Errors
    /// [`Error::PayloadOfAnotherKind`] if `payload` is not one of these kinds; [`Error::TrailerMissing`] if it has
    /// trailers and there are none, [`Error::TrailerNotDeclared`] if it has none and there are some;
    /// [`Error::MalformedHeaderName`], [`Error::RepeatedTrailer`], [`Error::TooManyHeaders`] (more than 64) for the
    /// trailers; [`Error::EncodedTooLong`] if the length on the wire does not fit into 64 bits.
    pub fn new(
        payload: PayloadHash,
        decoded_length: u64,
        trailers: &'a [Trailer<'a>],
    ) -> Result<Self, Error> {
        let kind = Kind::of(payload)?;
        check(kind, trailers)?;
        let chunk_size = DEFAULT_CHUNK_SIZE;
        Self { payload, kind, decoded_length, chunk_size, trailers, encoded_length: 0 }.measured()
    }

    /// Sets the chunk size, in bytes.
    ///
    /// # Errors
    /// [`Error::ChunkSizeOutOfRange`] if it is not in [`MIN_CHUNK_SIZE`]..=[`MAX_CHUNK_SIZE`];
    /// [`Error::EncodedTooLong`] as for [`new`](Self::new).
    pub fn with_chunk_size(self, size: usize) -> Result<Self, Error> {
        if !(MIN_CHUNK_SIZE..=MAX_CHUNK_SIZE).contains(&size) {
            return Err(Error::ChunkSizeOutOfRange);
        }
        self.with_any_chunk_size(size)
    }

    /// Sets the chunk size, in bytes, without the limits of [`with_chunk_size`](Self::with_chunk_size): for devices
    /// with little memory, and a store that is known to accept such chunks.
    ///
    /// # Errors
    /// [`Error::ChunkSizeOutOfRange`] if it is 0; [`Error::EncodedTooLong`] as for [`new`](Self::new).
    pub fn with_any_chunk_size(self, size: usize) -> Result<Self, Error> {
        if size == 0 {
            return Err(Error::ChunkSizeOutOfRange);
        }
        Self { chunk_size: size, ..self }.measured()
    }

    /// Returns the payload hash to sign the request with, which is sent as `x-amz-content-sha256`.
    #[must_use]
    pub const fn payload_hash(&self) -> PayloadHash {
        self.payload
    }

    /// Returns the length of the data in bytes: the value of `x-amz-decoded-content-length`.
    #[must_use]
    pub const fn decoded_length(&self) -> u64 {
        self.decoded_length
    }

    /// Returns the exact length on the wire in bytes: the value of `content-length`.
    #[must_use]
    pub const fn encoded_length(&self) -> u64 {
        self.encoded_length
    }

    /// Returns the length of each chunk's data in bytes, except the last.
    #[must_use]
    pub const fn chunk_size(&self) -> usize {
        self.chunk_size
    }

    /// Returns the value of `x-amz-trailer`, which prints empty if there are no trailers.
    #[must_use]
    pub const fn trailer_names(&self) -> TrailerNames<'a> {
        TrailerNames(self.trailers)
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    pub(super) fn declared(&self) -> DeclaredTrailers {
        let mut declared = DeclaredTrailers::default();
        for trailer in self.trailers {
            declared.add_name(trailer.name);
            declared.length = declared.length.saturating_add(trailer.encoded_length());
        }
        declared
    }

    fn measured(mut self) -> Result<Self, Error> {
        self.encoded_length = self.measure().ok_or(Error::EncodedTooLong)?;
        Ok(self)
    }

    fn measure(&self) -> Option<u64> {
        let kind = self.kind;
        let size = self.chunk_size as u64;
        let full = self.decoded_length.checked_div(size)?;
        let rest = self.decoded_length.checked_rem(size)?;
        let mut length = full.checked_mul(kind.frame_length(size)?)?;
        if rest > 0 {
            length = length.checked_add(kind.frame_length(rest)?)?;
        }
        length = length.checked_add(kind.frame_length(0)?)?.checked_add(self.declared().length)?;
        if kind.has_trailers && kind.digits > 0 {
            length = length
                .checked_add((TRAILER_SIGNATURE.len() + ":".len() + kind.digits + CRLF.len()) as u64)?;
        }
        Some(length)
    }
}

/// What a payload's literal says of its framing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    /// Digits of a signature on the wire; 0 if nothing is signed.
    pub(super) digits: usize,
    pub(super) has_trailers: bool,
}

impl Kind {
    pub(super) fn of(payload: PayloadHash) -> Result<Self, Error> {
        let (digits, has_trailers) = match payload {
            PayloadHash::StreamingSigned => (64, false),
            PayloadHash::StreamingSignedTrailer => (64, true),
            PayloadHash::StreamingUnsignedTrailer => (0, true),
            // A DER signature has 140 digits or so: it is padded to twice 72 bytes, so that the length is known.
            PayloadHash::StreamingEcdsa => (144, false),
            PayloadHash::StreamingEcdsaTrailer => (144, true),
            _ => return Err(Error::PayloadOfAnotherKind),
        };
        Ok(Self { digits, has_trailers })
    }

    /// Whether keys of `algorithm` make signatures of this kind.
    pub(super) fn is_of(self, algorithm: &str) -> bool {
        match self.digits {
            0 => false,
            64 => algorithm == ALGORITHM,
            _ => algorithm != ALGORITHM,
        }
    }

    /// Bytes of a chunk with its head and tail.
    fn frame_length(self, data: u64) -> Option<u64> {
        let length_digits = u64::from((data | 1).ilog2() / 4 + 1);
        let extension = if self.digits > 0 { SIGNATURE.len() + self.digits } else { 0 };
        data.checked_add(length_digits)?.checked_add((extension + 2 * CRLF.len()) as u64)
    }
}

/// The declared trailers as an encoder keeps them: it borrows nothing, so that a body type can own it.
#[derive(Debug, Clone, Default)]
pub(super) struct DeclaredTrailers {
    pub(super) count: usize,
    /// Bytes on the wire.
    pub(super) length: u64,
    /// The hashes of the lower-case names, added by exclusive or, so that their order does not matter.
    pub(super) names: [u8; 32],
}

impl DeclaredTrailers {
    pub(super) fn add_name(&mut self, name: &str) {
        let mut hasher = Sha256::initial();
        write_lower(name.as_bytes(), false, &mut hasher);
        self.count += 1;
        self.names.iter_mut().zip(hasher.finish()).for_each(|(sum, byte)| *sum ^= byte);
    }
}

impl<'a> Trailer<'a> {
    /// `x-amz-checksum-crc32`: the CRC-32 of the data, in base64.
    pub const CRC32: Self = Self::new("x-amz-checksum-crc32", 8);
    /// `x-amz-checksum-crc32c`: the CRC-32C of the data, in base64.
    pub const CRC32C: Self = Self::new("x-amz-checksum-crc32c", 8);
    /// `x-amz-checksum-crc64nvme`: the CRC-64/NVME of the data, in base64.
    pub const CRC64NVME: Self = Self::new("x-amz-checksum-crc64nvme", 12);
    /// `x-amz-checksum-md5`: the MD5 of the data, in base64.
    pub const MD5: Self = Self::new("x-amz-checksum-md5", 24);
    /// `x-amz-checksum-sha1`: the SHA-1 of the data, in base64.
    pub const SHA1: Self = Self::new("x-amz-checksum-sha1", 28);
    /// `x-amz-checksum-sha256`: the SHA-256 of the data, in base64.
    pub const SHA256: Self = Self::new("x-amz-checksum-sha256", 44);
    /// `x-amz-checksum-sha512`: the SHA-512 of the data, in base64.
    pub const SHA512: Self = Self::new("x-amz-checksum-sha512", 88);
    /// `x-amz-checksum-xxhash128`: the XXH3 of 128 bits of the data, in base64.
    pub const XXHASH128: Self = Self::new("x-amz-checksum-xxhash128", 24);
    /// `x-amz-checksum-xxhash3`: the XXH3 of 64 bits of the data, in base64.
    pub const XXHASH3: Self = Self::new("x-amz-checksum-xxhash3", 12);
    /// `x-amz-checksum-xxhash64`: the XXH64 of the data, in base64.
    pub const XXHASH64: Self = Self::new("x-amz-checksum-xxhash64", 12);

    /// Creates a trailer whose value will have `value_length` bytes.
    #[must_use]
    pub const fn new(name: &'a str, value_length: usize) -> Self {
        Self { name, value_length }
    }

    fn encoded_length(&self) -> u64 {
        (self.name.len() as u64)
            .saturating_add(self.value_length as u64)
            .saturating_add((":".len() + CRLF.len()) as u64)
    }
}

impl TrailerNames<'_> {
    /// Writes their bytes.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        for (at, trailer) in self.0.iter().enumerate() {
            if at > 0 {
                sink.put(b",");
            }
            write_lower(trailer.name.as_bytes(), false, sink);
        }
    }
}

impl fmt::Display for TrailerNames<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatterSink::render(f, |sink| self.write_to(sink))
    }
}

fn check(kind: Kind, trailers: &[Trailer<'_>]) -> Result<(), Error> {
    match (kind.has_trailers, trailers) {
        (true, []) => return Err(Error::TrailerMissing),
        (false, [_, ..]) => return Err(Error::TrailerNotDeclared),
        _ if trailers.len() > 64 => return Err(Error::TooManyHeaders),
        _ => {}
    }
    let mut rest = trailers;
    while let [trailer, others @ ..] = rest {
        if trailer.name.is_empty() || !trailer.name.bytes().all(|byte| ascii::is(byte, TOKEN)) {
            return Err(Error::MalformedHeaderName);
        }
        if others.iter().any(|other| other.name.eq_ignore_ascii_case(trailer.name)) {
            return Err(Error::RepeatedTrailer);
        }
        rest = others;
    }
    Ok(())
}

/// Writes a signature as chunks and trailers carry it, of a known length.
pub(super) fn write_padded(signature: &impl SignatureText, digits: usize, sink: &mut impl ByteSink) {
    let mut written = 0;
    signature.write_to(&mut |run: &[u8]| {
        written += run.len();
        sink.put(run);
    });
    for _ in written..digits {
        sink.put(b"*");
    }
}
