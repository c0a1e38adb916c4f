use core::fmt;

use super::framing::{DeclaredTrailers, Framing, Kind, write_padded};
use super::wire::{CRLF, SIGNATURE, TRAILER_SIGNATURE};
use crate::hash::Sha256;
use crate::schemes::sigv4::{
    ChunkKey, ChunkSigner, Signature, SignatureText, Signed, SignedVerbatim, SigningKey, Trailers,
};
use crate::text::sink::ByteSink;
use crate::vocabulary::error::Error;
use crate::vocabulary::payload::PayloadHash;
use crate::vocabulary::request::Header;

/// Frames the chunks of one body, and signs them. It borrows nothing but what its key borrows.
///
/// Give it [`next_chunk_size`](Self::next_chunk_size) bytes at a time until that is 0; then call
/// [`finish`](Self::finish). After an error nothing has changed; a body that cannot go on must not be reported as sent.
#[derive(Debug, Clone)]
pub struct Encoder<K: ChunkKey> {
    signer: Option<ChunkSigner<K>>,
    kind: Kind,
    remaining: u64,
    chunk_size: usize,
    declared: DeclaredTrailers,
}

/// The bytes to send before and after a chunk of data.
#[derive(Debug, Clone)]
#[must_use = "send the head, the data, and the tail"]
pub struct Frame<S = Signature> {
    length: usize,
    digits: usize,
    signature: Option<S>,
}

/// The bytes to send after all data: the empty chunk, and the trailers.
#[derive(Debug, Clone)]
#[must_use = "the body is complete when this is sent"]
pub struct LastFrame<'t, S = Signature> {
    empty: Frame<S>,
    trailers: Trailers<'t>,
    trailer_signature: Option<S>,
}

impl Framing<'_> {
    /// Returns an encoder for the body of `signed`, which `key` has signed.
    ///
    /// # Errors
    /// [`Error::PayloadOfAnotherKind`] if the request was not signed with [`payload_hash`](Self::payload_hash), or that
    /// is not of the key's algorithm; [`Error::KeyOfAnotherScope`] if the key is not of the request's scope.
    pub fn encoder<K: ChunkKey>(
        &self,
        signed: &Signed<'_, K::Signature>,
        key: K,
    ) -> Result<Encoder<K>, Error> {
        self.encoder_of(signed.canonical_request().payload_hash(), || signed.chunks(key))
    }

    /// Returns an encoder for a request that [`Verbatim`](crate::Verbatim) has signed, with the key of that signer.
    ///
    /// # Errors
    /// [`Error::PayloadOfAnotherKind`] if the request was not signed with [`payload_hash`](Self::payload_hash).
    pub fn verbatim_encoder<'k>(
        &self,
        signed: &SignedVerbatim<'k>,
    ) -> Result<Encoder<&'k SigningKey<'k>>, Error> {
        self.encoder_of(signed.payload_hash(), || Ok(signed.chunks()))
    }

    fn encoder_of<K: ChunkKey>(
        &self,
        signed: PayloadHash,
        chunks: impl FnOnce() -> Result<ChunkSigner<K>, Error>,
    ) -> Result<Encoder<K>, Error> {
        if signed != self.payload_hash() {
            return Err(Error::PayloadOfAnotherKind);
        }
        match self.payload_hash() {
            PayloadHash::StreamingUnsignedTrailer => Encoder::unsigned(self),
            _ => Encoder::signed(self, chunks()?),
        }
    }
}

impl<K: ChunkKey> Encoder<K> {
    /// Creates an encoder for a body whose chunks are signed. [`Framing::encoder`] makes one from a signed request, and
    /// also checks that it was signed with [`Framing::payload_hash`], which cannot be checked here.
    ///
    /// # Errors
    /// [`Error::PayloadOfAnotherKind`] if the framing is of unsigned chunks, or for another algorithm than the key's.
    pub fn signed(framing: &Framing<'_>, signer: ChunkSigner<K>) -> Result<Self, Error> {
        if !framing.kind().is_of(K::ALGORITHM) {
            return Err(Error::PayloadOfAnotherKind);
        }
        Ok(Self::new(framing, Some(signer)))
    }

    /// Creates an encoder for a body with unsigned chunks and trailers.
    ///
    /// # Errors
    /// [`Error::PayloadOfAnotherKind`] if the framing is of signed chunks.
    pub fn unsigned(framing: &Framing<'_>) -> Result<Self, Error> {
        if framing.kind().digits > 0 {
            return Err(Error::PayloadOfAnotherKind);
        }
        Ok(Self::new(framing, None))
    }

    fn new(framing: &Framing<'_>, signer: Option<ChunkSigner<K>>) -> Self {
        Self {
            signer,
            kind: framing.kind(),
            remaining: framing.decoded_length(),
            chunk_size: framing.chunk_size(),
            declared: framing.declared(),
        }
    }

    /// Returns the length of the next chunk's data in bytes: the chunk size, or what remains; 0 at the end.
    #[must_use]
    pub fn next_chunk_size(&self) -> usize {
        usize::try_from(self.remaining).map_or(self.chunk_size, |remaining| remaining.min(self.chunk_size))
    }

