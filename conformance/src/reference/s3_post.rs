//! The S3 scheme before SigV4, over a POST policy: "Browser-based uploads using POST (AWS signature version 2)".

use super::encoding::refuse_controls;
use super::s3::signature;
use super::{Answer, Credentials, Refusal};

/// Signs a policy given in base64, which is the string to sign.
///
/// # Errors
/// [`Refusal::ControlCharacter`] in the policy or the credentials.
pub fn sign(policy_base64: &str, credentials: &Credentials) -> Result<Answer, Refusal> {
    credentials.check()?;
    refuse_controls(policy_base64.as_bytes())?;
    let signature = signature(credentials, policy_base64.as_bytes());
    Ok(Answer { signature, string_to_sign: Some(policy_base64.into()), ..Answer::default() })
}
