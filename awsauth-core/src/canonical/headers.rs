use core::cmp::Ordering;

use super::header_list::lists;
use super::host::{Host, write_lower};
use crate::text::ascii::{self, CONTROL, TOKEN, UPPER};
use crate::text::sink::Sink;
use crate::text::slots::Slots;
use crate::time::Text;
use crate::{Error, Header, PayloadHash, Request, SignedHeaders};

/// Headers of the caller's that can be signed without the feature `alloc`.
const CAPACITY: usize = 64;

/// Which header: below [`ADDED`] an added one, above it a place in the caller's headers.
#[cfg(not(feature = "alloc"))]
type Index = u8;
#[cfg(feature = "alloc")]
type Index = u32;

/// How many kinds of added headers there are, `host` among them.
const ADDED: usize = 6;

/// The headers that the signer itself adds, and signs.
#[derive(Clone, Copy, Default)]
pub(crate) struct AddedHeaders<'a> {
    pub(crate) content_sha256: Option<PayloadHash>,
    pub(crate) date: Option<Text<16>>,
    pub(crate) region_set: Option<&'a str>,
    /// `x-amz-s3session-token`.
    pub(crate) s3_session_token: Option<&'a str>,
    /// `x-amz-security-token`.
    pub(crate) security_token: Option<&'a str>,
}

/// The headers that are signed: checked, chosen, sorted.
#[derive(Clone)]
pub(crate) struct CanonicalHeaders<'a> {
    caller: &'a [Header<'a>],
    /// All of them, sorted by name; repeats in arrival order.
    order: Slots<Index, { CAPACITY + ADDED }>,
    /// Bit i: name and value of `caller[i]` are canonical as they stand.
    plain: u64,
    /// Some name occurs more than once.
    repeats: bool,
    host: Option<Host<'a>>,
    added: AddedHeaders<'a>,
}

impl<'a> CanonicalHeaders<'a> {
    #[inline]
    pub(crate) fn new(
        request: &Request<'a>,
        host: Option<&'a str>,
        selection: SignedHeaders<'a>,
        added: AddedHeaders<'a>,
    ) -> Result<Self, Error> {
        let mut headers = Self {
            caller: request.headers,
            order: Slots::new(0),
            plain: 0,
            repeats: false,
            host: None,
            added,
        };
        let host_header = headers.collect(selection)?;
        if selection.includes_host() {
            let text = host.map(str::as_bytes).or(host_header).unwrap_or(request.host.as_bytes());
            headers.host = Some(Host::new(text, request.protocol)?);
        }
        headers.sort()?;
        Ok(headers)
    }

