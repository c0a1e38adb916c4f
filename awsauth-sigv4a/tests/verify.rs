//! Verification with a public key: what is signed verifies, and each reason why else it does not.

#![allow(clippy::unwrap_used, reason = "tests")]

use awsauth_core::verify::{Refusal, VerifyPolicy};
use awsauth_core::{
    CredentialScope, Header, PayloadHash, Request, SigningKey, Sigv4, Timestamp, TokenPlacement, sha256,
};
use awsauth_sigv4a::{PublicKey, Sigv4a, Sigv4aKey, verify};
use proptest::prelude::*;

const ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const HOST: &str = "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com";

fn now() -> Timestamp {
    Timestamp::parse("20150830T123600Z").unwrap()
}

fn key() -> Sigv4aKey {
    Sigv4aKey::derive(ID, SECRET).unwrap()
}

/// A request as it goes on the wire.
#[derive(Clone)]
struct Sent {
    target: String,
    headers: Vec<(String, String)>,
}

impl Sent {
    fn signed(presign: bool, regions: &str) -> Self {
        let (key, request) = (key(), Request::get("/report.csv?a=1", HOST));
        let signer = Sigv4a::new(ID, &key, "s3", regions).session_token("IQoJ//+=");
        let signed = match presign {
            true => signer.presign(&request, PayloadHash::Unsigned, now(), 60),
            false => signer.sign(&request, PayloadHash::EMPTY, now()),
        };
        let signed = signed.unwrap();
        let header = |(name, value): (&str, _)| (name.to_owned(), format!("{value}"));
        Self { target: signed.target().to_string(), headers: signed.headers().map(header).collect() }
    }

    fn verify(&self, policy: &VerifyPolicy<'_>, key: Option<PublicKey>) -> Result<String, Refusal> {
        let headers: Vec<_> =
            self.headers.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
        let request = Request::get(&self.target, HOST).headers(&headers);
        let known = |id: &str| key.filter(|_| id == ID);
        verify(policy, &request, Some(sha256(b"")), now(), |claim| known(claim.access_key_id()))
            .map(|verified| format!("{} {}", verified.access_key_id(), verified.region_set()))
    }

    fn replaced(&self, from: &str, to: &str) -> Self {
        let mut changed = self.clone();
        changed.target = changed.target.replace(from, to);
        for (name, value) in &mut changed.headers {
            *name = name.replace(from, to);
            *value = value.replace(from, to);
        }
        assert!(changed.target != self.target || changed.headers != self.headers, "{from}");
        changed
    }
}

#[test]
fn what_is_signed_verifies_in_its_regions() {
    let public_key = Some(key().public_key());
    for presign in [false, true] {
        let sent = Sent::signed(presign, "us-*,eu-west-2");
        for region in ["us-east-1", "us-west-2", "eu-west-2"] {
            let verified = sent.verify(&VerifyPolicy::new("s3", region), public_key);
            assert_eq!(verified.as_deref(), Ok("AKIDEXAMPLE us-*,eu-west-2"));
        }
        assert!(sent.verify(&VerifyPolicy::DEFAULT, public_key).is_ok());
        let elsewhere = sent.verify(&VerifyPolicy::new("s3", "eu-west-1"), public_key);
        assert_eq!(elsewhere, Err(Refusal::WrongRegion));
        let other = sent.verify(&VerifyPolicy::new("sqs", "us-east-1"), public_key);
        assert_eq!(other, Err(Refusal::WrongService));
    }
}

