use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_core::Timestamp;
use awsauth_credentials::Credentials;

use crate::error::Error;

/// How long a presigned URL or form works.
pub(crate) struct Validity {
    /// The requested time, in whole seconds.
    pub(crate) seconds: u32,
    /// When it ends: after that time, or with the credentials if they expire earlier.
    pub(crate) expires_at: SystemTime,
}

impl Validity {
    pub(crate) fn new(
        signed_at: Timestamp,
        expires: Duration,
        credentials: &Credentials,
    ) -> Result<Self, Error> {
        let signed_at = UNIX_EPOCH + Duration::from_secs(signed_at.unix_seconds());
        let seconds = u32::try_from(expires.as_secs()).map_err(|_| awsauth_core::Error::ExpiryOutOfRange)?;
        let mut expires_at = signed_at + Duration::from_secs(seconds.into());
        if let Some(end) = credentials.expires_at() {
            if end <= signed_at {
                return Err(Error::ExpiredCredentials);
            }
            expires_at = expires_at.min(end);
        }
        Ok(Self { seconds, expires_at })
    }
}
