use awsauth_core::aws_chunked::{Encoder, Framing};
use awsauth_core::{ChunkSigner, Error, Header, OwnedSigningKey, PayloadHash};
use http::{HeaderName, HeaderValue};

use super::trailer::{DeclaredTrailer, TrailerValue};
#[cfg(feature = "checksums")]
use crate::request::checksum::ChecksumState;

/// The core's encoder with the values of the trailers. Both kinds of bodies drive it.
pub(super) struct Chunks {
    /// `None` once the last frame has been made.
    encoder: Option<Encoder<OwnedSigningKey>>,
    trailers: Vec<(HeaderName, ValueSource)>,
}

/// Where the value of a trailer comes from.
enum ValueSource {
    Value(TrailerValue),
    #[cfg(feature = "checksums")]
    Computed(Box<ChecksumState>),
}

impl Chunks {
    pub(super) fn new(
        framing: &Framing<'_>,
        signer: Option<ChunkSigner<OwnedSigningKey>>,
        trailers: &[DeclaredTrailer],
    ) -> Result<Self, Error> {
        let encoder = match (framing.payload_hash(), signer) {
            (PayloadHash::StreamingUnsignedTrailer, _) | (_, None) => Encoder::unsigned(framing)?,
            (_, Some(signer)) => Encoder::signed(framing, signer)?,
        };
        let trailers =
            trailers.iter().map(|trailer| (trailer.name.clone(), ValueSource::new(&trailer.value)));
        Ok(Self { encoder: Some(encoder), trailers: trailers.collect() })
    }

    /// The size of the next chunk in bytes of data; 0 if the last frame is next.
    pub(super) fn next_chunk_size(&self) -> usize {
        self.encoder.as_ref().map_or(0, Encoder::next_chunk_size)
    }

    /// Takes a whole chunk, and appends to `head` what is sent before it. CR LF is sent after it.
    pub(super) fn chunk(&mut self, data: &[u8], head: &mut Vec<u8>) -> Result<(), Error> {
        let encoder = self.encoder.as_mut().ok_or(Error::BodyTooLong)?;
        let frame = encoder.chunk(data)?;
        #[cfg(feature = "checksums")]
        for (_, source) in &mut self.trailers {
            if let ValueSource::Computed(state) = source {
                state.update(data);
            }
        }
        frame.write_head(&mut |run: &[u8]| head.extend_from_slice(run));
        Ok(())
    }

    /// Appends the last frame: the empty chunk, and the trailers.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), Error> {
        let encoder = self.encoder.take().ok_or(Error::BodyTooLong)?;
        let values: Vec<_> = self
            .trailers
            .drain(..)
            .map(|(name, source)| Some((name, source.value()?)))
            .collect::<Option<_>>()
            .ok_or(Error::TrailerMissing)?;
        let headers: Vec<_> =
            values.iter().map(|(name, value)| Header::new(name.as_str(), value.as_bytes())).collect();
        encoder.finish(&headers)?.write_to(&mut |run: &[u8]| out.extend_from_slice(run));
        Ok(())
    }
}

impl ValueSource {
    fn new(value: &TrailerValue) -> Self {
        match value {
            #[cfg(feature = "checksums")]
            TrailerValue::Checksum(checksum) => Self::Computed(Box::new(ChecksumState::start(*checksum))),
            value => Self::Value(value.clone()),
        }
    }

    fn value(self) -> Option<HeaderValue> {
        match self {
            Self::Value(TrailerValue::Known(value)) => Some(value),
            Self::Value(TrailerValue::Deferred { value, .. }) => value(),
            #[cfg(feature = "checksums")]
            Self::Value(TrailerValue::Checksum(_)) => None,
            #[cfg(feature = "checksums")]
            Self::Computed(state) => state.finish(),
        }
    }
}
