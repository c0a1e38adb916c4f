//! Signed chunks and messages end where their signer ended them: nothing follows, nothing is cut off.

#![allow(clippy::unwrap_used)]

use awsauth_core::verify::{ChunkVerifier, Event, EventVerifier, Refusal, VerifyPolicy};
use awsauth_core::{
    ChunkSigner, CredentialScope, EventSigner, Header, Signature, SigningKey, Timestamp, Trailers, sha256,
};

const SEED: Signature = Signature::from_bytes([7; 32]);

fn now() -> Timestamp {
    Timestamp::parse("20240229T120000Z").unwrap()
}

fn key() -> SigningKey<'static> {
    SigningKey::derive("secret", CredentialScope::new(now().date(), "eu-west-1", "s3").unwrap())
}

/// What comes of a body, piece by piece: a chunk of this data, or the trailers.
#[derive(Clone, Copy, Debug)]
enum Piece {
    Chunk(&'static [u8]),
    Trailers,
    /// With another's signature.
    Wrong,
}

use Piece::{Chunk, Wrong};

/// Every piece is signed by the client's key, and follows the one before it: what a signer would have to be talked into.
fn verify(has_trailers: bool, pieces: &[Piece]) -> (Vec<Result<(), Refusal>>, Result<(), Refusal>) {
    let mut signer = ChunkSigner::new(key(), now(), SEED).unwrap();
    let verifier = ChunkVerifier::new(key(), now(), SEED).unwrap();
    let mut verifier = if has_trailers { verifier.with_trailers() } else { verifier };
    let trailers = [Header::new("x-amz-checksum-crc32c", b"sOO8/Q==")];
    let trailers = Trailers::new(&trailers).unwrap();
    let verdicts = pieces.iter().map(|piece| match piece {
        Chunk(data) => verifier.verify_chunk(&sha256(data), signer.sign_chunk(&sha256(data))),
        Piece::Trailers => verifier.verify_trailers(&trailers, signer.sign_trailers(&trailers)),
        Wrong => verifier.verify_chunk(&sha256(b"a"), SEED),
    });
    (verdicts.collect(), verifier.finish())
}

#[test]
fn chunks_end_with_the_empty_one_and_trailers() {
    use Refusal::*;
    const A: Piece = Chunk(b"a");
    const LAST: Piece = Chunk(b"");
    const TRAILERS: Piece = Piece::Trailers;
    for (has_trailers, pieces, last, finish) in [
        (false, &[A, A, LAST][..], Ok(()), Ok(())),
        (false, &[LAST], Ok(()), Ok(())),
        (true, &[A, LAST, TRAILERS], Ok(()), Ok(())),
        // Cut off.
        (false, &[A], Ok(()), Err(BodyCutOff)),
        (true, &[A], Ok(()), Err(BodyCutOff)),
        (true, &[A, LAST], Ok(()), Err(BodyCutOff)),
        (true, &[A, TRAILERS], Err(BodyCutOff), Err(ChunkSignatureMismatch)),
        // After the end.
        (false, &[LAST, A], Err(AfterEnd), Err(ChunkSignatureMismatch)),
        (false, &[LAST, LAST], Err(AfterEnd), Err(ChunkSignatureMismatch)),
        (false, &[LAST, TRAILERS], Err(AfterEnd), Err(ChunkSignatureMismatch)),
        (true, &[LAST, A], Err(AfterEnd), Err(ChunkSignatureMismatch)),
        (true, &[LAST, LAST], Err(AfterEnd), Err(ChunkSignatureMismatch)),
        (true, &[LAST, TRAILERS, A], Err(AfterEnd), Err(ChunkSignatureMismatch)),
        (true, &[LAST, TRAILERS, TRAILERS], Err(AfterEnd), Err(ChunkSignatureMismatch)),
        // After a refusal.
        (false, &[A, Wrong, LAST], Err(ChunkSignatureMismatch), Err(ChunkSignatureMismatch)),
        (false, &[LAST, A, LAST], Err(ChunkSignatureMismatch), Err(ChunkSignatureMismatch)),
    ] {
        let (verdicts, finished) = verify(has_trailers, pieces);
        assert_eq!((verdicts.last(), finished), (Some(&last), finish), "{has_trailers} {pieces:?}");
    }
    assert_eq!(ChunkVerifier::new(key(), now(), SEED).unwrap().finish(), Err(BodyCutOff));
}

#[test]
fn streams_end_with_the_empty_message() {
    use Refusal::*;
    for (payloads, last, finish) in [
        (&["one", "two", ""][..], Ok(()), Ok(())),
        (&[""], Ok(()), Ok(())),
        (&["one"], Ok(()), Err(BodyCutOff)),
        (&["one", "", "two"], Err(AfterEnd), Err(ChunkSignatureMismatch)),
        (&["", ""], Err(AfterEnd), Err(ChunkSignatureMismatch)),
    ] {
        let (mut signer, mut verifier) =
            (EventSigner::new(SEED), EventVerifier::new(VerifyPolicy::DEFAULT, SEED));
        assert_eq!(verifier.finish(), Err(BodyCutOff));
        let verdicts = payloads.iter().map(|payload| {
            let signature = signer.sign(&key(), now(), &sha256(payload.as_bytes())).unwrap();
            let milliseconds = now().unix_seconds() * 1_000;
            verifier.verify(&key(), &Event { milliseconds, payload: payload.as_bytes(), signature }, now())
        });
        assert_eq!((verdicts.last(), verifier.finish()), (Some(last), finish), "{payloads:?}");
    }
}
