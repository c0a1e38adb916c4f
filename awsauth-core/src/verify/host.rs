use core::fmt;

use super::refusal::Refusal;
use crate::canonical::host::{CanonicalHost, trim_blanks};
use crate::text::sink::{ByteSink, FormatterSink};
use crate::vocabulary::error::Error;
use crate::vocabulary::request::Request;

/// The host that a request was signed for, as it is signed: in lower case, without the protocol's default port. It
/// prints as such.
#[derive(Clone, Copy)]
pub struct SignedHost<'a>(CanonicalHost<'a>);

impl<'a> SignedHost<'a> {
    /// Returns the host of a request: its `host` header, or its authority if it has no such header; if it has both,
    /// they must be the same (RFC 9112, section 3.2.2; RFC 9113, section 8.3.1).
    pub(super) fn read(request: &Request<'a>, signed_host: Option<&'a str>) -> Result<Self, Refusal> {
        let mut headers = request.headers.iter().filter(|header| header.is("host"));
        let header = headers.next();
        if headers.next().is_some() {
            return Err(Error::RepeatedHost.into());
        }
        let authority = Some(request.host.as_bytes()).filter(|host| !host.is_empty());
        if let (Some(header), Some(authority)) = (header, authority) {
            let header = CanonicalHost::new(trim_blanks(header.value), request.protocol)?;
            let authority = CanonicalHost::new(authority, request.protocol)?;
            if !header.text().eq_ignore_ascii_case(authority.text()) {
                return Err(Refusal::HostMismatch);
            }
        }
        Ok(Self(CanonicalHost::of(request, signed_host)?))
    }

    /// Writes its bytes.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        self.0.write_to(sink);
    }
}

/// The two in any case.
impl PartialEq<str> for SignedHost<'_> {
    fn eq(&self, other: &str) -> bool {
        self.0.text().eq_ignore_ascii_case(other.as_bytes())
    }
}

impl fmt::Display for SignedHost<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatterSink::render(f, |sink| self.write_to(sink))
    }
}

impl fmt::Debug for SignedHost<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
