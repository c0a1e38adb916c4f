//! Every kind of payload, of either algorithm, in headers and in URLs, under every policy: one table of what is taken, and
//! when.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::LazyLock;

use awsauth_core::verify::{
    MissingPayloadHash, PendingBody, Refusal, StreamingPayload, UnsignedPayload, VerifyPolicy,
};
use awsauth_core::{
    CredentialScope, Header, PayloadHash, Request, SigningKey, Sigv4, StringToSign, Timestamp, sha256,
};
use awsauth_sigv4a::{PublicKey, Sigv4a, Sigv4aKey};

const ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const HOST: &str = "example.com";
const BODY: &[u8] = b"body";
static PUBLIC_KEY: LazyLock<PublicKey> =
    LazyLock::new(|| Sigv4aKey::derive(ID, SECRET).unwrap().public_key());

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Hmac,
    Ecdsa,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Placement {
    Header,
    Presigned,
}

/// What the server knows of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Body {
    Signed,
    Another,
    /// Neither read nor to come.
    Unread,
    /// Still to come; in the end it is the signed one.
    ToCome,
    /// Still to come; in the end it is another.
    ToComeAnother,
}

/// The answer: accepted, refused at once, or by the check of the body that the type asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Verified,
    Refused(Refusal),
    /// Verified only by a decoder, which has seen no body yet: its hash does not do.
    Decoder,
    /// Verified only by a verifier of messages.
    Events,
}

/// What is stated: `None` is no `x-amz-content-sha256` at all, over a canonical request with the body's hash.
const KINDS: [Option<PayloadHash>; 9] = [
    None,
    Some(PayloadHash::Sha256([0; 32])),
    Some(PayloadHash::Unsigned),
    Some(PayloadHash::StreamingSigned),
    Some(PayloadHash::StreamingSignedTrailer),
    Some(PayloadHash::StreamingUnsignedTrailer),
    Some(PayloadHash::StreamingEcdsa),
    Some(PayloadHash::StreamingEcdsaTrailer),
    Some(PayloadHash::StreamingEvents),
];

#[test]
fn every_kind_of_payload_is_checked_refused_or_handed_on_with_its_check() {
    use {Algorithm::*, Body::*, Placement::*};
    let mut rows = 0;
    for stated in KINDS {
        for algorithm in [Hmac, Ecdsa] {
            for placement in [Header, Presigned] {
                for service in ["s3", "notes"] {
                    let sent = Sent::signed(stated, algorithm, placement, service);
                    for unsigned in
                        [UnsignedPayload::ByService, UnsignedPayload::Allowed, UnsignedPayload::Refused]
                    {
                        for streaming in [
                            StreamingPayload::ByService,
                            StreamingPayload::Allowed,
                            StreamingPayload::Refused,
                        ] {
                            for body in [Signed, Another, Unread, ToCome, ToComeAnother] {
                                let mut policy = VerifyPolicy::new(service, "us-east-1");
                                policy.unsigned_payload = unsigned;
                                policy.streaming_payload = streaming;
                                policy.missing_payload_hash = MissingPayloadHash::Allowed;
                                let row = Row {
                                    stated,
                                    algorithm,
                                    placement,
                                    s3: service == "s3",
                                    unsigned,
                                    streaming,
                                    body,
                                };
                                assert_eq!(sent.verify(&policy, algorithm, body), row.expected(), "{row:?}");
                                rows += 1;
                            }
                        }
                    }
                }
            }
        }
    }
    assert_eq!(rows, 9 * 2 * 2 * 2 * 3 * 3 * 5);
}

#[derive(Debug)]
struct Row {
    stated: Option<PayloadHash>,
    algorithm: Algorithm,
    placement: Placement,
    s3: bool,
    unsigned: UnsignedPayload,
    streaming: StreamingPayload,
    body: Body,
}

