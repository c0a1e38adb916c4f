//! Presigned URLs.

use core::time::Duration;

use awsauth_credentials::Credentials;

use super::presigned::Presigned;
use super::schemes;
use super::signer::Signer;
use crate::error::Error;
use crate::request::body::BodyBytes;
use crate::request::head::RequestHead;

impl Signer {
    /// Makes a URL that works without credentials until `expires` from now, in whole seconds and at most seven days.
    ///
    /// The signature covers the body if the service is not of S3's family, or as an `x-amz-content-sha256` of the request
    /// says: its hash, or `UNSIGNED-PAYLOAD` if the service accepts that. It covers all headers of the request except those
    /// that proxies change, unless [`signed_headers`](Self::signed_headers) says otherwise, and they must be sent with the
    /// URL: [`Presigned::headers`]. (The schemes before Signature Version 4 sign few headers or none.)
    ///
    /// A `wss://` URL, of a websocket, is signed as the `https://` one and keeps its scheme.
    ///
    /// See [Authenticating Requests: Using Query Parameters][query].
    ///
    /// [query]: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    ///
    /// # Errors
    /// As for [`sign`](Self::sign); [`Error::ExpiredCredentials`] if the credentials have expired;
    /// [`Error::NotPresignable`] if the scheme has no presigned URLs.
    #[doc(alias = "pre-signed")]
    #[doc(alias = "presigned_url")]
    pub async fn presign<B: BodyBytes>(
        &self,
        request: &http::Request<B>,
        expires: Duration,
    ) -> Result<Presigned, Error> {
        let credentials = self.credentials().await?;
        self.presign_with(&credentials, request, request.body().body_bytes(), expires)
    }

    /// Does what [`presign`](Self::presign) does, for blocking callers.
    ///
    /// # Errors
    /// As for [`presign`](Self::presign).
    pub fn presign_blocking<B: BodyBytes>(
        &self,
        request: &http::Request<B>,
        expires: Duration,
    ) -> Result<Presigned, Error> {
        let credentials = self.credentials_blocking()?;
        self.presign_with(&credentials, request, request.body().body_bytes(), expires)
    }

    /// Presigns any request, or `http::request::Parts`. `body` is what will be sent with it, usually nothing.
    ///
    /// # Errors
    /// As for [`presign`](Self::presign).
    pub async fn presign_head(
        &self,
        head: &impl RequestHead,
        body: &[u8],
        expires: Duration,
    ) -> Result<Presigned, Error> {
        let credentials = self.credentials().await?;
        self.presign_with(&credentials, head, body, expires)
    }

    /// Does what [`presign_head`](Self::presign_head) does, for blocking callers.
    ///
    /// # Errors
    /// As for [`presign`](Self::presign).
    pub fn presign_head_blocking(
        &self,
        head: &impl RequestHead,
        body: &[u8],
        expires: Duration,
    ) -> Result<Presigned, Error> {
        let credentials = self.credentials_blocking()?;
        self.presign_with(&credentials, head, body, expires)
    }

    /// Does what [`presign_head`](Self::presign_head) does, with these credentials in place of the provider's.
    ///
    /// # Errors
    /// As for [`presign`](Self::presign), except those of the provider.
    pub fn presign_with(
        &self,
        credentials: &Credentials,
        head: &impl RequestHead,
        body: &[u8],
        expires: Duration,
    ) -> Result<Presigned, Error> {
        schemes::presign(self.settings(), self.caches(), credentials, self.now(head)?, head, body, expires)
    }
}
