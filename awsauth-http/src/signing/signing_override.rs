use std::sync::Arc;

use awsauth_core::{PayloadHash, Scheme};
use http::HeaderMap;

use super::signer::Signer;
use crate::error::Error;
#[cfg(feature = "checksums")]
use crate::request::checksum::{Checksum, insert_content_md5};

/// What one request wants otherwise than its client's layer: put it into the request's extensions.
///
/// ```
/// use awsauth_http::{PayloadHash, SigningOverride};
///
/// let upload = http::Request::put("https://files.example.com/key")
///     .extension(SigningOverride::new().service("s3").region("auto").payload(PayloadHash::Unsigned))
///     .body(())?;
/// let public = http::Request::get("https://example.com/").extension(SigningOverride::unsigned()).body(())?;
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct SigningOverride {
    unsigned: bool,
    scheme: Option<Scheme>,
    service: Option<Arc<str>>,
    region: Option<Arc<str>>,
    payload: Option<PayloadHash>,
    #[cfg(feature = "checksums")]
    checksum: Option<Checksum>,
    #[cfg(feature = "checksums")]
    content_md5: bool,
}

impl SigningOverride {
    /// Nothing otherwise.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sent as it is, without a signature.
    #[must_use]
    pub fn unsigned() -> Self {
        Self { unsigned: true, ..Self::default() }
    }

    /// The same with this scheme.
    #[must_use]
    pub fn scheme(mut self, scheme: Scheme) -> Self {
        self.scheme = Some(scheme);
        self
    }

    /// The same for the service with this signing name.
    #[must_use]
    pub fn service(mut self, signing_name: impl Into<Arc<str>>) -> Self {
        self.service = Some(signing_name.into());
        self
    }

    /// The same for this region.
    #[must_use]
    pub fn region(mut self, region: impl Into<Arc<str>>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// The same with a body of this hash, or an unsigned one; the body itself is not looked at.
    #[must_use]
    pub fn payload(mut self, payload: PayloadHash) -> Self {
        self.payload = Some(payload);
        self
    }

    /// The same with this checksum of the body in a header, as
    /// [`WithChecksum::aws_checksum`](crate::WithChecksum::aws_checksum) puts it there. The body must be at hand.
    #[cfg(feature = "checksums")]
    #[must_use]
    pub fn checksum(mut self, checksum: Checksum) -> Self {
        self.checksum = Some(checksum);
        self
    }

    /// The same with the MD5 of the body in the header `content-md5`. The body must be at hand.
    #[cfg(feature = "checksums")]
    #[must_use]
    pub fn content_md5(mut self) -> Self {
        self.content_md5 = true;
        self
    }

    /// Whether the request is sent as it is.
    #[must_use]
    pub fn is_unsigned(&self) -> bool {
        self.unsigned
    }

    /// The body's hash, if it was given.
    #[must_use]
    pub fn payload_hash(&self) -> Option<PayloadHash> {
        self.payload
    }

    /// Sets the headers of the checksums that were asked for, of this body; `None` if it streams.
    ///
    /// # Errors
    /// [`Error::ChecksumOfStream`]; [`Error::Request`] with
    /// [`TooManyHeaders`](awsauth_core::Error::TooManyHeaders).
    pub fn insert_checksums(&self, headers: &mut HeaderMap, body: Option<&[u8]>) -> Result<(), Error> {
        #[cfg(feature = "checksums")]
        if self.wants_checksum() {
            let body = body.ok_or(Error::ChecksumOfStream)?;
            if let Some(checksum) = self.checksum {
                checksum.insert(headers, body)?;
            }
            if self.content_md5 {
                insert_content_md5(headers, body)?;
            }
        }
        let _ = (headers, body);
        Ok(())
    }

    /// Whether a checksum of the body was asked for.
    #[must_use]
    pub fn wants_checksum(&self) -> bool {
        #[cfg(feature = "checksums")]
        return self.checksum.is_some() || self.content_md5;
        #[cfg(not(feature = "checksums"))]
        false
    }

    /// The signer for this request: all as in `signer`, but for what is set here.
    #[must_use]
    pub fn apply(&self, signer: &Signer) -> Signer {
        let mut signer = signer.clone();
        if let Some(scheme) = self.scheme {
            signer = signer.scheme(scheme);
        }
        if let Some(service) = &self.service {
            signer = signer.service(Arc::clone(service));
        }
        if let Some(region) = &self.region {
            signer = signer.region(Arc::clone(region));
        }
        signer
    }
}