impl Row {
    fn expected(&self) -> Answer {
        use Answer::Refused;
        let unsigned = match self.unsigned {
            UnsignedPayload::ByService => self.s3,
            UnsignedPayload::Allowed => true,
            _ => false,
        };
        let to_come = matches!(self.body, Body::ToCome | Body::ToComeAnother);
        let another = matches!(self.body, Body::Another | Body::ToComeAnother);
        let Some(stated) = self.stated else {
            // A presigned URL of S3 that does not say leaves the body unsigned, so the one that was signed over the body is of
            // another request; those of other services cover it, whatever the policy takes besides.
            return match self.body {
                _ if self.placement == Placement::Presigned && self.s3 && !unsigned => {
                    Refused(Refusal::UnsignedPayloadRefused)
                }
                _ if self.placement == Placement::Presigned && self.s3 => Refused(Refusal::SignatureMismatch),
                Body::Unread => Refused(Refusal::PayloadHashNeeded),
                _ if to_come && self.algorithm == Algorithm::Ecdsa => Refused(Refusal::PayloadHashNeeded),
                _ if another => Refused(Refusal::SignatureMismatch),
                _ => Answer::Verified,
            };
        };
        let framed = |its_own: Algorithm, by_service: bool, answer: Answer| {
            let taken = match self.streaming {
                StreamingPayload::ByService => by_service,
                StreamingPayload::Allowed => true,
                _ => false,
            };
            match () {
                () if its_own != self.algorithm => Refused(Refusal::PayloadOfAnotherAlgorithm),
                () if !taken || !to_come => Refused(Refusal::StreamingPayloadRefused),
                () => answer,
            }
        };
        match stated {
            PayloadHash::Sha256(_) if self.body == Body::Unread => Refused(Refusal::PayloadHashNeeded),
            PayloadHash::Sha256(_) if another => Refused(Refusal::PayloadMismatch),
            PayloadHash::Sha256(_) => Answer::Verified,
            PayloadHash::Unsigned | PayloadHash::StreamingUnsignedTrailer if !unsigned => {
                Refused(Refusal::UnsignedPayloadRefused)
            }
            PayloadHash::Unsigned => Answer::Verified,
            PayloadHash::StreamingUnsignedTrailer => framed(self.algorithm, self.s3, Answer::Decoder),
            PayloadHash::StreamingSigned | PayloadHash::StreamingSignedTrailer => {
                framed(Algorithm::Hmac, self.s3, Answer::Decoder)
            }
            PayloadHash::StreamingEcdsa | PayloadHash::StreamingEcdsaTrailer => {
                framed(Algorithm::Ecdsa, self.s3, Answer::Decoder)
            }
            PayloadHash::StreamingEvents => framed(Algorithm::Hmac, !self.s3, Answer::Events),
            other => panic!("{other:?} is not in the table"),
        }
    }
}

/// A request whose signature is right.
struct Sent {
    target: String,
    headers: Vec<(String, String)>,
}

impl Sent {
    fn signed(
        stated: Option<PayloadHash>,
        algorithm: Algorithm,
        placement: Placement,
        service: &str,
    ) -> Self {
        let payload = match stated {
            None | Some(PayloadHash::Sha256(_)) => PayloadHash::of(BODY),
            Some(kind) => kind,
        };
        // What it states of the body stands where a client has it: among the headers, or in the URL.
        let text = payload.to_string();
        let in_url = stated.map(|_| format!("X-Amz-Content-Sha256={text}&"));
        let mut own = vec![("x-amz-decoded-content-length".to_owned(), "4".to_owned())];
        if placement == Placement::Header && stated.is_some() {
            own.push(("x-amz-content-sha256".to_owned(), text));
        }
        let lent: Vec<_> = own.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
        let request = Request::put("/a", HOST).headers(&lent);
        let now = now();
        let scope = CredentialScope::new(now.date(), "us-east-1", service).unwrap();
        let (key, pair) = (SigningKey::derive(SECRET, scope), Sigv4aKey::derive(ID, SECRET).unwrap());
        let mut options = awsauth_core::SigningOptions::DEFAULT;
        options.content_sha256_header = false;
        let (hmac, ecdsa) =
            (Sigv4::new(ID, &key).options(options), Sigv4a::new(ID, &pair, service, "us-*").options(options));
        macro_rules! sent {
            ($signed:expr) => {{
                let signed = $signed.unwrap();
                let added = signed.headers().map(|(name, value)| (name.to_owned(), value.to_string()));
                Self {
                    target: signed.target().to_string(),
                    headers: own.iter().cloned().chain(added).collect(),
                }
            }};
        }
        // No signer of ours writes the parameter: it goes into what is signed and into what is sent.
        macro_rules! presigned {
            ($signed:expr, $algorithm:literal, $key:expr, $scope:expr) => {{
                let signed = $signed.unwrap();
                let with = |text: String| match &in_url {
                    Some(parameter) => {
                        text.replacen("X-Amz-Credential=", &format!("{parameter}X-Amz-Credential="), 1)
                    }
                    None => text,
                };
                let canonical_request = with(signed.canonical_request().to_string());
                let string_to_sign =
                    StringToSign::new($algorithm, now, $scope, sha256(canonical_request.as_bytes()));
                let target = with(signed.target().to_string());
                let (target, _) = target.split_once("&X-Amz-Signature=").unwrap();
                let signature = $key.sign(&string_to_sign);
                Self { target: format!("{target}&X-Amz-Signature={signature}"), headers: own.clone() }
            }};
        }
        match (algorithm, placement) {
            (Algorithm::Hmac, Placement::Header) => sent!(hmac.sign(&request, payload, now)),
            (Algorithm::Hmac, Placement::Presigned) => {
                presigned!(hmac.presign(&request, payload, now, 60), "AWS4-HMAC-SHA256", key, scope)
            }
            (Algorithm::Ecdsa, Placement::Header) => sent!(ecdsa.sign(&request, payload, now)),
            (Algorithm::Ecdsa, Placement::Presigned) => {
                let signed = ecdsa.presign(&request, payload, now, 60);
                let scope = CredentialScope::without_region(now.date(), service).unwrap();
                presigned!(signed, "AWS4-ECDSA-P256-SHA256", pair, scope)
            }
        }
    }

