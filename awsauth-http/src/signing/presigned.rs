use core::fmt;
use std::time::SystemTime;

use http::{HeaderMap, Method, Uri};

use super::schemes;
use super::signed::Signed;

/// A presigned URL: whoever has it can send this one request until it expires.
///
/// `Debug` leaves out the query, in which the signature is.
#[derive(Clone)]
pub struct Presigned {
    /// The method that it is for.
    pub method: Method,
    /// The URL, to be sent exactly so.
    pub uri: Uri,
    /// The headers that are signed, besides `host`: they must be sent with just these values.
    pub headers: HeaderMap,
    /// When it stops working: after the time asked for, or with the credentials if they expire before that.
    pub expires_at: SystemTime,
    /// What was decided on the way.
    pub signed: Signed,
}

impl Presigned {
    /// Whether the URL is for one body alone, the one that it was made for: so it is off S3, whose URLs leave it open. Where
    /// [`headers`](Self::headers) have an `x-amz-content-sha256`, it is as that says.
    #[must_use]
    pub fn covers_body(&self) -> bool {
        schemes::url_covers_body(self.signed.scheme(), self.signed.service(), &self.headers)
    }
}

impl fmt::Debug for Presigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presigned")
            .field("method", &self.method)
            .field("path", &self.uri.path())
            .field("expires_at", &self.expires_at)
            .field("signed", &self.signed)
            .finish_non_exhaustive()
    }
}
