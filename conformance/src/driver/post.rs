//! POST policies, ready-made.

use awsauth_core::{CredentialScope, SigningKey, Timestamp, post_policy, s3_legacy};

use super::{Outcome, Refused, credentials};
use crate::vectors::Case;

pub(super) fn sigv4(case: &Case) -> Result<Outcome, Refused> {
    let date = Timestamp::parse(&case.time)?.date();
    let key =
        SigningKey::derive(&case.secret_key.0, CredentialScope::new(date, &case.region, &case.service)?);
    let policy = policy(case);
    Ok(outcome(post_policy::sign_policy(&key, policy)?.to_string(), policy))
}

pub(super) fn s3_legacy(case: &Case) -> Result<Outcome, Refused> {
    let policy = policy(case);
    Ok(outcome(s3_legacy::sign_policy(&credentials(case)?, policy)?.to_string(), policy))
}

fn policy(case: &Case) -> &str {
    case.options.policy_b64.as_deref().unwrap_or_default()
}

/// A policy is its own string to sign.
fn outcome(signature: String, policy: &str) -> Outcome {
    Outcome { signature: Some(signature), string_to_sign: Some(policy.into()), ..Outcome::default() }
}
