//! Whatever is framed has the length that was foretold, and decodes to what went in, wherever it is split; whatever is
//! tampered with is refused.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "these are tests")]

use awsauth_core::aws_chunked::{DecodeError, Decoder, Encoder, Framing, Step, Trailer};
use awsauth_core::{ChunkSigner, CredentialScope, Header, PayloadHash, Signature, SigningKey, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

type Pair = (String, String);

fn signer() -> ChunkSigner<SigningKey<'static>> {
    let now = Timestamp::from_unix(1_369_353_600).unwrap();
    let scope = CredentialScope::new(now.date(), "us-east-1", "s3").unwrap();
    ChunkSigner::new(SigningKey::derive("secret", scope), now, Signature::from_bytes([7; 32])).unwrap()
}

fn payload() -> impl Strategy<Value = PayloadHash> {
    select(vec![
        PayloadHash::StreamingSigned,
        PayloadHash::StreamingSignedTrailer,
        PayloadHash::StreamingUnsignedTrailer,
    ])
}

fn trailers() -> impl Strategy<Value = Vec<Pair>> {
    let trailer = ("[a-zA-Z0-9-]{1,12}", "([!-~]{1,10}( [!-~]{1,5})?)?");
    vec(trailer, 1..5).prop_map(|mut trailers: Vec<Pair>| {
        trailers.sort_by_key(|(name, _)| name.to_lowercase());
        trailers.dedup_by_key(|(name, _)| name.to_lowercase());
        trailers
    })
}

/// The bytes on the wire, after a check of their length.
fn encode(payload: PayloadHash, body: &[u8], chunk_size: usize, trailers: &[Pair]) -> Vec<u8> {
    let declared: Vec<_> = trailers.iter().map(|(name, value)| Trailer::new(name, value.len())).collect();
    let given: Vec<_> =
        trailers.iter().rev().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
    let framing = Framing::new(payload, body.len() as u64, &declared).unwrap();
    let framing = framing.with_any_chunk_size(chunk_size).unwrap();
    let mut encoder = match payload {
        PayloadHash::StreamingUnsignedTrailer => Encoder::unsigned(&framing),
        _ => Encoder::signed(&framing, signer()),
    }
    .unwrap();
    let mut wire = Vec::new();
    let mut rest = body;
    while encoder.next_chunk_size() > 0 {
        let (data, after) = rest.split_at(encoder.next_chunk_size());
        let frame = encoder.chunk(data).unwrap();
        frame.write_head(&mut |run: &[u8]| wire.extend_from_slice(run));
        wire.extend_from_slice(data);
        wire.extend_from_slice(frame.tail());
        rest = after;
    }
    assert!(rest.is_empty());
    let last = encoder.finish(&given).unwrap();
    last.write_to(&mut |run: &[u8]| wire.extend_from_slice(run));
    assert_eq!(wire.len() as u64, framing.encoded_length());
    wire
}

/// The body and the trailers' values.
fn decode<'w>(
    payload: PayloadHash,
    length: usize,
    pieces: impl IntoIterator<Item = &'w [u8]>,
    trailers: &[Pair],
) -> Result<(Vec<u8>, Vec<String>), DecodeError> {
    let names: Vec<_> = trailers.iter().map(|(name, _)| &**name).collect();
    let announced = names.join(", ").to_uppercase();
    let mut decoder =
        Decoder::new(payload, length as u64, Some(signer()))?.with_trailers(announced.as_bytes())?;
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
    let value =
        |(name, _): &Pair| decoder.trailer(name).map(|value| String::from_utf8_lossy(value).into_owned());
    Ok((body, trailers.iter().filter_map(value).collect()))
}

fn cut<'w>(wire: &'w [u8], cuts: &[Index]) -> Vec<&'w [u8]> {
    let mut places: Vec<_> = cuts.iter().map(|cut| cut.index(wire.len() + 1)).collect();
    places.sort_unstable();
    let mut pieces = Vec::new();
    let mut from = 0;
    for place in places {
        pieces.push(&wire[from..place]);
        from = place;
    }
    pieces.push(&wire[from..]);
    pieces
}

