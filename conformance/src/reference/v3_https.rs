//! SigV3 over the date alone: `AWS3-HTTPS`, as the Amazon SES and Route 53 guides describe it.

use super::encoding::base64;
use super::hash::hmac_sha256;
use super::headers::{checked, trim};
use super::{Answer, Credentials, Refusal, Request, Time};

/// Signs the date, and the nonce where the request has an `x-amz-nonce`; the token travels unsigned.
///
/// # Errors
/// Any [`Refusal`] of the request's headers, or of a control character in the credentials.
pub fn sign(request: &Request, credentials: &Credentials, time: &Time) -> Result<Answer, Refusal> {
    credentials.check()?;
    let string_to_sign = string_to_sign(request, time)?;
    let signature = base64(&hmac_sha256(credentials.secret(), &string_to_sign));
    let mut headers = vec![("date".to_owned(), time.rfc1123().into_bytes())];
    if let Some(token) = &credentials.session_token {
        headers.push(("x-amz-security-token".to_owned(), token.clone().into_bytes()));
    }
    let authorization = format!(
        "AWS3-HTTPS AWSAccessKeyId={},Algorithm=HmacSHA256,Signature={signature}",
        credentials.access_key_id
    );
    Ok(Answer {
        authorization: Some(authorization),
        headers,
        signature,
        string_to_sign: Some(string_to_sign),
        ..Answer::default()
    })
}

/// The date as it is sent, and the nonce behind it.
fn string_to_sign(request: &Request, time: &Time) -> Result<Vec<u8>, Refusal> {
    let mut string_to_sign = time.rfc1123().into_bytes();
    for (name, value) in checked(request)? {
        if name == "x-amz-nonce" {
            string_to_sign.extend(trim(&value));
        }
    }
    Ok(string_to_sign)
}
