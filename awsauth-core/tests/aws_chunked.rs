//! Bodies in chunks: AWS's examples, and what is refused.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use awsauth_core::aws_chunked::{
    DecodeError, Decoder, Encoder, Framing, MAX_CHUNK_SIZE, MIN_CHUNK_SIZE, Step, Trailer,
};
use awsauth_core::{
    ChunkSigner, CredentialScope, Error, EventSigner, Header, PayloadHash, Request, Signature, SigningKey,
    Sigv4, Timestamp, Trailers, sha256,
};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const SIGNED: PayloadHash = PayloadHash::StreamingSigned;
const SIGNED_TRAILER: PayloadHash = PayloadHash::StreamingSignedTrailer;
const UNSIGNED_TRAILER: PayloadHash = PayloadHash::StreamingUnsignedTrailer;

fn now() -> Timestamp {
    Timestamp::parse("20130524T000000Z").unwrap()
}

fn key() -> SigningKey<'static> {
    SigningKey::derive(SECRET, CredentialScope::new(now().date(), "us-east-1", "s3").unwrap())
}

fn seed() -> Signature {
    Signature::from_bytes([7; 32])
}

fn encoder(framing: &Framing<'_>) -> Encoder<SigningKey<'static>> {
    Encoder::signed(framing, ChunkSigner::new(key(), now(), seed()).unwrap()).unwrap()
}

fn signatures(seed: &str, trailers: &[Header<'_>]) -> (ChunkSigner<SigningKey<'static>>, [String; 4]) {
    let mut chunks = ChunkSigner::new(key(), now(), Signature::parse(seed).unwrap()).unwrap();
    let signed =
        [&[b'a'; 65_536][..], &[b'a'; 1_024], &[]].map(|data| chunks.sign_chunk(&sha256(data)).to_string());
    let trailer = chunks.clone().sign_trailers(&Trailers::new(trailers).unwrap()).to_string();
    let [first, second, last] = signed;
    (chunks, [first, second, last, trailer])
}

/// AWS: "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks".
#[test]
fn chunks_of_awss_example() {
    let (_, signatures) = signatures("4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9", &[]);
    assert_eq!(
        signatures[..3],
        [
            "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
            "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
            "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
        ]
    );
    // The example's Content-Length.
    assert_eq!(Framing::new(SIGNED, 66_560, &[]).unwrap().encoded_length(), 66_824);
}

/// AWS: "Signature calculations for trailing headers", with its seed.
#[test]
fn trailers_of_awss_example() {
    let trailers = [Header::new("X-Amz-Checksum-Crc32c", b" sOO8/Q== ")];
    let (chunks, signatures) =
        signatures("106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e", &trailers);
    assert_eq!(
        signatures,
        [
            "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
            "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
            "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
            "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435",
        ]
    );
    assert_eq!(
        chunks.trailer_string_to_sign(&Trailers::new(&trailers).unwrap()).to_string(),
        "AWS4-HMAC-SHA256-TRAILER\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n\
         2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\n\
         1e376db7e1a34a8ef1c4bcee131a2d60a1cb62503747488624e10995f448d774"
    );
    assert_eq!(
        chunks.chunk_string_to_sign(&sha256(b"")).to_string().lines().next(),
        Some("AWS4-HMAC-SHA256-PAYLOAD")
    );
}

#[test]
fn an_empty_body_is_one_empty_chunk() {
    let framing = Framing::new(SIGNED, 0, &[]).unwrap();
    let mut encoder = encoder(&framing);
    assert_eq!(encoder.next_chunk_size(), 0);
    assert_eq!(encoder.chunk(b"").unwrap_err(), Error::ChunkOfAnotherSize);
    let last = encoder.finish(&[]).unwrap();
    let signature = last.signature().unwrap().to_string();
    assert_eq!(last.to_string(), format!("0;chunk-signature={signature}\r\n\r\n"));
    assert_eq!(framing.encoded_length(), 86);
}

#[test]
fn unsigned_chunks_have_lengths_and_trailers_alone() {
    let declared = [Trailer::CRC32, Trailer::new("X-Other", 1)];
    let framing = Framing::new(UNSIGNED_TRAILER, 3, &declared).unwrap();
    assert_eq!(framing.trailer_names().to_string(), "x-amz-checksum-crc32,x-other");
    let mut encoder = Encoder::<SigningKey<'_>>::unsigned(&framing).unwrap();
    let frame = encoder.chunk_of([&b"a"[..], b"", b"bc"]).unwrap();
    let mut wire = Vec::new();
    frame.write_head(&mut |run: &[u8]| wire.extend_from_slice(run));
    wire.extend_from_slice(b"abc");
    wire.extend_from_slice(frame.tail());
    let given = [Header::new("x-other", b"1"), Header::new("X-Amz-Checksum-Crc32", b"NSRBwg==")];
    let last = encoder.finish(&given).unwrap();
    last.write_to(&mut |run: &[u8]| wire.extend_from_slice(run));
    let expected = "3\r\nabc\r\n0\r\nx-other:1\r\nx-amz-checksum-crc32:NSRBwg==\r\n\r\n";
    assert_eq!(String::from_utf8(wire).unwrap(), expected);
    assert_eq!(framing.encoded_length(), expected.len() as u64);
}

#[test]
fn framings_that_cannot_be() {
    let crc = [Trailer::CRC32];
    let refused =
        |payload, length, trailers: &[Trailer<'_>]| Framing::new(payload, length, trailers).unwrap_err();
    assert_eq!(refused(PayloadHash::EMPTY, 0, &[]), Error::PayloadOfAnotherKind);
    assert_eq!(refused(PayloadHash::Unsigned, 0, &[]), Error::PayloadOfAnotherKind);
    assert_eq!(refused(PayloadHash::StreamingEvents, 0, &[]), Error::PayloadOfAnotherKind);
    assert_eq!(refused(SIGNED, 0, &crc), Error::TrailerNotDeclared);
    assert_eq!(refused(SIGNED_TRAILER, 0, &[]), Error::TrailerMissing);
    assert_eq!(refused(SIGNED, u64::MAX, &[]), Error::EncodedTooLong);
    // Where it is shorter, no value is too long for the 64 bits of a body's length.
    #[cfg(target_pointer_width = "64")]
    assert_eq!(refused(SIGNED_TRAILER, 0, &[Trailer::new("x", usize::MAX)]), Error::EncodedTooLong);
    assert_eq!(refused(SIGNED_TRAILER, 0, &[Trailer::new("", 1)]), Error::MalformedHeaderName);
    assert_eq!(refused(SIGNED_TRAILER, 0, &[Trailer::new("a:b", 1)]), Error::MalformedHeaderName);
    let twice = [Trailer::new("a", 1), Trailer::new("A", 1)];
    assert_eq!(refused(SIGNED_TRAILER, 0, &twice), Error::RepeatedTrailer);
    assert_eq!(refused(SIGNED_TRAILER, 0, &[Trailer::CRC32; 65]), Error::TooManyHeaders);
}

#[test]
fn chunk_sizes_that_s3_refuses() {
    let framing = Framing::new(SIGNED, 1_000_000, &[]).unwrap();
    for size in [0, MIN_CHUNK_SIZE - 1, MAX_CHUNK_SIZE + 1, usize::MAX] {
        assert_eq!(framing.with_chunk_size(size).unwrap_err(), Error::ChunkSizeOutOfRange);
    }
    for size in [MIN_CHUNK_SIZE, MAX_CHUNK_SIZE] {
        assert_eq!(framing.with_chunk_size(size).unwrap().chunk_size(), size);
    }
    assert_eq!(framing.with_any_chunk_size(1).unwrap().chunk_size(), 1);
    assert_eq!(framing.with_any_chunk_size(0).unwrap_err(), Error::ChunkSizeOutOfRange);
}

#[test]
fn bodies_of_another_length_than_declared() {
    let framing = Framing::new(SIGNED, 10_000, &[]).unwrap().with_chunk_size(MIN_CHUNK_SIZE).unwrap();
    let mut encoder = encoder(&framing);
    assert_eq!(encoder.chunk(&[0; 10_001]).unwrap_err(), Error::BodyTooLong);
    assert_eq!(encoder.chunk(&[0; 8_191]).unwrap_err(), Error::ChunkOfAnotherSize);
    assert_eq!(encoder.chunk(&[0; 8_193]).unwrap_err(), Error::ChunkOfAnotherSize);
    assert_eq!(encoder.clone().finish(&[]).unwrap_err(), Error::BodyTooShort);
    let _frame = encoder.chunk(&[0; 8_192]).unwrap();
    assert_eq!(encoder.next_chunk_size(), 1_808);
    assert_eq!(encoder.chunk(&[0; 1_807]).unwrap_err(), Error::ChunkOfAnotherSize);
    assert_eq!(encoder.chunk(&[0; 1_809]).unwrap_err(), Error::BodyTooLong);
    assert_eq!(encoder.clone().finish(&[]).unwrap_err(), Error::BodyTooShort);
    let _frame = encoder.chunk(&[0; 1_808]).unwrap();
    assert_eq!(encoder.chunk(&[0]).unwrap_err(), Error::BodyTooLong);
    assert!(encoder.finish(&[]).is_ok());
}

#[test]
fn an_error_does_not_advance_the_chain() {
    let framing = Framing::new(SIGNED, 1, &[]).unwrap();
    let mut once = encoder(&framing);
    let mut twice = encoder(&framing);
    assert!(twice.chunk(b"no").is_err());
    assert_eq!(once.chunk(b"a").unwrap().signature(), twice.chunk(b"a").unwrap().signature());
}

#[test]
fn trailers_other_than_declared() {
    let declared = [Trailer::new("a", 1), Trailer::new("b", 2)];
    let framing = Framing::new(SIGNED_TRAILER, 0, &declared).unwrap();
    let finish = |given: &[Header<'_>]| encoder(&framing).finish(given).map(drop);
    let (a, b) = (Header::new("A", b"1"), Header::new("b", b" 22 "));
    assert_eq!(finish(&[a, b]), Ok(()));
    assert_eq!(finish(&[b, a]), Ok(()));
    assert_eq!(finish(&[]), Err(Error::TrailerMissing));
    assert_eq!(finish(&[a]), Err(Error::TrailerMissing));
    assert_eq!(finish(&[a, Header::new("c", b"22")]), Err(Error::TrailerNotDeclared));
    assert_eq!(finish(&[a, b, Header::new("c", b"")]), Err(Error::TrailerNotDeclared));
    assert_eq!(finish(&[a, Header::new("b", b"2")]), Err(Error::TrailerOfAnotherLength));
    assert_eq!(finish(&[a, Header::new("B", b"22"), b]), Err(Error::RepeatedTrailer));
    assert_eq!(finish(&[a, Header::new("b", b"\r\n")]), Err(Error::ControlInHeader));
    assert_eq!(finish(&[a, Header::new("b c", b"22")]), Err(Error::MalformedHeaderName));
}

#[test]
fn keys_and_payloads_that_do_not_match() {
    let key = key();
    let request = Request::put("/object", "bucket.s3.amazonaws.com");
    let signed = Sigv4::new("AKIDEXAMPLE", &key).sign(&request, SIGNED, now()).unwrap();
    let framing = Framing::new(SIGNED, 1, &[]).unwrap();
    assert!(framing.encoder(&signed, &key).is_ok());

    let other = CredentialScope::new(now().date(), "eu-west-1", "s3").unwrap();
    let other = SigningKey::derive(SECRET, other);
    assert_eq!(framing.encoder(&signed, &other).unwrap_err(), Error::KeyOfAnotherScope);
    let tomorrow = now().plus_seconds(86_400).unwrap();
    assert_eq!(ChunkSigner::new(&key, tomorrow, seed()).unwrap_err(), Error::KeyOfAnotherDay);

    let trailers = [Trailer::CRC32];
    let trailer = Framing::new(SIGNED_TRAILER, 1, &trailers).unwrap();
    assert_eq!(trailer.encoder(&signed, &key).unwrap_err(), Error::PayloadOfAnotherKind);
    let unsigned = Framing::new(UNSIGNED_TRAILER, 1, &trailers).unwrap();
    let signer = || ChunkSigner::new(&key, now(), seed()).unwrap();
    assert_eq!(Encoder::signed(&unsigned, signer()).unwrap_err(), Error::PayloadOfAnotherKind);
    assert_eq!(Encoder::<&SigningKey<'_>>::unsigned(&framing).unwrap_err(), Error::PayloadOfAnotherKind);
    let ecdsa = Framing::new(PayloadHash::StreamingEcdsa, 1, &[]).unwrap();
    assert_eq!(Encoder::signed(&ecdsa, signer()).unwrap_err(), Error::PayloadOfAnotherKind);
}

#[test]
fn events_follow_each_other_past_midnight() {
    let key = key();
    let mut events = EventSigner::new(seed());
    let first = events.sign(&key, now(), &sha256(b"message")).unwrap();
    assert_eq!(events.previous(), &first);
    let tomorrow = now().plus_seconds(86_400).unwrap();
    assert_eq!(events.sign(&key, tomorrow, &sha256(b"")).unwrap_err(), Error::KeyOfAnotherDay);
    assert_eq!(events.previous(), &first);
    assert_eq!(
        events.string_to_sign(key.scope(), now(), &sha256(b"")).unwrap().to_string(),
        format!(
            "AWS4-HMAC-SHA256-PAYLOAD\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n{first}\n{}\n{}",
            // SHA-256 of the encoded header `:date`, computed apart.
            "3ba00fcb3d6d8a6ee7e717de8530f2d3abcac973337560ee83b49fa2f2f66e39",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
    );
    let next_day =
        SigningKey::derive(SECRET, CredentialScope::new(tomorrow.date(), "us-east-1", "s3").unwrap());
    assert!(events.sign(&next_day, tomorrow, &sha256(b"")).is_ok());
}

fn decode(payload: PayloadHash, length: u64, announced: &str, wire: &str) -> Result<(), DecodeError> {
    let verifier = ChunkSigner::new(key(), now(), seed()).unwrap();
    let mut decoder = Decoder::new(payload, length, Some(verifier))?.with_trailers(announced.as_bytes())?;
    let mut input = wire.as_bytes();
    loop {
        match decoder.step(&mut input) {
            Ok(Step::NeedInput | Step::End) => return decoder.finish(),
            Ok(_) => {}
            Err(error) => {
                assert_eq!(decoder.finish(), Err(error));
                assert_eq!(decoder.step(&mut input), Err(error));
                return Err(error);
            }
        }
    }
}

/// The trailers that a body has are those that `x-amz-trailer` names.
#[test]
fn trailers_other_than_announced() {
    use DecodeError as E;
    let signed = |trailers: &[(&str, &str)]| {
        let mut chunks = ChunkSigner::new(key(), now(), seed()).unwrap();
        let last = chunks.sign_chunk(&sha256(b""));
        let headers: Vec<_> =
            trailers.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
        let signature = chunks.sign_trailers(&Trailers::new(&headers).unwrap());
        let lines: String = trailers.iter().map(|(name, value)| format!("{name}:{value}\r\n")).collect();
        format!("0;chunk-signature={last}\r\n{lines}x-amz-trailer-signature:{signature}\r\n\r\n")
    };
    let plain = |trailers: &[(&str, &str)]| {
        let lines: String = trailers.iter().map(|(name, value)| format!("{name}:{value}\r\n")).collect();
        format!("0\r\n{lines}\r\n")
    };
    let (a, b) = (("x-amz-checksum-crc32", "AAAAAA=="), ("x-amz-meta-b", "2"));
    for (announced, trailers, answer, signed_answer) in [
        ("x-amz-checksum-crc32", &[a][..], Ok(()), Ok(())),
        (" X-AMZ-Checksum-Crc32 ", &[a], Ok(()), Ok(())),
        ("x-amz-meta-b, x-amz-checksum-crc32", &[a, b], Ok(()), Ok(())),
        ("x-amz-checksum-crc32", &[a, b], Err(E::TrailerNotAnnounced), Err(E::TrailerNotAnnounced)),
        ("x-amz-checksum-crc3", &[a], Err(E::TrailerNotAnnounced), Err(E::TrailerNotAnnounced)),
        ("", &[a], Err(E::TrailerNotAnnounced), Err(E::TrailerNotAnnounced)),
        ("x-amz-checksum-crc32,x-amz-meta-b", &[a], Err(E::TrailerMissing), Err(E::TrailerMissing)),
        ("x-amz-checksum-crc32", &[], Err(E::TrailerMissing), Err(E::TrailerMissing)),
        // S3 takes it: what is unsigned says nothing that its absence could hide.
        ("", &[], Ok(()), Err(E::TrailerMissing)),
    ] {
        assert_eq!(
            decode(UNSIGNED_TRAILER, 0, announced, &plain(trailers)),
            answer,
            "{announced} {trailers:?}"
        );
        let decoded = decode(SIGNED_TRAILER, 0, announced, &signed(trailers));
        assert_eq!(decoded, signed_answer, "{announced} {trailers:?}");
    }
    let last = ChunkSigner::new(key(), now(), seed()).unwrap().sign_chunk(&sha256(b""));
    let unsigned = format!("0;chunk-signature={last}\r\n\r\n");
    assert_eq!(decode(SIGNED_TRAILER, 0, "", &unsigned), Err(E::TrailerMissing));
    assert_eq!(decode(SIGNED, 0, "", &unsigned), Ok(()));
    assert_eq!(decode(SIGNED, 0, "a", &unsigned), Err(E::TrailerNotAnnounced));
    let many: String = (0..17).map(|n| format!("{n},")).collect();
    assert_eq!(decode(UNSIGNED_TRAILER, 0, &many, "0\r\n\r\n"), Err(E::TrailersTooLong));
}

/// SDKs send the whole body as one chunk, and nothing of it is kept.
#[test]
fn chunks_of_any_size() {
    const LENGTH: usize = MAX_CHUNK_SIZE + 3;
    let mut whole = vec![b'a'; LENGTH];
    let mut chunks = ChunkSigner::new(key(), now(), seed()).unwrap();
    let (first, last) = (chunks.sign_chunk(&sha256(&whole)), chunks.sign_chunk(&sha256(b"")));
    for flipped in [false, true] {
        whole[LENGTH - 1] = if flipped { b'b' } else { b'a' };
        let verifier = ChunkSigner::new(key(), now(), seed()).unwrap();
        let mut decoder = Decoder::new(SIGNED, LENGTH as u64, Some(verifier)).unwrap();
        let (mut length, mut answer) = (0, Ok(()));
        let head = format!("{LENGTH:x};chunk-signature={first}\r\n");
        let tail = format!("\r\n0;chunk-signature={last}\r\n\r\n");
        let pieces = [head.as_bytes()].into_iter().chain(whole.chunks(65_536)).chain([tail.as_bytes()]);
        for mut input in pieces {
            while answer.is_ok() {
                match decoder.step(&mut input) {
                    Ok(Step::Data(data)) => length += data.len(),
                    Ok(Step::Chunk) => {}
                    Ok(Step::NeedInput | Step::End) => break,
                    Err(error) => answer = Err(error),
                }
            }
        }
        let expected = if flipped { Err(DecodeError::ChunkSignatureMismatch) } else { Ok(()) };
        assert_eq!((answer.and_then(|()| decoder.finish()), length), (expected, LENGTH));
    }
}

#[test]
fn bodies_that_are_refused() {
    use DecodeError as E;
    let unsigned = |length, wire: &str| decode(UNSIGNED_TRAILER, length, "a", wire);
    let many: String = (0..16).map(|n| format!("a{n},")).collect();
    assert_eq!(unsigned(3, "3\r\nabc\r\n0\r\na:b\r\n\r\n"), Ok(()));
    assert_eq!(unsigned(10, "A\r\n0123456789\r\n000\r\na: b\n\r\n\r\n"), Ok(()));
    for (length, wire, error) in [
        (3, "", E::BodyTooShort),
        (3, "3\r\nabc\r\n0\r\na:b\r\n", E::BodyTooShort),
        (3, "2\r\nab\r\n0\r\na:b\r\n\r\n", E::BodyTooShort),
        (3, "4\r\nabcd\r\n0\r\na:b\r\n\r\n", E::BodyTooLong),
        (3, "3\r\nabcd\r\n", E::Malformed),
        (3, "3\nabc\r\n", E::Malformed),
        (3, "\r\n", E::Malformed),
        (3, "+3\r\n", E::Malformed),
        (3, "-3\r\n", E::Malformed),
        (3, "0x3\r\n", E::Malformed),
        (3, "3;chunk-signature=ab\r\nabc\r\n", E::Malformed),
        (u64::MAX, "1000001\r\n", E::BodyTooShort),
        (0x100_0000, "1000001\r\n", E::BodyTooLong),
        (u64::MAX, "10000000000000003\r\n", E::BodyTooLong),
        (0, "0\r\n\r\n", E::TrailerMissing),
        (0, "0\r\n\n\r\n\r\n", E::TrailerMissing),
        (0, "0\r\nab\r\n\r\n", E::Malformed),
        (0, "0\r\na:b\r\na:c\r\n\r\n", E::Malformed),
        (0, "0\r\n:b\r\n\r\n", E::Malformed),
        (0, "0\r\na:\u{1}\r\n\r\n", E::Malformed),
        (0, "0\r\na:b\r\nx-amz-trailer-signature:ab\r\n\r\n", E::Malformed),
    ] {
        assert_eq!(unsigned(length, wire), Err(error), "{wire:?}");
    }
    let endless = "0".repeat(100_000);
    assert_eq!(unsigned(3, &endless), Err(E::Malformed));
    assert_eq!(unsigned(0, &format!("0\r\na:{endless}")), Err(E::TrailersTooLong));
    // 2,048 bytes of trailers are kept, the blank line among them.
    for (length, answer) in [(2_042, Ok(())), (2_043, Err(E::TrailersTooLong))] {
        assert_eq!(unsigned(0, &format!("0\r\na:{}\r\n\r\n", "v".repeat(length))), answer);
    }
    for (count, answer) in [(16, Ok(())), (17, Err(E::TrailersTooLong))] {
        let lines: String = (0..count).map(|n| format!("a{n}:b\r\n")).collect();
        assert_eq!(decode(UNSIGNED_TRAILER, 0, &many, &format!("0\r\n{lines}\r\n")), answer);
    }

    let wrong = "0".repeat(64);
    assert_eq!(
        decode(SIGNED, 0, "", &format!("0;chunk-signature={wrong}\r\n\r\n")),
        Err(E::ChunkSignatureMismatch)
    );
    assert_eq!(decode(SIGNED, 0, "", "0;chunk-signature=\r\n\r\n"), Err(E::ChunkSignatureMismatch));
    assert_eq!(decode(SIGNED, 0, "", "0\r\n\r\n"), Err(E::Malformed));
    assert_eq!(decode(PayloadHash::EMPTY, 0, "", ""), Err(E::PayloadOfAnotherKind));
    let none: Option<ChunkSigner<SigningKey<'_>>> = None;
    assert_eq!(Decoder::new(SIGNED, 0, none).unwrap_err(), E::PayloadOfAnotherKind);
}
