//! Messages of an event stream, from the wire to the verdict.

#![allow(clippy::unwrap_used)]
#![cfg(feature = "event-stream")]

use awsauth_core::event_stream::{MAX_MESSAGE_LENGTH, MessageError, SignedMessage, parse};
use awsauth_core::verify::{Event, EventVerifier, PendingBody, Refusal, VerifyPolicy};
use awsauth_core::{
    CredentialScope, EventSigner, Header, PayloadHash, Request, Signature, SigningKey, Sigv4, Timestamp,
    sha256,
};
use proptest::prelude::*;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
type Edit<'e> = &'e dyn Fn(&mut Vec<u8>);

const SEED: Signature = Signature::from_bytes([7; 32]);

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn key(time: Timestamp) -> SigningKey<'static> {
    SigningKey::derive(SECRET, CredentialScope::new(time.date(), "eu-west-1", "transcribe").unwrap())
}

/// The messages of a stream, each with its time.
fn stream(messages: &[(&str, &[u8])]) -> Vec<Vec<u8>> {
    let mut signer = EventSigner::new(SEED);
    let frame = |(at, payload): &(&str, &[u8])| {
        let signature = signer.sign(&key(time(at)), time(at), &sha256(payload)).unwrap();
        let message = SignedMessage::new(time(at), signature, payload).unwrap();
        [&message.head()[..], payload, &message.tail()].concat()
    };
    messages.iter().map(frame).collect()
}

fn verify(verifier: &mut EventVerifier<'_>, event: &Event<'_>) -> Result<(), Refusal> {
    let now = Timestamp::from_unix(event.milliseconds / 1_000).unwrap();
    verifier.verify(&key(now), event, now)
}

#[test]
fn a_stream_verifies_over_midnight_and_in_its_order_alone() {
    let messages =
        stream(&[("20240229T235959Z", b"one"), ("20240301T000001Z", b"two"), ("20240301T000002Z", b"")]);
    let events: Vec<_> = messages.iter().map(|bytes| parse(bytes).unwrap().unwrap()).collect();
    let mut verifier = EventVerifier::new(VerifyPolicy::DEFAULT, SEED);
    for ((event, length), bytes) in events.iter().zip(&messages) {
        assert_eq!(*length, bytes.len());
        assert_eq!(verify(&mut verifier, event), Ok(()));
    }
    for order in [&[1][..], &[0, 2], &[0, 0], &[2]] {
        let mut verifier = EventVerifier::new(VerifyPolicy::DEFAULT, SEED);
        let verdicts: Vec<_> = order.iter().map(|at| verify(&mut verifier, &events[*at].0)).collect();
        assert_eq!(verdicts.last(), Some(&Err(Refusal::ChunkSignatureMismatch)), "{order:?}");
        // Nothing after a wrong one is right.
        assert!(events.iter().all(|(event, _)| verify(&mut verifier, event).is_err()));
    }
}

#[test]
fn names_each_reason() {
    let messages = stream(&[("20240229T120000Z", b"one")]);
    let (event, _) = parse(&messages[0]).unwrap().unwrap();
    let verify = |now: &str, of: &str| {
        EventVerifier::new(VerifyPolicy::DEFAULT, SEED).verify(&key(time(of)), &event, time(now))
    };
    assert_eq!(verify("20240229T121500Z", "20240229T000000Z"), Ok(()));
    assert_eq!(verify("20240229T121501Z", "20240229T000000Z"), Err(Refusal::TimeTooSkewed));
    assert_eq!(verify("20240229T114459Z", "20240229T000000Z"), Err(Refusal::TimeTooSkewed));
    assert_eq!(verify("20240229T120000Z", "20240301T000000Z"), Err(Refusal::ScopeOfAnotherDay));
    assert!(!format!("{event:?}").contains("one"), "{event:?}");
}

/// The signature is over the date as it is encoded, down to its milliseconds; put together here by hand.
#[test]
fn a_date_between_two_seconds() {
    let (now, milliseconds) = (time("20240229T120000Z"), 1_709_208_000_123_u64);
    let mut date = b"\x05:date\x08".to_vec();
    date.extend(milliseconds.to_be_bytes());
    let hex = |digest: [u8; 32]| digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let text = format!(
        "AWS4-HMAC-SHA256-PAYLOAD\n20240229T120000Z\n20240229/eu-west-1/transcribe/aws4_request\n{SEED}\n{}\n{}",
        hex(sha256(&date)),
        hex(sha256(b"payload"))
    );
    let signature = Signature::from_bytes(key(now).hmac_key().mac(text.as_bytes()));
    let mut event = Event { milliseconds, payload: b"payload", signature };
    assert_eq!(EventVerifier::new(VerifyPolicy::DEFAULT, SEED).verify(&key(now), &event, now), Ok(()));
    event.milliseconds += 1;
    let verdict = EventVerifier::new(VerifyPolicy::DEFAULT, SEED).verify(&key(now), &event, now);
    assert_eq!(verdict, Err(Refusal::ChunkSignatureMismatch));
}

