use core::cmp::Ordering;

use super::host::{Host, write_lower};
use crate::text::ascii::{self, CONTROL, SPACE, TOKEN, UPPER};
use crate::text::sink::Sink;
use crate::text::slots::Slots;
use crate::time::Text;
use crate::{Error, Header, PayloadHash, Request, SignedHeaders};

/// Headers that a request may have without the feature `alloc`.
const CAPACITY: usize = 64;

#[cfg(not(feature = "alloc"))]
type Index = u8;
#[cfg(feature = "alloc")]
type Index = u32;

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
    /// Places in `caller`, sorted by name; repeats in arrival order.
    order: Slots<Index, CAPACITY>,
    /// Bit i: name and value of `caller[i]` are canonical as they stand.
    plain: u64,
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
        let mut headers = Self { caller: request.headers, order: Slots::new(0), plain: 0, host: None, added };
        let mut host_header = None;
        for (at, header) in request.headers.iter().enumerate() {
            if header.is("host") {
                if host_header.replace(header.value).is_some() {
                    return Err(Error::RepeatedHost);
                }
                continue;
            }
            let plain = is_plain(header)?;
            if !headers.selects(selection, header.name) {
                continue;
            }
            headers.push(at, plain)?;
        }
        let (caller, plain) = (headers.caller, headers.plain);
        headers.order.sort_by(|a, b| before(caller, plain, a, b));
        if selection.includes_host() {
            let text = host.map(str::as_bytes).or(host_header).unwrap_or(request.host.as_bytes());
            headers.host = Some(Host::new(text, request.protocol)?);
        }
        Ok(headers)
    }

    /// A request's trailers, all of them.
    pub(crate) fn trailers(caller: &'a [Header<'a>]) -> Result<Self, Error> {
        let added = AddedHeaders::default();
        let mut trailers = Self { caller, order: Slots::new(0), plain: 0, host: None, added };
        for (at, trailer) in caller.iter().enumerate() {
            trailers.push(at, is_plain(trailer)?)?;
        }
        trailers.order.sort_by(|a, b| before(caller, trailers.plain, a, b));
        Ok(trailers)
    }

    /// The canonical headers: a line each.
    pub(crate) fn write_lines(&self, sink: &mut impl Sink) {
        let mut previous = None;
        for entry in self.entries() {
            if entry.repeats(previous) {
                sink.put(b",");
            } else {
                if previous.is_some() {
                    sink.put(b"\n");
                }
                write_lower(entry.name.as_bytes(), entry.plain, sink);
                sink.put(b":");
            }
            entry.write_value(sink);
            previous = Some(entry.name);
        }
        if previous.is_some() {
            sink.put(b"\n");
        }
    }

    /// The caller's headers as they are sent: in their own order, with lower-case names and canonical values.
    pub(crate) fn write_wire(&self, sink: &mut impl Sink) {
        for (at, header) in (0..).zip(self.caller) {
            let plain = is_marked(self.plain, at);
            write_lower(header.name.as_bytes(), plain, sink);
            sink.put(b":");
            Entry { name: header.name, plain, value: Value::Bytes(header.value) }.write_value(sink);
            sink.put(b"\r\n");
        }
    }

    /// The signed headers: names with `separator` between them.
    pub(crate) fn write_names(&self, separator: &str, sink: &mut impl Sink) {
        let mut previous = None;
        for entry in self.entries() {
            if entry.repeats(previous) {
                continue;
            }
            if previous.is_some() {
                sink.put(separator.as_bytes());
            }
            write_lower(entry.name.as_bytes(), entry.plain, sink);
            previous = Some(entry.name);
        }
    }

    pub(crate) fn added(&self) -> &AddedHeaders<'a> {
        &self.added
    }

    /// Whether a name occurs twice.
    pub(crate) fn has_repeated_name(&self) -> bool {
        let mut previous = None;
        self.entries().any(|entry| entry.repeats(previous.replace(entry.name)))
    }

    #[inline]
    fn push(&mut self, at: usize, plain: bool) -> Result<(), Error> {
        self.plain |= u64::from(plain).checked_shl(u32::try_from(at).unwrap_or(u32::MAX)).unwrap_or(0);
        let at = Index::try_from(at).map_err(|_| Error::TooManyHeaders)?;
        self.order.push(at).map_err(|_| Error::TooManyHeaders)
    }

    fn entries(&self) -> Entries<'_, 'a> {
        Entries { headers: self, order: self.order.as_slice(), stage: 0 }
    }

    /// Whether a caller's header is signed.
    #[inline]
    fn selects(&self, selection: SignedHeaders<'a>, name: &str) -> bool {
        if let SignedHeaders::Exactly(list) = selection {
            return list.split(';').any(|listed| listed.eq_ignore_ascii_case(name));
        }
        let is = |other: &str| other.eq_ignore_ascii_case(name);
        // What is added replaces what the caller has.
        if is_authentication(name) || (self.added.content_sha256.is_some() && is("x-amz-content-sha256")) {
            return false;
        }
        let essential = || starts_with(name, "x-amz-") || is("content-type") || is("content-md5");
        match selection {
            SignedHeaders::Essential | SignedHeaders::Exactly(_) => essential(),
            SignedHeaders::EssentialAnd(names) => essential() || names.iter().any(|name| is(name)),
            SignedHeaders::Named(names) => names.iter().any(|name| is(name)),
            SignedHeaders::AllButHopByHop => {
                !NOT_SIGNED.iter().any(|name| is(name)) && !starts_with(name, "x-forwarded-")
            }
        }
    }
}

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
    let mut plain = !header.name.is_empty();
    let mut token = plain;
    for byte in header.name.bytes() {
        let class = ascii::class(byte);
        token &= class & TOKEN != 0;
        plain &= class & UPPER == 0;
    }
    if !token {
        return Err(Error::MalformedHeaderName);
    }
    // As if a space stood before the value: a leading one then is a double one.
    let mut previous = SPACE;
    for byte in header.value {
        let class = ascii::class(*byte) & (CONTROL | SPACE);
        if class & CONTROL != 0 && *byte != b'\t' {
            return Err(Error::ControlInHeader);
        }
        plain &= class & previous == 0 && class & CONTROL == 0;
        previous = class;
    }
    Ok(plain && (previous == 0 || header.value.is_empty()))
}

