//! Requests, presigned URLs and bodies in chunks: signed, and verified with the public key.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use awsauth_core::aws_chunked::{DecodeError, Decoder, Framing, Step, Trailer};
use awsauth_core::verify::{Refusal, VerifyPolicy};
use awsauth_core::{
    ChunkSigner, ChunkVerifyingKey, Error, Header, PayloadHash, Request, SignatureText, Timestamp,
};
use awsauth_sigv4a::{PublicKey, Sigv4a, Sigv4aKey, Sigv4aSignature, verify_head};
use proptest::prelude::*;

const HOST: &str = "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com";

fn key() -> Sigv4aKey {
    Sigv4aKey::derive("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY").unwrap()
}

fn now() -> Timestamp {
    Timestamp::parse("20150830T123600Z").unwrap()
}

/// AWS's Signature Version 4A test suite: get-vanilla.
#[test]
fn header_of_the_test_suite() {
    let key = key();
    let mut options = awsauth_core::SigningOptions::DEFAULT;
    options.content_sha256_header = false;
    let signed = Sigv4a::new("AKIDEXAMPLE", &key, "service", "us-east-1")
        .options(options)
        .sign(&Request::get("/", "example.amazonaws.com"), PayloadHash::EMPTY, now())
        .unwrap();
    assert_eq!(
        signed.canonical_request().to_string(),
        "GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\nx-amz-region-set:us-east-1\n\n\
         host;x-amz-date;x-amz-region-set\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    let string_to_sign = signed.string_to_sign();
    assert!(
        string_to_sign
            .to_string()
            .starts_with("AWS4-ECDSA-P256-SHA256\n20150830T123600Z\n20150830/service/aws4_request\n")
    );
    key.public_key().verify(&string_to_sign.sha256(), signed.signature()).unwrap();
    let (_, authorization) = signed.headers().last().unwrap();
    assert_eq!(
        authorization.to_string(),
        format!(
            "AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20150830/service/aws4_request, \
             SignedHeaders=host;x-amz-date;x-amz-region-set, Signature={}",
            signed.signature()
        )
    );
}

#[test]
fn url_has_the_region_set() {
    let key = key();
    let signed = Sigv4a::new("AKIDEXAMPLE", &key, "s3", "us-west-2,us-east-1")
        .session_token("token")
        .presign(&Request::get("/report.csv", HOST), PayloadHash::Unsigned, now(), 900)
        .unwrap();
    assert_eq!(
        signed.target().to_string(),
        format!(
            "/report.csv?X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256\
             &X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fs3%2Faws4_request&X-Amz-Date=20150830T123600Z\
             &X-Amz-Expires=900&X-Amz-Region-Set=us-west-2%2Cus-east-1&X-Amz-Security-Token=token\
             &X-Amz-SignedHeaders=host&X-Amz-Signature={}",
            signed.signature()
        )
    );
    assert_eq!(signed.headers().count(), 0);
    key.public_key().verify(&signed.string_to_sign().sha256(), signed.signature()).unwrap();
}

#[test]
fn refuses_region_sets_and_services_that_cannot_be_sent() {
    let key = key();
    let request = Request::get("/", HOST);
    for region_set in ["", "us-east-1, us-west-2", "us-east-1\n", "über"] {
        let signer = Sigv4a::new("AKIDEXAMPLE", &key, "s3", region_set);
        assert_eq!(signer.sign(&request, PayloadHash::EMPTY, now()).unwrap_err(), Error::MalformedRegionSet);
    }
    let signer = Sigv4a::new("AKIDEXAMPLE", &key, "", "*");
    assert_eq!(signer.sign(&request, PayloadHash::EMPTY, now()).unwrap_err(), Error::MalformedScope);
    let signer = Sigv4a::new("AKIDEXAMPLE", &key, "s3", "*");
    assert_eq!(signer.presign(&request, PayloadHash::EMPTY, now(), 0).unwrap_err(), Error::ExpiryOutOfRange);
}

#[test]
fn a_changed_request_does_not_verify() {
    let key = key();
    let sign = |target| {
        Sigv4a::new("AKIDEXAMPLE", &key, "s3", "*").sign(
            &Request::get(target, HOST),
            PayloadHash::EMPTY,
            now(),
        )
    };
    let (one, other) = (sign("/a").unwrap(), sign("/b").unwrap());
    assert_eq!(
        key.public_key().verify(&other.string_to_sign().sha256(), one.signature()),
        Err(awsauth_sigv4a::Error::SignatureMismatch)
    );
}

#[test]
fn chunk_signatures_are_padded_on_the_wire_alone() {
    let key = key();
    let body = [b'a'; 66_560];
    let declared = [Trailer::CRC32C];
    let framing = Framing::new(PayloadHash::StreamingEcdsaTrailer, 66_560, &declared).unwrap();
    let own = [
        Header::new("x-amz-decoded-content-length", b"66560"),
        Header::new("x-amz-trailer", b"x-amz-checksum-crc32c"),
    ];
    let signed = Sigv4a::new("AKIDEXAMPLE", &key, "s3", "*")
        .sign(&Request::put("/object", HOST).headers(&own), framing.payload_hash(), now())
        .unwrap();
    let scoped = key.scoped(signed.scope());
    let mut encoder = framing.encoder(&signed, scoped).unwrap();
    let mut wire = Vec::new();
    for data in body.chunks(framing.chunk_size()) {
        let frame = encoder.chunk(data).unwrap();
        let mut head = Vec::new();
        frame.write_head(&mut |run: &[u8]| head.extend_from_slice(run));
        let head = String::from_utf8(head).unwrap();
        let (_, digits) = head.trim_end().split_once(";chunk-signature=").unwrap();
        assert_eq!(digits, format!("{:*<144}", frame.signature().unwrap().to_string()));
        wire.extend_from_slice(head.as_bytes());
        wire.extend_from_slice(data);
        wire.extend_from_slice(frame.tail());
    }
    let trailers = [Header::new("x-amz-checksum-crc32c", b"sOO8/Q==")];
    let last = encoder.finish(&trailers).unwrap();
    last.write_to(&mut |run: &[u8]| wire.extend_from_slice(run));
    assert_eq!(wire.len() as u64, framing.encoded_length());

    // Each string to sign has the bare digits of the signature before it.
    let chunks = ChunkSigner::new(scoped, now(), *signed.signature()).unwrap();
    let text = chunks.chunk_string_to_sign(&[0; 32]).to_string();
    assert_eq!(text.lines().next(), Some("AWS4-ECDSA-P256-SHA256-PAYLOAD"));
    assert_eq!(text.lines().nth(3), Some(signed.signature().to_string().as_str()));

    // As a server sees it, which has the public key alone; and by the private key.
    let added: Vec<_> = signed.headers().map(|(name, value)| (name, value.to_string())).collect();
    let added = added.iter().map(|(name, value)| Header::new(name, value.as_bytes()));
    let headers: Vec<_> = own.into_iter().chain(added).collect();
    let received = Request::put("/object", HOST).headers(&headers);
    let public_key = key.public_key();
    let policy = VerifyPolicy::new("s3", "us-west-2");
    let pending = |lookup: PublicKey| verify_head(&policy, &received, now(), |_| Some(lookup));
    let other = Sigv4aKey::derive("AKIDOTHER", "secret").unwrap().public_key();
    assert_eq!(pending(other).unwrap_err(), Refusal::SignatureMismatch);
    let verify = |wire: &[u8]| {
        let mut decoder = pending(public_key).unwrap().decoder().unwrap();
        let mut input = wire;
        let by_public_key = loop {
            match decoder.step(&mut input) {
                Err(error) => break Err(error),
                Ok(Step::End | Step::NeedInput) => break decoder.finish().map(drop),
                Ok(_) => {}
            }
        };
        assert_eq!(by_public_key, decode(wire, &framing, signed.chunks(scoped).unwrap()));
        by_public_key
    };
    assert_eq!(verify(&wire), Ok(()));
    for place in [0, 30, 1_000, wire.len() - 200, wire.len() - 100] {
        let mut changed = wire.clone();
        changed[place] ^= 1;
        assert!(verify(&changed).is_err(), "byte {place}");
    }
}

fn decode<K: ChunkVerifyingKey>(
    wire: &[u8],
    framing: &Framing<'_>,
    verifier: ChunkSigner<K>,
) -> Result<(), DecodeError> {
    let announced = framing.trailer_names().to_string();
    let decoder = Decoder::new(framing.payload_hash(), framing.decoded_length(), Some(verifier))?;
    let mut decoder = decoder.with_trailers(announced.as_bytes())?;
    let mut input = wire;
    while !matches!(decoder.step(&mut input)?, Step::End | Step::NeedInput) {}
    decoder.finish()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn signatures_verify_and_read_back(secret in "[!-~]{1,100}", id in "[A-Z0-9]{4,40}", path in "/[a-z]{0,9}") {
        let key = Sigv4aKey::derive(&id, &secret).unwrap();
        let signed = Sigv4a::new(&id, &key, "s3", "*")
            .sign(&Request::get(&path, HOST), PayloadHash::EMPTY, now())
            .unwrap();
        let mut digits = Vec::new();
        signed.signature().write_to(&mut |run: &[u8]| digits.extend_from_slice(run));
        let digits = String::from_utf8(digits).unwrap();
        prop_assert!((16..=144).contains(&digits.len()));
        prop_assert_eq!(Sigv4aSignature::parse(&digits), Ok(*signed.signature()));
        prop_assert!(key.public_key().verify(&signed.string_to_sign().sha256(), signed.signature()).is_ok());
    }

    #[test]
    fn no_digits_make_it_panic(digits in "\\PC{0,200}|[0-9a-f]{0,160}|30[0-9a-f]{100,160}\\**") {
        if let Ok(signature) = Sigv4aSignature::parse(&digits) {
            prop_assert_eq!(Sigv4aSignature::parse(&signature.to_string()), Ok(signature));
        }
    }
}
