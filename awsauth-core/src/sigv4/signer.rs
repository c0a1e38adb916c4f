use super::authentication::Place;
use super::prepare::in_place;
use super::presigned::Presigned;
use super::{ALGORITHM, Identity, Signed, SignedHeaders, SigningKey, SigningOptions, TokenPlacement};
use crate::{Error, PayloadHash, Request, Timestamp};

/// Signs requests with Signature Version 4: an access key ID, the signing key of its secret, and what else the service
/// wants to be told.
///
/// ```
/// use awsauth_core::{CredentialScope, Header, PayloadHash, Request, SigningKey, Sigv4, Timestamp};
///
/// let now = Timestamp::parse("20130524T000000Z")?;
/// let scope = CredentialScope::new(now.date(), "us-east-1", "s3")?;
/// let key = SigningKey::derive("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", scope); // once a day
///
/// let headers = [Header::new("range", b"bytes=0-9")];
/// let request = Request::get("/test.txt", "examplebucket.s3.amazonaws.com").headers(&headers);
/// let signed = Sigv4::new("AKIAIOSFODNN7EXAMPLE", &key)
///     .signed_headers(awsauth_core::SignedHeaders::EssentialAnd(&["range"]))
///     .sign(&request, PayloadHash::EMPTY, now)?;
///
/// assert_eq!(signed.target().to_string(), "/test.txt");
/// // The example of AWS's page "Signature Calculations for the Authorization Header".
/// assert_eq!(
///     signed.signature().to_string(),
///     "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
/// );
/// # Ok::<(), awsauth_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Sigv4<'a> {
    identity: Identity<'a>,
    key: &'a SigningKey<'a>,
}

impl<'a> Sigv4<'a> {
    /// A signer for the scope of `key`. The path rule is that of the scope's service.
    #[must_use]
    pub fn new(access_key_id: &'a str, key: &'a SigningKey<'a>) -> Self {
        Self { identity: Identity::new(ALGORITHM, access_key_id, key.scope()), key }
    }

    /// The same with the session token of temporary credentials.
    #[must_use]
    pub fn session_token(mut self, token: &'a str) -> Self {
        self.identity.options.session_token = Some(token);
        self
    }

    /// The same with all of these options.
    #[must_use]
    pub fn options(mut self, options: SigningOptions<'a>) -> Self {
        self.identity.options = options;
        self
    }

    /// The same signing these of the caller's headers.
    #[must_use]
    pub fn signed_headers(mut self, selection: SignedHeaders<'a>) -> Self {
        self.identity.options.signed_headers = selection;
        self
    }

    /// The same with the session token in this place.
    #[must_use]
    pub fn token_placement(mut self, placement: TokenPlacement) -> Self {
        self.identity.options.token_placement = placement;
        self
    }

    pub(crate) fn identity(&self) -> &Identity<'a> {
        &self.identity
    }

    pub(crate) fn key(&self) -> &'a SigningKey<'a> {
        self.key
    }

    /// Signs with an `authorization` header.
    ///
    /// # Errors
    /// What is wrong with the request, see [`Error`]; [`Error::KeyOfAnotherDay`] if the key is not of the day of `now`.
    pub fn sign(
        &self,
        request: &Request<'a>,
        payload: PayloadHash,
        now: Timestamp,
    ) -> Result<Signed<'a>, Error> {
        in_place(Signed::blank(self.identity.scope, now), |signed| {
            self.sign_into(signed, request, payload, Place::Headers)
        })
    }

    /// Signs the URL itself: whoever holds it can send the request until `expires` seconds after `now`.
    ///
    /// The headers that are signed must be sent with it. `payload` is [`PayloadHash::Unsigned`] for S3 and its family,
    /// the hash of the body elsewhere.
    ///
    /// # Errors
    /// As for [`sign`](Self::sign); [`Error::ExpiryOutOfRange`] if `expires` is not in 1..=604800.
    pub fn presign(
        &self,
        request: &Request<'a>,
        payload: PayloadHash,
        now: Timestamp,
        expires: u32,
    ) -> Result<Signed<'a>, Error> {
        in_place(Signed::blank(self.identity.scope, now), |signed| {
            self.sign_into(signed, request, payload, Place::Query(Presigned::new(expires)?))
        })
    }

    #[inline(never)]
    fn sign_into(
        &self,
        signed: &mut Signed<'a>,
        request: &Request<'a>,
        payload: PayloadHash,
        place: Place,
    ) -> Result<(), Error> {
        self.identity.prepare_into(&mut signed.unsigned, request, payload, place)?;
        signed.signature = self.key.sign(&signed.unsigned.string_to_sign());
        Ok(())
    }
}
