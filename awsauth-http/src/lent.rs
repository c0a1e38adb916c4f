use awsauth_core::{Header, Protocol, Request};
use http::header::HOST;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};

use crate::render::{Render, text};
use crate::{Error, RequestHead};

/// Headers that fit on the stack.
const INLINE_HEADERS: usize = 32;

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
        let mut inline = [Header::EMPTY; INLINE_HEADERS];
        match inline.get_mut(..self.headers.len()) {
            Some(places) => {
                for (place, header) in places.iter_mut().zip(self.headers) {
                    *place = lend(header);
                }
                sign(&request.headers(places))
            }
            None => {
                let headers: Vec<_> = self.headers.iter().map(lend).collect();
                sign(&request.headers(&headers))
            }
        }
    }

    /// The target, if it is not the one that the request has.
    pub(crate) fn changed_target(&self, target: &impl Render) -> Option<String> {
        let question_mark: &[u8] = if self.query.is_empty() { b"" } else { b"?" };
        let mut expected = [self.path.as_bytes(), question_mark, self.query.as_bytes()].into_iter().flatten();
        let mut same = true;
        target.render(&mut |bytes: &[u8]| {
            same = same && bytes.iter().all(|byte| expected.next() == Some(byte));
        });
        let same = same && expected.next().is_none();
        (!same).then(|| text(target))
    }

    pub(crate) fn method(&self) -> Result<Method, Error> {
        Ok(Method::from_bytes(self.method.as_bytes()).map_err(|_| awsauth_core::Error::MalformedMethod)?)
    }

    pub(crate) fn uri(&self, target: &str) -> Result<Uri, Error> {
        let scheme = match self.protocol {
            Protocol::Http => "http",
            Protocol::Https => "https",
        };
        Uri::builder()
            .scheme(scheme)
            .authority(self.host)
            .path_and_query(target)
            .build()
            .map_err(|_| Error::Rewritten)
    }
}

fn lend<'h>((name, value): (&'h HeaderName, &'h HeaderValue)) -> Header<'h> {
    Header::new(name.as_str(), value.as_bytes())
}
