use awsauth_core::{Header, Protocol, Request};
use http::header::HOST;
use http::uri::{self, Authority, PathAndQuery};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};

use crate::render::{Render, Scratch, bytes};
use crate::target::TargetChange;
use crate::{Error, RequestHead};

/// Headers that fit on the stack.
const INLINE_HEADERS: usize = 32;
/// The same of ordinary requests, so that the stack which those clear is little.
const FEW_HEADERS: usize = 12;
/// The longest target that is put together on the stack.
const INLINE_TARGET: usize = 1024;

/// The parts of a request that the core borrows.
#[derive(Clone, Copy)]
pub(crate) struct Lent<'r> {
    pub(crate) method: &'r str,
    pub(crate) protocol: Protocol,
    /// The host that is signed.
    pub(crate) host: &'r str,
    pub(crate) path: &'r str,
    pub(crate) query: &'r str,
    pub(crate) headers: &'r HeaderMap,
}

impl<'r> Lent<'r> {
    pub(crate) fn of(head: &'r impl RequestHead, signed_host: Option<&'r str>) -> Result<Self, Error> {
        let host_header = || head.headers().get(HOST).and_then(|value| value.to_str().ok());
        let host = signed_host.or_else(host_header).or_else(|| head.authority()).ok_or(Error::NoHost)?;
        Ok(Self {
            method: head.method(),
            protocol: head.protocol()?.unwrap_or_default(),
            host,
            path: head.path(),
            query: head.query().unwrap_or_default(),
            headers: head.headers(),
        })
    }

    pub(crate) fn with_request<T>(
        &self,
        sign: impl FnOnce(&Request<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let request =
            Request::from_parts(self.method, self.path, self.query, self.host).protocol(self.protocol);
        let (mut few, mut some, many);
        let count = self.headers.len();
        let headers: &[Header<'_>] = if count <= FEW_HEADERS {
            few = [Header::EMPTY; FEW_HEADERS];
            self.lend_headers(&mut few)
        } else if count <= INLINE_HEADERS {
            some = [Header::EMPTY; INLINE_HEADERS];
            self.lend_headers(&mut some)
        } else {
            many = self.headers.iter().map(lend).collect::<Vec<_>>();
            &many
        };
        sign(&request.headers(headers))
    }

    fn lend_headers<'p>(&self, places: &'p mut [Header<'r>]) -> &'p [Header<'r>] {
        for (place, (name, value)) in places.iter_mut().zip(self.headers) {
            (place.name, place.value) = (name.as_str(), value.as_bytes());
        }
        places.get(..self.headers.len()).unwrap_or_default()
    }

    /// The target, if it is not the one that the request has.
    pub(crate) fn changed_target(&self, target: &impl Render) -> Option<String> {
        let mut change = TargetChange::of(self.path, self.query);
        target.render(&mut change);
        change.changed()
    }

    /// A target to send, in an allocation of just its size.
    pub(crate) fn path_and_query(target: &impl Render) -> Result<PathAndQuery, Error> {
        let mut scratch = Scratch::<INLINE_TARGET>::new();
        let target = match scratch.add(target) {
            Ok(range) => PathAndQuery::try_from(scratch.get(range)),
            Err(length) => PathAndQuery::try_from(bytes(target, length)),
        };
        target.map_err(|_| Error::Rewritten)
    }

    pub(crate) fn method(&self) -> Result<Method, Error> {
        Ok(Method::from_bytes(self.method.as_bytes()).map_err(|_| awsauth_core::Error::MalformedMethod)?)
    }

    pub(crate) fn uri(&self, target: PathAndQuery) -> Result<Uri, Error> {
        let mut parts = uri::Parts::default();
        parts.scheme = Some(match self.protocol {
            Protocol::Http => uri::Scheme::HTTP,
            Protocol::Https => uri::Scheme::HTTPS,
        });
        parts.authority = Some(Authority::try_from(self.host).map_err(|_| Error::Rewritten)?);
        parts.path_and_query = Some(target);
        Uri::from_parts(parts).map_err(|_| Error::Rewritten)
    }
}

#[inline]
fn lend<'h>((name, value): (&'h HeaderName, &'h HeaderValue)) -> Header<'h> {
    Header::new(name.as_str(), value.as_bytes())
}
