use core::fmt;

use super::error::Error;
use crate::text::ascii;

/// Borrowed credentials for the schemes that sign with the secret itself: all before Signature Version 4, which derives
/// a [`SigningKey`](crate::SigningKey) instead.
///
/// Wiping the secret is up to its owner. `Debug` shows the access key ID alone.
#[derive(Clone, Copy)]
#[doc(alias = "access key")]
pub struct Credentials<'a> {
    access_key_id: &'a str,
    secret_access_key: &'a str,
    session_token: Option<&'a str>,
}

impl<'a> Credentials<'a> {
    /// Checks and stores an access key ID and its secret access key. The secret is not trimmed: trim what comes out of
    /// a file.
    ///
    /// # Errors
    /// [`Error::MalformedAccessKeyId`] if it is empty, or not printable ASCII without space, comma and slash;
    /// [`Error::MalformedSecretAccessKey`] if it is empty, holds a control character, such as a newline at its end, or
    /// begins or ends with a space: trim it.
    pub fn new(access_key_id: &'a str, secret_access_key: &'a str) -> Result<Self, Error> {
        check_access_key_id(access_key_id)?;
        check_secret_access_key(secret_access_key)?;
        Ok(Self { access_key_id, secret_access_key, session_token: None })
    }

    /// Sets the session token of temporary credentials.
    ///
    /// # Errors
    /// [`Error::MalformedSessionToken`] if it is empty or not printable ASCII.
    #[doc(alias = "x-amz-security-token")]
    pub fn session_token(mut self, token: &'a str) -> Result<Self, Error> {
        check_session_token(token)?;
        self.session_token = Some(token);
        Ok(self)
    }

    /// Returns the access key ID, which is not a secret.
    #[must_use]
    pub fn access_key_id(&self) -> &'a str {
        self.access_key_id
    }

    pub(crate) fn secret(&self) -> &'a [u8] {
        self.secret_access_key.as_bytes()
    }

    pub(crate) fn token(&self) -> Option<&'a str> {
        self.session_token
    }
}

pub(crate) fn check_access_key_id(access_key_id: &str) -> Result<(), Error> {
    if ascii::is_credential_part(access_key_id.as_bytes()) {
        Ok(())
    } else {
        Err(Error::MalformedAccessKeyId)
    }
}

pub(crate) fn check_session_token(token: &str) -> Result<(), Error> {
    if ascii::is_graphic(token.as_bytes()) { Ok(()) } else { Err(Error::MalformedSessionToken) }
}

/// Checks for what no secret can have: damage from being read from a file.
fn check_secret_access_key(secret: &str) -> Result<(), Error> {
    let is_spoiled = secret.is_empty()
        || secret.starts_with(' ')
        || secret.ends_with(' ')
        || secret.bytes().any(|byte| byte.is_ascii_control());
    if is_spoiled { Err(Error::MalformedSecretAccessKey) } else { Ok(()) }
}

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.access_key_id)
            .field("temporary", &self.session_token.is_some())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::format;

    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let credentials = Credentials::new("AKIDEXAMPLE", "SECRET").unwrap().session_token("TOKEN").unwrap();
        let shown = format!("{credentials:?}");
        assert!(shown.contains("AKIDEXAMPLE") && !shown.contains("SECRET") && !shown.contains("TOKEN"));
    }

    #[test]
    fn refuses_what_cannot_be() {
        for (id, secret, error) in [
            ("", "s", Error::MalformedAccessKeyId),
            ("a b", "s", Error::MalformedAccessKeyId),
            ("a", "", Error::MalformedSecretAccessKey),
            ("a", "s\n", Error::MalformedSecretAccessKey),
            ("a", "s\r\n", Error::MalformedSecretAccessKey),
            ("a", "\ts", Error::MalformedSecretAccessKey),
            ("a", "s\0s", Error::MalformedSecretAccessKey),
            ("a", "s ", Error::MalformedSecretAccessKey),
            ("a", " s", Error::MalformedSecretAccessKey),
        ] {
            assert_eq!(Credentials::new(id, secret).unwrap_err(), error);
        }
        assert!(Credentials::new("a", "two words").is_ok());
        let credentials = Credentials::new("a", "s").unwrap();
        for token in ["", "t\n", "t t"] {
            assert_eq!(credentials.session_token(token).unwrap_err(), Error::MalformedSessionToken);
        }
    }
}