    /// A request's trailers, all of them.
    pub(crate) fn trailers(caller: &'a [Header<'a>]) -> Result<Self, Error> {
        let added = AddedHeaders::default();
        let mut trailers = Self { caller, order: Slots::new(0), plain: 0, repeats: false, host: None, added };
        for (at, trailer) in caller.iter().enumerate() {
            trailers.select(at, is_plain(trailer)?)?;
        }
        trailers.sort()?;
        Ok(trailers)
    }

    /// The canonical headers: a line each.
    pub(crate) fn write_lines(&self, sink: &mut impl Sink) {
        let mut previous = "";
        for entry in self.entries() {
            if self.repeats && entry.name.eq_ignore_ascii_case(previous) {
                sink.put_byte(b',');
            } else {
                if !previous.is_empty() {
                    sink.put_byte(b'\n');
                }
                write_lower(entry.name.as_bytes(), entry.plain, sink);
                sink.put_byte(b':');
            }
            entry.write_value(sink);
            previous = entry.name;
        }
        if !previous.is_empty() {
            sink.put_byte(b'\n');
        }
    }

    /// The caller's headers as they are sent: in their own order, with lower-case names and canonical values.
    pub(crate) fn write_wire(&self, sink: &mut impl Sink) {
        for (at, header) in self.caller.iter().enumerate() {
            let plain = is_marked(self.plain, at);
            write_lower(header.name.as_bytes(), plain, sink);
            sink.put_byte(b':');
            Entry { name: header.name, plain, value: Value::Bytes(header.value) }.write_value(sink);
            sink.put(b"\r\n");
        }
    }

    /// Counts the names: the lines that there are.
    pub(crate) fn count(&self) -> usize {
        let mut previous = "";
        let mut is_new = |entry: &Entry<'a>| {
            !entry.name.eq_ignore_ascii_case(core::mem::replace(&mut previous, entry.name))
        };
        self.entries().filter(|entry| is_new(entry)).count()
    }

    /// Whether a name occurs twice.
    pub(crate) fn has_repeated_name(&self) -> bool {
        self.repeats
    }

    /// The signed headers: names with `separator` between them.
    pub(crate) fn write_names(&self, separator: &str, sink: &mut impl Sink) {
        let mut previous = "";
        for entry in self.entries() {
            if self.repeats && entry.name.eq_ignore_ascii_case(previous) {
                continue;
            }
            if !previous.is_empty() {
                sink.put(separator.as_bytes());
            }
            write_lower(entry.name.as_bytes(), entry.plain, sink);
            previous = entry.name;
        }
    }

    pub(crate) fn added(&self) -> &AddedHeaders<'a> {
        &self.added
    }

    /// Checks all of the caller's headers, notes those that are signed, and gives the value of `host`.
    #[inline]
    fn collect(&mut self, selection: SignedHeaders<'a>) -> Result<Option<&'a [u8]>, Error> {
        let mut host = None;
        for (at, header) in self.caller.iter().enumerate() {
            let plain = is_plain(header)?;
            if header.is("host") {
                if host.replace(header.value).is_some() {
                    return Err(Error::RepeatedHost);
                }
            } else if self.selects(selection, header.name) {
                self.select(at, plain)?;
            }
        }
        Ok(host)
    }

    /// Notes that one of the caller's headers is signed.
    #[inline]
    fn select(&mut self, at: usize, plain: bool) -> Result<(), Error> {
        if at < CAPACITY {
            self.plain |= u64::from(plain) << at;
        }
        self.push(at + ADDED)?;
        if !cfg!(feature = "alloc") && self.order.as_slice().len() > CAPACITY {
            return Err(Error::TooManyHeaders);
        }
        Ok(())
    }

    /// Puts the added headers among the caller's.
    #[inline]
    fn sort(&mut self) -> Result<(), Error> {
        for kind in 0..ADDED {
            if self.added_entry(kind).is_some() {
                self.push(kind)?;
            }
        }
        let (caller, plain) = (self.caller, self.plain);
        self.repeats = self.order.sort_by_key(|index| name(caller, plain, index), compare);
        Ok(())
    }

    #[inline]
    fn push(&mut self, index: usize) -> Result<(), Error> {
        let index = Index::try_from(index).map_err(|_| Error::TooManyHeaders)?;
        self.order.push(index).map_err(|_| Error::TooManyHeaders)
    }

    #[inline]
    fn entries(&self) -> impl Iterator<Item = Entry<'a>> {
        self.order.as_slice().iter().filter_map(|index| self.entry(*index))
    }

    fn entry(&self, index: Index) -> Option<Entry<'a>> {
        match (index as usize).checked_sub(ADDED) {
            Some(at) => {
                let header = self.caller.get(at)?;
                Some(Entry {
                    name: header.name,
                    plain: is_marked(self.plain, at),
                    value: Value::Bytes(header.value),
                })
            }
            None => self.added_entry(index as usize),
        }
    }

    #[inline]
    fn added_entry(&self, kind: usize) -> Option<Entry<'a>> {
        let added = &self.added;
        let text = |text: &'a str| Value::Bytes(text.as_bytes());
        let value = match kind {
            0 => self.host.map(Value::Host),
            1 => added.content_sha256.map(Value::Payload),
            2 => added.date.map(Value::Date),
            3 => added.region_set.map(text),
            4 => added.s3_session_token.map(text),
            _ => added.security_token.map(text),
        };
        Some(Entry { name: ADDED_NAMES.get(kind)?, plain: true, value: value? })
    }

    /// Whether a caller's header is signed.
    #[inline]
    fn selects(&self, selection: SignedHeaders<'a>, name: &str) -> bool {
        if let SignedHeaders::Exactly(list) = selection {
            return lists(list, name);
        }
        let is = |other: &str| other.eq_ignore_ascii_case(name);
        let x_amz =
            matches!(name.as_bytes(), [b'x' | b'X', b'-', b'a' | b'A', b'm' | b'M', b'z' | b'Z', b'-', ..]);
        // What is added replaces what the caller has.
        if (x_amz || is("authorization"))
            && (is_authentication(name)
                || (self.added.content_sha256.is_some() && is("x-amz-content-sha256")))
        {
            return false;
        }
        let essential = || x_amz || is("content-type") || is("content-md5");
        match selection {
            SignedHeaders::Essential | SignedHeaders::Exactly(_) => essential(),
            SignedHeaders::EssentialAnd(names) => essential() || names.iter().any(|name| is(name)),
            SignedHeaders::Named(names) => names.iter().any(|name| is(name)),
            SignedHeaders::AllButHopByHop => {
                let forwarded = name.len() > 12
                    && name.as_bytes().iter().zip(b"x-forwarded-").all(|(a, b)| a.eq_ignore_ascii_case(b));
                !NOT_SIGNED.iter().any(|name| is(name)) && !forwarded
            }
        }
    }
}

