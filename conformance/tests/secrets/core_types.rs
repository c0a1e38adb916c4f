//! Types of `awsauth-core` and `awsauth-sigv4a`.

use awsauth_core::aws_chunked::{Decoder, Framing, Trailer};
use awsauth_core::event_stream::{self, SignedMessage};
use awsauth_core::post_policy::{Condition, Field, PostPolicy};
use awsauth_core::s3_legacy::Bucket;
use awsauth_core::verify::{
    ChunkVerifier, EventVerifier, MissingPayloadHash, PendingBody, StreamingPayload, UnsignedPayload,
    VerifyPolicy,
};
use awsauth_core::*;
use awsauth_sigv4a::{PublicKey, Sigv4a, Sigv4aKey};

use super::{ENCODED_TOKEN, ID, SECRET, Shown, TIME, TOKEN, now};

const HOST: &str = "bucket.s3.eu-west-1.amazonaws.com";

pub(super) fn plant(shown: &mut Shown) {
    shown.add("HmacKey", HmacKey::new(SECRET.as_bytes()));
    let scope = CredentialScope::new(now().date(), "eu-west-1", "s3").unwrap();
    let key = SigningKey::derive(SECRET, scope);
    shown.add("SigningKey", &key);
    shown.add("OwnedSigningKey", key.to_owned_key());
    let credentials = Credentials::new(ID, SECRET).unwrap().session_token(TOKEN).unwrap();
    shown.add("Credentials", credentials);

    let target = format!("/key?X-Amz-Security-Token={ENCODED_TOKEN}");
    let value = TOKEN.as_bytes();
    let headers = [Header::new("x-amz-security-token", value), Header::new("x-amz-meta-a", value)];
    let request = Request::put(&target, HOST).headers(&headers);
    shown.add("Request", request);
    shown.add("Header", headers[0]);

    sigv4(shown, &key, &request);
    streams(shown, &key);
    older(shown, credentials, &request);
    forms(shown, &key, credentials);
    verified(shown, &key, credentials);
    asymmetric(shown);
}

fn sigv4<'a>(shown: &mut Shown, key: &'a SigningKey<'a>, request: &Request<'a>) {
    let mut options = SigningOptions::default();
    options.session_token = Some(TOKEN);
    shown.add("SigningOptions", options);
    let identity = Identity::new("AWS4-HMAC-SHA256", ID, key.scope()).options(options);
    shown.add("Identity", &identity);
    let unsigned = identity.prepare(request, PayloadHash::EMPTY, now()).unwrap();
    shown.add("CanonicalRequest", unsigned.canonical_request());
    shown.add("StringToSign", unsigned.string_to_sign());
    shown.add("Unsigned", &unsigned);

    let signer = Sigv4::new(ID, key).session_token(TOKEN);
    shown.add("Sigv4", &signer);
    let mut space = SigningSpace::new();
    shown.secret(signer.sign_into(&mut space, request, PayloadHash::EMPTY, now()).unwrap().signature());
    shown.add("SigningSpace", &space);
    for signed in [
        signer.sign(request, PayloadHash::EMPTY, now()).unwrap(),
        signer.presign(request, PayloadHash::Unsigned, now(), 60).unwrap(),
    ] {
        shown.secret(signed.signature());
        shown.add("Signature", signed.signature());
        shown.add("Signed", &signed);
        shown.add("Target", signed.target());
        for (_, value) in signed.headers() {
            shown.add("AddedHeader", value);
        }
    }

    let verbatim_headers = [Header::new("x-amz-meta-a", TOKEN.as_bytes())];
    let plain = Request::put("/key", HOST).headers(&verbatim_headers);
    let verbatim = Verbatim::new(ID, key).session_token(TOKEN);
    shown.add("Verbatim", &verbatim);
    let signed = verbatim.sign(&plain, PayloadHash::EMPTY, now()).unwrap();
    shown.secret(signed.signature());
    shown.add("SignedVerbatim", &signed);
    for (_, value) in signed.headers() {
        shown.add("VerbatimHeader", value);
    }
}

