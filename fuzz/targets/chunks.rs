//! A framed body decodes to what went in, wherever it is split, and never with a bit flipped.
#![no_main]

use awsauth_core::aws_chunked::DecodeError;
use awsauth_fuzz::chunked::{cut, decode};
use awsauth_fuzz::{Chunked, Kind};

libfuzzer_sys::fuzz_target!(|input: Chunked<'_>| {
    let Some(trailers) = input.trailers() else { return };
    let Ok(mut wire) = input.encode(&trailers) else { return };
    let names: Vec<_> = trailers.iter().map(|trailer| trailer.name).collect();
    let decode = |pieces: &[&[u8]]| decode(input.kind, input.body().len(), pieces.iter().copied(), &names);
    let whole = decode(&[&wire]);
    if input.has_too_long_trailers(&trailers) {
        assert_eq!(whole, Err(DecodeError::TrailersTooLong));
        return;
    }
    assert_eq!(whole.as_ref().map(|(body, _)| &**body), Ok(input.body()));
    assert_eq!(decode(&cut(&wire, input.cuts)), whole);
    assert_eq!(decode(&wire.chunks(1).collect::<Vec<_>>()), whole);

    let [at, bit, ..] = input.cuts.map(usize::from);
    let at = at % wire.len();
    wire[at] ^= 1 << (bit % 8);
    let flipped = decode(&[&wire]);
    assert_eq!(decode(&cut(&wire, input.cuts)), flipped);
    // The case of a hex length or of a trailer's name means nothing.
    if input.kind != Kind::UnsignedTrailer && flipped.is_ok() {
        assert_eq!((flipped, bit % 8), (whole, 5));
    }
});
