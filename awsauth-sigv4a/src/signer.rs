use awsauth_core::{
    CredentialScope, Error, Identity, PayloadHash, Request, Signed, SignedHeaders, SigningOptions, Timestamp,
    TokenPlacement, Unsigned,
};

use crate::key::Sigv4aKey;
use crate::signature::{ALGORITHM, Sigv4aSignature};

/// A signer of requests with Signature Version 4A, in a header or in the URL.
#[derive(Debug, Clone, Copy)]
#[doc(alias = "AWS4-ECDSA-P256-SHA256")]
#[doc(alias = "asymmetric")]
pub struct Sigv4a<'a> {
    access_key_id: &'a str,
    key: &'a Sigv4aKey,
    service: &'a str,
    options: SigningOptions<'a>,
}

impl<'a> Sigv4a<'a> {
    /// Returns a signer with the key of `access_key_id`, for the service of this signing name, such as `s3`, and for a set of
    /// Regions: `*`, or a list with commas such as `us-*` or `us-west-2,us-east-1`.
    #[must_use]
    pub fn new(access_key_id: &'a str, key: &'a Sigv4aKey, service: &'a str, region_set: &'a str) -> Self {
        let mut options = SigningOptions::DEFAULT;
        options.region_set = Some(region_set);
        Self { access_key_id, key, service, options }
    }

    /// Sets the session token of temporary credentials.
    #[must_use]
    pub fn session_token(mut self, token: &'a str) -> Self {
        self.options.session_token = Some(token);
        self
    }

    /// Sets all options. If they have no region set, the signer keeps its own.
    #[must_use]
    pub fn options(mut self, options: SigningOptions<'a>) -> Self {
        let region_set = options.region_set.or(self.options.region_set);
        self.options = options;
        self.options.region_set = region_set;
        self
    }

    /// Sets which of the caller's headers are signed.
    #[must_use]
    pub fn signed_headers(mut self, selection: SignedHeaders<'a>) -> Self {
        self.options.signed_headers = selection;
        self
    }

    /// Sets where the session token goes.
    #[must_use]
    pub fn token_placement(mut self, placement: TokenPlacement) -> Self {
        self.options.token_placement = placement;
        self
    }

    /// Signs with an `authorization` header.
    ///
    /// For a body in chunks, `payload` is [`PayloadHash::StreamingEcdsa`] or another streaming hash of ECDSA, and the key of
    /// the chunks is `key.scoped(signed.scope())`.
    ///
    /// # Errors
    /// The [`awsauth_core::Error`] that names what to correct in the request or the signer, such as
    /// [`MalformedRegionSet`](Error::MalformedRegionSet).
    pub fn sign(
        &self,
        request: &Request<'a>,
        payload: PayloadHash,
        now: Timestamp,
    ) -> Result<Signed<'a, Sigv4aSignature>, Error> {
        Ok(self.complete(self.identity(now)?.prepare(request, payload, now)?))
    }

    /// Signs the URL: whoever has it can send the request until `expires` seconds after `now`.
    ///
    /// # Errors
    /// The same as for [`sign`](Self::sign); [`Error::ExpiryOutOfRange`] if `expires` is not in 1..=604800.
    pub fn presign(
        &self,
        request: &Request<'a>,
        payload: PayloadHash,
        now: Timestamp,
        expires: u32,
    ) -> Result<Signed<'a, Sigv4aSignature>, Error> {
        Ok(self.complete(self.identity(now)?.prepare_presigned(request, payload, now, expires)?))
    }

    fn identity(&self, now: Timestamp) -> Result<Identity<'a>, Error> {
        let scope = CredentialScope::without_region(now.date(), self.service)?;
        Ok(Identity::new(ALGORITHM, self.access_key_id, scope).options(self.options))
    }

    fn complete(&self, unsigned: Unsigned<'a>) -> Signed<'a, Sigv4aSignature> {
        unsigned.sign_with(|text| self.key.sign(text))
    }
}
