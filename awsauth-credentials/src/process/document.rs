use serde_json::{Map, Value};

use crate::credentials::Credentials;
use crate::error::{CredentialsError, ErrorKind};
use crate::expiration::parse_expiration;

/// The output of a command so far.
pub(super) enum Document {
    /// A whole document, or output that can never become one.
    Whole(Result<Credentials, CredentialsError>),
    /// Nothing or the beginning of a document, with the error if that is all.
    Truncated(CredentialsError),
}

/// Reads what a `credential_process` prints. Field names are compared without case, as AWS's SDKs do; fields that are
/// not known are ignored. Errors never show a value.
pub(super) fn parse(output: &[u8], source_name: &str) -> Document {
    match serde_json::from_slice(output) {
        Ok(object) => Document::Whole(credentials(object, source_name)),
        Err(cause) => {
            let detail =
                format!("the output is not a JSON object (line {}, column {})", cause.line(), cause.column());
            let error = CredentialsError::new(source_name.to_owned(), ErrorKind::Malformed, detail);
            if cause.is_eof() { Document::Truncated(error) } else { Document::Whole(Err(error)) }
        }
    }
}

fn credentials(mut document: Map<String, Value>, source_name: &str) -> Result<Credentials, CredentialsError> {
    let error = |kind, detail: String| CredentialsError::new(source_name.to_owned(), kind, detail);
    let malformed = |detail: &str| error(ErrorKind::Malformed, detail.to_owned());
    let mut take = |name: &str| {
        let value = document.iter_mut().find(|(key, _)| key.eq_ignore_ascii_case(name))?.1.take();
        Some(value).filter(|value| !value.is_null())
    };
    match take("Version") {
        Some(version) if version.as_u64() == Some(1) => {}
        Some(_) => return Err(error(ErrorKind::Unsupported, "Version is not 1".to_owned())),
        None => return Err(malformed("Version is missing; it must be 1")),
    }
    let mut text = |name: &str| match take(name) {
        Some(Value::String(value)) => Ok(Some(value).filter(|value| !value.is_empty())),
        None => Ok(None),
        Some(_) => Err(malformed(&format!("{name} is not a string"))),
    };
    let (id, secret) = match (text("AccessKeyId")?, text("SecretAccessKey")?) {
        (Some(id), Some(secret)) => (id, secret),
        (None, _) => return Err(error(ErrorKind::Incomplete, "AccessKeyId is missing".to_owned())),
        (_, None) => return Err(error(ErrorKind::Incomplete, "SecretAccessKey is missing".to_owned())),
    };
    let mut credentials = Credentials::new(id, secret);
    if let Some(token) = text("SessionToken")? {
        credentials = credentials.with_session_token(token);
    }
    if let Some(expiration) = text("Expiration")? {
        let expires_at = parse_expiration(&expiration)
            .ok_or_else(|| malformed("Expiration is not an RFC 3339 time such as 2030-01-31T00:00:00Z"))?;
        credentials = credentials.with_expiry(expires_at);
    }
    if let Some(account_id) = text("AccountId")? {
        credentials = credentials.with_account_id(account_id);
    }
    credentials.checked(source_name.to_owned())
}