fn streams<'a>(shown: &mut Shown, key: &'a SigningKey<'a>) {
    let trailers = [Trailer::new("x-amz-checksum-crc32", 8)];
    shown.add("Trailer", trailers[0]);
    let framing = Framing::new(PayloadHash::StreamingSignedTrailer, 8, &trailers).unwrap();
    shown.add("Framing", framing);
    shown.add("TrailerNames", framing.trailer_names());
    let request = Request::put("/key", HOST);
    let signed = Sigv4::new(ID, key)
        .session_token(TOKEN)
        .options(SigningOptions::default())
        .sign(&request, framing.payload_hash(), now())
        .unwrap();
    shown.secret(signed.signature());
    let mut encoder = framing.encoder(&signed, key).unwrap();
    shown.add("Encoder", &encoder);
    let frame = encoder.chunk(b"8 bytes!").unwrap();
    shown.secret(frame.signature().unwrap());
    shown.add("Frame", &frame);
    let values = [Header::new("x-amz-checksum-crc32", b"sOO8/Q==")];
    let last = encoder.finish(&values).unwrap();
    shown.secret(last.trailer_signature().unwrap());
    shown.add("LastFrame", &last);

    let signer = signed.chunks(key).unwrap();
    shown.add("ChunkSigner", &signer);
    shown.add("ChainedStringToSign", signer.chunk_string_to_sign(&sha256(b"8 bytes!")));
    shown.add("Trailers", Trailers::new(&values).unwrap());
    shown.add("Decoder", Decoder::new(framing.payload_hash(), 8, Some(signer)).unwrap());

    let mut events = EventSigner::new(*signed.signature());
    let signature = events.sign(key, now(), &sha256(b"message")).unwrap();
    shown.secret(signature);
    shown.add("EventSigner", &events);
    let message = SignedMessage::new(now(), signature, b"message").unwrap();
    shown.add("SignedMessage", &message);
    let bytes = [&message.head()[..], b"message", &message.tail()].concat();
    shown.add("Event", event_stream::parse(&bytes).unwrap().unwrap().0);
}

fn older<'a>(shown: &mut Shown, credentials: Credentials<'a>, request: &Request<'a>) {
    let plain = Request::get("/?Action=List&Version=1", "sdb.amazonaws.com");
    let sigv2 = Sigv2::new(credentials);
    shown.add("Sigv2", &sigv2);
    let signed = sigv2.sign(&plain, now()).unwrap();
    shown.secret(signed.signature());
    shown.add("LegacySignature", signed.signature());
    shown.add("sigv2::Signed", &signed);
    shown.add("sigv2::Target", signed.target());
    shown.add("sigv2::StringToSign", signed.string_to_sign());
    let post = Request::post("/", "sdb.amazonaws.com");
    let form = sigv2.sign_form(&post, b"Action=List&Version=1", now()).unwrap();
    shown.add("SignedForm", &form);
    shown.add("FormBody", form.body());

    let sigv3 = Sigv3::new(credentials);
    shown.add("Sigv3", &sigv3);
    for signed in [sigv3.sign(request, b"", now()).unwrap(), sigv3.sign_https(request, now()).unwrap()] {
        shown.secret(signed.signature());
        shown.add("sigv3::Signed", &signed);
        shown.add("sigv3::Target", signed.target());
        shown.add("sigv3::StringToSign", signed.string_to_sign());
        signed.headers().for_each(|(_, value)| shown.add("LegacyHeader", value));
    }

    let legacy = S3Legacy::new(credentials);
    let bare = Request::get("/key", HOST);
    shown.add("S3Legacy", &legacy);
    for signed in [legacy.sign(request, now()).unwrap(), legacy.presign(&bare, now(), 60).unwrap()] {
        shown.secret(signed.signature());
        shown.add("s3_legacy::Signed", &signed);
        shown.add("s3_legacy::Target", signed.target());
        shown.add("s3_legacy::StringToSign", signed.string_to_sign());
        signed.headers().for_each(|(_, value)| shown.add("LegacyHeader", value));
    }
}

