//! The canonical request of SigV4 and SigV4A.

use super::encoding::{hex, refuse_controls};
use super::hash::sha256;
use super::headers::{CanonicalHeaders, Header, canonical_headers};
use super::path::canonical_uri;
use super::query::{canonical_query_string, wire_query};
use super::{Credentials, Payload, Refusal, Request, Settings, Time, Token};

/// A canonical request and the parts of it that go on the wire.
pub(super) struct CanonicalRequest {
    /// Method, URI, query string, headers, signed headers and payload hash.
    pub(super) text: Vec<u8>,
    /// The query to send: the canonical one but for the order of the values of one name.
    pub(super) query: String,
    /// Names of the signed headers, joined by `;`.
    pub(super) signed_headers: String,
}

/// Puts the canonical request together ("Create a canonical request").
pub(super) fn canonical_request(
    request: &Request,
    added_parameters: &[(&str, String)],
    headers: &CanonicalHeaders,
    settings: &Settings,
) -> Result<CanonicalRequest, Refusal> {
    let text = [
        request.checked_method()?.as_bytes(),
        canonical_uri(request, settings)?.as_bytes(),
        canonical_query_string(request, added_parameters, settings)?.as_bytes(),
        &headers.lines,
        headers.signed_headers.as_bytes(),
        payload_hash(request, settings)?.as_bytes(),
    ]
    .join(&b'\n');
    let query = wire_query(request, added_parameters, settings)?;
    Ok(CanonicalRequest { text, query, signed_headers: headers.signed_headers.clone() })
}

/// Last line of the canonical request.
pub(super) fn payload_hash(request: &Request, settings: &Settings) -> Result<String, Refusal> {
    match &settings.payload {
        Payload::Signed => Ok(hex(&sha256(&request.body))),
        Payload::Unsigned => Ok("UNSIGNED-PAYLOAD".to_owned()),
        Payload::Literal(text) => {
            refuse_controls(text.as_bytes())?;
            Ok(text.clone())
        }
    }
}

/// The headers of a request signed in its `Authorization` header, `more` among them.
pub(super) fn headers_of_header_form(
    request: &Request,
    credentials: &Credentials,
    time: &Time,
    settings: &Settings,
    more: &[Header],
) -> Result<(Vec<Header>, CanonicalHeaders), Refusal> {
    let mut added = vec![("x-amz-date".to_owned(), time.iso8601_basic().into_bytes())];
    added.extend(more.iter().cloned());
    if settings.send_payload_hash {
        added.push(("x-amz-content-sha256".to_owned(), payload_hash(request, settings)?.into_bytes()));
    }
    let token = credentials.session_token.as_ref().map(|token| token.as_bytes().to_vec());
    match (token, settings.token) {
        (None, _) => Ok((added.clone(), canonical_headers(request, &added, settings)?)),
        (Some(token), Token::Unsigned) => {
            let canonical = canonical_headers(request, &added, settings)?;
            added.push(("x-amz-security-token".to_owned(), token));
            Ok((added, canonical))
        }
        (Some(token), Token::Signed | Token::S3Session) => {
            added.push((token_name(settings.token).to_ascii_lowercase(), token));
            Ok((added.clone(), canonical_headers(request, &added, settings)?))
        }
    }
}

/// The headers of a presigned request.
pub(super) fn headers_of_query_form(
    request: &Request,
    settings: &Settings,
) -> Result<(Vec<Header>, CanonicalHeaders), Refusal> {
    let mut added = Vec::new();
    if settings.send_payload_hash {
        added.push(("x-amz-content-sha256".to_owned(), payload_hash(request, settings)?.into_bytes()));
    }
    let canonical = canonical_headers(request, &added, settings)?;
    Ok((added, canonical))
}

/// The name under which the session token travels.
pub(super) fn token_name(token: Token) -> &'static str {
    match token {
        Token::S3Session => "X-Amz-S3session-Token",
        Token::Signed | Token::Unsigned => "X-Amz-Security-Token",
    }
}
