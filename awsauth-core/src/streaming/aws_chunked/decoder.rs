use core::fmt;

use super::announced::AnnouncedTrailers;
use super::framing::Kind;
use super::wire::{CRLF, SIGNATURE, TRAILER_SIGNATURE};
use crate::hash::Sha256;
use crate::schemes::sigv4::{ChunkSigner, ChunkVerifyingKey, Trailers};
use crate::text::sink::ByteSink;
use crate::vocabulary::payload::PayloadHash;
use crate::vocabulary::request::Header;

/// Bytes that the head of a chunk, or all trailers together, may have.
const LINES: usize = 2_048;
/// Trailers that a body may have.
const TRAILERS: usize = 16;
/// A blank line, which ends trailers.
const SECTION_END: &[u8] = b"\r\n\r\n";

/// Reads an `aws-chunked` body, in pieces that may be split anywhere, and verifies its signatures. It needs no heap,
/// and its work is linear in its input.
///
/// Data is returned before its chunk is verified: use none of it before [`Step::Chunk`], and keep no object of it
/// before [`Step::End`].
pub struct Decoder<K: ChunkVerifyingKey> {
    verifier: Option<ChunkSigner<K>>,
    kind: Kind,
    announced: AnnouncedTrailers,
    remaining: u64,
    state: State,
    hasher: Sha256,
    /// The head of the current chunk, then the trailers.
    lines: [u8; LINES],
    filled: usize,
}

/// The result of a step through the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'i> {
    /// Bytes of the body, not yet verified.
    Data(&'i [u8]),
    /// A chunk is complete, and its signature is right: all data up to here is verified.
    Chunk,
    /// The body is complete, and its trailers are right. Input after it is left untouched.
    End,
    /// All input is consumed: more is needed.
    NeedInput,
}

/// Why a body is refused. Keep none of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecodeError {
    /// The body has more data than `x-amz-decoded-content-length` says.
    BodyTooLong,
    /// The body has less data than `x-amz-decoded-content-length` says, or the input ended before the body did.
    BodyTooShort,
    /// A chunk's signature does not match its data and the chunks before it.
    ChunkSignatureMismatch,
    /// The head of a chunk, the end of one or a trailer does not have the encoding's form.
    Malformed,
    /// The payload hash is not one of the `aws-chunked` kinds, or it is signed and there is no verifier.
    PayloadOfAnotherKind,
    /// A trailer that was announced is missing, or there is none although the payload hash says that trailers are
    /// signed.
    TrailerMissing,
    /// The body has a trailer that `x-amz-trailer` does not name.
    TrailerNotAnnounced,
    /// The trailers' signature is missing or does not match.
    TrailerSignatureMismatch,
    /// There are more than 16 trailers, more than 2,048 bytes of trailers, or more than 512 bytes of names.
    TrailersTooLong,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Head,
    Data { left: u64 },
    DataEnd { matched: usize },
    Trailers,
    End,
    Failed(DecodeError),
}

impl<K: ChunkVerifyingKey> Decoder<K> {
    /// Creates a decoder for a body of `decoded_length` bytes, of a request whose `x-amz-content-sha256` was `payload`.
    /// A signed body needs a verifier: a [`ChunkSigner`] with the key that signed, or its public half, and the
    /// request's signature as its seed.
    ///
    /// # Errors
    /// [`DecodeError::PayloadOfAnotherKind`] if `payload` is not one of the `aws-chunked` kinds, or signed without a
    /// verifier.
    pub fn new(
        payload: PayloadHash,
        decoded_length: u64,
        verifier: Option<ChunkSigner<K>>,
    ) -> Result<Self, DecodeError> {
        let kind = Kind::of(payload).map_err(|_| DecodeError::PayloadOfAnotherKind)?;
        if kind.digits > 0 && verifier.is_none() {
            return Err(DecodeError::PayloadOfAnotherKind);
        }
        Ok(Self {
            verifier: verifier.filter(|_| kind.digits > 0),
            kind,
            announced: AnnouncedTrailers::NONE,
            remaining: decoded_length,
            state: State::Head,
            hasher: Sha256::initial(),
            lines: [0; LINES],
            filled: 0,
        })
    }

    /// Sets the names of the trailers: the value of the request's `x-amz-trailer`, which is signed. Without it, a body
    /// with trailers is refused; with it, one that lacks any of them.
    ///
    /// # Errors
    /// [`DecodeError::TrailersTooLong`] if there are more than 16 names, or more than 512 bytes of them;
    /// [`DecodeError::TrailerNotAnnounced`] if there is one, and the payload's kind has no trailers.
    pub fn with_trailers(mut self, x_amz_trailer: &[u8]) -> Result<Self, DecodeError> {
        self.announced = AnnouncedTrailers::read(x_amz_trailer).ok_or(DecodeError::TrailersTooLong)?;
        if !self.kind.has_trailers && self.announced.count() > 0 {
            return Err(DecodeError::TrailerNotAnnounced);
        }
        Ok(self)
    }