fn forms<'a>(shown: &mut Shown, key: &'a SigningKey<'a>, credentials: Credentials<'a>) {
    let fields = [Field::new("acl", TOKEN)];
    let conditions = [Condition::equals("a", TOKEN), Condition::starts_with("b", TOKEN)];
    shown.add("Field", fields[0]);
    shown.add("Condition", conditions);
    let later = Timestamp::from_unix(now().unix_seconds() + 60).unwrap();
    let policy = PostPolicy::key("bucket", "key", later).fields(&fields).conditions(&conditions);
    shown.add("PostPolicy", policy);
    let signer = Sigv4::new(ID, key).session_token(TOKEN);
    let signed = policy.sign(&signer, now()).unwrap();
    shown.secret(signed.signature());
    shown.secret(signed.encoded_policy());
    shown.add("SignedPolicy", &signed);
    shown.add("EncodedPolicy", signed.encoded_policy());
    shown.add("PolicyJson", signed.json());
    signed.fields().for_each(|(_, value)| shown.add("FieldValue", value));

    let texts: Vec<_> = signed.fields().map(|(name, value)| (name, value.to_string())).collect();
    let sent: Vec<_> = texts.iter().map(|(name, value)| Field::new(name, value)).collect();
    let form = VerifyPolicy::new("s3", "eu-west-1").verify_form(&sent, now(), |_, _| Some(SECRET)).unwrap();
    assert!(form.session_token().is_some());
    shown.add("VerifiedForm", &form);

    let signed = policy.sign_s3_legacy(credentials, now()).unwrap();
    shown.secret(signed.signature());
    shown.secret(signed.encoded_policy());
    shown.add("SignedPolicy", &signed);
    let texts: Vec<_> = signed.fields().map(|(name, value)| (name, value.to_string())).collect();
    let sent: Vec<_> = texts.iter().map(|(name, value)| Field::new(name, value)).collect();
    let form = VerifyPolicy::new("s3", "eu-west-1").verify_s3_legacy_form(&sent, |_| Some(SECRET)).unwrap();
    shown.add("VerifiedLegacyForm", &form);
}

fn verified<'a>(shown: &mut Shown, key: &'a SigningKey<'a>, credentials: Credentials<'a>) {
    let mut policy = VerifyPolicy::new("s3", "eu-west-1");
    policy.unsigned_payload = UnsignedPayload::Allowed;
    policy.streaming_payload = StreamingPayload::Allowed;
    shown.add("VerifyPolicy", &policy);
    for payload in [PayloadHash::EMPTY, PayloadHash::StreamingSigned, PayloadHash::StreamingEvents] {
        let own = [Header::new("x-amz-decoded-content-length", b"0")];
        let request = Request::put("/key", HOST).headers(&own);
        let signer = Sigv4::new(ID, key).session_token(TOKEN);
        let signed = signer.sign(&request, payload, now()).unwrap();
        shown.secret(signed.signature());
        let texts: Vec<_> = signed.headers().map(|(name, value)| (name, value.to_string())).collect();
        let headers: Vec<_> = texts
            .iter()
            .map(|(name, value)| Header::new(name, value.as_bytes()))
            .chain([own[0], Header::new("host", HOST.as_bytes())])
            .collect();
        let received = Request::put("/key", HOST).headers(&headers);
        let claim = policy.claim_head(&received, now()).unwrap();
        shown.add("SessionToken", claim.session_token().unwrap());
        shown.add("SignedHost", claim.host());
        shown.add("CanonicalPath", claim.canonical_path());
        shown.add("Claim", &claim);
        claim.signed_headers().for_each(|name| shown.add("SignedHeaderName", name));
        let pending = claim.verify_head(SECRET).unwrap();
        shown.add("PendingBody", &pending);
        match pending {
            PendingBody::Chunked(chunks) => {
                shown.add("PendingChunks", &chunks);
                let key = chunks.signing_key();
                shown.add("ChunkVerifier", ChunkVerifier::new(key, now(), chunks.signature()).unwrap());
                let decoder = chunks.decoder().unwrap();
                // Of the last two there are none but in a decoder.
                ["BodyDecoder", "ClaimKey", "ClaimScope"].iter().for_each(|name| shown.add(name, &decoder));
                continue;
            }
            PendingBody::Events(events) => {
                shown.add("EventVerifier", EventVerifier::new(policy, events.signature()));
                shown.add("PendingEvents", &events);
                continue;
            }
            PendingBody::Hashed(ref hash) => shown.add("PendingHash", hash),
            _ => {}
        }
        let verified = pending.verify_body(&sha256(b"")).unwrap();
        shown.add("Verified", &verified);
    }

    let mut options = SigningOptions::DEFAULT;
    options.content_sha256_header = false;
    options.session_token = Some(TOKEN);
    let plain = Request::get("/key", HOST);
    let signed = Sigv4::new(ID, key).options(options).sign(&plain, PayloadHash::EMPTY, now()).unwrap();
    shown.secret(signed.signature());
    let texts: Vec<_> = signed.headers().map(|(name, value)| (name, value.to_string())).collect();
    let headers: Vec<_> = texts
        .iter()
        .map(|(name, value)| Header::new(name, value.as_bytes()))
        .chain([Header::new("host", HOST.as_bytes())])
        .collect();
    policy.missing_payload_hash = MissingPayloadHash::Allowed;
    let received = Request::get("/key", HOST).headers(&headers);
    let pending = policy.claim_head(&received, now()).unwrap().verify_head(SECRET).unwrap();
    let PendingBody::Hashed(hash) = pending else { panic!("{pending:?}") };
    shown.add("PendingHash", &hash);
    shown.add("AwaitedSignature", hash.awaited().unwrap());

    let signed = S3Legacy::new(credentials).presign(&plain, now(), 60).unwrap();
    shown.secret(signed.signature());
    let target = signed.target().to_string();
    let received = Request::get(&target, HOST);
    let verified = policy.verify_s3_legacy(&received, Bucket::ByHost, now(), |_| Some(SECRET)).unwrap();
    assert!(verified.session_token().is_some());
    shown.add("VerifiedLegacy", &verified);
}

