use core::time::Duration;

use awsauth_core::{Endpoint, EndpointError, Scheme, Timestamp};
use awsauth_credentials::Credentials;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::validity::Validity;
use crate::error::Error;
use crate::request::borrowed::{BorrowedRequest, CONTENT_SHA256};
use crate::signing::caches::Caches;
use crate::signing::destination::{Destination, ResolvedHost};
use crate::signing::presigned::Presigned;
use crate::signing::settings::Settings;
use crate::signing::signed::{Scope, Signature, SignatureDetails};

/// All that a scheme signs from.
pub(crate) struct Context<'c> {
    pub(crate) settings: &'c Settings,
    pub(crate) caches: &'c Caches,
    pub(crate) credentials: &'c Credentials,
    pub(crate) now: Timestamp,
    pub(super) request: &'c BorrowedRequest<'c>,
    destination: Result<Destination<'c>, EndpointError>,
}

impl<'c> Context<'c> {
    #[inline]
    pub(crate) fn new(
        settings: &'c Settings,
        caches: &'c Caches,
        credentials: &'c Credentials,
        now: Timestamp,
        request: &'c BorrowedRequest<'c>,
        resolved: &'c mut ResolvedHost,
    ) -> Self {
        let destination = Destination::find(settings, &caches.hosts, request.host, request.path, resolved);
        Self { settings, caches, credentials, now, request, destination }
    }

    #[inline]
    pub(crate) fn scheme(&self) -> Result<Scheme, Error> {
        match self.settings.scheme {
            Some(scheme) => Ok(scheme),
            None => Ok(self.destination()?.scheme),
        }
    }

    #[inline]
    pub(crate) fn destination(&self) -> Result<&Destination<'c>, Error> {
        match &self.destination {
            Ok(destination) => Ok(destination),
            Err(error) => Err(self.endpoint_error(*error)),
        }
    }

    /// Refuses the scheme for a service that does not take it: `is_for_s3` says whether S3 or any other service does.
    pub(super) fn check_service(&self, scheme: Scheme, is_for_s3: bool) -> Result<(), Error> {
        match self.known_service() {
            "" => Ok(()),
            service if (service == "s3") == is_for_s3 => Ok(()),
            service => Err(Error::SchemeNotForService { scheme, service: service.into() }),
        }
    }

    /// The credentials, for schemes that sign with the secret itself.
    pub(crate) fn core_credentials(&self) -> Result<awsauth_core::Credentials<'c>, Error> {
        let credentials = awsauth_core::Credentials::new(
            self.credentials.access_key_id(),
            self.credentials.secret_access_key(),
        )?;
        match self.credentials.session_token() {
            Some(token) => Ok(credentials.session_token(token)?),
            None => Ok(credentials),
        }
    }

    pub(crate) fn validity(&self, expires: Duration) -> Result<Validity, Error> {
        Validity::new(self.now, expires, self.credentials)
    }

    /// The details of a signature that has no credential scope.
    pub(crate) fn details(&self, scheme: Scheme, signature: Option<Signature>) -> SignatureDetails {
        let scope = Scope::new(self.known_service(), self.known_region());
        SignatureDetails { scheme, scope, signature, time: self.now }
    }

    /// The details of a signature of Signature Version 4.
    pub(crate) fn details_v4(&self, scope: Scope, signature: awsauth_core::Signature) -> SignatureDetails {
        let signature = Some(Signature::Sigv4(signature));
        SignatureDetails { scheme: Scheme::Sigv4, scope, signature, time: self.now }
    }

    pub(super) fn presigned(
        &self,
        details: SignatureDetails,
        target: PathAndQuery,
        headers: HeaderMap,
        validity: &Validity,
    ) -> Result<Presigned, Error> {
        let (url, method) = (self.request.url(target)?, self.request.method()?);
        Ok(Presigned {
            method,
            url,
            headers,
            expires_at: validity.expires_at,
            signed: details.with_credentials(self.credentials.clone()),
        })
    }

    pub(super) fn has_no_headers(&self) -> bool {
        self.request.map.is_empty()
    }

    /// The request's signed headers, which must be sent with a presigned URL. `changed_values` are those that are sent with
    /// another value, by their positions in the request and sorted by these.
    pub(super) fn headers_to_send(
        &self,
        is_signed: impl Fn(&HeaderName) -> bool,
        changed_values: &[(usize, HeaderValue)],
    ) -> HeaderMap {
        let is_old = |name: &HeaderName| self.request.old.has_old_hash() && name == CONTENT_SHA256;
        let is_sent = |name: &HeaderName| is_signed(name) && !is_old(name);
        let mut headers = HeaderMap::new();
        for (position, (name, value)) in
            self.request.map.iter().enumerate().filter(|(_, (name, _))| is_sent(name))
        {
            let changed = changed_values.binary_search_by_key(&position, |(changed, _)| *changed);
            let changed = changed.ok().and_then(|at| changed_values.get(at));
            headers.append(name, changed.map_or(value, |(_, value)| value).clone());
        }
        headers
    }

    /// The service, if it is known: the schemes before Signature Version 4 do not need one.
    fn known_service(&self) -> &str {
        match &self.destination {
            Ok(destination) => destination.service,
            Err(_) => self.settings.service.as_deref().unwrap_or_default(),
        }
    }

    fn known_region(&self) -> &str {
        match &self.destination {
            Ok(destination) => destination.region().unwrap_or_default(),
            Err(_) => self.settings.region.as_deref().unwrap_or_default(),
        }
    }

    /// The error, with the label of the host that is not a known service.
    #[cold]
    fn endpoint_error(&self, error: EndpointError) -> Error {
        match (error, Endpoint::service_label(self.request.host)) {
            (EndpointError::UnknownService, Some(label)) => Error::UnknownService(label.into()),
            (error, _) => error.into(),
        }
    }
}
