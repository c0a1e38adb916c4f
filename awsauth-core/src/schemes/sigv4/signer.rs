use super::authentication::Place;
use super::identity::Identity;
use super::options::{SigningOptions, TokenPlacement};
use super::presigned;
use super::signature::Signature;
use super::signed::Signed;
use super::signing_key::{ALGORITHM, SigningKey};
use super::unsigned::Unsigned;
use crate::canonical::signed_headers::SignedHeaders;
use crate::text::writer::Writer;
use crate::vocabulary::error::Error;
use crate::vocabulary::payload::PayloadHash;
use crate::vocabulary::request::Request;
use crate::vocabulary::time::Timestamp;

/// Signs requests with [Signature Version 4](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html): an
/// access key ID, the signing key of its secret, and options.
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
#[doc(alias = "AWS4-HMAC-SHA256")]
#[doc(alias = "signature v4")]
pub struct Sigv4<'a> {
    identity: Identity<'a>,
    key: &'a SigningKey<'a>,
}

impl<'a> Sigv4<'a> {
    /// Creates a signer for the scope of `key`. The path rule is that of the scope's service.
    #[must_use]
    #[inline(always)]
    pub const fn new(access_key_id: &'a str, key: &'a SigningKey<'a>) -> Self {
        Self { identity: Identity::new(ALGORITHM, access_key_id, key.scope()), key }
    }

    /// Sets the session token of temporary credentials.
    #[must_use]
    #[inline(always)]
    pub const fn session_token(mut self, token: &'a str) -> Self {
        self.identity.options.session_token = Some(token);
        self
    }

    /// Sets all options.
    #[must_use]
    #[inline(always)]
    pub const fn options(mut self, options: SigningOptions<'a>) -> Self {
        self.identity.options = options;
        self
    }

    /// Sets which of the caller's headers are signed.
    #[must_use]
    #[inline(always)]
    pub const fn signed_headers(mut self, selection: SignedHeaders<'a>) -> Self {
        self.identity.options.signed_headers = selection;
        self
    }

    /// Sets where the session token goes.
    #[must_use]
    #[inline(always)]
    pub const fn token_placement(mut self, placement: TokenPlacement) -> Self {
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
    /// Any [`Error`] that says what is wrong with the request; [`Error::KeyOfAnotherDay`] if the key is not of the day
    /// of `now`.
    pub fn sign(
        &self,
        request: &Request<'a>,
        payload: PayloadHash,
        now: Timestamp,
    ) -> Result<Signed<'a>, Error> {
        let mut space = SigningSpace::new();
        self.fill(&mut space, request, payload, now, Place::Headers)?;
        Ok(space.signed)
    }

    /// Signs as [`sign`](Self::sign) does, into memory of the caller's. [`Signed`] has half a kilobyte or more; a
    /// function that returns it costs a copy and stack for it, which small processors are short of.
    ///
    /// ```
    /// # use awsauth_core::{CredentialScope, PayloadHash, Request, SigningKey, SigningSpace, Sigv4, Timestamp};
    /// # let now = Timestamp::parse("20130524T000000Z")?;
    /// # let key = SigningKey::derive("secret", CredentialScope::new(now.date(), "us-east-1", "s3")?);
    /// # let request = Request::get("/test.txt", "examplebucket.s3.amazonaws.com");
    /// # let signer = Sigv4::new("AKIAIOSFODNN7EXAMPLE", &key);
    /// let mut space = SigningSpace::new();
    /// let signed = signer.sign_into(&mut space, &request, PayloadHash::EMPTY, now)?;
    /// assert_eq!(signed.headers().last().map(|(name, _)| name), Some("authorization"));
    /// # Ok::<(), awsauth_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`sign`](Self::sign).
    pub fn sign_into<'s>(
        &self,
        space: &'s mut SigningSpace<'a>,
        request: &Request<'a>,
        payload: PayloadHash,
        now: Timestamp,
    ) -> Result<&'s Signed<'a>, Error> {
        self.fill(space, request, payload, now, Place::Headers)?;
        Ok(&space.signed)
    }

    /// Presigns the URL: whoever has it can send the request until `expires` seconds after `now`.
    ///
    /// The signed headers must be sent with it. `payload` is [`PayloadHash::Unsigned`] for S3 and its family, the hash
    /// of the body for other services.
    ///
    /// # Errors
    /// As for [`sign`](Self::sign); [`Error::ExpiryOutOfRange`] if `expires` is not in 1..=604800.
    #[doc(alias = "presigned")]
    #[doc(alias = "pre-signed")]
    pub fn presign(
        &self,
        request: &Request<'a>,
        payload: PayloadHash,
        now: Timestamp,
        expires: u32,
    ) -> Result<Signed<'a>, Error> {
        let mut space = SigningSpace::new();
        self.fill(&mut space, request, payload, now, self.place_in_url(expires)?)?;
        Ok(space.signed)
    }

    /// Presigns as [`presign`](Self::presign) does, into memory of the caller's; see [`sign_into`](Self::sign_into).
    ///
    /// # Errors
    /// As for [`presign`](Self::presign).
    pub fn presign_into<'s>(
        &self,
        space: &'s mut SigningSpace<'a>,
        request: &Request<'a>,
        payload: PayloadHash,
        now: Timestamp,
        expires: u32,
    ) -> Result<&'s Signed<'a>, Error> {
        self.fill(space, request, payload, now, self.place_in_url(expires)?)?;
        Ok(&space.signed)
    }

    fn place_in_url(&self, expires: u32) -> Result<Place, Error> {
        presigned::place(expires, self.identity.access_key_id, self.identity.scope)
    }

    #[inline(never)]
    fn fill(
        &self,
        space: &mut SigningSpace<'a>,
        request: &Request<'a>,
        payload: PayloadHash,
        now: Timestamp,
        place: Place,
    ) -> Result<(), Error> {
        let Signed { unsigned, signature } = &mut space.signed;
        self.identity.prepare_into(unsigned, request, payload, now, place)?;
        if cfg!(target_pointer_width = "64") {
            let render = |writer: &mut Writer<'_>| unsigned.canonical_request.render(writer);
            *signature = self.key.sign_rendered(render, |digest| unsigned.string_to_sign_of(digest));
            return Ok(());
        }
        // The stack of either is free again before the other needs its own.
        *signature = Signature::from_bytes(unsigned.canonical_request.sha256());
        self.replace_hash(unsigned, signature);
        Ok(())
    }

    /// Replaces the hash of the canonical request, which is in `signature`, by its signature.
    #[inline(never)]
    fn replace_hash(&self, unsigned: &Unsigned<'a>, signature: &mut Signature) {
        let string_to_sign = unsigned.string_to_sign_of(*signature.as_bytes());
        *signature = self.key.sign(&string_to_sign);
    }
}

/// Memory for a [`Signed`], to be used any number of times: see [`Sigv4::sign_into`].
#[derive(Debug, Clone)]
pub struct SigningSpace<'a> {
    signed: Signed<'a>,
}

impl SigningSpace<'_> {
    /// Creates empty space.
    #[must_use]
    #[inline(always)]
    pub const fn new() -> Self {
        Self { signed: Signed { unsigned: Unsigned::blank(), signature: Signature::from_bytes([0; 32]) } }
    }
}

impl Default for SigningSpace<'_> {
    fn default() -> Self {
        Self::new()
    }
}
