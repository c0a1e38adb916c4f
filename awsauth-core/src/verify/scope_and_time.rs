//! Checks whether a policy accepts a credential scope and a time of signing.

use super::policy::VerifyPolicy;
use super::refusal::Refusal;
use crate::schemes::sigv4::CredentialScope;
use crate::vocabulary::time::Timestamp;

pub(super) fn check_scope(
    policy: &VerifyPolicy<'_>,
    scope: CredentialScope<'_>,
    time: Timestamp,
) -> Result<(), Refusal> {
    if policy.service.is_some_and(|service| service != scope.service()) {
        return Err(Refusal::WrongService);
    }
    if scope.date() != time.date() {
        return Err(Refusal::ScopeOfAnotherDay);
    }
    Ok(())
}

pub(super) fn check_region(policy: &VerifyPolicy<'_>, region: Option<&str>) -> Result<(), Refusal> {
    if policy.region.is_some() && policy.region != region {
        return Err(Refusal::WrongRegion);
    }
    Ok(())
}

pub(super) fn check_time(
    policy: &VerifyPolicy<'_>,
    time: Timestamp,
    expires: Option<u32>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let (time, now) = (time.unix_seconds(), now.unix_seconds());
    let skew = u64::from(policy.allowed_skew);
    match expires {
        None if time.abs_diff(now) > skew => Err(Refusal::TimeTooSkewed),
        Some(_) if time > now + skew => Err(Refusal::NotYetValid),
        Some(expires) if now > time + u64::from(expires) => Err(Refusal::Expired),
        _ => Ok(()),
    }
}
