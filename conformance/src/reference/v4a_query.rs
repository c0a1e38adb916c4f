//! SigV4A in the query.

use super::canonical_request::{canonical_request, headers_of_query_form};
use super::encoding::hex;
use super::v4_query::{check_expiry, signed_query, signed_token};
use super::v4a::{ALGORITHM, credential_scope, private_key, public_key, signature, string_to_sign};
use super::{Answer, Credentials, Refusal, Request, Scope, Settings, Time};
use crate::vectors::Secret;

/// Presigns a request for a number of seconds; `query` of the answer is what to send.
///
/// # Errors
/// [`Refusal::BadExpiry`], and as [`v4a::sign`](super::v4a::sign).
pub fn sign(
    request: &Request,
    credentials: &Credentials,
    scope: &Scope,
    time: &Time,
    expires: u64,
    settings: &Settings,
) -> Result<Answer, Refusal> {
    credentials.check()?;
    check_expiry(expires)?;
    let credential_scope = credential_scope(scope, time)?;
    let (headers, canonical_headers) = headers_of_query_form(request, settings)?;
    let mut parameters = vec![
        ("X-Amz-Algorithm", ALGORITHM.to_owned()),
        ("X-Amz-Credential", format!("{}/{credential_scope}", credentials.access_key_id)),
        ("X-Amz-Date", time.iso8601_basic()),
        ("X-Amz-Expires", expires.to_string()),
        ("X-Amz-Region-Set", scope.region.clone()),
        ("X-Amz-SignedHeaders", canonical_headers.signed_headers.clone()),
    ];
    parameters.extend(signed_token(credentials, settings));
    let canonical = canonical_request(request, &parameters, &canonical_headers, settings)?;
    let string_to_sign = string_to_sign(&canonical.text, time, &credential_scope);
    let key = private_key(credentials)?;
    let signature = signature(&key, string_to_sign.as_bytes())?;
    Ok(Answer {
        query: Some(signed_query(&canonical.query, &signature, credentials, settings)),
        canonical_request: Some(canonical.text),
        credential_scope: Some(credential_scope),
        headers,
        private_key: Some(Secret(hex(&key.to_bytes()))),
        public_key: Some(public_key(&key)),
        signature,
        signed_headers: Some(canonical.signed_headers),
        string_to_sign: Some(string_to_sign.into_bytes()),
        ..Answer::default()
    })
}
