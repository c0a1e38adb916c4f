use super::authentication::Place;
use super::canonical_request::CanonicalRequest;
use super::options::{RepeatedParameters, SigningOptions};
use super::presigned;
use super::scope::CredentialScope;
use super::unsigned::Unsigned;
use crate::canonical::added_headers::SignerHeader;
use crate::canonical::path::{CanonicalPath, PathRule, is_s3};
use crate::canonical::query::Keep;
use crate::text::ascii;
use crate::vocabulary::credentials::{check_access_key_id, check_session_token};
use crate::vocabulary::error::Error;
use crate::vocabulary::payload::PayloadHash;
use crate::vocabulary::request::Request;
use crate::vocabulary::time::AsciiText;
use crate::vocabulary::time::Timestamp;

/// Who signs, for which scope, with which options: all of a signature but the key. [`Sigv4`](crate::Sigv4) is one with
/// its key; build on it for Signature Version 4A, or where another process holds the key.
#[derive(Debug, Clone, Copy)]
pub struct Identity<'a> {
    pub(crate) algorithm: &'static str,
    pub(crate) access_key_id: &'a str,
    pub(crate) scope: CredentialScope<'a>,
    pub(crate) options: SigningOptions<'a>,
}

impl<'a> Identity<'a> {
    /// Creates an identity with the default options. `algorithm` is the algorithm's name, such as `AWS4-HMAC-SHA256`.
    #[must_use]
    #[inline(always)]
    pub const fn new(algorithm: &'static str, access_key_id: &'a str, scope: CredentialScope<'a>) -> Self {
        Self { algorithm, access_key_id, scope, options: SigningOptions::DEFAULT }
    }

    /// Sets all options.
    #[must_use]
    pub const fn options(mut self, options: SigningOptions<'a>) -> Self {
        self.options = options;
        self
    }

    /// Prepares a request for a signature in its `authorization` header.
    ///
    /// # Errors
    /// Any [`Error`] that says what is wrong with the request or the identity; [`Error::KeyOfAnotherDay`] if the scope
    /// is not of the day of `now`.
    pub fn prepare(
        &self,
        request: &Request<'a>,
        payload: PayloadHash,
        now: Timestamp,
    ) -> Result<Unsigned<'a>, Error> {
        let mut unsigned = Unsigned::blank();
        self.prepare_into(&mut unsigned, request, payload, now, Place::Headers)?;
        Ok(unsigned)
    }

    /// Prepares a request for a signature in its URL, which expires `expires` seconds after `now`.
    ///
    /// # Errors
    /// As for [`prepare`](Self::prepare); [`Error::ExpiryOutOfRange`] if `expires` is not in 1..=604800.
    pub fn prepare_presigned(
        &self,
        request: &Request<'a>,
        payload: PayloadHash,
        now: Timestamp,
        expires: u32,
    ) -> Result<Unsigned<'a>, Error> {
        let mut unsigned = Unsigned::blank();
        self.prepare_into(
            &mut unsigned,
            request,
            payload,
            now,
            presigned::place(expires, self.access_key_id, self.scope)?,
        )?;
        Ok(unsigned)
    }

    /// Fills an [`Unsigned`] that is blank or was filled before. Its stack is free again before anything is hashed.
    #[inline(never)]
    pub(super) fn prepare_into(
        &self,
        unsigned: &mut Unsigned<'a>,
        request: &Request<'a>,
        payload: PayloadHash,
        now: Timestamp,
        place: Place,
    ) -> Result<(), Error> {
        unsigned.time = now;
        let time = now.basic();
        self.check(time)?;
        request.check_method()?;
        let Self { algorithm, access_key_id, scope, options } = self;
        let is_s3 = is_s3(scope.service());
        let rule = options.path_rule.unwrap_or(if is_s3 { PathRule::S3 } else { PathRule::STANDARD });
        let CanonicalRequest { method, path, query, headers, payload: payload_hash, authentication } =
            &mut unsigned.canonical_request;
        *method = request.method;
        *path = CanonicalPath::new(request.path, rule)?;
        *payload_hash = payload;
        authentication.algorithm = algorithm;
        authentication.access_key_id = access_key_id;
        authentication.scope = *scope;
        authentication.time = time;
        authentication.place = place;
        authentication.content_sha256_header = options.content_sha256_header;
        authentication.token_placement = options.token_placement.for_service(scope.service());
        authentication.region_set = options.region_set;
        authentication.session_token = options.session_token;
        query.collect(request.query, options.plus_sign, Keep::Unauthenticated)?;
        let selection = options.signed_headers.for_place(authentication.presigned().is_some());
        headers.collect(request, options.signed_host, selection, |kind| authentication.adds(kind))?;
        if !authentication.adds(SignerHeader::ContentSha256) {
            check_stated_payload(request, payload)?;
        }
        if is_s3 && options.repeated_parameters != RepeatedParameters::Allowed && query.has_repeated_name() {
            return Err(Error::RepeatedParameter);
        }
        Ok(())
    }

    pub(crate) fn check(&self, time: AsciiText<16>) -> Result<(), Error> {
        if time.as_bytes().first_chunk() != Some(self.scope.date().as_bytes()) {
            return Err(Error::KeyOfAnotherDay);
        }
        check_access_key_id(self.access_key_id)?;
        if self.options.region_set.is_some_and(|set| !ascii::is_graphic(set.as_bytes())) {
            return Err(Error::MalformedRegionSet);
        }
        self.options.session_token.map_or(Ok(()), check_session_token)
    }
}

/// Refuses a header that is not replaced and contradicts the signed payload hash, since services read it from there.
#[inline(never)]
fn check_stated_payload(request: &Request<'_>, payload: PayloadHash) -> Result<(), Error> {
    let mut stated = request.headers.iter().filter(|header| header.is("x-amz-content-sha256"));
    let Some(header) = stated.next() else { return Ok(()) };
    let contradicts = header.value.trim_ascii() != payload.text(&mut [0; 64]) || stated.next().is_some();
    if contradicts { Err(Error::PayloadHashContradicts) } else { Ok(()) }
}
