use crate::text::ascii::{self, UPPER};
use crate::text::sink::Sink;
use crate::{Error, Protocol, Request};

/// The value of the `host` header as it is signed: lower case, without the protocol's own default port.
#[derive(Clone, Copy)]
pub(crate) struct Host<'a> {
    text: &'a [u8],
    lower: bool,
}

impl<'a> Host<'a> {
    pub(crate) fn new(text: &'a [u8], protocol: Protocol) -> Result<Self, Error> {
        let text = text.trim_ascii();
        if text.is_empty() {
            return Err(Error::MissingHost);
        }
        let default_port: &[u8] = match protocol {
            Protocol::Http => b":80",
            Protocol::Https => b":443",
        };
        let text = text.strip_suffix(default_port).unwrap_or(text);
        let text = text.strip_suffix(b":").unwrap_or(text);
        if ascii::is_lower_name(text) {
            return Ok(Self { text, lower: true });
        }
        check_address(text)?;
        let lower = !text.iter().any(|byte| ascii::is(*byte, UPPER));
        Ok(Self { text, lower })
    }

    /// The host of a request: `signed_host` if there is one, else its `host` header, else its authority.
    pub(crate) fn of(request: &Request<'a>, signed_host: Option<&'a str>) -> Result<Self, Error> {
        let mut sent = request.headers.iter().filter(|header| header.is("host"));
        let header = sent.next().map(|header| header.value);
        if sent.next().is_some() {
            return Err(Error::RepeatedHost);
        }
        let text = signed_host.map(str::as_bytes).or(header).unwrap_or(request.host.as_bytes());
        Self::new(text, request.protocol)
    }

    /// The text, in the case in which it was given.
    #[cfg(feature = "s3-legacy")]
    pub(crate) fn text(&self) -> &'a [u8] {
        self.text
    }

    pub(crate) fn write_to(&self, sink: &mut impl Sink) {
        write_lower(self.text, self.lower, sink);
    }
}

/// Checks what has more than lower-case letters, digits, dots and hyphens: a port, an IPv6 address, or what no host has.
fn check_address(text: &[u8]) -> Result<(), Error> {
    let mut colons = 0;
    let mut bracketed = false;
    for byte in text {
        match byte {
            b'/' | b'?' | b'#' | b'@' | b'\\' | b'"' | b'<' | b'>' => return Err(Error::MalformedHost),
            b'[' => bracketed = true,
            b']' => colons = 0,
            b':' => colons += 1,
            b'!'..=b'~' => {}
            _ => return Err(Error::MalformedHost),
        }
    }
    // A bare IPv6 address: its last group would read as a port.
    if text.is_empty() || (colons > 1 && !bracketed) || colons > 8 {
        return Err(Error::MalformedHost);
    }
    Ok(())
}

/// Writes `text` in lower case; `lower` says that it is so already.
#[inline]
pub(crate) fn write_lower(text: &[u8], lower: bool, sink: &mut impl Sink) {
    if lower {
        sink.put(text);
        return;
    }
    for byte in text {
        sink.put(&[byte.to_ascii_lowercase()]);
    }
}
