//! SigV2 over a query string: "Signature Version 2 signing process".

use super::encoding::{base64, uri_encode};
use super::hash::hmac_sha256;
use super::host::canonical_host;
use super::path::wire_path;
use super::query::{Parameter, join, parameters};
use super::{Answer, Credentials, Plus, Refusal, Request, Time};

/// What the signer puts into the parameters; an old one is dropped before a new one is made.
const AUTHENTICATION: [&str; 6] =
    ["AWSAccessKeyId", "SecurityToken", "Signature", "SignatureMethod", "SignatureVersion", "Timestamp"];

/// Signs a request in its query; `query` of the answer is what to send.
///
/// Signs with `HmacSHA256`. A request that has an `Expires` parameter gets no `Timestamp`.
///
/// # Errors
/// Any [`Refusal`] of the request's method, host, path or query, or of a control character elsewhere.
pub fn sign(request: &Request, credentials: &Credentials, time: &Time) -> Result<Answer, Refusal> {
    let signed = sign_parameters(request, &request.query, credentials, time)?;
    Ok(Answer { query: Some(signed.text), ..signed.answer })
}

/// The answer, and the signed parameters as text.
pub(super) struct SignedParameters {
    pub(super) answer: Answer,
    pub(super) text: String,
}

/// Signs parameters, wherever they travel.
pub(super) fn sign_parameters(
    request: &Request,
    parameters: &[u8],
    credentials: &Credentials,
    time: &Time,
) -> Result<SignedParameters, Refusal> {
    credentials.check()?;
    let canonical = canonical_query_string(parameters, credentials, time)?;
    let string_to_sign = string_to_sign(request, &canonical)?;
    let signature = signature(credentials, &string_to_sign);
    Ok(SignedParameters {
        text: format!("{canonical}&Signature={}", uri_encode(signature.as_bytes())),
        answer: Answer { signature, string_to_sign: Some(string_to_sign), ..Answer::default() },
    })
}

/// The request's parameters and those of the signature: sorted by raw bytes, then encoded.
fn canonical_query_string(query: &[u8], credentials: &Credentials, time: &Time) -> Result<String, Refusal> {
    let mut parameters = parameters(query, Plus::Space)?;
    parameters.retain(|(name, _)| !AUTHENTICATION.iter().any(|old| old.as_bytes() == name));
    let expires = parameters.iter().any(|(name, _)| name == b"Expires");
    parameters.push(own("AWSAccessKeyId", &credentials.access_key_id));
    parameters.push(own("SignatureMethod", "HmacSHA256"));
    parameters.push(own("SignatureVersion", "2"));
    if !expires {
        parameters.push(own("Timestamp", &time.iso8601()));
    }
    if let Some(token) = &credentials.session_token {
        parameters.push(own("SecurityToken", token));
    }
    parameters.sort();
    let encoded: Vec<(String, String)> =
        parameters.iter().map(|(name, value)| (uri_encode(name), uri_encode(value))).collect();
    Ok(join(&encoded))
}

fn own(name: &str, value: &str) -> Parameter {
    (name.as_bytes().to_vec(), value.as_bytes().to_vec())
}

/// Method, host, path of the wire and parameters, a line each.
fn string_to_sign(request: &Request, canonical_query: &str) -> Result<Vec<u8>, Refusal> {
    let lines = [
        request.checked_method()?.as_bytes(),
        canonical_host(request)?.as_bytes(),
        wire_path(request)?,
        canonical_query.as_bytes(),
    ]
    .join(&b'\n');
    Ok(lines)
}

/// HMAC of the string to sign with the secret itself, in base64.
fn signature(credentials: &Credentials, string_to_sign: &[u8]) -> String {
    base64(&hmac_sha256(credentials.secret(), string_to_sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> String {
        let time = Time::parse("20091001T000000Z").unwrap();
        canonical_query_string(text.as_bytes(), &Credentials::new("AKID", "secret"), &time).unwrap()
    }

    #[test]
    fn sorts_by_raw_name() {
        let own = "AWSAccessKeyId=AKID&SignatureMethod=HmacSHA256&SignatureVersion=2";
        let time = "Timestamp=2009-10-01T00%3A00%3A00Z";
        assert_eq!(query("%EF%AC%81=1&a=2&a=1&&b"), format!("{own}&{time}&a=1&a=2&b=&%EF%AC%81=1"));
    }

    #[test]
    fn expires_stands_in_for_the_timestamp() {
        assert_eq!(
            query("Timestamp=0&Expires=2009-10-02&Signature=x"),
            "AWSAccessKeyId=AKID&Expires=2009-10-02&SignatureMethod=HmacSHA256&SignatureVersion=2"
        );
    }
}