proptest! {
    #[test]
    fn decodes_to_what_went_in_wherever_it_is_split(
        payload in payload(),
        body in vec(any::<u8>(), 0..600),
        chunk_size in 1..300_usize,
        trailers in trailers(),
        cuts in vec(any::<Index>(), 0..10),
    ) {
        let trailers = if payload == PayloadHash::StreamingSigned { Vec::new() } else { trailers };
        let wire = encode(payload, &body, chunk_size, &trailers);
        let values: Vec<_> = trailers.iter().map(|(_, value)| value.clone()).collect();
        let whole = decode(payload, body.len(), [&wire[..]], &trailers);
        prop_assert_eq!(&whole, &Ok((body.clone(), values)));
        prop_assert_eq!(decode(payload, body.len(), cut(&wire, &cuts), &trailers), whole.clone());
        prop_assert_eq!(decode(payload, body.len(), wire.chunks(1), &trailers), whole);
    }

    #[test]
    fn a_flipped_bit_is_refused_or_means_the_same(
        trailer in any::<bool>(),
        body in vec(any::<u8>(), 0..200),
        chunk_size in 1..100_usize,
        trailers in trailers(),
        place in any::<Index>(),
        bit in 0..8_u32,
        cuts in vec(any::<Index>(), 0..5),
    ) {
        let (payload, trailers) = match trailer {
            true => (PayloadHash::StreamingSignedTrailer, trailers),
            false => (PayloadHash::StreamingSigned, Vec::new()),
        };
        let wire = encode(payload, &body, chunk_size, &trailers);
        let mut flipped = wire.clone();
        *place.get_mut(&mut flipped) ^= 1 << bit;
        let whole = decode(payload, body.len(), [&flipped[..]], &trailers);
        prop_assert_eq!(&decode(payload, body.len(), cut(&flipped, &cuts), &trailers), &whole);
        if let Ok(decoded) = whole {
            // The case of a hex length or of a trailer's name.
            prop_assert_eq!(bit, 5);
            prop_assert_eq!(Ok(decoded), decode(payload, body.len(), [&wire[..]], &trailers));
        }
    }

    #[test]
    fn what_is_cut_short_is_refused(
        payload in payload(),
        body in vec(any::<u8>(), 0..200),
        trailers in trailers(),
        place in any::<Index>(),
    ) {
        let trailers = if payload == PayloadHash::StreamingSigned { Vec::new() } else { trailers };
        let wire = encode(payload, &body, 64, &trailers);
        let short = &wire[..place.index(wire.len())];
        prop_assert_eq!(decode(payload, body.len(), [short], &trailers), Err(DecodeError::BodyTooShort));
    }

    #[test]
    fn no_input_makes_it_panic_or_split_differently(
        payload in payload(),
        length in 0..40_usize,
        wire in vec(prop_oneof![
            any::<[u8; 1]>().prop_map(Vec::from),
            "[0-9a-f]{0,2}(;chunk-signature=[0-9a-f]{64})?\r\n".prop_map(String::into_bytes),
            "0\r\n([ab]:[a-z]{0,3}\r\n){0,3}\r\n".prop_map(String::into_bytes),
        ], 0..6),
        cuts in vec(any::<Index>(), 0..5),
    ) {
        let wire = wire.concat();
        let named = [("a".to_owned(), String::new())];
        let trailers = if payload == PayloadHash::StreamingSigned { &[][..] } else { &named };
        let whole = decode(payload, length, [&wire[..]], trailers);
        prop_assert_eq!(decode(payload, length, cut(&wire, &cuts), trailers), whole);
    }

    #[test]
    fn lengths_are_foretold_for_any_size(length in any::<u64>(), chunk_size in 8_192..=16_777_216_usize) {
        let framing = Framing::new(PayloadHash::StreamingSigned, length / 2, &[]).unwrap();
        let framing = framing.with_chunk_size(chunk_size).unwrap();
        let (full, rest) = (length / 2 / chunk_size as u64, length / 2 % chunk_size as u64);
        let around = |data: u64| 64 + 17 + 4 + format!("{data:x}").len() as u64;
        let rest = if rest == 0 { 0 } else { around(rest) };
        prop_assert_eq!(framing.encoded_length(), length / 2 + full * around(chunk_size as u64) + rest + 86);
    }
}
