//! Bodies of every kind, as they come over the wire: decoded and verified, or refused; never handed on for what they are not.

#![allow(clippy::unwrap_used)]

use core::time::Duration;
use std::io::Read;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_http::awsauth_core::aws_chunked::{Encoder, Framing, Trailer};
use awsauth_http::awsauth_core::{
    self, ChunkSigner, CredentialScope, EventSigner, Header, Signature, SigningKey, Sigv4, Timestamp, sha256,
};
use awsauth_http::bytes::Bytes;
use awsauth_http::verify::{DecodeError, Event, Refusal, Step};
use awsauth_http::{
    AwsChunked, Checksum, Claim, Credentials, PayloadHash, PendingBody, RequestHead, Signer,
    StreamingPayload, UnsignedPayload, VerifyPolicy, verify, verify_and_decode, verify_and_decode_async,
    verify_async, verify_head,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderName, HeaderValue, Request};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const DATA: &[u8] = &[b'a'; 70_000];

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_440_938_160)
}

fn signer(service: &str) -> Signer {
    Signer::new(Credentials::new("AKIDEXAMPLE", SECRET)).service(service).region("eu-west-1").clock(now)
}

fn put() -> http::request::Builder {
    Request::put("https://bucket.example.com/key").header(CONTENT_ENCODING, "gzip")
}

/// A signed request with the body that it has on the wire.
fn chunked(service: &str, framing: AwsChunked) -> Request<Vec<u8>> {
    let mut request = put().body(()).unwrap();
    let chunked = signer(service).sign_chunked_blocking(&mut request, DATA.len() as u64, &framing).unwrap();
    let mut body = Vec::new();
    chunked.reader(DATA).read_to_end(&mut body).unwrap();
    request.map(|()| body)
}

/// A signed request that says this of its body, whichever service would have it so; and the key to sign more with.
fn saying(
    service: &str,
    payload: PayloadHash,
    trailers: &str,
) -> (Request<()>, SigningKey<'static>, Signature) {
    let service: &'static str = if service == "s3" { "s3" } else { "notes" };
    let time = Timestamp::parse("20150830T123600Z").unwrap();
    let key = SigningKey::derive(SECRET, CredentialScope::new(time.date(), "eu-west-1", service).unwrap());
    let mut request = put().header("x-amz-decoded-content-length", DATA.len()).body(()).unwrap();
    if !trailers.is_empty() {
        request.headers_mut().insert("x-amz-trailer", HeaderValue::from_str(trailers).unwrap());
    }
    let headers = request.headers().clone();
    let headers: Vec<_> =
        headers.iter().map(|(name, value)| Header::new(name.as_str(), value.as_bytes())).collect();
    let head = awsauth_core::Request::put("/key", "bucket.example.com").headers(&headers);
    let signed = Sigv4::new("AKIDEXAMPLE", &key).sign(&head, payload, time).unwrap();
    for (name, value) in signed.headers() {
        request.headers_mut().insert(name, value.to_string().parse().unwrap());
    }
    let seed = *signed.signature();
    (request, key, seed)
}

