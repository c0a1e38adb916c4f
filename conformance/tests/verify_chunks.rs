//! Every body of the vectors that is signed in chunks, or in messages, verifies as it stands on the wire; with a bit of it
//! flipped none does.

#![allow(clippy::unwrap_used)]

use awsauth_conformance::driver;
use awsauth_conformance::vectors::{self, Case, Scheme};
use awsauth_core::aws_chunked::{DecodeError, Step};
use awsauth_core::verify::{
    Event, EventVerifier, PendingBody, PendingChunks, Refusal, StreamingPayload, VerifyPolicy,
};
use awsauth_core::{CredentialScope, Header, PathRule, Request, Signature, SigningKey, Timestamp, sha256};

/// Bits that are flipped in each body, one at a time: some in its data, the others in all else.
const MUTATIONS: usize = 20;
const IN_DATA: usize = 6;

#[test]
#[cfg_attr(not(vectors), ignore = "there are no vectors in ../shared/vectors: set AWSAUTH_VECTORS")]
fn every_case_verifies_and_no_mutation_does() {
    let published = vectors::published().unwrap().expect("published.jsonl");
    let sample = vectors::sample().unwrap().expect("sample.jsonl");
    let (mut verified, mut refused) = (0, 0);
    for case in published.iter().chain(&sample).filter(|case| case.scheme == Scheme::V4Chunked) {
        verify_request(case, |request| {
            let wire = Wire::of(case);
            for pieces in [wire.bytes.len(), 1, 7] {
                assert_eq!(decode(request(), &wire.bytes, pieces), Ok(case.body.clone()), "{}", case.id);
            }
            verified += 1;
            let flips = wire.flips();
            assert_eq!(flips.len(), MUTATIONS, "{}", case.id);
            for (at, bit) in flips {
                let mut bytes = wire.bytes.clone();
                bytes[at] ^= 1 << bit;
                let answer = decode(request(), &bytes, bytes.len());
                assert!(answer.is_err(), "{}: accepted with bit {bit} of byte {at} flipped", case.id);
                refused += 1;
            }
        });
    }
    println!("{verified} bodies verify, {refused} mutations are refused");
    assert!(verified >= 27, "{verified}");
}

#[test]
#[cfg_attr(not(vectors), ignore = "there are no vectors in ../shared/vectors: set AWSAUTH_VECTORS")]
fn every_event_stream_verifies_and_no_mutation_does() {
    let sample = vectors::sample().unwrap().expect("sample.jsonl");
    let (mut verified, mut refused) = (0, 0);
    for case in sample.iter().filter(|case| case.scheme == Scheme::V4Event) {
        let events = events(case);
        assert_eq!(verify_events(case, &events), Ok(()), "{}", case.id);
        verified += 1;
        for n in 0..MUTATIONS {
            let mut mutated = events.clone();
            let event = n * events.len() / MUTATIONS;
            let bit = 1_u8 << (n % 8);
            let (milliseconds, payload, signature) = &mut mutated[event];
            match n % 3 {
                // A second, a minute, a quarter of an hour: within what clocks may be off.
                0 => *milliseconds ^= 1 << (10 + n / 3),
                1 if !payload.is_empty() => {
                    let at = n * payload.len() / MUTATIONS;
                    payload[at] ^= bit;
                }
                _ => signature[n * 32 / MUTATIONS] ^= bit,
            }
            assert!(verify_events(case, &mutated).is_err(), "{}: mutation {n}", case.id);
            refused += 1;
        }
    }
    println!("{verified} streams verify, {refused} mutations are refused");
    assert!(verified >= 12, "{verified}");
}

/// Time in milliseconds, payload and signature of each message.
type Events = Vec<(u64, Vec<u8>, [u8; 32])>;

fn events(case: &Case) -> Events {
    let signatures = case.expected.signatures.as_ref().unwrap().iter();
    let events = case.options.events.iter().zip(signatures).map(|(event, signature)| {
        let time = Timestamp::parse(&event.time).unwrap();
        let signature = Signature::parse(signature).unwrap();
        (time.unix_seconds() * 1_000, event.payload.clone(), *signature.as_bytes())
    });
    events.collect()
}

/// Each with the key of its own day, and as soon as it was signed.
fn verify_events(case: &Case, events: &Events) -> Result<(), Refusal> {
    let seed = Signature::parse(case.options.seed.as_deref().unwrap()).unwrap();
    let mut verifier = EventVerifier::new(VerifyPolicy::DEFAULT, seed);
    for ((milliseconds, payload, signature), sent) in events.iter().zip(&case.options.events) {
        let (now, time) = (Timestamp::parse(&sent.time)?, Timestamp::from_unix(milliseconds / 1_000)?);
        let scope = CredentialScope::new(time.date(), &case.region, &case.service)?;
        let key = SigningKey::derive(&case.secret_key.0, scope);
        let signature = Signature::from_bytes(*signature);
        verifier.verify(&key, &Event { milliseconds: *milliseconds, payload, signature }, now)?;
    }
    Ok(())
}

