use super::header_selection::is_authentication_header;
use super::headers::{check, starts_with};
use super::host::{CanonicalHost, write_lower};
use crate::text::ascii;
use crate::text::sink::ByteSink;
use crate::text::slots::Slots;
use crate::vocabulary::error::Error;
use crate::vocabulary::request::{Header, Request};
use crate::vocabulary::time::AsciiText;

/// `host`, `x-amz-date` and `x-amz-security-token`.
const MOST_ADDED: usize = 3;
/// How many headers a request may have without the feature `alloc`, and the added ones.
const CAPACITY: usize = 64 + MOST_ADDED;

/// The signed headers of the schemes before Signature Version 4: `x-amz-*` and what the signer adds, sorted by name.
/// Values are trimmed, but keep the spaces within.
#[derive(Clone)]
pub(crate) struct AmzHeaders<'a> {
    caller: &'a [Header<'a>],
    added: [Option<SignerHeader<'a>>; MOST_ADDED],
    /// Indices into `caller`, then into `added`, sorted by name; repeats in arrival order.
    order: Slots<u32, CAPACITY>,
}

/// A header that the signer adds, and signs.
#[derive(Clone, Copy)]
pub(crate) enum SignerHeader<'a> {
    Date(AsciiText<29>),
    Host(CanonicalHost<'a>),
    Token(&'a str),
}

impl<'a> AmzHeaders<'a> {
    /// Checks all headers, and collects those that begin with `prefix`; of those that belong to a signature only
    /// `x-amz-date`, if `own_date`.
    pub(crate) fn new(
        request: &Request<'a>,
        prefix: &str,
        own_date: bool,
        added: [Option<SignerHeader<'a>>; MOST_ADDED],
    ) -> Result<Self, Error> {
        Self::collect(request, added, |header| {
            let kept = !is_authentication_header(header.name) || (own_date && header.is("x-amz-date"));
            kept && starts_with(header.name, prefix)
        })
    }

    /// Checks all headers of a request as it was received, and collects every `x-amz-*` but those of `unsigned`.
    #[cfg(feature = "s3-legacy")]
    pub(crate) fn received(
        request: &Request<'a>,
        unsigned: &[&str],
        added: [Option<SignerHeader<'a>>; MOST_ADDED],
    ) -> Result<Self, Error> {
        Self::collect(request, added, |header| {
            starts_with(header.name, "x-amz-") && !unsigned.iter().any(|name| header.is(name))
        })
    }

    fn collect(
        request: &Request<'a>,
        added: [Option<SignerHeader<'a>>; MOST_ADDED],
        keep: impl Fn(&Header<'_>) -> bool,
    ) -> Result<Self, Error> {
        let mut headers = Self { caller: request.headers, added, order: Slots::new() };
        let mut places = 0..u32::MAX;
        for (header, place) in request.headers.iter().zip(&mut places) {
            check(header)?;
            if keep(header) {
                headers.order.push(place).map_err(|_| Error::TooManyHeaders)?;
            }
        }
        for (_, place) in added.iter().zip(places).filter(|(added, _)| added.is_some()) {
            headers.order.push(place).map_err(|_| Error::TooManyHeaders)?;
        }
        let caller = request.headers;
        let name = |place| entry(caller, &added, place).map_or("", |(name, _)| name).as_bytes();
        headers.order.sort_by_key(name, ascii::cmp_ignore_case);
        Ok(headers)
    }

    /// The names of which there is more than one.
    #[cfg(feature = "s3-legacy")]
    pub(crate) fn repeated(&self) -> impl Iterator<Item = &'a str> {
        let names = || self.entries().map(|(name, _)| name);
        let pairs = names().zip(names().skip(1));
        pairs.filter(|(one, next)| one.eq_ignore_ascii_case(next)).map(|(name, _)| name)
    }

    /// Writes a line for each, with repeats joined by commas.
    pub(crate) fn write_lines(&self, sink: &mut impl ByteSink) {
        let mut previous = None;
        for (name, value) in self.entries() {
            if previous.is_some_and(|previous| name.eq_ignore_ascii_case(previous)) {
                sink.put(b",");
            } else {
                if previous.is_some() {
                    sink.put(b"\n");
                }
                write_lower(name.as_bytes(), false, sink);
                sink.put(b":");
            }
            match value {
                Value::SignerHeader(SignerHeader::Date(text)) => sink.put(text.as_bytes()),
                Value::SignerHeader(SignerHeader::Host(host)) => host.write_to(sink),
                Value::SignerHeader(SignerHeader::Token(token)) => sink.put(token.as_bytes()),
                Value::Caller(bytes) => sink.put(bytes.trim_ascii()),
            }
            previous = Some(name);
        }
        if previous.is_some() {
            sink.put(b"\n");
        }
    }

    /// Writes the names, with `;` between them.
    pub(crate) fn write_names(&self, sink: &mut impl ByteSink) {
        let mut previous = None;
        for (name, _) in self.entries() {
            match previous {
                Some(previous) if name.eq_ignore_ascii_case(previous) => continue,
                Some(_) => sink.put(b";"),
                None => {}
            }
            write_lower(name.as_bytes(), false, sink);
            previous = Some(name);
        }
    }

    fn entries(&self) -> impl Iterator<Item = (&'a str, Value<'a>)> {
        self.order.as_slice().iter().filter_map(|place| entry(self.caller, &self.added, *place))
    }
}

enum Value<'a> {
    SignerHeader(SignerHeader<'a>),
    Caller(&'a [u8]),
}

fn entry<'a>(
    caller: &'a [Header<'a>],
    added: &[Option<SignerHeader<'a>>],
    place: u32,
) -> Option<(&'a str, Value<'a>)> {
    let place = place as usize;
    if let Some(header) = caller.get(place) {
        return Some((header.name, Value::Caller(header.value)));
    }
    let added = (*added.get(place - caller.len())?)?;
    let name = match added {
        SignerHeader::Date(_) => "x-amz-date",
        SignerHeader::Host(_) => "host",
        SignerHeader::Token(_) => "x-amz-security-token",
    };
    Some((name, Value::SignerHeader(added)))
}