    fn verify(&self, policy: &VerifyPolicy<'_>, algorithm: Algorithm, body: Body) -> Answer {
        let headers: Vec<_> =
            self.headers.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
        let request = Request::put(&self.target, HOST).headers(&headers);
        let public_key = *PUBLIC_KEY;
        let digest = match body {
            Body::Another | Body::ToComeAnother => sha256(b"another"),
            _ => sha256(BODY),
        };
        let at_hand = if body == Body::Unread { None } else { Some(digest) };
        let to_come = matches!(body, Body::ToCome | Body::ToComeAnother);
        let answer = match (algorithm, to_come) {
            (Algorithm::Hmac, false) => {
                policy.verify(&request, at_hand, now(), |_| Some(SECRET)).map(|_| Answer::Verified)
            }
            (Algorithm::Ecdsa, false) => {
                awsauth_sigv4a::verify(policy, &request, at_hand, now(), |_| Some(public_key))
                    .map(|_| Answer::Verified)
            }
            (Algorithm::Hmac, true) => match policy.verify_head(&request, now(), |_| Some(SECRET)) {
                Ok(PendingBody::Chunked(chunks)) => {
                    assert_eq!(chunks.decoded_length(), 4);
                    assert!(chunks.decoder().unwrap().finish().is_err());
                    Ok(Answer::Decoder)
                }
                Ok(PendingBody::Events(events)) => {
                    assert!(events.finish().is_err());
                    Ok(Answer::Events)
                }
                Ok(pending) => pending.verify_body(&digest).map(|_| Answer::Verified),
                Err(refusal) => Err(refusal),
            },
            (Algorithm::Ecdsa, true) => {
                let pending = || awsauth_sigv4a::verify_head(policy, &request, now(), |_| Some(public_key));
                pending().and_then(|framed| match framed.verify_body(&digest) {
                    Err(Refusal::StreamingPayloadRefused) => {
                        assert!(pending()?.decoder().unwrap().finish().is_err());
                        Ok(Answer::Decoder)
                    }
                    answer => answer.map(|_| Answer::Verified),
                })
            }
        };
        // The claim of a body that is still to come never passes for one that has been looked at.
        if to_come
            && algorithm == Algorithm::Hmac
            && let Ok(claim) = policy.claim_head(&request, now())
        {
            let unsigned = claim.payload_hash() == PayloadHash::Unsigned;
            assert!(unsigned || claim.verify(SECRET).is_err());
        }
        answer.unwrap_or_else(Answer::Refused)
    }
}

fn now() -> Timestamp {
    Timestamp::parse("20150830T123600Z").unwrap()
}