#[inline]
fn before(caller: &[Header<'_>], plain: u64, a: Index, b: Index) -> bool {
    let is_plain = |at: Index| is_marked(plain, at);
    let (Some(left), Some(right)) = (caller.get(a as usize), caller.get(b as usize)) else { return false };
    if is_plain(a) && is_plain(b) {
        left.name < right.name
    } else {
        ascii::cmp_ignore_case(left.name.as_bytes(), right.name.as_bytes()).is_lt()
    }
}

#[inline]
fn is_marked(plain: u64, at: Index) -> bool {
    (at as usize) < CAPACITY && plain >> at & 1 == 1
}

fn starts_with(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
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
    /// Whether this continues the line of `previous`. Only the caller's headers repeat.
    #[inline]
    fn repeats(&self, previous: Option<&str>) -> bool {
        previous.is_some_and(|previous| previous.eq_ignore_ascii_case(self.name))
    }

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
            sink.put(b" ");
        }
        first = false;
        sink.put(word);
    }
}

/// The caller's headers and the added ones, merged in order of their names.
struct Entries<'h, 'a> {
    headers: &'h CanonicalHeaders<'a>,
    order: &'h [Index],
    stage: u8,
}

impl<'a> Entries<'_, 'a> {
    /// The added header whose turn is next; their names are in ascending order.
    #[inline]
    fn next_added(&mut self) -> Option<Entry<'a>> {
        let added = &self.headers.added;
        let text = |text: &'a str| Value::Bytes(text.as_bytes());
        loop {
            let (name, value) = match self.stage {
                0 => ("host", self.headers.host.map(Value::Host)),
                1 => ("x-amz-content-sha256", added.content_sha256.map(Value::Payload)),
                2 => ("x-amz-date", added.date.map(Value::Date)),
                3 => ("x-amz-region-set", added.region_set.map(text)),
                4 => ("x-amz-s3session-token", added.s3_session_token.map(text)),
                5 => ("x-amz-security-token", added.security_token.map(text)),
                _ => return None,
            };
            match value {
                Some(value) => return Some(Entry { name, plain: true, value }),
                None => self.stage += 1,
            }
        }
    }
}

impl<'a> Iterator for Entries<'_, 'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        let added = self.next_added();
        let Some((at, rest)) = self.order.split_first() else {
            self.stage += 1;
            return added;
        };
        let header = self.headers.caller.get(*at as usize)?;
        let plain = is_marked(self.headers.plain, *at);
        if let Some(added) = added {
            let order = if plain {
                added.name.cmp(header.name)
            } else {
                ascii::cmp_ignore_case(added.name.as_bytes(), header.name.as_bytes())
            };
            if order != Ordering::Greater {
                self.stage += 1;
                return Some(added);
            }
        }
        self.order = rest;
        Some(Entry { name: header.name, plain, value: Value::Bytes(header.value) })
    }
}
