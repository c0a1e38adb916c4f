use awsauth_core::{PayloadHash, Scheme};

use crate::error::Error;

/// A body to sign: its bytes, or only its hash.
#[derive(Clone, Copy)]
pub(crate) enum Body<'b> {
    Bytes(&'b [u8]),
    Hash(PayloadHash),
}

impl<'b> Body<'b> {
    pub(super) fn hash(self) -> PayloadHash {
        match self {
            Self::Bytes(bytes) => PayloadHash::of(bytes),
            Self::Hash(hash) => hash,
        }
    }

    /// The whole body, if it is in memory.
    pub(super) fn bytes(self) -> Option<&'b [u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Hash(PayloadHash::EMPTY) => Some(b""),
            Self::Hash(_) => None,
        }
    }

    /// Refuses bodies whose chunks another scheme signs.
    pub(super) fn check_whole(self, scheme: Scheme) -> Result<(), Error> {
        match self {
            Self::Bytes(_) | Self::Hash(PayloadHash::Sha256(_) | PayloadHash::Unsigned) => Ok(()),
            Self::Hash(_) => Err(Error::PayloadNotForScheme(scheme)),
        }
    }
}
