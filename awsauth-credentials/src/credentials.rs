use core::fmt;
use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

use zeroize::Zeroizing;

use crate::error::{CredentialsError, ErrorKind};

/// A set of AWS credentials. Clones share one allocation, whose secrets are wiped when the last clone is dropped.
///
/// `Debug` shows the access key ID, the expiry and whether there is a session token, never the secrets.
#[derive(Clone)]
pub struct Credentials(Arc<Handle>);

/// The reference count of clones. Apart from the parts, so that the copies of one value which a cache keeps for
/// its readers need not share one counter, which two cores would pass to and fro at each read; on a cache line of its
/// own for the same reason.
#[repr(align(64))]
struct Handle(Arc<Parts>);

#[derive(PartialEq, Eq)]
struct Parts {
    access_key_id: String,
    secret_access_key: Zeroizing<String>,
    session_token: Option<Zeroizing<String>>,
    expires_at: Option<SystemTime>,
    account_id: Option<String>,
}

impl Credentials {
    /// Returns long-term credentials: an access key ID (such as `AKIDEXAMPLE`) and its secret access key.
    ///
    /// White space around each, such as the newline at the end of a file, is removed, as by AWS's SDK for Java: no key has
    /// any. [`checked`](Self::checked) and signers refuse other malformed values.
    ///
    /// See [AWS access keys](https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html).
    pub fn new(access_key_id: impl Into<String>, secret_access_key: impl Into<String>) -> Self {
        Self::from_parts(Arc::new(Parts {
            access_key_id: trimmed(access_key_id.into()),
            secret_access_key: Zeroizing::new(trimmed(secret_access_key.into())),
            session_token: None,
            expires_at: None,
            account_id: None,
        }))
    }

    /// Sets the session token, which makes them temporary credentials. White space around it is removed.
    #[must_use]
    pub fn with_session_token(self, token: impl Into<String>) -> Self {
        let token = Zeroizing::new(trimmed(token.into()));
        self.map(|parts| parts.session_token = Some(token))
    }

    /// Sets the time from which AWS refuses the credentials.
    #[must_use]
    pub fn with_expiry(self, expires_at: SystemTime) -> Self {
        self.map(|parts| parts.expires_at = Some(expires_at))
    }

    /// Sets the account that the credentials belong to: 12 digits.
    #[must_use]
    pub fn with_account_id(self, account_id: impl Into<String>) -> Self {
        let account_id = account_id.into();
        self.map(|parts| parts.account_id = Some(account_id))
    }

    /// Returns the access key ID, which is not secret.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        &self.parts().access_key_id
    }

    /// Returns the secret access key.
    #[must_use]
    pub fn secret_access_key(&self) -> &str {
        &self.parts().secret_access_key
    }

    /// Returns the session token; `None` for long-term credentials.
    #[must_use]
    pub fn session_token(&self) -> Option<&str> {
        self.parts().session_token.as_ref().map(|token| token.as_str())
    }

    /// Returns the time from which AWS refuses the credentials; `None` if they do not expire, or the source did not say.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.parts().expires_at
    }

    /// Returns the account that the credentials belong to, 12 digits; `None` if the source did not say.
    #[must_use]
    pub fn account_id(&self) -> Option<&str> {
        self.parts().account_id.as_deref()
    }

    /// Returns whether both are clones of one value. It compares pointers, as caches of signing keys do: equal credentials
    /// that were created separately are not the same.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0.0, &other.0.0)
    }

    /// Returns the credentials if no part is malformed: empty, or with a control character such as a stray line break, or
    /// with U+FFFD, which stands for bytes that are not UTF-8.
    ///
    /// # Errors
    /// The error names the part to correct and `source_name`, never the value: [`ErrorKind::Incomplete`] for an empty part,
    /// [`ErrorKind::Malformed`] for such a character.
    pub fn checked(self, source_name: impl Into<Cow<'static, str>>) -> Result<Self, CredentialsError> {
        let parts = [
            ("access key ID", Some(self.access_key_id())),
            ("secret access key", Some(self.secret_access_key())),
            ("session token", self.session_token()),
            ("account ID", self.account_id()),
        ];
        let problem = parts.into_iter().find_map(|(part, value)| {
            let value = value?;
            if value.is_empty() {
                Some((ErrorKind::Incomplete, format!("the {part} is empty")))
            } else if value.contains(|c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER) {
                Some((
                    ErrorKind::Malformed,
                    format!("the {part} holds a control character or is not UTF-8; write it again"),
                ))
            } else {
                None
            }
        });
        match problem {
            Some((kind, detail)) => Err(CredentialsError::new(source_name, kind, detail)),
            None => Ok(self),
        }
    }

    /// Whether all parts are equal; unlike [`same_as`](Self::same_as) not only for clones.
    pub(crate) fn has_same_content(&self, other: &Self) -> bool {
        self.same_as(other) || self.parts() == other.parts()
    }

    /// A clone with a counter of its own, for clones of it.
    pub(crate) fn counted_apart(&self) -> Self {
        Self::from_parts(Arc::clone(&self.0.0))
    }

    fn from_parts(parts: Arc<Parts>) -> Self {
        Self(Arc::new(Handle(parts)))
    }

    fn parts(&self) -> &Parts {
        &self.0.0
    }

    fn map(self, change: impl FnOnce(&mut Parts)) -> Self {
        let mut parts = Arc::clone(&self.0.0);
        drop(self);
        change(Arc::make_mut(&mut parts));
        Self::from_parts(parts)
    }
}

/// Leaves no copy of what is secret behind.
fn trimmed(text: String) -> String {
    if text.trim().len() == text.len() {
        return text;
    }
    Zeroizing::new(text).trim().to_owned()
}

impl Clone for Parts {
    fn clone(&self) -> Self {
        Self {
            access_key_id: self.access_key_id.clone(),
            secret_access_key: self.secret_access_key.clone(),
            session_token: self.session_token.clone(),
            expires_at: self.expires_at,
            account_id: self.account_id.clone(),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.parts().access_key_id)
            .field("temporary", &self.parts().session_token.is_some())
            .field("expires_at", &self.parts().expires_at)
            .field("account_id", &self.parts().account_id)
            .finish_non_exhaustive()
    }
}
