use core::cmp::Ordering;

use super::host::{Host, trim_blanks, write_lower};
use crate::text::ascii::{self, CONTROL, TOKEN, UPPER};
use crate::text::sink::Sink;
use crate::text::slots::Slots;
use crate::time::Text;
use crate::{Error, Header, PayloadHash, Request, SignedHeaders};

/// Headers of the caller's that can be signed without the feature `alloc`.
const CAPACITY: usize = 64;

/// Which header: below [`HOST`] an added one, [`HOST`] itself, and from [`ADDED`] on a place in the caller's headers.
#[cfg(not(feature = "alloc"))]
type Index = u8;
#[cfg(feature = "alloc")]
type Index = u32;

/// The headers that the signer itself adds, and signs, in the order of their names. `host` stands before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Added {
    ContentSha256,
    Date,
    RegionSet,
    S3SessionToken,
    SecurityToken,
}

impl Added {
    pub(crate) const ALL: [Self; 5] =
        [Self::ContentSha256, Self::Date, Self::RegionSet, Self::S3SessionToken, Self::SecurityToken];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ContentSha256 => "x-amz-content-sha256",
            Self::Date => "x-amz-date",
            Self::RegionSet => "x-amz-region-set",
            Self::S3SessionToken => "x-amz-s3session-token",
            Self::SecurityToken => "x-amz-security-token",
        }
    }
}

/// The index of `host`.
const HOST: usize = Added::ALL.len();
/// Indices below this are not the caller's.
const ADDED: usize = HOST + 1;

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
}

impl<'a> CanonicalHeaders<'a> {
    /// None yet.
    #[inline]
    pub(crate) fn none_of(caller: &'a [Header<'a>]) -> Self {
        Self { caller, order: Slots::new(0), plain: 0, repeats: false, host: None }
    }

    /// Checks and sorts the headers of a request. `is_added` says which of the signer's are added.
    #[inline]
    pub(crate) fn collect(
        &mut self,
        request: &Request<'a>,
        host: Option<&'a str>,
        selection: SignedHeaders<'a>,
        is_added: impl Fn(Added) -> bool,
    ) -> Result<(), Error> {
        let replaces_hash = is_added(Added::ContentSha256);
        let mut host_header = None;
        for (at, header) in self.caller.iter().enumerate() {
            if header.is("host") {
                if host_header.replace(trim_blanks(header.value)).is_some() {
                    return Err(Error::RepeatedHost);
                }
                continue;
            }
            let plain = is_plain(header)?;
            if selects(selection, header.name, replaces_hash) {
                self.select(at, plain)?;
            }
        }
        if selection.includes_host() {
            let text = host.map(str::as_bytes).or(host_header).unwrap_or(request.host.as_bytes());
            self.host = Some(Host::new(text, request.protocol)?);
            self.push(HOST)?;
        }
        for (index, kind) in Added::ALL.into_iter().enumerate() {
            if is_added(kind) {
                self.push(index)?;
            }
        }
        self.sort();
        Ok(())
    }

    /// A request's trailers, all of them.
    pub(crate) fn trailers(caller: &'a [Header<'a>]) -> Result<Self, Error> {
        let mut trailers = Self::none_of(caller);
        for (at, trailer) in caller.iter().enumerate() {
            trailers.select(at, is_plain(trailer)?)?;
        }
        trailers.sort();
        Ok(trailers)
    }

    /// The canonical headers: a line each. `added` gives the values of the added ones.
    #[inline]
    pub(crate) fn write_lines(&self, added: impl Fn(Added) -> Option<Value<'a>>, sink: &mut impl Sink) {
        let mut previous = "";
        for (name, plain, index) in self.names() {
            if self.repeats && name.eq_ignore_ascii_case(previous) {
                sink.put_byte(b',');
            } else {
                if !previous.is_empty() {
                    sink.put_byte(b'\n');
                }
                write_lower(name.as_bytes(), plain, sink);
                sink.put_byte(b':');
            }
            match (index.checked_sub(ADDED), self.host) {
                (Some(at), _) => self.write_value(at, plain, sink),
                (None, Some(host)) if index == HOST => host.write_to(sink),
                (None, _) => {
                    if let Some(value) = Added::ALL.get(index).and_then(|kind| added(*kind)) {
                        value.write_to(sink);
                    }
                }
            }
            previous = name;
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
            self.write_value(at, plain, sink);
            sink.put(b"\r\n");
        }
    }

    /// Counts the names: the lines that there are.
    pub(crate) fn count(&self) -> usize {
        let mut previous = "";
        self.names()
            .filter(|(name, ..)| !name.eq_ignore_ascii_case(core::mem::replace(&mut previous, name)))
            .count()
    }

    /// Whether a name occurs twice.
    pub(crate) fn has_repeated_name(&self) -> bool {
        self.repeats
    }

    /// The signed headers: names with `;` between them.
    pub(crate) fn write_names(&self, sink: &mut impl Sink) {
        let mut previous = "";
        for (name, plain, _) in self.names() {
            if self.repeats && name.eq_ignore_ascii_case(previous) {
                continue;
            }
            if !previous.is_empty() {
                sink.put_byte(b';');
            }
            write_lower(name.as_bytes(), plain, sink);
            previous = name;
        }
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

    #[inline]
    fn sort(&mut self) {
        let (caller, plain) = (self.caller, self.plain);
        self.repeats = self.order.sort_by_key(|index| name(caller, plain, index), compare);
    }

    #[inline]
    fn push(&mut self, index: usize) -> Result<(), Error> {
        let index = Index::try_from(index).map_err(|_| Error::TooManyHeaders)?;
        self.order.push(index).map_err(|_| Error::TooManyHeaders)
    }

    /// The headers in order: name, whether it is plain, index.
    #[inline]
    fn names(&self) -> impl Iterator<Item = (&'a str, bool, usize)> {
        self.order.as_slice().iter().map(|index| {
            let (name, plain) = name(self.caller, self.plain, *index);
            (name, plain, *index as usize)
        })
    }

    #[inline]
    fn write_value(&self, at: usize, plain: bool, sink: &mut impl Sink) {
        let value = self.caller.get(at).map(|header| header.value).unwrap_or_default();
        if plain { sink.put(value) } else { write_collapsed(value, sink) }
    }
}

