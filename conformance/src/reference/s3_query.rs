//! The S3 scheme before SigV4, presigned: "Query string request authentication alternative".

use super::s3::sign_with;
use super::{Answer, Credentials, Refusal, Request};

/// Presigns a request until an instant in seconds since 1970, which stands in the place of the date.
///
/// # Errors
/// As [`s3::sign`](super::s3::sign).
pub fn sign(
    request: &Request,
    credentials: &Credentials,
    expires: u64,
    bucket: Option<&str>,
) -> Result<Answer, Refusal> {
    let answer = sign_with(request, credentials, expires.to_string().as_bytes(), Vec::new(), bucket)?;
    Ok(Answer { authorization: None, ..answer })
}
