//! The JSON credentials document of instance metadata and container endpoints: untrusted input.

use awsauth_credentials::{Credentials, CredentialsError, ErrorKind, parse_expiration};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::text;

/// Unknown fields are ignored: AWS adds some from time to time.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    #[serde(alias = "code")]
    code: Option<String>,
    #[serde(alias = "message")]
    message: Option<String>,
    access_key_id: Option<String>,
    secret_access_key: Option<Zeroizing<String>>,
    token: Option<Zeroizing<String>>,
    expiration: Option<String>,
    account_id: Option<serde_json::Value>,
}

/// Reads a document of `source`. An expiry in the past is no error: see `CachedProvider`.
pub(crate) fn parse(source: &str, body: &[u8]) -> Result<Credentials, CredentialsError> {
    let malformed = |detail: String| CredentialsError::new(source.to_owned(), ErrorKind::Malformed, detail);
    let document = read(body).map_err(malformed)?;
    if document.code.as_deref().is_some_and(|code| code != "Success") {
        return Err(CredentialsError::new(source.to_owned(), ErrorKind::Refused, document.error()));
    }
    let access_key_id = field("AccessKeyId", document.access_key_id.as_deref()).map_err(malformed)?;
    let secret = field("SecretAccessKey", document.secret_access_key.as_ref().map(|it| it.as_str()));
    let token = field("Token", document.token.as_ref().map(|it| it.as_str())).map_err(malformed)?;
    let expiration = field("Expiration", document.expiration.as_deref()).map_err(malformed)?;
    let expires_at = parse_expiration(expiration).ok_or_else(|| {
        let what = text::printable(expiration);
        malformed(format!("the Expiration `{what}` is not a time such as 2030-01-31T23:59:59Z"))
    })?;
    let credentials = Credentials::new(access_key_id, secret.map_err(malformed)?)
        .with_session_token(token)
        .with_expiry(expires_at);
    // Credentials work without the account, so a malformed one is ignored.
    Ok(match document.account_id.as_ref().and_then(|id| id.as_str()).filter(|id| is_account_id(id)) {
        Some(account_id) => credentials.with_account_id(account_id),
        None => credentials,
    })
}

/// The error in the body of a response whose status is not 200, as `Code: Message`; `None` if it is not JSON.
pub(crate) fn error_of(body: &[u8]) -> Option<String> {
    let document = read(body).ok()?;
    (document.code.is_some() || document.message.is_some()).then(|| document.error())
}

pub(crate) fn is_account_id(id: &str) -> bool {
    id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit())
}

/// A part of the credentials: present, not empty, and without characters that could end its header.
pub(crate) fn field<'a>(name: &str, value: Option<&'a str>) -> Result<&'a str, String> {
    match value.map(str::trim) {
        None | Some("") => Err(format!("the document has no {name}")),
        Some(value) if value.chars().any(|c| c.is_control() || c.is_whitespace()) => {
            Err(format!("the {name} of the document has spaces or control characters"))
        }
        Some(value) => Ok(value),
    }
}

impl Document {
    fn error(&self) -> String {
        let code = self.code.as_deref().unwrap_or("no code");
        match &self.message {
            Some(message) => text::printable(&format!("{code}: {message}")),
            None => text::printable(code),
        }
    }
}

/// The parser's own words stay unused: they may quote a value.
fn read(body: &[u8]) -> Result<Document, String> {
    serde_json::from_slice(body).map_err(|error| {
        use serde_json::error::Category;
        let what = text::describe_body(body);
        match error.classify() {
            Category::Eof if !body.trim_ascii().is_empty() => format!("got {what}, truncated"),
            Category::Data => format!("got {what}, which is not a credentials document"),
            _ => format!("got {what} instead of a credentials document"),
        }
    })
}

#[cfg(test)]
mod tests;
