use super::policy::{Condition, Key, PostPolicy};
use crate::vocabulary::error::Error;
use crate::vocabulary::time::Timestamp;

/// Fields that the builder writes, or the browser.
const RESERVED: [&str; 13] = [
    "AWSAccessKeyId",
    "bucket",
    "content-length-range",
    "file",
    "key",
    "policy",
    "signature",
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-s3session-token",
    "x-amz-security-token",
    "x-amz-signature",
];

/// Whether some form can meet the policy, and JSON can carry it.
pub(super) fn check(policy: &PostPolicy<'_>, now: Timestamp) -> Result<(), Error> {
    if policy.expires_at <= now {
        return Err(Error::ExpiryInPast);
    }
    if policy.bucket.is_empty() {
        return Err(Error::MissingBucket);
    }
    if matches!(policy.key, Key::Exactly("")) {
        return Err(Error::MissingKey);
    }
    if policy.content_length_range.is_some_and(|(minimum, maximum)| minimum > maximum) {
        return Err(Error::EmptyContentLengthRange);
    }
    let (Key::Exactly(key) | Key::StartsWith(key)) = policy.key;
    [policy.bucket, key].into_iter().try_for_each(check_text)?;
    for (at, field) in policy.fields.iter().enumerate() {
        check_name(field.name)?;
        check_text(field.value)?;
        let mut earlier = policy.fields.iter().take(at);
        if earlier.any(|other| other.name.eq_ignore_ascii_case(field.name)) {
            return Err(Error::RepeatedField);
        }
    }
    for (at, condition) in policy.conditions.iter().enumerate() {
        check_name(condition.name())?;
        let (Condition::Equals { value: text, .. } | Condition::StartsWith { prefix: text, .. }) = condition;
        check_text(text)?;
        let field = policy.fields.iter().map(|field| Condition::equals(field.name, field.value));
        let mut others = field.chain(policy.conditions.iter().take(at).copied());
        if others.any(|other| contradict(*condition, other)) {
            return Err(Error::ConditionContradicts);
        }
    }
    Ok(())
}

/// Whether no value meets both.
fn contradict(a: Condition<'_>, b: Condition<'_>) -> bool {
    use Condition::{Equals, StartsWith};
    if !a.name().eq_ignore_ascii_case(b.name()) {
        return false;
    }
    match (a, b) {
        (Equals { value: a, .. }, Equals { value: b, .. }) => a != b,
        (Equals { value, .. }, StartsWith { prefix, .. })
        | (StartsWith { prefix, .. }, Equals { value, .. }) => !value.starts_with(prefix),
        (StartsWith { prefix: a, .. }, StartsWith { prefix: b, .. }) => {
            !a.starts_with(b) && !b.starts_with(a)
        }
    }
}

fn check_name(name: &str) -> Result<(), Error> {
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'$') {
        return Err(Error::MalformedFieldName);
    }
    if RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name)) {
        return Err(Error::ReservedField);
    }
    Ok(())
}

fn check_text(text: &str) -> Result<(), Error> {
    if text.chars().any(char::is_control) { Err(Error::ControlInPolicy) } else { Ok(()) }
}
