use core::fmt;

use crate::error::Error;

/// Why a request through a layer got no response.
#[derive(Debug)]
#[non_exhaustive]
pub enum SigningError<E> {
    /// The request was not signed, or was changed after signing, and so was not sent. Fix what the error names.
    Sign(Error),
    /// The inner service failed.
    Service(E),
}

impl<E: fmt::Display> fmt::Display for SigningError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sign(error) => error.fmt(f),
            Self::Service(error) => error.fmt(f),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for SigningError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Sign(error) => Some(error),
            Self::Service(error) => Some(error),
        }
    }
}

impl<E> From<Error> for SigningError<E> {
    fn from(error: Error) -> Self {
        Self::Sign(error)
    }
}
