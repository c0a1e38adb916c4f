//! Bodies that come in pieces: a refusal is final, and a piece may be of any size.

#![allow(clippy::unwrap_used)]

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_http::awsauth_core::{
    ChunkSigner, CredentialScope, EventSigner, Signature, SigningKey, Timestamp, sha256,
};
use awsauth_http::verify::{Event, Refusal, Step};
use awsauth_http::{
    Credentials, PayloadHash, PendingBody, PendingEvents, Signer, VerifyPolicy, verify_and_decode,
    verify_head,
};
use http::{HeaderValue, Request};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_440_938_160)
}

fn time() -> Timestamp {
    Timestamp::parse("20150830T123600Z").unwrap()
}

fn key(service: &str) -> SigningKey<'_> {
    SigningKey::derive(SECRET, CredentialScope::new(time().date(), "eu-west-1", service).unwrap())
}

/// The signed head of a request that says this of its body, and its signature.
fn head(service: &str, payload: PayloadHash, length: Option<usize>) -> (http::request::Parts, Signature) {
    let (mut parts, ()) = Request::put("https://bucket.example.com/key").body(()).unwrap().into_parts();
    if let Some(length) = length {
        parts.headers.insert("x-amz-decoded-content-length", HeaderValue::from(length));
    }
    if payload == PayloadHash::StreamingUnsignedTrailer {
        parts.headers.insert("x-amz-trailer", HeaderValue::from_static("x-amz-meta-a"));
    }
    let signer = Signer::new(Credentials::new("AKIDEXAMPLE", SECRET));
    let signer = signer.service(service.to_owned()).region("eu-west-1").clock(now);
    signer.sign_head_blocking(&mut parts, payload).unwrap();
    let text = parts.headers["authorization"].to_str().unwrap();
    let seed = Signature::parse(text.split_once("Signature=").unwrap().1).unwrap();
    (parts, seed)
}

/// After a message that is refused, for whatever reason, none is taken, and the stream has no end.
#[test]
fn a_refusal_of_a_message_is_final() {
    let (parts, seed) = head("notes", PayloadHash::StreamingEvents, None);
    let policy = VerifyPolicy::new("notes", "eu-west-1");
    let opened = || -> PendingEvents {
        match verify_head(&parts, &policy, now(), |_| Some(SECRET)) {
            Ok(PendingBody::Events(events)) => events,
            other => panic!("{other:?}"),
        }
    };
    let signed = EventSigner::new(seed).sign(&key("notes"), time(), &sha256(b"")).unwrap();
    let milliseconds = time().unix_seconds() * 1_000;
    let last = Event { milliseconds, payload: b"", signature: signed };
    let year_10000 = Event { milliseconds: 253_402_300_800_000, ..last };
    let never = Event { milliseconds: u64::MAX, ..last };
    let forged = Event { signature: Signature::from_bytes([0; 32]), ..last };
    let other = Event { payload: b"x", ..last };
    let before_1970 = UNIX_EPOCH - Duration::from_secs(1);
    for (name, refused, at) in [
        ("no such time", never, now()),
        ("no such year", year_10000, now()),
        ("no clock", last, before_1970),
        ("skewed", last, now() + Duration::from_secs(901)),
        ("forged", forged, now()),
        ("another", other, now()),
    ] {
        let mut events = opened();
        assert!(events.verify(SECRET, &refused, at).is_err(), "{name}");
        for _ in 0..2 {
            let again = events.verify(SECRET, &last, now());
            assert_eq!(again, Err(Refusal::ChunkSignatureMismatch), "{name}");
        }
        assert_eq!(events.finish().unwrap_err(), Refusal::ChunkSignatureMismatch, "{name}");
    }
    let mut events = opened();
    assert_eq!(events.verify(SECRET, &last, now()), Ok(()));
    assert!(events.finish().is_ok());
    // What follows the end was not sent by whoever signed.
    let mut events = opened();
    assert_eq!(events.verify(SECRET, &last, now()), Ok(()));
    assert_eq!(events.verify(SECRET, &last, now()), Err(Refusal::AfterEnd));
    assert_eq!(events.finish().unwrap_err(), Refusal::ChunkSignatureMismatch);
}

/// SDKs send the whole body as one chunk, whatever its size.
#[test]
fn a_chunk_of_more_than_16_mib_is_taken_whole() {
    let policy = VerifyPolicy::new("s3", "eu-west-1");
    for length in [16 << 20, (16 << 20) + 1, 33 << 20] {
        let data = vec![b'a'; length];
        for payload in [PayloadHash::StreamingSigned, PayloadHash::StreamingUnsignedTrailer] {
            let (parts, seed) = head("s3", payload, Some(length));
            let mut chunks = ChunkSigner::new(key("s3"), time(), seed).unwrap();
            let (first, last) = match payload {
                PayloadHash::StreamingSigned => {
                    let mut next =
                        |data: &[u8]| format!(";chunk-signature={}", chunks.sign_chunk(&sha256(data)));
                    (next(&data), next(b""))
                }
                _ => (String::new(), String::new()),
            };
            let trailer = if first.is_empty() { "x-amz-meta-a:end\r\n" } else { "" };
            let mut wire = format!("{length:x}{first}\r\n").into_bytes();
            wire.extend_from_slice(&data);
            wire.extend_from_slice(format!("\r\n0{last}\r\n{trailer}\r\n").as_bytes());

            let PendingBody::Chunked(mut pending) =
                verify_head(&parts, &policy, now(), |_| Some(SECRET)).unwrap()
            else {
                panic!()
            };
            let mut taken = 0;
            for mut piece in wire.chunks(65_537) {
                loop {
                    match pending.step(&mut piece).unwrap() {
                        Step::Data(data) => taken += data.len(),
                        Step::Chunk => {}
                        Step::End | Step::NeedInput => break,
                    }
                }
            }
            assert_eq!(taken, length);
            assert_eq!(pending.finish().unwrap().payload_hash(), payload);

            let request = Request::from_parts(parts, wire);
            let mut flipped = request.clone();
            let (decoded, _) = verify_and_decode(request, &policy, now(), |_| Some(SECRET)).unwrap();
            assert!(decoded.body() == &data[..], "{length}");
            if payload == PayloadHash::StreamingSigned {
                flipped.body_mut()[length] ^= 1;
                let answer = verify_and_decode(flipped, &policy, now(), |_| Some(SECRET));
                assert_eq!(answer.map(drop), Err(Refusal::ChunkSignatureMismatch));
            }
        }
    }
}
