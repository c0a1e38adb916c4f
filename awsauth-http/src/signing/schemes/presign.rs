//! What presigned URLs of all schemes have in common.

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::Context;
use crate::error::Error;
use crate::request::lent::CONTENT_SHA256;
use crate::signing::presigned::Presigned;
use crate::signing::signed::Decided;

/// How long a URL works.
pub(crate) struct Validity {
    /// In whole seconds, as it is asked for.
    pub(crate) seconds: u32,
    /// When it ends: with the credentials, if that is earlier.
    pub(crate) expires_at: SystemTime,
}

impl Validity {
    pub(crate) fn of(
        signed_at: awsauth_core::Timestamp,
        expires: Duration,
        credentials: &awsauth_credentials::Credentials,
    ) -> Result<Self, Error> {
        let signed_at = UNIX_EPOCH + Duration::from_secs(signed_at.unix_seconds());
        let seconds = u32::try_from(expires.as_secs()).map_err(|_| awsauth_core::Error::ExpiryOutOfRange)?;
        let mut expires_at = signed_at + Duration::from_secs(seconds.into());
        if let Some(end) = credentials.expires_at() {
            if end <= signed_at {
                return Err(Error::ExpiredCredentials);
            }
            expires_at = expires_at.min(end);
        }
        Ok(Self { seconds, expires_at })
    }
}

impl Context<'_> {
    pub(crate) fn validity(&self, expires: Duration) -> Result<Validity, Error> {
        Validity::of(self.now, expires, self.credentials)
    }

    pub(super) fn has_no_headers(&self) -> bool {
        self.lent.map.is_empty()
    }

    /// Those of the request's headers that are signed, for whoever gets the URL to send; some of them `changed`, by their
    /// places and sorted by these.
    pub(super) fn headers_to_send(
        &self,
        is_signed: impl Fn(&HeaderName) -> bool,
        changed_values: &[(usize, HeaderValue)],
    ) -> HeaderMap {
        let is_old = |name: &HeaderName| self.lent.old.have_old_hash() && name == CONTENT_SHA256;
        let mut headers = HeaderMap::new();
        for (place, (name, value)) in
            self.lent.map.iter().enumerate().filter(|(_, (name, _))| is_signed(name) && !is_old(name))
        {
            let changed = changed_values.binary_search_by_key(&place, |(changed, _)| *changed);
            let changed = changed.ok().and_then(|at| changed_values.get(at));
            headers.append(name, changed.map_or(value, |(_, value)| value).clone());
        }
        headers
    }

    pub(super) fn presigned(
        &self,
        decided: Decided,
        target: PathAndQuery,
        headers: HeaderMap,
        validity: &Validity,
    ) -> Result<Presigned, Error> {
        let (uri, method) = (self.lent.uri(target)?, self.lent.method()?);
        Ok(Presigned {
            method,
            uri,
            headers,
            expires_at: validity.expires_at,
            signed: decided.by(self.credentials.clone()),
        })
    }
}