/// What verifies the request that goes before the body, whose signature is the first chunk's seed.
fn verify_request(case: &Case, found: impl for<'c> FnOnce(&dyn Fn() -> PendingChunks<'c>)) {
    let (_, rest) = case.url.split_once("://").unwrap();
    let (host, path) = rest.split_at(rest.find('/').unwrap());
    let canonical_request = driver::sign(case).canonical_request.unwrap();
    let signed_headers = canonical_request.rsplit('\n').nth(1).unwrap();
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{}/{}/{}/aws4_request, SignedHeaders={signed_headers}, Signature={}",
        case.access_key,
        &case.time[..8],
        case.region,
        case.service,
        case.expected.seed_signature.as_deref().unwrap()
    );
    let payload = case.options.payload.as_deref().unwrap().strip_prefix("literal:").unwrap();
    let mut headers: Vec<_> =
        case.headers.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
    headers.extend(
        [("x-amz-date", &*case.time), ("x-amz-content-sha256", payload), ("authorization", &authorization)]
            .map(|(name, value)| Header::new(name, value.as_bytes())),
    );
    let token = case.session_token.as_deref();
    headers.extend(token.map(|token| Header::new("x-amz-security-token", token.as_bytes())));
    let request = Request::new(&case.method, path, host).headers(&headers);
    let mut policy = VerifyPolicy::DEFAULT;
    policy.path_rule = Some(PathRule::S3);
    let now = Timestamp::parse(&case.time).unwrap();
    policy.streaming_payload = StreamingPayload::Allowed;
    let verified = || match policy.verify_head(&request, now, |_| Some(case.secret_key.0.as_str())) {
        Ok(PendingBody::Chunked(chunks)) => chunks,
        other => panic!("{}: {other:?}", case.id),
    };
    found(&verified);
}

/// Reads a body in pieces of this length, down to the last byte.
fn decode(request: PendingChunks<'_>, wire: &[u8], piece: usize) -> Result<Vec<u8>, DecodeError> {
    let mut decoder = request.decoder()?;
    let mut body = Vec::new();
    for mut piece in wire.chunks(piece) {
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
    Ok(body)
}

/// A body with its known signatures, put together here and not by the encoder.
struct Wire {
    bytes: Vec<u8>,
    /// Where its data is.
    data: Vec<usize>,
    /// Where all else is.
    framing: Vec<usize>,
}

impl Wire {
    fn of(case: &Case) -> Self {
        let (options, expected) = (&case.options, &case.expected);
        let mut wire = Self { bytes: Vec::new(), data: Vec::new(), framing: Vec::new() };
        let mut signatures = expected.chunk_signatures.as_ref().unwrap().iter();
        for data in case.body.chunks(options.chunk_size.unwrap()).chain([&[][..]]) {
            let signature = signatures.next().unwrap();
            wire.framing(&format!("{:x};chunk-signature={signature}\r\n", data.len()));
            wire.data.extend(wire.bytes.len()..wire.bytes.len() + data.len());
            wire.bytes.extend_from_slice(data);
            if !data.is_empty() {
                wire.framing("\r\n");
            }
        }
        assert_eq!(signatures.next(), None, "{}", case.id);
        for (name, value) in &options.trailers {
            wire.framing(&format!("{}:{}\r\n", name.to_lowercase(), value.trim()));
        }
        if !options.trailers.is_empty() {
            let signature = expected.trailer_signature.as_deref().or(expected.signature.as_deref()).unwrap();
            wire.framing(&format!("x-amz-trailer-signature:{signature}\r\n"));
        }
        wire.framing("\r\n");
        if let Some(known) = &expected.wire_body_sha256 {
            let digest: String = sha256(&wire.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(digest, *known, "{}", case.id);
        }
        wire
    }

    fn framing(&mut self, text: &str) {
        self.framing.extend(self.bytes.len()..self.bytes.len() + text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// Places and bits, none twice, spread over it. The case of a letter outside the data may mean nothing.
    fn flips(&self) -> Vec<(usize, usize)> {
        let in_data = if self.data.is_empty() { 0 } else { IN_DATA };
        let mut flips = Vec::new();
        for (places, count) in [(&self.data, in_data), (&self.framing, MUTATIONS - in_data)] {
            for n in 0..count {
                let at = places[n * places.len() / count];
                let bits = (0..8).map(|bit| (n + bit) % 8);
                let mut bits = bits.filter(|bit| *bit != 5 || !self.bytes[at].is_ascii_alphabetic());
                flips.extend(bits.find(|bit| !flips.contains(&(at, *bit))).map(|bit| (at, bit)));
            }
        }
        flips
    }
}