    /// Decodes the next part of `input`, and removes it from the front. Call it again until it needs input, or the body
    /// ends.
    ///
    /// # Errors
    /// Any [`DecodeError`], and the same from then on.
    pub fn step<'i>(&mut self, input: &mut &'i [u8]) -> Result<Step<'i>, DecodeError> {
        let step = self.advance(input);
        if let Err(error) = step {
            self.state = State::Failed(error);
        }
        step
    }

    /// Ends the body: call it when the input ends.
    ///
    /// # Errors
    /// [`DecodeError::BodyTooShort`] if the body has not ended; the error of [`step`](Self::step), if that failed.
    pub fn finish(&self) -> Result<(), DecodeError> {
        match self.state {
            State::End => Ok(()),
            State::Failed(error) => Err(error),
            _ => Err(DecodeError::BodyTooShort),
        }
    }

    /// Returns the value of a trailer, by its name in any case, after [`Step::End`].
    #[must_use]
    pub fn trailer(&self, name: &str) -> Option<&[u8]> {
        let State::End = self.state else { return None };
        trailer_lines(self.lines())
            .filter_map(split_trailer)
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim_ascii())
    }

    fn advance<'i>(&mut self, input: &mut &'i [u8]) -> Result<Step<'i>, DecodeError> {
        loop {
            match self.state {
                State::Head => {
                    if !self.take_lines(input, CRLF, DecodeError::Malformed)? {
                        return Ok(Step::NeedInput);
                    }
                    self.state = self.start_chunk()?;
                }
                State::Data { left } => {
                    let length = usize::try_from(left).map_or(input.len(), |left| left.min(input.len()));
                    let Some((data, rest)) = input.split_at_checked(length) else {
                        return Ok(Step::NeedInput);
                    };
                    if data.is_empty() {
                        return Ok(Step::NeedInput);
                    }
                    *input = rest;
                    if self.verifier.is_some() {
                        self.hasher.put(data);
                    }
                    self.state = match left.saturating_sub(data.len() as u64) {
                        0 => State::DataEnd { matched: 0 },
                        left => State::Data { left },
                    };
                    return Ok(Step::Data(data));
                }
                State::DataEnd { matched } => {
                    let Some(expected) = CRLF.get(matched) else {
                        self.verify_chunk()?;
                        self.filled = 0;
                        self.state = State::Head;
                        return Ok(Step::Chunk);
                    };
                    let Some(byte) = next(input) else { return Ok(Step::NeedInput) };
                    if byte != *expected {
                        return Err(DecodeError::Malformed);
                    }
                    self.state = State::DataEnd { matched: matched + 1 };
                }
                State::Trailers => {
                    let end = if self.kind.has_trailers { SECTION_END } else { CRLF };
                    if !self.take_lines(input, end, DecodeError::TrailersTooLong)? {
                        return Ok(Step::NeedInput);
                    }
                    self.verify_trailers()?;
                    self.state = State::End;
                }
                State::End => return Ok(Step::End),
                State::Failed(error) => return Err(error),
            }
        }
    }

    /// Gathers input up to `end`, and returns whether that was reached.
    fn take_lines(&mut self, input: &mut &[u8], end: &[u8], full: DecodeError) -> Result<bool, DecodeError> {
        while let Some(byte) = next(input) {
            *self.lines.get_mut(self.filled).ok_or(full)? = byte;
            self.filled += 1;
            if self.lines().ends_with(end) {
                return Ok(true);
            }
            // Nothing but a blank line may stand where there are no trailers; one alone says that there are none.
            let first = matches!(self.state, State::Trailers) && self.filled == CRLF.len();
            if first && self.lines() == CRLF {
                return Ok(true);
            }
            if first && !self.kind.has_trailers {
                return Err(DecodeError::Malformed);
            }
        }
        Ok(false)
    }

    /// Reads the head of a chunk, which is gathered.
    fn start_chunk(&mut self) -> Result<State, DecodeError> {
        let (digits, _) = self.head().ok_or(DecodeError::Malformed)?;
        let length = parse_length(digits)?;
        self.remaining = self.remaining.checked_sub(length).ok_or(DecodeError::BodyTooLong)?;
        if length > 0 {
            return Ok(State::Data { left: length });
        }
        if self.remaining > 0 {
            return Err(DecodeError::BodyTooShort);
        }
        self.verify_chunk()?;
        self.filled = 0;
        Ok(State::Trailers)
    }

    fn verify_chunk(&mut self) -> Result<(), DecodeError> {
        let data_sha256 = core::mem::replace(&mut self.hasher, Sha256::initial()).finish();
        let Some((_, digits)) = head(self.lines.get(..self.filled).unwrap_or_default(), self.kind) else {
            return Err(DecodeError::Malformed);
        };
        if self.verifier.as_mut().is_some_and(|verifier| !verifier.verify_chunk(&data_sha256, digits)) {
            return Err(DecodeError::ChunkSignatureMismatch);
        }
        Ok(())
    }

    fn verify_trailers(&mut self) -> Result<(), DecodeError> {
        let lines = self.lines.get(..self.filled).unwrap_or_default();
        let mut trailers = [Header::EMPTY; TRAILERS];
        let mut places = trailers.iter_mut();
        let mut signature = None;
        for line in trailer_lines(lines) {
            if signature.is_some() {
                return Err(DecodeError::Malformed);
            }
            let (name, value) = split_trailer(line).ok_or(DecodeError::Malformed)?;
            if name.eq_ignore_ascii_case(TRAILER_SIGNATURE) {
                signature = Some(core::str::from_utf8(value).map_err(|_| DecodeError::Malformed)?);
                continue;
            }
            *places.next().ok_or(DecodeError::TrailersTooLong)? = Header::new(name, value);
        }
        let count = TRAILERS - places.len();
        let received = trailers.get(..count).unwrap_or_default();
        let trailers = Trailers::new(received).map_err(|_| DecodeError::Malformed)?;
        if !received.iter().all(|trailer| self.announced.has(trailer.name)) {
            return Err(DecodeError::TrailerNotAnnounced);
        }
        // None is repeated, and all are announced: so none is missing if they are as many. Where trailers are signed there are
        // some, as S3 has it; a body that is not signed is whole without.
        let is_signed = self.kind.has_trailers && self.verifier.is_some();
        if count < self.announced.count() || is_signed && count == 0 {
            return Err(DecodeError::TrailerMissing);
        }
        match (&mut self.verifier, signature) {
            (Some(verifier), Some(digits)) if self.kind.has_trailers => {
                let right = verifier.verify_trailers(&trailers, digits);
                if right { Ok(()) } else { Err(DecodeError::TrailerSignatureMismatch) }
            }
            (Some(_), None) if self.kind.has_trailers => Err(DecodeError::TrailerSignatureMismatch),
            (_, Some(_)) => Err(DecodeError::Malformed),
            (_, None) => Ok(()),
        }
    }

    fn head(&self) -> Option<(&str, &str)> {
        head(self.lines(), self.kind)
    }

    fn lines(&self) -> &[u8] {
        self.lines.get(..self.filled).unwrap_or_default()
    }
}

