//! SigV4A in the `Authorization` header: "AWS Signature Version 4A".

use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use p256::ecdsa::{Signature, SigningKey};

use super::canonical_request::{canonical_request, headers_of_header_form};
use super::encoding::hex;
use super::hash::{hmac_sha256, sha256};
use super::{Answer, Credentials, Refusal, Request, Scope, Settings, Time};
use crate::vectors::Secret;

/// Name of the algorithm, the first line of the string to sign.
pub(super) const ALGORITHM: &str = "AWS4-ECDSA-P256-SHA256";

/// Order of P-256 less two, big-endian.
const ORDER_LESS_TWO: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc,
    0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x4f,
];

/// Signs a request in its headers; the scope's region is the region set, taken as it is.
///
/// The signature has the nonce of RFC 6979 and `s` as it comes, one of many valid ones: compare the string to
/// sign, or verify with the public key.
///
/// # Errors
/// As [`v4::sign`](super::v4::sign).
pub fn sign(
    request: &Request,
    credentials: &Credentials,
    scope: &Scope,
    time: &Time,
    settings: &Settings,
) -> Result<Answer, Refusal> {
    credentials.check()?;
    let credential_scope = credential_scope(scope, time)?;
    let region_set = ("x-amz-region-set".to_owned(), scope.region.clone().into_bytes());
    let (headers, canonical_headers) =
        headers_of_header_form(request, credentials, time, settings, &[region_set])?;
    let canonical = canonical_request(request, &[], &canonical_headers, settings)?;
    let string_to_sign = string_to_sign(&canonical.text, time, &credential_scope);
    let key = private_key(credentials)?;
    let signature = signature(&key, string_to_sign.as_bytes())?;
    let authorization = format!(
        "{ALGORITHM} Credential={}/{credential_scope}, SignedHeaders={}, Signature={signature}",
        credentials.access_key_id, canonical.signed_headers,
    );
    Ok(Answer {
        authorization: Some(authorization),
        canonical_request: Some(canonical.text),
        credential_scope: Some(credential_scope),
        headers,
        private_key: Some(Secret(hex(&key.to_bytes()))),
        public_key: Some(public_key(&key)),
        query: Some(canonical.query),
        signature,
        signed_headers: Some(canonical.signed_headers),
        string_to_sign: Some(string_to_sign.into_bytes()),
        ..Answer::default()
    })
}

/// `YYYYMMDD/service/aws4_request`: no region.
pub(super) fn credential_scope(scope: &Scope, time: &Time) -> Result<String, Refusal> {
    scope.check()?;
    Ok(format!("{}/{}/aws4_request", time.date(), scope.service))
}

/// Algorithm, time, scope and the hash of the canonical request.
pub(super) fn string_to_sign(canonical_request: &[u8], time: &Time, credential_scope: &str) -> String {
    let hash = hex(&sha256(canonical_request));
    format!("{ALGORITHM}\n{}\n{credential_scope}\n{hash}", time.iso8601_basic())
}

/// Derives the private key: the first candidate not above the order less two, plus one.
pub(super) fn private_key(credentials: &Credentials) -> Result<SigningKey, Refusal> {
    let input_key = [b"AWS4A", credentials.secret()].concat();
    for counter in 1..=254_u8 {
        let input = [
            &[0, 0, 0, 1],
            ALGORITHM.as_bytes(),
            &[0],
            credentials.access_key_id.as_bytes(),
            &[counter],
            &[0, 0, 1, 0],
        ]
        .concat();
        let candidate = hmac_sha256(&input_key, &input);
        if candidate.as_slice() <= ORDER_LESS_TWO.as_slice() {
            return SigningKey::from_slice(&plus_one(&candidate)).map_err(|_| Refusal::KeyNotDerived);
        }
    }
    Err(Refusal::KeyNotDerived)
}

/// Adds one to a big-endian number.
fn plus_one(number: &[u8]) -> Vec<u8> {
    let mut sum = number.to_vec();
    for byte in sum.iter_mut().rev() {
        *byte = byte.wrapping_add(1);
        if *byte != 0 {
            break;
        }
    }
    sum
}

/// The hex of both coordinates of the public key.
pub(super) fn public_key(key: &SigningKey) -> String {
    let point = key.verifying_key().to_sec1_point(false);
    hex(point.as_bytes().get(1..).unwrap_or_default())
}

/// ECDSA over the hash of the string to sign: hex of the DER form.
pub(super) fn signature(key: &SigningKey, string_to_sign: &[u8]) -> Result<String, Refusal> {
    let signature: Signature =
        key.sign_prehash(&sha256(string_to_sign)).map_err(|_| Refusal::KeyNotDerived)?;
    Ok(hex(signature.to_der().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_one_with_carry() {
        assert_eq!(plus_one(&[0, 0xff, 0xff]), [1, 0, 0]);
        assert_eq!(plus_one(&[0, 1, 2]), [0, 1, 3]);
    }
}
