use core::fmt;
use std::io;

/// Why a body could not be sent to its end. The last bytes are then missing, so the service refuses the request.
#[derive(Debug)]
#[non_exhaustive]
pub enum ChunkedError {
    /// The caller's own body failed: fix what its error names.
    Body(Box<dyn core::error::Error + Send + Sync>),
    /// The body has another length than was declared, or undeclared trailers:
    /// [`BodyTooLong`](awsauth_core::Error::BodyTooLong), [`BodyTooShort`](awsauth_core::Error::BodyTooShort),
    /// [`TrailerMissing`](awsauth_core::Error::TrailerMissing) and the like. Declare the body as it is when signing.
    Payload(awsauth_core::Error),
}

impl fmt::Display for ChunkedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(error) => write!(f, "the body failed: {error}"),
            Self::Payload(error) => write!(f, "the body cannot be sent as it was signed: {error}"),
        }
    }
}

impl core::error::Error for ChunkedError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Body(error) => Some(&**error),
            Self::Payload(error) => Some(error),
        }
    }
}

impl From<awsauth_core::Error> for ChunkedError {
    fn from(error: awsauth_core::Error) -> Self {
        Self::Payload(error)
    }
}

/// Converts it to the error that blocking readers return, of the kind [`InvalidData`](io::ErrorKind::InvalidData).
impl From<ChunkedError> for io::Error {
    fn from(error: ChunkedError) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}