impl<K: ChunkVerifyingKey> fmt::Debug for Decoder<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder")
            .field("remaining", &self.remaining)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BodyTooLong => "the body is longer than its decoded length",
            Self::BodyTooShort => "the body is shorter than its decoded length",
            Self::ChunkSignatureMismatch => "a chunk's signature is not that of its data",
            Self::Malformed => "the body is not of the form of aws-chunked",
            Self::PayloadOfAnotherKind => "the payload is not aws-chunked, or has no verifier",
            Self::TrailerMissing => "the body lacks a trailer",
            Self::TrailerNotAnnounced => "the body has a trailer that x-amz-trailer does not name",
            Self::TrailerSignatureMismatch => "the trailers' signature is not theirs",
            Self::TrailersTooLong => {
                "there are more than 16 trailers, 2048 bytes of them, or 512 of their names"
            }
        })
    }
}

impl core::error::Error for DecodeError {}

fn next(input: &mut &[u8]) -> Option<u8> {
    let (byte, rest) = input.split_first()?;
    *input = rest;
    Some(*byte)
}

/// The digits of the length in the head of a chunk, and of the signature, which are empty if chunks are unsigned.
fn head(line: &[u8], kind: Kind) -> Option<(&str, &str)> {
    let line = core::str::from_utf8(line.strip_suffix(CRLF)?).ok()?;
    if kind.digits == 0 {
        return Some((line, ""));
    }
    line.split_once(SIGNATURE)
}

fn parse_length(digits: &str) -> Result<u64, DecodeError> {
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(DecodeError::Malformed);
    }
    // What has more digits than a length is longer than any body.
    u64::from_str_radix(digits, 16).map_err(|_| DecodeError::BodyTooLong)
}

/// Trailers as lines. Some clients end a trailer with a newline too many, before the CR LF.
fn trailer_lines(lines: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = lines;
    core::iter::from_fn(move || {
        let end = rest.windows(CRLF.len()).position(|pair| pair == CRLF)?;
        let (line, after) = rest.split_at_checked(end)?;
        rest = after.strip_prefix(CRLF)?;
        Some(line.strip_suffix(b"\n").unwrap_or(line))
    })
    .filter(|line| !line.is_empty())
}

fn split_trailer(line: &[u8]) -> Option<(&str, &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = line.split_at_checked(colon)?;
    Some((core::str::from_utf8(name).ok()?, value.split_first()?.1))
}
