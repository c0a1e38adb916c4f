//! `aws-chunked` bodies: framed, and read back in pieces.

use awsauth_core::aws_chunked::{DecodeError, Decoder, Encoder, Framing, Step, Trailer};
use awsauth_core::{
    ChunkSigner, CredentialScope, Error, Header, PayloadHash, Signature, SigningKey, Timestamp,
};

use crate::{Chunked, Kind, NOW, SECRET_ACCESS_KEY};

/// The body, and the values of its trailers.
pub type Decoded = Result<(Vec<u8>, Vec<Option<Vec<u8>>>), DecodeError>;

impl Kind {
    pub fn payload(self) -> PayloadHash {
        match self {
            Self::Signed => PayloadHash::StreamingSigned,
            Self::SignedTrailer => PayloadHash::StreamingSignedTrailer,
            Self::UnsignedTrailer => PayloadHash::StreamingUnsignedTrailer,
        }
    }
}

impl<'a> Chunked<'a> {
    pub fn body(&self) -> &'a [u8] {
        self.trailers_and_body.0[4]
    }

    /// Its trailers, if it has any; `None` if a name is no text.
    pub fn trailers(&self) -> Option<Vec<Header<'a>>> {
        let [name, value, other_name, other_value, _] = self.trailers_and_body.0;
        let mut trailers = Vec::new();
        for (name, value) in [(name, value), (other_name, other_value)] {
            if self.kind != Kind::Signed && !name.is_empty() {
                trailers.push(Header::new(core::str::from_utf8(name).ok()?, value));
            }
        }
        Some(trailers)
    }

    /// The bytes that the trailers take on the wire, their signature's line and the blank one among them.
    fn trailers_length(&self, trailers: &[Header<'_>]) -> usize {
        let signature =
            if self.kind == Kind::SignedTrailer { "x-amz-trailer-signature:\r\n".len() + 64 } else { 0 };
        let line = |trailer: &Header<'_>| trailer.name.len() + trailer.value.len() + ":\r\n".len();
        trailers.iter().map(line).sum::<usize>() + signature + "\r\n".len()
    }

    /// Whether there is more of the trailers than a decoder keeps, which has no heap.
    pub fn has_too_long_trailers(&self, trailers: &[Header<'_>]) -> bool {
        let names: usize = trailers.iter().map(|trailer| trailer.name.len() + ",".len()).sum();
        self.trailers_length(trailers) > 2_048 || names > 512
    }

    /// The bytes on the wire, which have the length that was foretold.
    pub fn encode(&self, trailers: &[Header<'_>]) -> Result<Vec<u8>, Error> {
        let declared: Vec<_> =
            trailers.iter().map(|trailer| Trailer::new(trailer.name, trailer.value.len())).collect();
        let framing = Framing::new(self.kind.payload(), self.body().len() as u64, &declared)?
            .with_any_chunk_size(usize::from(self.chunk_size) + 1)?;
        let mut encoder = match self.kind {
            Kind::UnsignedTrailer => Encoder::unsigned(&framing)?,
            _ => Encoder::signed(&framing, signer()?)?,
        };
        let mut wire = Vec::new();
        let mut rest = self.body();
        while encoder.next_chunk_size() > 0 {
            let (data, after) = rest.split_at(encoder.next_chunk_size());
            let frame = encoder.chunk(data)?;
            frame.write_head(&mut |run: &[u8]| wire.extend_from_slice(run));
            wire.extend_from_slice(data);
            wire.extend_from_slice(frame.tail());
            rest = after;
        }
        encoder.finish(trailers)?.write_to(&mut |run: &[u8]| wire.extend_from_slice(run));
        assert_eq!(wire.len() as u64, framing.encoded_length());
        Ok(wire)
    }
}

/// Decodes what comes in pieces.
pub fn decode<'w>(
    kind: Kind,
    length: usize,
    pieces: impl IntoIterator<Item = &'w [u8]>,
    trailers: &[&str],
) -> Decoded {
    let decoder = Decoder::new(kind.payload(), length as u64, signer().ok())?;
    let announced = if kind == Kind::Signed { String::new() } else { trailers.join(",") };
    let mut decoder = decoder.with_trailers(announced.as_bytes())?;
    let mut body = Vec::new();
    for mut piece in pieces {
        loop {
            match decoder.step(&mut piece)? {
                Step::Data(data) => body.extend_from_slice(data),
                Step::Chunk => {}
                Step::End if piece.is_empty() => break,
                Step::End => return Err(DecodeError::BodyTooLong),
                Step::NeedInput => break,
            }
        }
    }
    decoder.finish()?;
    Ok((body, trailers.iter().map(|name| decoder.trailer(name).map(<[u8]>::to_vec)).collect()))
}

/// The pieces between these places.
pub fn cut(wire: &[u8], cuts: [u16; 4]) -> [&[u8]; 5] {
    let mut places = cuts.map(|cut| usize::from(cut) % (wire.len() + 1));
    places.sort_unstable();
    let [a, b, c, d] = places;
    [&wire[..a], &wire[a..b], &wire[b..c], &wire[c..d], &wire[d..]]
}

fn signer() -> Result<ChunkSigner<SigningKey<'static>>, Error> {
    let now = Timestamp::parse(NOW)?;
    let scope = CredentialScope::new(now.date(), "us-east-1", "s3")?;
    ChunkSigner::new(SigningKey::derive(SECRET_ACCESS_KEY, scope), now, Signature::from_bytes([7; 32]))
}