fn framed(service: &str, payload: PayloadHash) -> Request<Vec<u8>> {
    let has_trailer = payload != PayloadHash::StreamingSigned;
    let declared: &[Trailer<'_>] = if has_trailer { &[Trailer::SHA256] } else { &[] };
    let checksum = STANDARD.encode(sha256(DATA));
    let headers = [Header::new("x-amz-checksum-sha256", checksum.as_bytes())];
    let names = if has_trailer { "x-amz-checksum-sha256" } else { "" };
    let (request, key, seed) = saying(service, payload, names);
    let framing = Framing::new(payload, DATA.len() as u64, declared).unwrap();
    let mut encoder = match payload {
        PayloadHash::StreamingUnsignedTrailer => Encoder::unsigned(&framing).unwrap(),
        _ => {
            let time = Timestamp::parse("20150830T123600Z").unwrap();
            Encoder::signed(&framing, ChunkSigner::new(key, time, seed).unwrap()).unwrap()
        }
    };
    let mut wire = Vec::new();
    for data in DATA.chunks(framing.chunk_size()) {
        let frame = encoder.chunk(data).unwrap();
        frame.write_head(&mut |run: &[u8]| wire.extend_from_slice(run));
        wire.extend_from_slice(data);
        wire.extend_from_slice(frame.tail());
    }
    let last = encoder.finish(if has_trailer { &headers } else { &[] }).unwrap();
    last.write_to(&mut |run: &[u8]| wire.extend_from_slice(run));
    request.map(|()| wire)
}

/// One of each kind.
fn requests(service: &str) -> Vec<(PayloadHash, Request<Vec<u8>>)> {
    use PayloadHash::*;
    let whole = [PayloadHash::of(DATA), Unsigned, StreamingEcdsa, StreamingEcdsaTrailer, StreamingEvents];
    let chunked = [StreamingSigned, StreamingSignedTrailer, StreamingUnsignedTrailer];
    let chunked = chunked.map(|payload| (payload, framed(service, payload)));
    let whole = whole.map(|payload| (payload, saying(service, payload, "").0.map(|()| DATA.to_vec())));
    chunked.into_iter().chain(whole).collect()
}

/// Whatever is declared, whatever the policy: who asks for the body as it is gets the signed one or a refusal, and who asks for
/// its data gets the data.
#[tokio::test]
async fn no_body_passes_for_another_under_any_policy() {
    let (mut plain, mut decoded, mut refused) = (0, 0, 0);
    for service in ["s3", "notes"] {
        for (payload, honest) in requests(service) {
            let swapped = honest.clone().map(|_| b"another body".to_vec());
            for unsigned in [UnsignedPayload::ByService, UnsignedPayload::Allowed, UnsignedPayload::Refused] {
                for streaming in
                    [StreamingPayload::ByService, StreamingPayload::Allowed, StreamingPayload::Refused]
                {
                    let mut policy = VerifyPolicy::new(service, "eu-west-1");
                    (policy.unsigned_payload, policy.streaming_payload) = (unsigned, streaming);
                    let context = format!("{service} {payload:?} {unsigned:?} {streaming:?}");
                    let takes_unsigned = unsigned == UnsignedPayload::Allowed
                        || unsigned != UnsignedPayload::Refused && service == "s3";
                    let is_plain = matches!(payload, PayloadHash::Sha256(_) | PayloadHash::Unsigned);
                    for request in [&honest, &swapped] {
                        let signed = request.body() == honest.body();
                        // One shot.
                        let answer = verify(request, &policy, now(), |_| Some(SECRET));
                        let right = match payload {
                            PayloadHash::Unsigned => takes_unsigned,
                            _ => is_plain && signed,
                        };
                        assert_eq!(answer.is_ok(), right, "{context}");
                        let lookup = async |_: &Claim<'_>| Some(SECRET);
                        let later = verify_async(request, &policy, now(), lookup).await;
                        assert_eq!(later.map(|_| ()), answer.map(|_| ()), "{context}");
                        plain += usize::from(right);
                        // Decoded.
                        let answer = verify_and_decode(request.clone(), &policy, now(), |_| Some(SECRET));
                        let later =
                            verify_and_decode_async(request.clone(), &policy, now(), async |_: &_| {
                                Some(SECRET)
                            });
                        let later = later.await.map(|(request, _)| request.into_body());
                        assert_eq!(
                            later,
                            answer
                                .as_ref()
                                .map(|(request, _)| request.body().clone())
                                .map_err(|error| *error)
                        );
                        match answer {
                            Ok((request, _)) if payload == PayloadHash::Unsigned => {
                                assert!(takes_unsigned, "{context}");
                                assert_eq!(request.body().len(), if signed { DATA.len() } else { 12 });
                            }
                            Ok((request, verified)) => {
                                assert!(signed, "{context}");
                                assert_eq!(request.body(), DATA, "{context}");
                                assert_eq!(verified.payload_hash(), payload, "{context}");
                                assert_eq!(request.headers()[CONTENT_ENCODING], "gzip", "{context}");
                                decoded += 1;
                            }
                            Err(refusal) => {
                                let takes = match streaming {
                                    StreamingPayload::ByService => service == "s3",
                                    other => other == StreamingPayload::Allowed,
                                };
                                let may_be = is_plain || takes;
                                let its_own = !matches!(
                                    payload,
                                    PayloadHash::StreamingEcdsa
                                        | PayloadHash::StreamingEcdsaTrailer
                                        | PayloadHash::StreamingEvents
                                );
                                let unsigned = payload == PayloadHash::Unsigned
                                    || payload == PayloadHash::StreamingUnsignedTrailer;
                                let taken = signed && may_be && its_own && (!unsigned || takes_unsigned);
                                assert!(!taken, "{context} {refusal:?}");
                                refused += 1;
                            }
                        }
                    }
                }
            }
        }
    }
    println!("{plain} as they are, {decoded} decoded, {refused} refused");
}

#[test]
fn a_decoded_request_has_the_headers_of_its_data() {
    let trailer = HeaderName::from_static("x-amz-meta-end");
    let framing =
        AwsChunked::signed().checksum(Checksum::Crc32).trailer(trailer, HeaderValue::from_static("x"));
    for codings in
        [&["gzip"][..], &[], &["gzip, br", "deflate"], &["aws-chunked"], &["br,AWS-chunked , gzip"]]
    {
        let mut request = Request::put("https://bucket.example.com/key").body(()).unwrap();
        for coding in codings {
            request.headers_mut().append(CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        let signed = signer("s3").sign_chunked_blocking(&mut request, 5, &framing).unwrap();
        let mut body = Vec::new();
        signed.reader(&b"hello"[..]).read_to_end(&mut body).unwrap();
        let mut request = request.map(|()| body);
        request.headers_mut().insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
        let (request, verified) =
            verify_and_decode(request, &VerifyPolicy::new("s3", "eu-west-1"), now(), |_| Some(SECRET))
                .unwrap();
        let expected = match codings {
            ["gzip, br", _] => Some("gzip, br, deflate"),
            ["br,AWS-chunked , gzip"] => Some("br, gzip"),
            ["gzip"] => Some("gzip"),
            _ => None,
        };
        let encoding = request.headers().get(CONTENT_ENCODING).map(|value| value.to_str().unwrap());
        assert_eq!(encoding, expected, "{codings:?}");
        assert_eq!(request.headers().get_all(CONTENT_LENGTH).iter().collect::<Vec<_>>(), ["5"]);
        assert!(!request.headers().contains_key(TRANSFER_ENCODING));
        assert!(!awsauth_http::is_aws_chunked(request.headers()));
        assert_eq!(verified.trailers()["x-amz-meta-end"], "x");
        assert_eq!(verified.trailers()["x-amz-checksum-crc32"], "NhCmhg==");
        assert_eq!(request.body(), "hello");
    }
}

#[test]
fn a_bit_of_a_chunked_body_is_not_flipped_unseen() {
    let policy = VerifyPolicy::new("s3", "eu-west-1");
    for (payload, honest) in requests("s3") {
        let unsigned = payload == PayloadHash::StreamingUnsignedTrailer;
        if !matches!(payload, PayloadHash::StreamingSigned | PayloadHash::StreamingSignedTrailer) && !unsigned
        {
            continue;
        }
        let length = honest.body().len();
        let places = (0..100).chain((100..length - 300).step_by(9_973)).chain(length - 300..length);
        for at in places {
            let mut flipped = honest.clone();
            flipped.body_mut()[at] ^= 1 << (at % 5);
            if let Ok((request, verified)) = verify_and_decode(flipped, &policy, now(), |_| Some(SECRET)) {
                // The case of a trailer's name.
                assert_eq!(request.body(), DATA, "{payload:?} {at}");
                assert_eq!(verified.trailers().len(), usize::from(payload != PayloadHash::StreamingSigned));
            }
        }
        for (end, refusal) in [(length - 1, DecodeError::BodyTooShort), (0, DecodeError::BodyTooShort)] {
            let mut cut = honest.clone();
            cut.body_mut().truncate(end);
            let answer = verify_and_decode(cut, &policy, now(), |_| Some(SECRET));
            assert_eq!(answer.unwrap_err(), Refusal::Undecodable(refusal), "{payload:?}");
        }
        let mut longer = honest.clone();
        longer.body_mut().push(b'x');
        let answer = verify_and_decode(longer, &policy, now(), |_| Some(SECRET));
        assert_eq!(answer.unwrap_err(), Refusal::Undecodable(DecodeError::BodyTooLong), "{payload:?}");
    }
}

type Change = fn(&mut Request<Vec<u8>>);

#[test]
fn names_each_reason() {
    let policy = VerifyPolicy::new("s3", "eu-west-1");
    let replaced = |request: &mut Request<Vec<u8>>, from: &str, to: &str| {
        let text = String::from_utf8(core::mem::take(request.body_mut())).unwrap();
        assert!(text.contains(from), "{from}");
        *request.body_mut() = text.replace(from, to).into_bytes();
    };
    let unsigned = || chunked("s3", AwsChunked::unsigned().checksum(Checksum::Crc32));
    let signed = || chunked("s3", AwsChunked::signed());
    let refused =
        |request| verify_and_decode(request, &policy, now(), |_| Some(SECRET)).map(drop).unwrap_err();
    let mut request = unsigned();
    replaced(&mut request, "aaaaa\r\n", "aaaab\r\n");
    assert_eq!(refused(request), Refusal::ChecksumMismatch);
    let mut request = unsigned();
    replaced(&mut request, "x-amz-checksum-crc32:", "x-amz-checksum-crc33:");
    assert_eq!(refused(request), Refusal::Undecodable(DecodeError::TrailerNotAnnounced));
    let mut request = signed();
    replaced(&mut request, "aaaaa\r\n", "aaaab\r\n");
    assert_eq!(refused(request), Refusal::ChunkSignatureMismatch);
    let changes: [(Change, Refusal); 3] = [
        (
            |request| drop(request.headers_mut().remove("x-amz-decoded-content-length")),
            Refusal::DecodedLengthNeeded,
        ),
        (
            |request| {
                drop(request.headers_mut().insert("x-amz-decoded-content-length", HeaderValue::from(69_999)))
            },
            Refusal::SignatureMismatch,
        ),
        (
            |request| {
                let again = HeaderValue::from(70_000);
                request.headers_mut().append("x-amz-decoded-content-length", again);
            },
            Refusal::RepeatedHeader("x-amz-decoded-content-length".into()),
        ),
    ];
    for (change, refusal) in changes {
        let mut request = signed();
        change(&mut request);
        assert_eq!(refused(request), refusal);
    }
    for length in ["", "-1", "1e3", "18446744073709551616", "+5"] {
        let (mut parts, ()) = put().body(()).unwrap().into_parts();
        parts.headers.insert("x-amz-decoded-content-length", HeaderValue::from_static(length));
        signer("s3").sign_head_blocking(&mut parts, PayloadHash::StreamingSigned).unwrap();
        assert_eq!(refused(Request::from_parts(parts, Vec::new())), Refusal::DecodedLengthNeeded, "{length}");
    }
    // A checksum that nobody would look at.
    let (mut parts, ()) = put().body(()).unwrap().into_parts();
    parts.headers.insert("x-amz-decoded-content-length", HeaderValue::from(1));
    parts.headers.insert("x-amz-trailer", HeaderValue::from_static("x-amz-checksum-crc1"));
    signer("s3").sign_head_blocking(&mut parts, PayloadHash::StreamingUnsignedTrailer).unwrap();
    assert_eq!(refused(Request::from_parts(parts, Vec::new())), Refusal::UnknownChecksum);
    // The length is trusted for nothing before there is data.
    let (mut parts, ()) = put().body(()).unwrap().into_parts();
    parts.headers.insert("x-amz-decoded-content-length", HeaderValue::from(u64::MAX));
    signer("s3").sign_head_blocking(&mut parts, PayloadHash::StreamingSigned).unwrap();
    let short = Refusal::Undecodable(DecodeError::BodyTooShort);
    assert_eq!(refused(Request::from_parts(parts, b"10;chunk-sig".to_vec())), short);
}

#[test]
fn a_body_that_is_still_to_come_is_decoded_piece_by_piece() {
    let policy = VerifyPolicy::new("s3", "eu-west-1");
    for (payload, request) in requests("s3").into_iter().take(3) {
        for size in [1, 7, 4_096, usize::MAX] {
            let (parts, body) = request.clone().into_parts();
            let pending = verify_head(&parts, &policy, now(), |_| Some(SECRET)).unwrap();
            assert!(pending.is_signature_verified());
            assert_eq!(pending.payload_hash(), Some(payload));
            let PendingBody::Chunked(mut chunks) = pending else { panic!("{pending:?}") };
            assert_eq!((chunks.access_key_id(), chunks.decoded_length()), ("AKIDEXAMPLE", 70_000));
            drop(parts);
            let mut data = Vec::new();
            for mut piece in body.chunks(size.min(body.len())) {
                loop {
                    match chunks.step(&mut piece).unwrap() {
                        Step::Data(part) => data.extend_from_slice(part),
                        Step::Chunk => {}
                        Step::End | Step::NeedInput => break,
                    }
                }
            }
            assert_eq!(data, DATA);
            assert_eq!(chunks.finish().unwrap().payload_hash(), payload);
        }
        let (parts, body) = request.into_parts();
        // Its hash says nothing, and neither does half of it.
        let pending = || verify_head(&parts, &policy, now(), |_| Some(SECRET)).unwrap();
        assert_eq!(pending().verify_body(&sha256(&body)).unwrap_err(), Refusal::StreamingPayloadRefused);
        let PendingBody::Chunked(mut chunks) = pending() else { panic!() };
        let mut half = &body[..body.len() / 2];
        while !matches!(chunks.step(&mut half).unwrap(), Step::NeedInput) {}
        assert_eq!(chunks.finish().unwrap_err(), Refusal::Undecodable(DecodeError::BodyTooShort));
    }
}

#[test]
fn an_event_stream_is_whole_where_it_ends() {
    let mut parts = Request::post("https://notes.example.com/").body(()).unwrap().into_parts().0;
    signer("notes").sign_head_blocking(&mut parts, PayloadHash::StreamingEvents).unwrap();
    let text = parts.headers()["authorization"].to_str().unwrap();
    let seed = Signature::parse(text.split_once("Signature=").unwrap().1).unwrap();
    let time = Timestamp::parse("20150830T123600Z").unwrap();
    let key = SigningKey::derive(SECRET, CredentialScope::new(time.date(), "eu-west-1", "notes").unwrap());
    let policy = VerifyPolicy::new("notes", "eu-west-1");
    let opened = || match verify_head(&parts, &policy, now(), |_| Some(SECRET)) {
        Ok(PendingBody::Events(events)) => events,
        other => panic!("{other:?}"),
    };
    let mut signer = EventSigner::new(seed);
    let mut event = |payload: &'static [u8]| {
        let signature = signer.sign(&key, time, &sha256(payload)).unwrap();
        Event { milliseconds: time.unix_seconds() * 1_000, payload, signature }
    };
    let (one, last) = (event(b"one"), event(b""));
    let mut events = opened();
    assert_eq!(events.verify(SECRET, &one, now()), Ok(()));
    assert_eq!(events.verify(key.hmac_key(), &last, now()), Ok(()));
    assert_eq!(events.finish().unwrap().access_key_id(), "AKIDEXAMPLE");
    let mut events = opened();
    assert_eq!(events.verify(SECRET, &one, now()), Ok(()));
    assert_eq!(events.finish().unwrap_err(), Refusal::BodyCutOff);
    let mut events = opened();
    let late = now() + Duration::from_secs(901);
    assert_eq!(events.verify(SECRET, &one, late), Err(Refusal::TimeTooSkewed));
    assert_eq!(opened().verify(SECRET, &last, now()), Err(Refusal::ChunkSignatureMismatch));
    let whole = verify_head(&parts, &policy, now(), |_| Some(SECRET)).unwrap();
    assert_eq!(whole.decode(Bytes::new()).unwrap_err(), Refusal::StreamingPayloadRefused);
}

const _: fn() = || {
    fn is_static_and_send<T: Send + Sync + 'static>() {}
    is_static_and_send::<PendingBody>();
};
