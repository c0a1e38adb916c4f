use std::time::SystemTime;

use awsauth_core::verify::Refusal;
use awsauth_core::{Header, Request, Timestamp};
use http::Uri;

use crate::request::head::RequestHead;
use crate::request::timestamp::timestamp;

/// A request as a server receives it, in the core's form.
pub(super) struct ReceivedRequest<'r> {
    headers: Vec<Header<'r>>,
    request: Request<'r>,
}

impl<'r> ReceivedRequest<'r> {
    /// Refuses requests without a path, `CONNECT` and `OPTIONS *`: nobody signs these.
    pub(super) fn of(head: &'r impl RequestHead) -> Result<Self, Refusal> {
        let malformed = Refusal::Uncanonical(awsauth_core::Error::MalformedTarget);
        if !head.path().starts_with('/') {
            return Err(malformed);
        }
        // Routers by the target would have to ignore the user, too (RFC 9110, section 4.2.4).
        if head.uri().and_then(Uri::authority).is_some_and(|authority| authority.as_str().contains('@')) {
            return Err(Refusal::Uncanonical(awsauth_core::Error::MalformedHost));
        }
        let (authority, query) = (head.authority().unwrap_or_default(), head.query().unwrap_or_default());
        Ok(Self {
            headers: head
                .headers()
                .iter()
                .map(|(name, value)| Header::new(name.as_str(), value.as_bytes()))
                .collect(),
            request: Request::from_parts(head.method(), head.path(), query, authority)
                .protocol(head.protocol().map_err(|_| malformed)?.unwrap_or_default()),
        })
    }

    pub(super) fn request(&self) -> Request<'_> {
        self.request.headers(&self.headers)
    }
}

pub(super) fn timestamp_of(now: SystemTime) -> Result<Timestamp, Refusal> {
    Ok(timestamp(now)?)
}
