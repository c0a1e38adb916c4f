use std::sync::Arc;

use awsauth_core::{PayloadHash, Scheme};
use http::HeaderMap;

use super::signer::Signer;
use crate::error::Error;
#[cfg(feature = "checksums")]
use crate::request::checksum::{Checksum, insert_content_md5};

/// Settings for one request, in place of those of the layer or middleware that signs it. Put it into the request's extensions.
///
/// ```
/// use awsauth_http::{PayloadHash, SigningOverride};
///
/// let upload = http::Request::put("https://files.example.com/key")
///     .extension(SigningOverride::new().service("s3").region("auto").stream_payload(PayloadHash::Unsigned))
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
    stream_payload: Option<PayloadHash>,
    #[cfg(feature = "checksums")]
    checksum: Option<Checksum>,
    #[cfg(feature = "checksums")]
    content_md5: bool,
}

impl SigningOverride {
    /// Returns an override that changes nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns an override by which the request is sent unsigned.
    #[must_use]
    pub fn unsigned() -> Self {
        Self { unsigned: true, ..Self::default() }
    }

    /// Sets the signing scheme.
    #[must_use]
    pub fn scheme(mut self, scheme: Scheme) -> Self {
        self.scheme = Some(scheme);
        self
    }

    /// Sets the signing name of the service.
    #[must_use]
    pub fn service(mut self, signing_name: impl Into<Arc<str>>) -> Self {
        self.service = Some(signing_name.into());
        self
    }

    /// Sets the region.
    #[must_use]
    pub fn region(mut self, region: impl Into<Arc<str>>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Sets the payload hash that the request is signed with, such as [`PayloadHash::Unsigned`]. Its body is then not read,
    /// whether it streams or is in memory.
    #[must_use]
    pub fn stream_payload(mut self, payload: PayloadHash) -> Self {
        self.stream_payload = Some(payload);
        self
    }

    /// Adds this checksum of the body in a header, like [`WithChecksum::aws_checksum`](crate::WithChecksum::aws_checksum)
    /// does. The body must be in memory.
    #[cfg(feature = "checksums")]
    #[must_use]
    pub fn checksum(mut self, checksum: Checksum) -> Self {
        self.checksum = Some(checksum);
        self
    }

    /// Adds the MD5 of the body in the header `content-md5`. The body must be in memory.
    #[cfg(feature = "checksums")]
    #[must_use]
    pub fn content_md5(mut self) -> Self {
        self.content_md5 = true;
        self
    }

    /// Returns whether the request is sent unsigned.
    #[must_use]
    pub fn is_unsigned(&self) -> bool {
        self.unsigned
    }

    /// Returns the payload hash that [`stream_payload`](Self::stream_payload) has set.
    #[must_use]
    pub fn payload_hash(&self) -> Option<PayloadHash> {
        self.stream_payload
    }

    /// Sets the headers with the checksums that the override adds. `body` is `None` if it streams. Adapters call it before
    /// they sign.
    ///
    /// # Errors
    /// [`Error::ChecksumOfStream`] if a checksum is to be added and the body streams; [`Error::Request`] with
    /// [`TooManyHeaders`](awsauth_core::Error::TooManyHeaders) if the map of headers is full.
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

    /// Returns whether the override adds a checksum of the body.
    #[must_use]
    pub fn wants_checksum(&self) -> bool {
        #[cfg(feature = "checksums")]
        return self.checksum.is_some() || self.content_md5;
        #[cfg(not(feature = "checksums"))]
        false
    }

    /// Returns the signer for this request: `signer` with the settings of this override.
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
