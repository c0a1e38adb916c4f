use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_core::{Error, Timestamp};

/// The second that a signature names for this time.
#[inline]
pub(crate) fn timestamp(time: SystemTime) -> Result<Timestamp, Error> {
    let since_1970 = time.duration_since(UNIX_EPOCH).map_err(|_| Error::TimeOutOfRange)?;
    Timestamp::from_unix(since_1970.as_secs())
}
