//! SigV2 over a form body.

use super::v2_query::sign_parameters;
use super::{Answer, Credentials, Refusal, Request, Time};

/// Signs a form in the body; `body` of the answer is what to send.
///
/// # Errors
/// [`Refusal::QueryOnForm`], and as [`v2_query::sign`](super::v2_query::sign).
pub fn sign(request: &Request, credentials: &Credentials, time: &Time) -> Result<Answer, Refusal> {
    if !request.query.is_empty() {
        return Err(Refusal::QueryOnForm);
    }
    let signed = sign_parameters(request, &request.body, credentials, time)?;
    Ok(Answer { body: Some(signed.text.into_bytes()), ..signed.answer })
}
