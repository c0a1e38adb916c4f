//! SigV4 over a POST policy: "Authenticating Requests: Browser-Based Uploads Using POST".

use super::encoding::refuse_controls;
use super::v4::{signature, signing_key};
use super::{Answer, Credentials, Refusal, Scope, Time};

/// Signs a policy given in base64, which is the string to sign.
///
/// # Errors
/// [`Refusal::ControlCharacter`] in the policy, the scope or the credentials.
pub fn sign(
    policy_base64: &str,
    credentials: &Credentials,
    scope: &Scope,
    time: &Time,
) -> Result<Answer, Refusal> {
    credentials.check()?;
    scope.check()?;
    refuse_controls(policy_base64.as_bytes())?;
    let signature = signature(&signing_key(credentials, scope, time), policy_base64.as_bytes());
    Ok(Answer { signature, string_to_sign: Some(policy_base64.into()), ..Answer::default() })
}
