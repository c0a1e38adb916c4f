use core::cmp::Ordering;

use super::header_list::lists;
use super::host::{Host, trim_blanks, write_lower};
use crate::text::ascii::{self, CONTROL, TOKEN, UPPER};
use crate::text::names::Names;
use crate::text::percent;
use crate::text::sink::Sink;
use crate::text::slots::Slots;
use crate::text::writer::Writer;
use crate::{Error, Header, Request, SignedHeaders};

/// Headers of the caller's that can be signed without the feature `alloc`.
const CAPACITY: usize = 64;

/// Which header: below [`HOST`] an added one, [`HOST`] itself, and from [`ADDED`] on a place in the caller's headers; with
/// [`PLAIN`] if its name and value are canonical as they stand.
#[cfg(not(feature = "alloc"))]
type Index = u8;
#[cfg(feature = "alloc")]
type Index = u16;

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
/// The top bit of an index.
const PLAIN: Index = Index::MAX / 2 + 1;

/// The headers that are signed: checked, chosen, sorted.
#[derive(Clone)]
pub(crate) struct CanonicalHeaders<'a> {
    caller: &'a [Header<'a>],
    /// All of them, sorted by name; repeats in arrival order.
    order: Slots<Index, { CAPACITY + ADDED }>,
    /// Some name occurs more than once.
    repeats: bool,
    host: Option<Host<'a>>,
}

/// One that is signed.
struct Entry<'a> {
    name: &'a [u8],
    plain: bool,
    which: Which<'a>,
}

enum Which<'a> {
    Added(Added),
    /// With its value.
    Callers(&'a [u8]),
    Host,
}

impl<'a> CanonicalHeaders<'a> {
    /// None yet.
    #[inline]
    pub(crate) const fn none() -> Self {
        Self { caller: &[], order: Slots::new(0), repeats: false, host: None }
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
        self.caller = request.headers;
        let replaces_hash = is_added(Added::ContentSha256);
        let mut host_header = None;
        for (at, header) in request.headers.iter().enumerate() {
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
            self.push(HOST, true)?;
        }
        for (index, kind) in Added::ALL.into_iter().enumerate() {
            if is_added(kind) {
                self.push(index, true)?;
            }
        }
        self.sort();
        Ok(())
    }

    /// Checks and sorts a request's trailers, all of them.
    pub(crate) fn collect_trailers(&mut self, trailers: &'a [Header<'a>]) -> Result<(), Error> {
        self.caller = trailers;
        for (at, trailer) in trailers.iter().enumerate() {
            self.select(at, is_plain(trailer)?)?;
        }
        self.sort();
        Ok(())
    }

    /// The canonical headers: a line each. `write_added` writes the values of the added ones.
    pub(crate) fn write_lines(&self, write_added: &dyn Fn(Added, &mut Writer<'_>), writer: &mut Writer<'_>) {
        let mut previous: &[u8] = b"";
        for entry in self.entries() {
            if self.repeats && entry.name.eq_ignore_ascii_case(previous) {
                writer.put_byte(b',');
            } else {
                if !previous.is_empty() {
                    writer.put_byte(b'\n');
                }
                write_lower(entry.name, entry.plain, writer);
                writer.put_byte(b':');
            }
            match (entry.which, &self.host) {
                (Which::Callers(value), _) if entry.plain => writer.put(value),
                (Which::Callers(value), _) => write_collapsed(value, writer),
                (Which::Added(kind), _) => write_added(kind, writer),
                (Which::Host, Some(host)) => host.write_to(writer),
                (Which::Host, None) => {}
            }
            previous = entry.name;
        }
        if !previous.is_empty() {
            writer.put_byte(b'\n');
        }
    }

    /// The caller's headers as they are sent: in their own order, with lower-case names and canonical values.
    pub(crate) fn write_wire(&self, sink: &mut impl Sink) {
        for header in self.caller {
            write_lower(header.name.as_bytes(), false, sink);
            sink.put_byte(b':');
            write_collapsed(header.value, sink);
            sink.put(b"\r\n");
        }
    }

    /// Counts the names: the lines that there are.
    pub(crate) fn count(&self) -> usize {
        let mut previous: &[u8] = b"";
        self.entries()
            .filter(|entry| !entry.name.eq_ignore_ascii_case(core::mem::replace(&mut previous, entry.name)))
            .count()
    }

    /// Whether a name occurs twice.
    pub(crate) fn has_repeated_name(&self) -> bool {
        self.repeats
    }

    /// The signed headers: names with `;` between them.
    pub(crate) fn write_names(&self, writer: &mut Writer<'_>) {
        self.each_name(writer, b";", write_lower);
    }

    /// The same, as a query holds it.
    pub(crate) fn write_encoded_names(&self, writer: &mut Writer<'_>) {
        self.each_name(writer, b"%3B", |name, plain, writer| {
            if plain {
                return writer.put(name);
            }
            name.iter().for_each(|byte| percent::encode_byte(byte.to_ascii_lowercase(), writer));
        });
    }

    fn each_name<'w, const N: usize>(
        &self,
        writer: &mut Writer<'w>,
        separator: &[u8; N],
        write: impl Fn(&[u8], bool, &mut Writer<'w>),
    ) {
        let mut previous: &[u8] = b"";
        for entry in self.entries() {
            if self.repeats && entry.name.eq_ignore_ascii_case(previous) {
                continue;
            }
            if !previous.is_empty() {
                writer.put_literal(separator);
            }
            write(entry.name, entry.plain, writer);
            previous = entry.name;
        }
    }

    /// Notes that one of the caller's headers is signed.
    #[inline]
    fn select(&mut self, at: usize, plain: bool) -> Result<(), Error> {
        self.push(at + ADDED, plain)?;
        if !cfg!(feature = "alloc") && self.order.len() > CAPACITY {
            return Err(Error::TooManyHeaders);
        }
        Ok(())
    }

    #[inline]
    fn push(&mut self, index: usize, plain: bool) -> Result<(), Error> {
        match Index::try_from(index) {
            Ok(index) if index < PLAIN => {
                let index = if plain { index | PLAIN } else { index };
                self.order.push(index).map_err(|_| Error::TooManyHeaders)
            }
            _ => Err(Error::TooManyHeaders),
        }
    }

    #[inline]
    fn sort(&mut self) {
        let caller = self.caller;
        self.repeats = self.order.sort_by_key(|index| name(caller, index), compare);
    }

    /// The headers in order.
    #[inline]
    fn entries(&self) -> impl Iterator<Item = Entry<'a>> {
        self.order.as_slice().iter().map(|index| Entry::new(self.caller, *index))
    }
}