#[test]
fn a_request_opens_its_stream() {
    let now = time("20240229T120000Z");
    let request = Request::post("/stream-transcription", "transcribestreaming.eu-west-1.amazonaws.com");
    let key = key(now);
    let signed = Sigv4::new("AKIDEXAMPLE", &key).sign(&request, PayloadHash::StreamingEvents, now).unwrap();
    let added: Vec<_> = signed.headers().map(|(name, value)| (name, value.to_string())).collect();
    let headers: Vec<_> = added.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
    let policy = VerifyPolicy::new("transcribe", "eu-west-1");
    let pending = policy.verify_head(&request.headers(&headers), now, |_| Some(SECRET)).unwrap();
    let PendingBody::Events(mut events) = pending else { panic!("{pending:?}") };
    let mut signer = EventSigner::new(*signed.signature());
    let signature = signer.sign(&key, now, &sha256(b"one")).unwrap();
    let event = Event { milliseconds: now.unix_seconds() * 1_000, payload: b"one", signature };
    assert_eq!(events.verify(&key, &event, now), Ok(()));
    let signature = signer.sign(&key, now, &sha256(b"")).unwrap();
    let last = Event { payload: b"", signature, ..event };
    assert_eq!(events.verify(&key, &last, now), Ok(()));
    assert_eq!(events.finish().unwrap().access_key_id(), "AKIDEXAMPLE");
    // Nothing follows the last message.
    let pending = policy.verify_head(&request.headers(&headers), now, |_| Some(SECRET)).unwrap();
    let PendingBody::Events(mut events) = pending else { panic!("{pending:?}") };
    for (event, result) in [(&event, Ok(())), (&last, Ok(())), (&last, Err(Refusal::AfterEnd))] {
        assert_eq!(events.verify(&key, event, now), result);
    }
    // One that ends before that is cut off.
    let pending = policy.verify_head(&request.headers(&headers), now, |_| Some(SECRET)).unwrap();
    let PendingBody::Events(mut events) = pending else { panic!("{pending:?}") };
    assert_eq!(events.verify(&key, &event, now), Ok(()));
    assert_eq!(events.finish().unwrap_err(), Refusal::BodyCutOff);
}

#[test]
fn refuses_what_is_no_signed_message() {
    let bytes = stream(&[("20240229T120000Z", b"payload")]).remove(0);
    for end in 0..bytes.len() {
        assert_eq!(parse(&bytes[..end]), Ok(None), "{end}");
    }
    let framed = |edit: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = bytes[..bytes.len() - 4].to_vec();
        edit(&mut bytes);
        let prelude = crc32fast::hash(&bytes[..8]).to_be_bytes();
        bytes[8..12].copy_from_slice(&prelude);
        let crc = crc32fast::hash(&bytes).to_be_bytes();
        bytes.extend(crc);
        parse(&bytes).map(|found| found.map(|(event, length)| (event.payload.to_vec(), length)))
    };
    assert_eq!(framed(&|_| {}), Ok(Some((b"payload".to_vec(), bytes.len()))));
    let too_long = u32::try_from(MAX_MESSAGE_LENGTH + 1).unwrap().to_be_bytes();
    let cases: [(Edit<'_>, MessageError); 5] = [
        (&|bytes| bytes[..4].copy_from_slice(&too_long), MessageError::TooLong),
        (&|bytes| bytes[3] = 82, MessageError::Malformed),
        (&|bytes| bytes[7] = 66, MessageError::Malformed),
        (&|bytes| bytes[14] = b'D', MessageError::Malformed),
        (&|bytes| bytes[18] = 6, MessageError::Malformed),
    ];
    for (at, (edit, error)) in cases.into_iter().enumerate() {
        assert_eq!(framed(edit), Err(error), "{at}");
    }
    // The headers in the other order, as botocore may write them.
    let turned = framed(&|bytes| bytes[12..79].rotate_left(15));
    assert_eq!(turned, Ok(Some((b"payload".to_vec(), bytes.len()))));
}

proptest! {
    #[test]
    fn a_flipped_bit_is_refused(payload in proptest::collection::vec(any::<u8>(), 0..40), at: prop::sample::Index, bit in 0..8) {
        let mut bytes = stream(&[("20240229T120000Z", &payload)]).remove(0);
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        // With checksums made right again, as an attacker would.
        for repair in [false, true] {
            if repair {
                let prelude = crc32fast::hash(&bytes[..8]).to_be_bytes();
                bytes[8..12].copy_from_slice(&prelude);
                let end = bytes.len() - 4;
                let crc = crc32fast::hash(&bytes[..end]).to_be_bytes();
                bytes[end..].copy_from_slice(&crc);
            }
            let now = time("20240229T120000Z");
            if let Ok(Some((event, length))) = parse(&bytes) {
                let verdict = EventVerifier::new(VerifyPolicy::DEFAULT, SEED).verify(&key(now), &event, now);
                let in_checksum = repair && ((8..12).contains(&at) || at >= length - 4);
                prop_assert_eq!(verdict.is_ok(), in_checksum, "{} {}", at, repair);
            }
        }
    }

    #[test]
    fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }
}
