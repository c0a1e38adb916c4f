//! Whatever comes as a framed body is read alike wherever it is split, and within its declared length.
#![no_main]

use awsauth_fuzz::Wire;
use awsauth_fuzz::chunked::{cut, decode};

libfuzzer_sys::fuzz_target!(|input: Wire<'_>| {
    let length = usize::from(input.decoded_length);
    let decode =
        |pieces: &[&[u8]]| decode(input.kind, length, pieces.iter().copied(), &["x-amz-checksum-crc32"]);
    let whole = decode(&[input.bytes]);
    assert_eq!(decode(&cut(input.bytes, input.cuts)), whole);
    assert_eq!(decode(&input.bytes.chunks(1).collect::<Vec<_>>()), whole);
    if let Ok((body, _)) = whole {
        assert_eq!(body.len(), length);
    }
});
