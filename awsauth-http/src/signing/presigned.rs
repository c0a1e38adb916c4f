use core::fmt;
use std::time::SystemTime;

use http::{HeaderMap, Method, Uri};

use super::payload_rules::presigned_url_covers_body;
use super::signed::Signed;

/// A presigned URL: whoever has it can send this one request until it expires.
///
/// `Debug` leaves out the query, which holds the signature.
#[derive(Clone)]
#[non_exhaustive]
pub struct Presigned {
    /// The method that the URL is for.
    pub method: Method,
    /// The URL, to be sent exactly as it is.
    pub url: Uri,
    /// The signed headers besides `host`, which must be sent with exactly these values.
    pub headers: HeaderMap,
    /// When the URL stops working: after the requested time, or earlier if the credentials expire before that.
    pub expires_at: SystemTime,
    /// Which scheme, service, region and credentials the URL is signed with.
    pub signed: Signed,
}

impl Presigned {
    /// Returns whether the URL is valid only for the body that it was made for. It is so off S3; S3's presigned URLs leave
    /// the body open. An `x-amz-content-sha256` among the [`headers`](Self::headers) decides otherwise.
    #[must_use]
    pub fn covers_body(&self) -> bool {
        presigned_url_covers_body(self.signed.scheme(), self.signed.service(), &self.headers)
    }
}

impl fmt::Debug for Presigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presigned")
            .field("method", &self.method)
            .field("path", &self.url.path())
            .field("expires_at", &self.expires_at)
            .field("signed", &self.signed)
            .finish_non_exhaustive()
    }
}
