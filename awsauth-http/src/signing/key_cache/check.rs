use awsauth_core::Error;
use awsauth_credentials::Credentials;

/// Checks credentials before a key is derived. Deriving accepts any secret, so a malformed one must fail here rather than
/// in a signature that nobody can explain.
pub(super) fn check(credentials: &Credentials) -> Result<(), Error> {
    awsauth_core::Credentials::new(credentials.access_key_id(), credentials.secret_access_key()).map(drop)
}
