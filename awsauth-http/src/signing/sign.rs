//! Signing in the headers of a request (or in its query or form, as the older schemes do).

use awsauth_core::PayloadHash;
use awsauth_credentials::Credentials;
use bytes::Bytes;

use super::schemes;
use super::schemes::Body;
use super::signed::Signed;
use super::signer::Signer;
use crate::error::Error;
use crate::request::body::BodyBytes;
use crate::request::changes::Changes;
use crate::request::content_length::LengthChange;
use crate::request::head::RequestHead;

impl Signer {
    /// Signs a request whose body is in memory, in place, and replaces an older signature. If the body of a `PATCH`, `POST`
    /// or `PUT` is empty and there is no `content-length`, it sets that to `0`: clients leave it out, and S3 requires it.
    ///
    /// Where the scheme is [`Scheme::Anonymous`](crate::Scheme::Anonymous), the one of S3's website endpoints, nothing is
    /// added: those serve public objects and refuse signatures. [`Signed::scheme`] says which scheme it was.
    ///
    /// # Errors
    /// [`Error`]; each variant says how to fix it. The request is then unchanged.
    pub async fn sign<B: BodyBytes>(&self, request: &mut http::Request<B>) -> Result<Signed, Error> {
        let credentials = self.credentials().await?;
        self.sign_in_place(credentials, request)
    }

    /// Does what [`sign`](Self::sign) does, for blocking callers.
    ///
    /// # Errors
    /// As for [`sign`](Self::sign).
    pub fn sign_blocking<B: BodyBytes>(&self, request: &mut http::Request<B>) -> Result<Signed, Error> {
        let credentials = self.credentials_blocking()?;
        self.sign_in_place(credentials, request)
    }

    /// Signs any request, or `http::request::Parts`, by the hash of its body, in place.
    ///
    /// # Errors
    /// As for [`sign`](Self::sign); [`Error::UnsignedPayload`] if the service does not accept unsigned payloads.
    pub async fn sign_head(
        &self,
        head: &mut impl RequestHead,
        payload: PayloadHash,
    ) -> Result<Signed, Error> {
        let credentials = self.credentials().await?;
        self.sign_hash(credentials, head, payload)
    }

    /// Does what [`sign_head`](Self::sign_head) does, for blocking callers.
    ///
    /// # Errors
    /// As for [`sign_head`](Self::sign_head).
    pub fn sign_head_blocking(
        &self,
        head: &mut impl RequestHead,
        payload: PayloadHash,
    ) -> Result<Signed, Error> {
        let credentials = self.credentials_blocking()?;
        self.sign_hash(credentials, head, payload)
    }

    /// Does what [`sign_head`](Self::sign_head) does, with these credentials in place of the provider's.
    ///
    /// # Errors
    /// As for [`sign_head`](Self::sign_head), except those of the provider.
    pub fn sign_with(
        &self,
        credentials: &Credentials,
        head: &mut impl RequestHead,
        payload: PayloadHash,
    ) -> Result<Signed, Error> {
        self.sign_hash(credentials.clone(), head, payload)
    }

    /// Signs any request, or `http::request::Parts`, with its body in memory beside it, in place. This is for adapters of
    /// clients that hold bodies their own way.
    ///
    /// If the result holds bytes beside [`Signed`], send them in place of the body: Signature Version 2 signs in the form
    /// that is posted. Otherwise send the body as it is.
    ///
    /// # Errors
    /// As for [`sign`](Self::sign).
    pub async fn sign_body(
        &self,
        head: &mut impl RequestHead,
        body: &[u8],
    ) -> Result<(Signed, Option<Bytes>), Error> {
        let credentials = self.credentials().await?;
        self.sign_bytes(credentials, head, body)
    }

    /// Does what [`sign_body`](Self::sign_body) does, for blocking callers.
    ///
    /// # Errors
    /// As for [`sign_body`](Self::sign_body).
    pub fn sign_body_blocking(
        &self,
        head: &mut impl RequestHead,
        body: &[u8],
    ) -> Result<(Signed, Option<Bytes>), Error> {
        let credentials = self.credentials_blocking()?;
        self.sign_bytes(credentials, head, body)
    }

    /// Does what [`sign_body`](Self::sign_body) does, with these credentials in place of the provider's.
    ///
    /// # Errors
    /// As for [`sign_body`](Self::sign_body), except those of the provider.
    pub fn sign_body_with(
        &self,
        credentials: &Credentials,
        head: &mut impl RequestHead,
        body: &[u8],
    ) -> Result<(Signed, Option<Bytes>), Error> {
        self.sign_bytes(credentials.clone(), head, body)
    }

    fn sign_in_place<B: BodyBytes>(
        &self,
        credentials: Credentials,
        request: &mut http::Request<B>,
    ) -> Result<Signed, Error> {
        let length = LengthChange::for_body(request, request.body().body_bytes().is_empty());
        let signed = self.sign_declared_in_place(credentials, request);
        length.undo_if_failed(request, signed)
    }

    fn sign_declared_in_place<B: BodyBytes>(
        &self,
        credentials: Credentials,
        request: &mut http::Request<B>,
    ) -> Result<Signed, Error> {
        let body = Body::Bytes(request.body().body_bytes());
        let now = self.now(request)?;
        let mut changes = Changes::default();
        let details =
            schemes::sign(self.settings(), self.caches(), &credentials, now, &*request, body, &mut changes)?;
        let form = match changes.form.clone() {
            Some(form) => Some(B::from_form(form).ok_or(Error::BodyNotReplaceable)?),
            None => None,
        };
        changes.apply(request)?;
        if let Some(form) = form {
            *request.body_mut() = form;
        }
        Ok(details.with_credentials(credentials))
    }

    fn sign_bytes(
        &self,
        credentials: Credentials,
        head: &mut impl RequestHead,
        body: &[u8],
    ) -> Result<(Signed, Option<Bytes>), Error> {
        let length = LengthChange::for_body(head, body.is_empty());
        let signed = self.sign_declared(credentials, head, Body::Bytes(body));
        length.undo_if_failed(head, signed)
    }

    fn sign_hash(
        &self,
        credentials: Credentials,
        head: &mut impl RequestHead,
        payload: PayloadHash,
    ) -> Result<Signed, Error> {
        let length = match payload {
            PayloadHash::EMPTY => LengthChange::for_empty_body(head),
            _ => LengthChange::None,
        };
        let signed = self.sign_declared(credentials, head, Body::Hash(payload)).map(|(signed, _)| signed);
        length.undo_if_failed(head, signed)
    }

    /// Signs a request whose `content-length` is right, and returns the form that takes the place of the body, if one does.
    fn sign_declared(
        &self,
        credentials: Credentials,
        head: &mut impl RequestHead,
        body: Body<'_>,
    ) -> Result<(Signed, Option<Bytes>), Error> {
        let now = self.now(head)?;
        let mut changes = Changes::default();
        let details =
            schemes::sign(self.settings(), self.caches(), &credentials, now, head, body, &mut changes)?;
        let form = changes.form.clone();
        changes.apply(head)?;
        Ok((details.with_credentials(credentials), form))
    }
}