fn asymmetric(shown: &mut Shown) {
    let key = Sigv4aKey::derive(ID, SECRET).unwrap();
    shown.add("Sigv4aKey", &key);
    let scope = CredentialScope::without_region(now().date(), "s3").unwrap();
    shown.add("ScopedKey", key.scoped(scope));
    let public: PublicKey = key.public_key();
    let signer = Sigv4a::new(ID, &key, "s3", "*").session_token(TOKEN);
    shown.add("Sigv4a", &signer);
    let own = [Header::new("x-amz-decoded-content-length", b"0")];
    let request = Request::put("/key", HOST).headers(&own);
    let signed = signer.sign(&request, PayloadHash::StreamingEcdsa, now()).unwrap();
    shown.secret(signed.signature());
    shown.add("Sigv4aSignature", signed.signature());
    shown.add("Signed", &signed);

    let texts: Vec<_> = signed.headers().map(|(name, value)| (name, value.to_string())).collect();
    let headers: Vec<_> = texts
        .iter()
        .map(|(name, value)| Header::new(name, value.as_bytes()))
        .chain([own[0], Header::new("host", HOST.as_bytes())])
        .collect();
    let received = Request::put("/key", HOST).headers(&headers);
    let policy = VerifyPolicy::new("s3", "eu-west-1");
    let claim = policy.claim_asymmetric_head(&received, now()).unwrap();
    shown.add("AsymmetricClaim", &claim);
    shown.add("RegionSet", claim.region_set());
    shown.add("PendingAsymmetric", claim.clone().verify_head_with(|_, _| true).unwrap());
    let pending = awsauth_sigv4a::verify_head(&policy, &received, now(), |_| Some(public)).unwrap();
    shown.add("sigv4a::PendingBody", &pending);
    shown.add("sigv4a::BodyDecoder", pending.decoder().unwrap());

    let signed = signer.sign(&Request::put("/key", HOST), PayloadHash::EMPTY, now()).unwrap();
    shown.secret(signed.signature());
    let texts: Vec<_> = signed.headers().map(|(name, value)| (name, value.to_string())).collect();
    let headers: Vec<_> = texts
        .iter()
        .map(|(name, value)| Header::new(name, value.as_bytes()))
        .chain([Header::new("host", HOST.as_bytes())])
        .collect();
    let received = Request::put("/key", HOST).headers(&headers);
    let body = Some(sha256(b""));
    let verified = awsauth_sigv4a::verify(&policy, &received, body, now(), |_| Some(public)).unwrap();
    shown.add("VerifiedAsymmetric", &verified);
    assert_eq!(TIME.len(), 16);
}
