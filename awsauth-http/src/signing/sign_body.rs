//! Signing where the body is at hand, and may have to be replaced.

use awsauth_credentials::Credentials;
use bytes::Bytes;

use super::schemes;
use super::schemes::Body;
use super::signed::Signed;
use super::signer::Signer;
use crate::error::Error;
use crate::request::body::BodyBytes;
use crate::request::changes::Changes;
use crate::request::content_length::Length;
use crate::request::head::RequestHead;

impl Signer {
    /// Signs any request whose body is at hand beside it: for adapters of clients that keep bodies their own way.
    ///
    /// What comes with [`Signed`] is the form to send in place of the body: Signature Version 2 signs in the form that is
    /// posted. With all else it is `None`, and the body is sent as it is.
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

    /// As [`sign_body`](Self::sign_body), for blocking callers.
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

    /// As [`sign_body`](Self::sign_body), with these credentials in place of the provider's.
    ///
    /// # Errors
    /// As for [`sign_body`](Self::sign_body), but for those of the provider.
    pub fn sign_body_with(
        &self,
        credentials: &Credentials,
        head: &mut impl RequestHead,
        body: &[u8],
    ) -> Result<(Signed, Option<Bytes>), Error> {
        self.sign_bytes(credentials.clone(), head, body)
    }

    fn sign_bytes(
        &self,
        credentials: Credentials,
        head: &mut impl RequestHead,
        body: &[u8],
    ) -> Result<(Signed, Option<Bytes>), Error> {
        let length = Length::of_bytes(head, body.is_empty());
        let signed = self.sign_declared_bytes(credentials, head, body);
        length.unless_failed(head, signed)
    }

    fn sign_declared_bytes(
        &self,
        credentials: Credentials,
        head: &mut impl RequestHead,
        body: &[u8],
    ) -> Result<(Signed, Option<Bytes>), Error> {
        let mut changes = Changes::default();
        let body = Body::Bytes(body);
        let decided = schemes::sign(self, &credentials, self.now(head)?, head, body, &mut changes)?;
        let form = changes.form.clone();
        changes.apply(head)?;
        Ok((decided.by(credentials), form))
    }

    pub(crate) fn sign_in_place<B: BodyBytes>(
        &self,
        credentials: Credentials,
        request: &mut http::Request<B>,
    ) -> Result<Signed, Error> {
        let length = Length::of_bytes(request, request.body().body_bytes().is_empty());
        let signed = self.sign_declared_in_place(credentials, request);
        length.unless_failed(request, signed)
    }

    fn sign_declared_in_place<B: BodyBytes>(
        &self,
        credentials: Credentials,
        request: &mut http::Request<B>,
    ) -> Result<Signed, Error> {
        let body = Body::Bytes(request.body().body_bytes());
        let mut changes = Changes::default();
        let decided = schemes::sign(self, &credentials, self.now(request)?, &*request, body, &mut changes)?;
        let form = match changes.form.clone() {
            Some(form) => Some(B::from_form(form).ok_or(Error::BodyNotReplaceable)?),
            None => None,
        };
        changes.apply(request)?;
        if let Some(form) = form {
            *request.body_mut() = form;
        }
        Ok(decided.by(credentials))
    }
}
