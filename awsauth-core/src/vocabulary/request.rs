use core::fmt;

use super::error::Error;
use crate::text::ascii::{self, TOKEN};

/// A borrowed request as it goes on the wire: nothing is copied, and the body is not part of it.
///
/// ```
/// use awsauth_core::{Header, Request};
///
/// let headers = [Header::new("content-type", b"application/json")];
/// let request = Request::put("/telemetry/42?x-id=PutObject", "bucket.s3.eu-central-1.amazonaws.com")
///     .headers(&headers);
/// ```
#[derive(Clone, Copy)]
pub struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) protocol: Protocol,
    pub(crate) host: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) headers: &'a [Header<'a>],
}

/// A header field. Values are bytes; names are compared without regard to case.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Header<'a> {
    /// The field name, in any case.
    pub name: &'a str,
    /// The field value, as it is sent.
    pub value: &'a [u8],
}

/// The protocol that carries the request, which decides the default port: that is not part of the signed host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Protocol {
    /// Port 80.
    Http,
    /// Port 443.
    #[default]
    Https,
}

impl<'a> Request<'a> {
    /// Creates a request over https. `target` is the path and query as they go on the wire, such as
    /// `/a%20b?list-type=2`; `host` is the authority, such as `example.com:8080`. A `host` header among the
    /// [`headers`](Self::headers) takes precedence over it. Send the host as [`CanonicalHost`](crate::CanonicalHost)
    /// prints it.
    #[must_use]
    pub const fn new(method: &'a str, target: &'a str, host: &'a str) -> Self {
        let (path, query) = split_target(target);
        Self::from_parts(method, path, query, host)
    }

    /// Creates a request over https from a path and a query that are already split; `query` has no `?`.
    #[must_use]
    pub const fn from_parts(method: &'a str, path: &'a str, query: &'a str, host: &'a str) -> Self {
        Self { method, protocol: Protocol::Https, host, path, query, headers: &[] }
    }

    /// Creates a `GET` request over https; arguments as for [`new`](Self::new).
    #[must_use]
    pub const fn get(target: &'a str, host: &'a str) -> Self {
        Self::new("GET", target, host)
    }

    /// Creates a `POST` request over https; arguments as for [`new`](Self::new).
    #[must_use]
    pub const fn post(target: &'a str, host: &'a str) -> Self {
        Self::new("POST", target, host)
    }

    /// Creates a `PUT` request over https; arguments as for [`new`](Self::new).
    #[must_use]
    pub const fn put(target: &'a str, host: &'a str) -> Self {
        Self::new("PUT", target, host)
    }

    /// Sets the headers, in the order in which they are sent.
    #[must_use]
    pub const fn headers(mut self, headers: &'a [Header<'a>]) -> Self {
        self.headers = headers;
        self
    }

    /// Sets the protocol.
    #[must_use]
    pub const fn protocol(mut self, protocol: Protocol) -> Self {
        self.protocol = protocol;
        self
    }

    pub(crate) fn check_method(&self) -> Result<(), Error> {
        if self.method.is_empty() || !self.method.bytes().all(|byte| ascii::is(byte, TOKEN)) {
            return Err(Error::MalformedMethod);
        }
        Ok(())
    }

    /// The value of the first header of this name, trimmed.
    pub(crate) fn header(&self, name: &str) -> Option<&'a [u8]> {
        self.headers.iter().find(|header| header.is(name)).map(|header| header.value.trim_ascii())
    }
}

impl Protocol {
    /// Whether this is the default port, which is not part of the host.
    #[inline]
    pub(crate) fn is_default_port(self, digits: &[u8]) -> bool {
        match self {
            Self::Http => matches!(digits, b"80"),
            Self::Https => matches!(digits, b"443"),
        }
    }
}

impl<'a> Header<'a> {
    /// An empty header: a filler for arrays.
    pub const EMPTY: Self = Self { name: "", value: b"" };

    /// Creates a header field.
    #[must_use]
    pub const fn new(name: &'a str, value: &'a [u8]) -> Self {
        Self { name, value }
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

impl fmt::Debug for Request<'_> {
    /// Without the query, which may hold a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("protocol", &self.protocol)
            .field("host", &self.host)
            .field("path", &self.path)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Header<'_> {
    /// The name alone: values may be tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Header({}: ..)", self.name)
    }
}

const fn split_target(target: &str) -> (&str, &str) {
    const ONES: usize = usize::MAX / 255;
    let mut at = 0;
    let mut rest = target.as_bytes();
    // Words without a question mark, of which a borrow may see one that is not there.
    while let Some((chunk, tail)) = rest.split_first_chunk() {
        let word = usize::from_le_bytes(*chunk) ^ (ONES * b'?' as usize);
        if word.wrapping_sub(ONES) & !word & (ONES << 7) != 0 {
            break;
        }
        rest = tail;
        at += size_of::<usize>();
    }
    while let Some((byte, tail)) = rest.split_first() {
        if *byte == b'?'
            && let Some((path, rest)) = target.split_at_checked(at)
            && let Some((_, query)) = rest.split_at_checked(1)
        {
            return (path, query);
        }
        rest = tail;
        at += 1;
    }
    (target, "")
}