/// Whether a caller's header is signed; `replaces_hash`: an added `x-amz-content-sha256` stands for the caller's.
#[inline]
fn selects(selection: SignedHeaders<'_>, name: &str, replaces_hash: bool) -> bool {
    if let Some(list) = selection.exact() {
        return list.has(name);
    }
    let is = |other: &str| other.eq_ignore_ascii_case(name);
    let x_amz =
        matches!(name.as_bytes(), [b'x' | b'X', b'-', b'a' | b'A', b'm' | b'M', b'z' | b'Z', b'-', ..]);
    // What is added replaces what the caller has.
    if (x_amz || is("authorization"))
        && (is_authentication(name) || (replaces_hash && is("x-amz-content-sha256")))
    {
        return false;
    }
    let essential = || x_amz || is("content-type") || is("content-md5");
    match selection {
        SignedHeaders::Essential | SignedHeaders::Exactly(_) | SignedHeaders::ExactlyEncoded(_) => {
            essential()
        }
        SignedHeaders::EssentialAnd(names) => essential() || names.iter().any(|name| is(name)),
        SignedHeaders::Named(names) => names.iter().any(|name| is(name)),
        SignedHeaders::AllButHopByHop => {
            let forwarded = name.len() > 12
                && name.as_bytes().iter().zip(b"x-forwarded-").all(|(a, b)| a.eq_ignore_ascii_case(b));
            !NOT_SIGNED.iter().any(|name| is(name)) && !forwarded
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
/// session tokens, `x-amz-region-set` and SigV3's `x-amzn-authorization`, in any case.
///
/// Remove these from a request before adding what [`Signed::headers`](crate::Signed::headers) gives.
#[must_use]
pub fn is_authentication(name: &str) -> bool {
    const NAMES: [&str; 6] = [
        "authorization",
        "x-amz-date",
        "x-amz-region-set",
        "x-amz-s3session-token",
        "x-amz-security-token",
        "x-amzn-authorization",
    ];
    NAMES.iter().any(|authentication| authentication.eq_ignore_ascii_case(name))
}

/// Checks a header.
pub(crate) fn check(header: &Header<'_>) -> Result<(), Error> {
    is_plain(header).map(|_| ())
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
        None => Some((Added::ALL.get(index as usize).map_or("host", |kind| kind.name()), true)),
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

pub(crate) fn starts_with(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// The value of an added header.
pub(crate) enum Value<'a> {
    Bytes(&'a [u8]),
    Date(Text<16>),
    Payload(PayloadHash),
}

impl Value<'_> {
    #[inline]
    pub(crate) fn write_to(&self, sink: &mut impl Sink) {
        match self {
            Self::Bytes(bytes) => sink.put(bytes),
            Self::Date(text) => sink.put(text.as_bytes()),
            Self::Payload(payload) => payload.write_to(sink),
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
