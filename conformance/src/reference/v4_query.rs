//! SigV4 in the query: "Authenticating Requests: Using Query Parameters".

use super::canonical_request::{canonical_request, headers_of_query_form, token_name};
use super::encoding::uri_encode;
use super::v4::{credential_scope, signature, signing_key, string_to_sign};
use super::{Answer, Credentials, Refusal, Request, Scope, Settings, Time, Token};

/// Presigns a request for a number of seconds; `query` of the answer is what to send.
///
/// # Errors
/// [`Refusal::BadExpiry`], and as [`v4::sign`](super::v4::sign).
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
        ("X-Amz-Algorithm", "AWS4-HMAC-SHA256".to_owned()),
        ("X-Amz-Credential", format!("{}/{credential_scope}", credentials.access_key_id)),
        ("X-Amz-Date", time.iso8601_basic()),
        ("X-Amz-Expires", expires.to_string()),
        ("X-Amz-SignedHeaders", canonical_headers.signed_headers.clone()),
    ];
    parameters.extend(signed_token(credentials, settings));
    let canonical = canonical_request(request, &parameters, &canonical_headers, settings)?;
    let string_to_sign = string_to_sign(&canonical.text, time, &credential_scope);
    let signature = signature(&signing_key(credentials, scope, time), string_to_sign.as_bytes());
    Ok(Answer {
        query: Some(signed_query(&canonical.query, &signature, credentials, settings)),
        canonical_request: Some(canonical.text),
        credential_scope: Some(credential_scope),
        headers,
        signature,
        signed_headers: Some(canonical.signed_headers),
        string_to_sign: Some(string_to_sign.into_bytes()),
        ..Answer::default()
    })
}

/// One second to seven days.
pub(super) fn check_expiry(expires: u64) -> Result<(), Refusal> {
    if (1..=604_800).contains(&expires) { Ok(()) } else { Err(Refusal::BadExpiry) }
}

/// The session token, where it is part of the canonical query string.
pub(super) fn signed_token(credentials: &Credentials, settings: &Settings) -> Option<(&'static str, String)> {
    let token = credentials.session_token.clone()?;
    (settings.token != Token::Unsigned).then(|| (token_name(settings.token), token))
}

/// The query, then the signature, then the session token where it goes unsigned.
pub(super) fn signed_query(
    query: &str,
    signature: &str,
    credentials: &Credentials,
    settings: &Settings,
) -> String {
    let signed = format!("{query}&X-Amz-Signature={signature}");
    match &credentials.session_token {
        Some(token) if settings.token == Token::Unsigned => {
            format!("{signed}&X-Amz-Security-Token={}", uri_encode(token.as_bytes()))
        }
        _ => signed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn presign(expires: u64, token: Token) -> Result<String, Refusal> {
        let request = Request::from_url("GET", "https://examplebucket.s3.amazonaws.com/test.txt").unwrap();
        let credentials =
            Credentials { session_token: Some("a/b".into()), ..Credentials::new("AKID", "secret") };
        let time = Time::parse("20130524T000000Z").unwrap();
        let settings = Settings { token, ..Settings::for_service("s3") };
        let answer = sign(&request, &credentials, &Scope::new("us-east-1", "s3"), &time, expires, &settings)?;
        Ok(answer.query.unwrap())
    }

    #[test]
    fn unsigned_token_follows_the_signature() {
        let query = presign(60, Token::Unsigned).unwrap();
        assert!(query.ends_with("&X-Amz-Security-Token=a%2Fb"), "{query}");
        assert!(
            presign(60, Token::Signed).unwrap().contains("&X-Amz-Security-Token=a%2Fb&X-Amz-SignedHeaders=")
        );
        assert!(presign(60, Token::S3Session).unwrap().contains("&X-Amz-S3session-Token=a%2Fb&"));
    }

    #[test]
    fn lifetime_is_a_second_to_seven_days() {
        assert!(presign(1, Token::Signed).is_ok());
        assert!(presign(604_800, Token::Signed).is_ok());
        assert_eq!(presign(0, Token::Signed), Err(Refusal::BadExpiry));
        assert_eq!(presign(604_801, Token::Signed), Err(Refusal::BadExpiry));
    }
}
