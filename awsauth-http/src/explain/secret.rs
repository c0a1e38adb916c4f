//! What people do to secrets on the way from a console to a program.

use awsauth_core::SigningKey;
use awsauth_credentials::Credentials;

use super::cause::Cause;
use super::text;
use super::trace::SignedParts;

/// Whether the secret looks damaged.
pub(super) fn damaged(secret: &str) -> Option<(Cause, &'static str)> {
    if secret.trim() != secret {
        return Some((Cause::SecretBlank, "it begins or ends with a blank or a newline"));
    }
    if secret.starts_with(['"', '\'']) || secret.ends_with(['"', '\'']) {
        return Some((Cause::SecretQuoted, "it begins or ends with a quotation mark"));
    }
    // AWS's secrets have no percent sign.
    let escaped = ["%2F", "%2f", "%2B", "%2b", "%3D", "%3d"].iter().any(|escape| secret.contains(escape));
    escaped.then_some((Cause::SecretEncoded, "it holds a percent escape"))
}

/// A note on the length of a secret, if it belongs to AWS's key and has another length; otherwise nothing.
pub(super) fn length_note(credentials: &Credentials) -> String {
    let (id, length) = (credentials.access_key_id(), credentials.secret_access_key().len());
    let is_awss = id.len() == 20 && (id.starts_with("AKIA") || id.starts_with("ASIA"));
    if !is_awss || length == 40 {
        return String::new();
    }
    format!("; the secret has {length} characters, and those of AWS have 40")
}

/// Whether the signature that was sent was made with a damaged form of this secret.
pub(super) fn signed_with_damaged(signed: &SignedParts, secret: &str) -> Option<(Cause, &'static str)> {
    let digest = signed.canonical.sha256();
    let decoded = String::from_utf8(text::decode(secret)).unwrap_or_default();
    [
        (format!("{secret}\n"), Cause::SecretBlank, "the signature was made with a newline at its end"),
        (format!("{secret}\r\n"), Cause::SecretBlank, "the signature was made with a newline at its end"),
        (format!("{secret} "), Cause::SecretBlank, "the signature was made with a space at its end"),
        (format!(" {secret}"), Cause::SecretBlank, "the signature was made with a space before it"),
        (secret.trim().to_owned(), Cause::SecretBlank, "the signature was made with the trimmed one"),
        (
            text::encode(secret.as_bytes()),
            Cause::SecretEncoded,
            "the signature was made with the encoded one",
        ),
        (decoded, Cause::SecretEncoded, "the signature was made with the decoded one"),
        (format!("\"{secret}\""), Cause::SecretQuoted, "the signature was made with the quotes"),
        (format!("'{secret}'"), Cause::SecretQuoted, "the signature was made with the quotes"),
        (
            secret.trim_matches(['"', '\'']).to_owned(),
            Cause::SecretQuoted,
            "the signature was made without the quotes",
        ),
    ]
    .into_iter()
    .filter(|(variant, ..)| variant != secret)
    .find_map(|(variant, cause, evidence)| {
        let key: Option<SigningKey<'_>> = signed.key(&variant);
        key.is_some_and(|key| signed.is_of(digest, &key)).then_some((cause, evidence))
    })
}