impl<'a> Entry<'a> {
    #[inline]
    fn new(caller: &'a [Header<'a>], index: Index) -> Self {
        let plain = index & PLAIN != 0;
        let index = usize::from(index & !PLAIN);
        if let Some(header) = index.checked_sub(ADDED).and_then(|at| caller.get(at)) {
            return Self { name: header.name.as_bytes(), plain, which: Which::Callers(header.value) };
        }
        match Added::ALL.get(index) {
            Some(kind) => Self { name: kind.name().as_bytes(), plain, which: Which::Added(*kind) },
            None => Self { name: b"host", plain, which: Which::Host },
        }
    }
}

/// Whether a caller's header is signed; `replaces_hash`: an added `x-amz-content-sha256` stands for the caller's.
#[inline]
fn selects(selection: SignedHeaders<'_>, name: &str, replaces_hash: bool) -> bool {
    if let SignedHeaders::Exactly(list) = selection {
        return lists(list, name);
    }
    let is = |other: &str| other.len() == name.len() && other.eq_ignore_ascii_case(name);
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
        SignedHeaders::Essential | SignedHeaders::Exactly(_) => essential(),
        SignedHeaders::EssentialAnd(names) => essential() || names.iter().any(|name| is(name)),
        SignedHeaders::Named(names) => names.iter().any(|name| is(name)),
        SignedHeaders::AllButHopByHop => {
            let forwarded = name.len() > 12
                && name.as_bytes().iter().zip(b"x-forwarded-").all(|(a, b)| a.eq_ignore_ascii_case(b));
            !forwarded && !NOT_SIGNED.have(name.as_bytes())
        }
    }
}

/// Headers that proxies change or remove, so that signing them breaks requests.
const NOT_SIGNED: Names<{ Names::size(&NOT_SIGNED_NAMES) }> = Names::new(&NOT_SIGNED_NAMES);
const NOT_SIGNED_NAMES: [&str; 18] = [
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
    AUTHENTICATION.have(name.as_bytes())
}

const AUTHENTICATION: Names<{ Names::size(&AUTHENTICATION_NAMES) }> = Names::new(&AUTHENTICATION_NAMES);
const AUTHENTICATION_NAMES: [&str; 6] = [
    "authorization",
    "x-amz-date",
    "x-amz-region-set",
    "x-amz-s3session-token",
    "x-amz-security-token",
    "x-amzn-authorization",
];

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
fn name<'a>(caller: &'a [Header<'a>], index: Index) -> (&'a [u8], bool) {
    let Entry { name, plain, .. } = Entry::new(caller, index);
    (name, plain)
}

#[inline]
fn compare((a, a_plain): (&[u8], bool), (b, b_plain): (&[u8], bool)) -> Ordering {
    if cfg!(target_pointer_width = "64") && a_plain && b_plain {
        return match (a.first_chunk::<8>(), b.first_chunk::<8>()) {
            (Some(x), Some(y)) if x != y => u64::from_be_bytes(*x).cmp(&u64::from_be_bytes(*y)),
            _ => a.cmp(b),
        };
    }
    ascii::cmp_ignore_case(a, b)
}

pub(crate) fn starts_with(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Trims blanks, and makes each run of spaces one, in quotes too.
fn write_collapsed(value: &[u8], sink: &mut (impl Sink + ?Sized)) {
    let mut first = true;
    for word in value.trim_ascii().split(|byte| *byte == b' ').filter(|word| !word.is_empty()) {
        if !first {
            sink.put_byte(b' ');
        }
        first = false;
        sink.put(word);
    }
}
