use core::fmt;

use crate::text::ascii::{self, UPPER};
use crate::text::sink::{ByteSink, FormatterSink};
use crate::vocabulary::error::Error;
use crate::vocabulary::request::{Protocol, Request};

/// The value of the `host` header as it is signed: in lower case, without the protocol's default port. Send it like
/// this: some servers compute the signature from the host as they receive it.
///
/// ```
/// use awsauth_core::{CanonicalHost, Protocol};
///
/// let host = CanonicalHost::new(b"MinIO:9000", Protocol::Http)?;
/// assert_eq!(host.to_string(), "minio:9000");
/// assert!(!host.is("MinIO:9000"));
/// # Ok::<(), awsauth_core::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct CanonicalHost<'a> {
    text: &'a [u8],
    lower: bool,
}

impl<'a> CanonicalHost<'a> {
    /// Parses an authority without a user, or the value of a `host` header: `example.com`, `[::1]:8080`.
    ///
    /// # Errors
    /// [`Error::MissingHost`] if it is empty, [`Error::MalformedHost`] if it is not a host.
    pub fn new(text: &'a [u8], protocol: Protocol) -> Result<Self, Error> {
        if text.is_empty() {
            return Err(Error::MissingHost);
        }
        if ascii::is_lower_name(text) {
            return Ok(Self { text, lower: true });
        }
        let (name, port) = split_port(text).ok_or(Error::MalformedHost)?;
        let lower = check_name(name).ok_or(Error::MalformedHost)?;
        if !port.iter().all(u8::is_ascii_digit) {
            return Err(Error::MalformedHost);
        }
        let has_port = !port.is_empty() && !protocol.is_default_port(port);
        Ok(Self { text: if has_port { text } else { name }, lower })
    }

    /// The host of a request: `signed_host` if there is one, else its `host` header, else its authority.
    pub(crate) fn of(request: &Request<'a>, signed_host: Option<&'a str>) -> Result<Self, Error> {
        Self::new(Self::text_of(request, signed_host)?, request.protocol)
    }

    /// The text of [`of`](Self::of), as it was given.
    pub(crate) fn text_of(request: &Request<'a>, signed_host: Option<&'a str>) -> Result<&'a [u8], Error> {
        let mut sent = request.headers.iter().filter(|header| header.is("host"));
        let header = sent.next().map(|header| trim_blanks(header.value));
        if sent.next().is_some() {
            return Err(Error::RepeatedHost);
        }
        Ok(signed_host.map(str::as_bytes).or(header).unwrap_or(request.host.as_bytes()))
    }

    /// A host that is rendered as it stands: it was checked before.
    pub(crate) fn verbatim(text: &'a [u8]) -> Self {
        Self { text, lower: true }
    }

    /// Returns whether it prints as `given`, the text that it was made from.
    #[must_use]
    pub fn is(&self, given: &str) -> bool {
        self.lower && self.text.len() == given.len()
    }

    pub(crate) fn is_lower(&self) -> bool {
        self.lower
    }

    /// The text, in the case in which it was given.
    pub(crate) fn text(&self) -> &'a [u8] {
        self.text
    }

    /// Writes its bytes: printable ASCII.
    pub fn write_to(&self, sink: &mut (impl ByteSink + ?Sized)) {
        write_lower(self.text, self.lower, sink);
    }
}

impl fmt::Display for CanonicalHost<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatterSink::render(f, |sink| self.write_to(sink))
    }
}

impl fmt::Debug for CanonicalHost<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Trims a header's value as HTTP parsers do.
pub(crate) fn trim_blanks(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}

/// Splits `name:port`; an IPv6 address keeps its brackets.
fn split_port(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = if text.starts_with(b"[") {
        text.iter().position(|byte| *byte == b']')? + 1
    } else {
        text.iter().position(|byte| *byte == b':').unwrap_or(text.len())
    };
    match text.split_at_checked(end)? {
        (name, []) => Some((name, &[])),
        (name, [b':', port @ ..]) => Some((name, port)),
        _ => None,
    }
}

/// Whether a name is lower case; `None` if it is not a host name.
fn check_name(name: &[u8]) -> Option<bool> {
    let mut lower = true;
    let (bytes, is_address) = match name {
        [b'[', address @ .., b']'] => (address, true),
        name => (name, false),
    };
    for byte in bytes {
        lower &= !ascii::is(*byte, UPPER);
        let valid = match byte {
            _ if is_address => byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'),
            b'/' | b'?' | b'#' | b'@' | b'\\' | b'"' | b'<' | b'>' | b'[' | b']' => false,
            byte => byte.is_ascii_graphic(),
        };
        if !valid {
            return None;
        }
    }
    (!bytes.is_empty()).then_some(lower)
}

/// Writes `text` in lower case; `lower` says that it already is.
#[inline]
pub(crate) fn write_lower(text: &[u8], lower: bool, sink: &mut (impl ByteSink + ?Sized)) {
    if lower {
        sink.put(text);
        return;
    }
    for byte in text {
        sink.put_byte(byte.to_ascii_lowercase());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;

    fn host(text: &str, protocol: Protocol) -> Result<String, Error> {
        let mut written = std::vec::Vec::new();
        let host = CanonicalHost::new(text.as_bytes(), protocol)?;
        host.write_to(&mut |bytes: &[u8]| written.extend_from_slice(bytes));
        assert_eq!(host.is(text), written == text.as_bytes(), "{text}");
        Ok(String::from_utf8(written).unwrap())
    }

    #[test]
    fn drops_the_protocols_own_port_only() {
        for (text, https, http) in [
            ("EXAMPLE.com:443", "example.com", "example.com:443"),
            ("example.com:80", "example.com:80", "example.com"),
            ("example.com:8443", "example.com:8443", "example.com:8443"),
            ("example.com:", "example.com", "example.com"),
            ("[FD00:ec2::23]:443", "[fd00:ec2::23]", "[fd00:ec2::23]:443"),
            ("[::1]", "[::1]", "[::1]"),
        ] {
            assert_eq!(host(text, Protocol::Https).unwrap(), https, "{text}");
            assert_eq!(host(text, Protocol::Http).unwrap(), http, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_host() {
        for text in [
            "a/b",
            "a?b",
            "a#b",
            "u@a",
            "a b",
            "a\r\nb",
            "a\r\n",
            "\na",
            "a\0",
            "é",
            " a",
            "a\t",
            "a:b",
            "a:443:443",
            "a::443",
            ":443",
            "::1",
            "[::1",
            "[::1]x",
            "[]",
            "[]:443",
            "[a]b]",
            "a]",
            "[x]",
            "a\\b",
            "<a>",
        ] {
            assert_eq!(host(text, Protocol::Https), Err(Error::MalformedHost), "{text:?}");
        }
        assert_eq!(host("", Protocol::Https), Err(Error::MissingHost));
    }
}
