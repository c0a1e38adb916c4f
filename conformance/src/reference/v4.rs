//! SigV4 in the `Authorization` header: "AWS Signature Version 4 for API requests".

use super::canonical_request::{canonical_request, headers_of_header_form};
use super::encoding::hex;
use super::hash::{hmac_sha256, sha256};
use super::{Answer, Credentials, Refusal, Request, Scope, Settings, Time};

/// Name of the algorithm, the first line of the string to sign.
const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Signs a request in its headers.
///
/// # Errors
/// Any [`Refusal`] of the request's method, host, path, query or headers, or of a control character elsewhere.
pub fn sign(
    request: &Request,
    credentials: &Credentials,
    scope: &Scope,
    time: &Time,
    settings: &Settings,
) -> Result<Answer, Refusal> {
    credentials.check()?;
    let credential_scope = credential_scope(scope, time)?;
    let (headers, canonical_headers) = headers_of_header_form(request, credentials, time, settings, &[])?;
    let canonical = canonical_request(request, &[], &canonical_headers, settings)?;
    let string_to_sign = string_to_sign(&canonical.text, time, &credential_scope);
    let signature = signature(&signing_key(credentials, scope, time), string_to_sign.as_bytes());
    let authorization = format!(
        "{ALGORITHM} Credential={}/{credential_scope}, SignedHeaders={}, Signature={signature}",
        credentials.access_key_id, canonical.signed_headers,
    );
    Ok(Answer {
        authorization: Some(authorization),
        canonical_request: Some(canonical.text),
        credential_scope: Some(credential_scope),
        headers,
        query: Some(canonical.query),
        signature,
        signed_headers: Some(canonical.signed_headers),
        string_to_sign: Some(string_to_sign.into_bytes()),
        ..Answer::default()
    })
}

/// `YYYYMMDD/region/service/aws4_request`.
pub(super) fn credential_scope(scope: &Scope, time: &Time) -> Result<String, Refusal> {
    scope.check()?;
    Ok(format!("{}/{}/{}/aws4_request", time.date(), scope.region, scope.service))
}

/// Algorithm, time, scope and the hash of the canonical request.
pub(super) fn string_to_sign(canonical_request: &[u8], time: &Time, credential_scope: &str) -> String {
    let hash = hex(&sha256(canonical_request));
    format!("{ALGORITHM}\n{}\n{credential_scope}\n{hash}", time.iso8601_basic())
}

/// The chain of HMACs from the secret over date, region and service.
pub(super) fn signing_key(credentials: &Credentials, scope: &Scope, time: &Time) -> Vec<u8> {
    let key = [b"AWS4", credentials.secret()].concat();
    let date_key = hmac_sha256(&key, time.date().as_bytes());
    let region_key = hmac_sha256(&date_key, scope.region.as_bytes());
    let service_key = hmac_sha256(&region_key, scope.service.as_bytes());
    hmac_sha256(&service_key, b"aws4_request")
}

/// HMAC of the string to sign, in hex.
pub(super) fn signature(signing_key: &[u8], string_to_sign: &[u8]) -> String {
    hex(&hmac_sha256(signing_key, string_to_sign))
}
