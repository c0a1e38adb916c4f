use awsauth_credentials::Credentials;
use bytes::Bytes;
use http::HeaderValue;

/// The session token as a header value that requests share. It is wiped with the last of them.
pub(crate) fn shared(credentials: &Credentials) -> Option<HeaderValue> {
    credentials.session_token()?;
    let mut value =
        HeaderValue::from_maybe_shared(Bytes::from_owner(SessionToken(credentials.clone()))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The session token as a header value for one request.
pub(crate) fn copied(credentials: &Credentials) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(credentials.session_token()?).ok()?;
    value.set_sensitive(true);
    Some(value)
}

struct SessionToken(Credentials);

impl AsRef<[u8]> for SessionToken {
    fn as_ref(&self) -> &[u8] {
        self.0.session_token().unwrap_or_default().as_bytes()
    }
}