#[test]
fn names_each_reason() {
    use Refusal::*;
    let other_key = Sigv4aKey::derive(ID, "another").unwrap().public_key();
    let (policy, public_key) = (VerifyPolicy::DEFAULT, Some(key().public_key()));
    let header = Sent::signed(false, "us-*");
    assert_eq!(header.verify(&policy, None), Err(UnknownAccessKeyId));
    assert_eq!(header.verify(&policy, Some(other_key)), Err(SignatureMismatch));
    for (from, to, reason) in [
        ("us-*", "us-e*", SignatureMismatch),
        ("us-*", "", MalformedAuthorization),
        ("us-*", "us *", MalformedAuthorization),
        ("x-amz-region-set", "x-amz-region-sets", IncompleteSignature("x-amz-region-set".into())),
        ("AWS4-ECDSA-P256-SHA256", "AWS4-HMAC-SHA256", UnsupportedAlgorithm),
        ("AKIDEXAMPLE/", "AKIDANOTHER/", UnknownAccessKeyId),
        ("/s3/", "/us-east-1/s3/", MalformedAuthorization),
        ("/s3/", "/sqs/", SignatureMismatch),
        ("/20150830/", "/20150831/", ScopeOfAnotherDay),
        ("Signature=30", "Signature=31", SignatureMismatch),
        ("Signature=3", "Signature=*3", MalformedAuthorization),
        ("Signature=30", "Signature=", SignatureMismatch),
        ("123600Z", "123500Z", SignatureMismatch),
        ("IQoJ", "IQoK", SignatureMismatch),
        ("x-amz-region-set;", "", UnsignedHeader("x-amz-region-set".into())),
    ] {
        assert_eq!(header.replaced(from, to).verify(&policy, public_key), Err(reason), "{from} -> {to}");
    }
    let url = Sent::signed(true, "us-*");
    for (from, to, reason) in [
        ("Region-Set=us-%2A", "Region-Set=%2A", SignatureMismatch),
        ("Region-Set=us-%2A", "Region-Set=a%20b", MalformedQueryAuthentication),
        ("&X-Amz-Region-Set=us-%2A", "", IncompleteSignature("X-Amz-Region-Set".into())),
        ("X-Amz-Expires=60", "X-Amz-Expires=61", SignatureMismatch),
        ("a=1", "a=2", SignatureMismatch),
    ] {
        assert_eq!(url.replaced(from, to).verify(&policy, public_key), Err(reason), "{from} -> {to}");
    }
    let mut upper_case = header.clone();
    let (_, authorization) = upper_case.headers.last_mut().unwrap();
    let (head, digits) = authorization.split_once("Signature=").unwrap();
    *authorization = format!("{head}Signature={}", digits.to_uppercase());
    assert_eq!(upper_case.verify(&policy, public_key), Err(MalformedAuthorization));
}

/// Neither algorithm is taken for the other, whoever asks.
#[test]
fn a_request_of_the_other_algorithm_is_refused() {
    let scope = CredentialScope::new(now().date(), "us-east-1", "s3").unwrap();
    let key = SigningKey::derive(SECRET, scope);
    let request = Request::get("/report.csv", HOST);
    let signed = Sigv4::new(ID, &key).token_placement(TokenPlacement::Signed);
    let signed = signed.sign(&request, PayloadHash::EMPTY, now()).unwrap();
    let added: Vec<_> = signed.headers().map(|(name, value)| (name, value.to_string())).collect();
    let headers: Vec<_> = added.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
    let found = VerifyPolicy::DEFAULT.claim_asymmetric(&request.headers(&headers), None, now());
    assert_eq!(found.unwrap_err(), Refusal::UnsupportedAlgorithm);

    let sent = Sent::signed(false, "*");
    let headers: Vec<_> =
        sent.headers.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
    let request = Request::get(&sent.target, HOST).headers(&headers);
    assert_eq!(
        VerifyPolicy::DEFAULT.claim(&request, None, now()).unwrap_err(),
        Refusal::UnsupportedAlgorithm
    );
    // Nor can a claim of one be verified by a key of the other.
    let claim = VerifyPolicy::DEFAULT.claim_asymmetric_head(&request, now()).unwrap().claim().clone();
    assert_eq!(claim.clone().verify(SECRET).unwrap_err(), Refusal::UnsupportedAlgorithm);
    assert_eq!(claim.verify_head(SECRET).unwrap_err(), Refusal::UnsupportedAlgorithm);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_flipped_bit_is_refused(presign: bool, at: prop::sample::Index, bit in 0..7) {
        let mut sent = Sent::signed(presign, "us-*");
        let part = match presign {
            true => &mut sent.target,
            false => &mut sent.headers.last_mut().unwrap().1,
        };
        let mut bytes = core::mem::take(part).into_bytes();
        let at = at.index(bytes.len());
        let before = bytes.clone();
        bytes[at] ^= 1_u8 << bit;
        let means_the_same =
            presign && bytes.eq_ignore_ascii_case(&before) && before[..at].iter().rev().take(2).any(|byte| *byte == b'%');
        if let Ok(text) = String::from_utf8(bytes) {
            *part = text;
            let found = sent.verify(&VerifyPolicy::DEFAULT, Some(key().public_key()));
            prop_assert_eq!(found.is_ok(), means_the_same, "{:?}", at);
        }
    }
}