    /// Frames the next chunk. Send the frame's head, `data` and the frame's tail.
    ///
    /// # Errors
    /// [`Error::ChunkOfAnotherSize`] if it does not have [`next_chunk_size`](Self::next_chunk_size) bytes;
    /// [`Error::BodyTooLong`] if it has more than remain of the declared length.
    pub fn chunk(&mut self, data: &[u8]) -> Result<Frame<K::Signature>, Error> {
        self.chunk_of([data])
    }

    /// Frames the next chunk as [`chunk`](Self::chunk) does, from several pieces.
    ///
    /// # Errors
    /// As for [`chunk`](Self::chunk).
    pub fn chunk_of<'d>(
        &mut self,
        pieces: impl IntoIterator<Item = &'d [u8]>,
    ) -> Result<Frame<K::Signature>, Error> {
        let mut hasher = Sha256::initial();
        let mut length = 0_usize;
        for piece in pieces {
            length = length.saturating_add(piece.len());
            if self.signer.is_some() {
                hasher.put(piece);
            }
        }
        let remaining = self.remaining.checked_sub(length as u64).ok_or(Error::BodyTooLong)?;
        if length == 0 || length != self.next_chunk_size() {
            return Err(Error::ChunkOfAnotherSize);
        }
        self.remaining = remaining;
        Ok(self.frame(length, &hasher.finish()))
    }

    /// Ends the body with the declared trailers, in any order.
    ///
    /// # Errors
    /// [`Error::BodyTooShort`] if data remains of the declared length; [`Error::TrailerMissing`],
    /// [`Error::TrailerNotDeclared`], [`Error::TrailerOfAnotherLength`] if the trailers are not those that were
    /// declared; as for [`Trailers::new`] if one is malformed.
    pub fn finish<'t>(mut self, trailers: &'t [Header<'t>]) -> Result<LastFrame<'t, K::Signature>, Error> {
        if self.remaining > 0 {
            return Err(Error::BodyTooShort);
        }
        let names = trailers;
        let trailers = Trailers::new(trailers)?;
        self.check(names, &trailers)?;
        let empty = self.frame(0, &Sha256::initial().finish());
        let trailer_signature = match &mut self.signer {
            Some(signer) if self.kind.has_trailers => Some(signer.sign_trailers(&trailers)),
            _ => None,
        };
        Ok(LastFrame { empty, trailers, trailer_signature })
    }

    fn frame(&mut self, length: usize, data_sha256: &[u8; 32]) -> Frame<K::Signature> {
        let signature = self.signer.as_mut().map(|signer| signer.sign_chunk(data_sha256));
        Frame { length, digits: self.kind.digits, signature }
    }

    fn check(&self, given: &[Header<'_>], trailers: &Trailers<'_>) -> Result<(), Error> {
        let mut actual = DeclaredTrailers::default();
        given.iter().for_each(|trailer| actual.add_name(trailer.name));
        trailers.write_wire(&mut |run: &[u8]| actual.length = actual.length.saturating_add(run.len() as u64));
        if actual.count < self.declared.count {
            return Err(Error::TrailerMissing);
        }
        if actual.names != self.declared.names {
            return Err(Error::TrailerNotDeclared);
        }
        if actual.length != self.declared.length {
            return Err(Error::TrailerOfAnotherLength);
        }
        Ok(())
    }
}

impl<S: SignatureText> Frame<S> {
    /// Writes the bytes to send before the data: its length in hex, and its signature.
    pub fn write_head(&self, sink: &mut impl ByteSink) {
        self.write_length(sink);
        if let Some(signature) = &self.signature {
            sink.put(SIGNATURE.as_bytes());
            write_padded(signature, self.digits, sink);
        }
        sink.put(CRLF);
    }

    /// Returns the bytes to send after the data: CR LF.
    #[must_use]
    pub fn tail(&self) -> &'static [u8] {
        CRLF
    }

    /// Returns the chunk's signature; `None` if chunks are unsigned.
    #[must_use]
    pub fn signature(&self) -> Option<&S> {
        self.signature.as_ref()
    }

    fn write_length(&self, sink: &mut impl ByteSink) {
        let length = self.length as u64;
        let digits = (length | 1).ilog2() / 4 + 1;
        for place in (0..digits).rev() {
            let nibble = (length >> (4 * place) & 15) as u8;
            sink.put(&[nibble + if nibble < 10 { b'0' } else { b'a' - 10 }]);
        }
    }
}

impl<S: SignatureText> LastFrame<'_, S> {
    /// Writes the empty chunk and the trailers: the rest of the body.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        self.empty.write_head(sink);
        self.trailers.write_wire(sink);
        if let Some(signature) = &self.trailer_signature {
            sink.put(TRAILER_SIGNATURE.as_bytes());
            sink.put(b":");
            write_padded(signature, self.empty.digits, sink);
            sink.put(CRLF);
        }
        sink.put(CRLF);
    }

    /// Returns the empty chunk's signature; `None` if chunks are unsigned.
    #[must_use]
    pub fn signature(&self) -> Option<&S> {
        self.empty.signature()
    }

    /// Returns the trailers' signature; `None` without trailers, or if they are unsigned.
    #[must_use]
    pub fn trailer_signature(&self) -> Option<&S> {
        self.trailer_signature.as_ref()
    }
}

impl<S: SignatureText> fmt::Display for LastFrame<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::text::sink::FormatterSink::render(f, |sink| self.write_to(sink))
    }
}
