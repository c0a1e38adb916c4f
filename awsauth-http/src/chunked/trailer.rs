use core::fmt;
use std::sync::Arc;

use awsauth_core::aws_chunked::Trailer;
use awsauth_core::{Header, Trailers};
use http::{HeaderName, HeaderValue};

#[cfg(feature = "checksums")]
use crate::request::checksum::Checksum;

/// A trailer that is declared in the headers: a header that follows the body.
#[derive(Debug, Clone)]
pub(super) struct DeclaredTrailer {
    pub(super) name: HeaderName,
    pub(super) value: TrailerValue,
}

/// Where a trailer's value comes from.
#[derive(Clone)]
pub(super) enum TrailerValue {
    Known(HeaderValue),
    Deferred {
        length: usize,
        value: Arc<dyn Fn() -> Option<HeaderValue> + Send + Sync>,
    },
    #[cfg(feature = "checksums")]
    Checksum(Checksum),
}

impl DeclaredTrailer {
    pub(super) fn declared(&self) -> Result<Trailer<'_>, awsauth_core::Error> {
        let name = self.name.as_str();
        Ok(match &self.value {
            TrailerValue::Known(value) => Trailer::new(name, sent_length(name, value)?),
            TrailerValue::Deferred { length, .. } => Trailer::new(name, *length),
            #[cfg(feature = "checksums")]
            TrailerValue::Checksum(checksum) => checksum.trailer(),
        })
    }
}

/// The length of a value in the form that is sent: trimmed, and without repeated spaces.
fn sent_length(name: &str, value: &HeaderValue) -> Result<usize, awsauth_core::Error> {
    let header = [Header::new(name, value.as_bytes())];
    let mut line = 0_usize;
    Trailers::new(&header)?.write_to(&mut |run: &[u8]| line = line.saturating_add(run.len()));
    Ok(line.saturating_sub(name.len() + ":\n".len()))
}

impl fmt::Debug for TrailerValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => f.debug_tuple("Known").field(value).finish(),
            Self::Deferred { length, .. } => {
                f.debug_struct("Deferred").field("length", length).finish_non_exhaustive()
            }
            #[cfg(feature = "checksums")]
            Self::Checksum(checksum) => f.debug_tuple("Checksum").field(checksum).finish(),
        }
    }
}
