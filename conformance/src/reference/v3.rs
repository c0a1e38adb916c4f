//! SigV3 over headers and body: `AWS3`, as the Amazon SWF guide describes it ("Calculating the HMAC-SHA
//! Signature").

use super::encoding::{base64, uri_encode};
use super::hash::{hmac_sha256, sha256};
use super::headers::{Header, checked, joined_and_sorted, lines, trim};
use super::host::canonical_host;
use super::path::wire_path;
use super::query::{join, parameters};
use super::{Answer, Credentials, Plus, Refusal, Request, Time};

/// Signs `host`, every header that starts with `x-amz`, and the body.
///
/// # Errors
/// Any [`Refusal`] of the request's method, host, path, query or headers, or of a control character elsewhere.
pub fn sign(request: &Request, credentials: &Credentials, time: &Time) -> Result<Answer, Refusal> {
    credentials.check()?;
    let mut added = vec![("x-amz-date".to_owned(), time.rfc1123().into_bytes())];
    if let Some(token) = &credentials.session_token {
        added.push(("x-amz-security-token".to_owned(), token.clone().into_bytes()));
    }
    let headers = canonical_headers(request, &added)?;
    let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
    let signed_headers = names.join(";");
    let string_to_sign = string_to_sign(request, &headers)?;
    let signature = signature(credentials, &string_to_sign);
    let authorization = format!(
        "AWS3 AWSAccessKeyId={},Algorithm=HmacSHA256,SignedHeaders={signed_headers},Signature={signature}",
        credentials.access_key_id
    );
    Ok(Answer {
        authorization: Some(authorization),
        headers: added,
        signature,
        signed_headers: Some(signed_headers),
        string_to_sign: Some(string_to_sign),
        ..Answer::default()
    })
}

/// The signed headers: trimmed, repeats joined, sorted by name; old ones of the signer dropped.
fn canonical_headers(request: &Request, added: &[Header]) -> Result<Vec<Header>, Refusal> {
    let mut headers = vec![("host".to_owned(), canonical_host(request)?.into_bytes())];
    for (name, value) in checked(request)? {
        let is_old = name == "x-amz-date" || name == "x-amz-security-token";
        if name.starts_with("x-amz") && !is_old && name != "x-amzn-authorization" {
            headers.push((name, trim(&value).to_vec()));
        }
    }
    headers.extend(added.iter().map(|(name, value)| (name.clone(), trim(value).to_vec())));
    Ok(joined_and_sorted(&headers))
}

/// Method, path, query (empty for POST), headers and body; the headers end in a line feed, so that an empty line
/// goes before the body.
fn string_to_sign(request: &Request, headers: &[Header]) -> Result<Vec<u8>, Refusal> {
    let method = request.checked_method()?;
    let query = if method == "POST" { String::new() } else { canonical_query_string(request)? };
    let parts = [method.as_bytes(), wire_path(request)?, query.as_bytes(), &lines(headers), &request.body];
    Ok(parts.join(&b'\n'))
}

/// The parameters sorted by raw bytes, then encoded, as SigV2 has them.
fn canonical_query_string(request: &Request) -> Result<String, Refusal> {
    let mut parameters = parameters(&request.query, Plus::Space)?;
    parameters.sort();
    let encoded: Vec<(String, String)> =
        parameters.iter().map(|(name, value)| (uri_encode(name), uri_encode(value))).collect();
    Ok(join(&encoded))
}

/// HMAC over the 32 bytes of the hash, not over its hex; in base64.
fn signature(credentials: &Credentials, string_to_sign: &[u8]) -> String {
    base64(&hmac_sha256(credentials.secret(), &sha256(string_to_sign)))
}