/// The names of the added headers, by kind.
const ADDED_NAMES: [&str; ADDED] = [
    "host",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-region-set",
    "x-amz-s3session-token",
    "x-amz-security-token",
];

/// Headers that proxies change or remove, so that signing them breaks requests.
const NOT_SIGNED: [&str; 18] = [
    "accept-encoding",
    "authorization",
    "baggage",
    "connection",
    "expect",
    "forwarded",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
];

/// Whether a header belongs to a signature, so that signing anew replaces it: `authorization`, `x-amz-date`, the
/// session tokens and `x-amz-region-set`, in any case.
///
/// Remove these from a request before adding what [`Signed::headers`](crate::Signed::headers) gives.
#[must_use]
pub fn is_authentication(name: &str) -> bool {
    const NAMES: [&str; 5] =
        ["authorization", "x-amz-date", "x-amz-region-set", "x-amz-s3session-token", "x-amz-security-token"];
    NAMES.iter().any(|authentication| authentication.eq_ignore_ascii_case(name))
}

/// Checks a header, and says whether its name is lower case and its value has no blanks to remove.
#[inline]
fn is_plain(header: &Header<'_>) -> Result<bool, Error> {
    let name = header.name.as_bytes();
    let lower = ascii::is_lower_name(name);
    if !lower && (name.is_empty() || !name.iter().all(|byte| ascii::is(*byte, TOKEN))) {
        return Err(Error::MalformedHeaderName);
    }
    let lower = lower || !name.iter().any(|byte| ascii::is(*byte, UPPER));
    if ascii::is_tidy(header.value) {
        return Ok(lower);
    }
    if header.value.iter().any(|byte| ascii::is(*byte, CONTROL) && *byte != b'\t') {
        return Err(Error::ControlInHeader);
    }
    Ok(false)
}

/// A header's name, and whether it is plain.
#[inline]
fn name<'a>(caller: &[Header<'a>], plain: u64, index: Index) -> (&'a str, bool) {
    let found = match (index as usize).checked_sub(ADDED) {
        Some(at) => caller.get(at).map(|header| (header.name, is_marked(plain, at))),
        None => ADDED_NAMES.get(index as usize).map(|name| (*name, true)),
    };
    found.unwrap_or_default()
}

#[inline]
fn is_marked(plain: u64, at: usize) -> bool {
    at < CAPACITY && plain >> at & 1 == 1
}

#[inline]
fn compare((a, a_plain): (&str, bool), (b, b_plain): (&str, bool)) -> Ordering {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if !(a_plain && b_plain) {
        return ascii::cmp_ignore_case(a, b);
    }
    match (a.first_chunk::<8>(), b.first_chunk::<8>()) {
        (Some(x), Some(y)) if x != y => u64::from_be_bytes(*x).cmp(&u64::from_be_bytes(*y)),
        _ => a.cmp(b),
    }
}

/// One canonical header field, the caller's or an added one.
struct Entry<'a> {
    name: &'a str,
    plain: bool,
    value: Value<'a>,
}

enum Value<'a> {
    Bytes(&'a [u8]),
    Date(Text<16>),
    Host(Host<'a>),
    Payload(PayloadHash),
}

impl Entry<'_> {
    #[inline]
    fn write_value(&self, sink: &mut impl Sink) {
        match &self.value {
            Value::Bytes(bytes) if self.plain => sink.put(bytes),
            Value::Bytes(bytes) => write_collapsed(bytes, sink),
            Value::Date(text) => sink.put(text.as_bytes()),
            Value::Host(host) => host.write_to(sink),
            Value::Payload(payload) => payload.write_to(sink),
        }
    }
}

/// Trims blanks, and makes each run of spaces one, in quotes too.
fn write_collapsed(value: &[u8], sink: &mut impl Sink) {
    let mut first = true;
    for word in value.trim_ascii().split(|byte| *byte == b' ').filter(|word| !word.is_empty()) {
        if !first {
            sink.put_byte(b' ');
        }
        first = false;
        sink.put(word);
    }
}
