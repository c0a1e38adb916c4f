use super::canonical_request::QueryAuthentication;
use super::{
    CanonicalRequest, CredentialScope, RepeatedParameters, Signed, SigningOptions, StringToSign,
    TokenPlacement,
};
use crate::canonical::headers::{AddedHeaders, CanonicalHeaders};
use crate::canonical::path::{CanonicalPath, PathRule, is_s3};
use crate::canonical::query::{CanonicalQuery, Keep};
use crate::time::Text;
use crate::{Error, PayloadHash, Request, Timestamp};

/// Who signs, for what, how: all of a signature but the key. [`Sigv4`](crate::Sigv4) is one with its key; Signature
/// Version 4A and signers whose key is in other hands build on it.
#[derive(Debug, Clone, Copy)]
pub struct Identity<'a> {
    algorithm: &'static str,
    access_key_id: &'a str,
    scope: CredentialScope<'a>,
    pub(crate) options: SigningOptions<'a>,
}

/// A request that is ready to be signed.
#[derive(Debug, Clone)]
pub struct Unsigned<'a> {
    pub(crate) identity: Identity<'a>,
    pub(crate) canonical_request: CanonicalRequest<'a>,
    pub(crate) time: Timestamp,
    time_text: Text<16>,
}

impl<'a> Identity<'a> {
    /// `algorithm` is such as `AWS4-HMAC-SHA256`.
    #[must_use]
    pub const fn new(algorithm: &'static str, access_key_id: &'a str, scope: CredentialScope<'a>) -> Self {
        Self { algorithm, access_key_id, scope, options: SigningOptions::DEFAULT }
    }

    /// The same with these options.
    #[must_use]
    pub const fn options(mut self, options: SigningOptions<'a>) -> Self {
        self.options = options;
        self
    }

    /// Prepares a request for a signature in its `authorization` header.
    ///
    /// # Errors
    /// What is wrong with the request or the identity, see [`Error`]; [`Error::KeyOfAnotherDay`] if the scope is not
    /// of the day of `now`.
    #[inline]
    pub fn prepare(
        &self,
        request: &Request<'a>,
        payload: PayloadHash,
        now: Timestamp,
    ) -> Result<Unsigned<'a>, Error> {
        let time_text = now.basic();
        let [s3_session_token, security_token] = self.signed_tokens();
        let added = AddedHeaders {
            content_sha256: self.options.content_sha256_header.then_some(payload),
            date: Some(time_text),
            region_set: self.options.region_set,
            s3_session_token,
            security_token,
        };
        self.assemble(request, payload, (now, time_text), added, None)
    }

    /// Prepares a request for a signature in its URL, which expires `expires` seconds after `now`.
    ///
    /// # Errors
    /// As for [`prepare`](Self::prepare); [`Error::ExpiryOutOfRange`] if `expires` is not in 1..=604800.
    #[inline]
    pub fn prepare_presigned(
        &self,
        request: &Request<'a>,
        payload: PayloadHash,
        now: Timestamp,
        expires: u32,
    ) -> Result<Unsigned<'a>, Error> {
        if !(1..=604_800).contains(&expires) {
            return Err(Error::ExpiryOutOfRange);
        }
        let time_text = now.basic();
        let [s3_session_token, security_token] = self.signed_tokens();
        let authentication = QueryAuthentication {
            algorithm: self.algorithm,
            access_key_id: self.access_key_id,
            scope: self.scope,
            time: time_text,
            expires,
            region_set: self.options.region_set,
            s3_session_token,
            security_token,
        };
        self.assemble(request, payload, (now, time_text), AddedHeaders::default(), Some(authentication))
    }

    #[inline]
    fn assemble(
        &self,
        request: &Request<'a>,
        payload: PayloadHash,
        (time, time_text): (Timestamp, Text<16>),
        added: AddedHeaders<'a>,
        presigned: Option<QueryAuthentication<'a>>,
    ) -> Result<Unsigned<'a>, Error> {
        self.check(time_text)?;
        CanonicalRequest::check_method(request.method)?;
        let options = &self.options;
        let rule = options.path_rule.unwrap_or(PathRule::for_service(self.scope.service()));
        let canonical_request = CanonicalRequest {
            method: request.method,
            path: CanonicalPath::new(request.path, rule)?,
            query: CanonicalQuery::new(request.query, options.plus_sign, Keep::Unauthenticated)?,
            headers: CanonicalHeaders::new(request, options.signed_host, options.signed_headers, added)?,
            payload,
            presigned,
        };
        let may_repeat =
            options.repeated_parameters == RepeatedParameters::Allowed || !is_s3(self.scope.service());
        if !may_repeat && canonical_request.query.has_repeated_name() {
            return Err(Error::RepeatedParameter);
        }
        Ok(Unsigned { identity: *self, canonical_request, time, time_text })
    }

    #[inline]
    fn check(&self, time: Text<16>) -> Result<(), Error> {
        if time.as_bytes().first_chunk() != Some(self.scope.date().as_bytes()) {
            return Err(Error::KeyOfAnotherDay);
        }
        check_access_key_id(self.access_key_id)?;
        if self.options.region_set.is_some_and(|set| !is_graphic(set)) {
            return Err(Error::MalformedRegionSet);
        }
        match self.options.session_token {
            Some(token) if !is_graphic(token) => Err(Error::MalformedSessionToken),
            _ => Ok(()),
        }
    }

    /// The signed tokens: S3 Express's, and everyone else's.
    #[inline]
    fn signed_tokens(&self) -> [Option<&'a str>; 2] {
        match self.options.token_placement {
            TokenPlacement::Signed => [None, self.options.session_token],
            TokenPlacement::AppendedUnsigned => [None, None],
            TokenPlacement::S3Express => [self.options.session_token, None],
        }
    }
}

impl<'a> Unsigned<'a> {
    /// The canonical request.
    #[must_use]
    pub fn canonical_request(&self) -> &CanonicalRequest<'a> {
        &self.canonical_request
    }

    /// The string to sign.
    #[must_use]
    pub fn string_to_sign(&self) -> StringToSign<'a> {
        let Identity { algorithm, scope, .. } = self.identity;
        StringToSign::at(algorithm, self.time_text, scope, self.canonical_request.sha256())
    }

    /// Signs with what `sign` makes of the string to sign.
    #[inline]
    pub fn sign_with<S>(self, sign: impl FnOnce(&StringToSign<'a>) -> S) -> Signed<'a, S> {
        let signature = sign(&self.string_to_sign());
        Signed { unsigned: self, signature }
    }
}

impl<'a> Identity<'a> {
    pub(crate) fn algorithm(&self) -> &'static str {
        self.algorithm
    }

    pub(crate) fn access_key_id(&self) -> &'a str {
        self.access_key_id
    }

    pub(crate) fn scope(&self) -> CredentialScope<'a> {
        self.scope
    }

    /// The token that is sent, but not signed.
    pub(crate) fn unsigned_token(&self) -> Option<&'a str> {
        match self.options.token_placement {
            TokenPlacement::AppendedUnsigned => self.options.session_token,
            _ => None,
        }
    }
}

pub(crate) fn check_access_key_id(access_key_id: &str) -> Result<(), Error> {
    let valid = |byte: u8| byte.is_ascii_graphic() && byte != b'/' && byte != b',';
    if access_key_id.is_empty() || !access_key_id.bytes().all(valid) {
        return Err(Error::MalformedAccessKeyId);
    }
    Ok(())
}

/// Whether it is one or more printable ASCII characters without space.
fn is_graphic(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}
