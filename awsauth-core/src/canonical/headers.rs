use core::mem;

use super::added_headers::{self, AddedValues, NAMES, SignerHeader};
use super::header_list::{SignedHeaderName, SortedNames};
use super::header_name::HeaderName;
use super::header_selection::{Replaces, is_listed, selects};
use super::header_value::{CanonicalHeaderValue, write_collapsed};
use super::host::{CanonicalHost, trim_blanks, write_lower};
use super::signed_headers::SignedHeaders;
use crate::text::ascii::{self, CONTROL, TOKEN, UPPER};
use crate::text::percent;
use crate::text::sink::ByteSink;
use crate::text::slots::Slots;
use crate::text::writer::Writer;
use crate::vocabulary::error::Error;
use crate::vocabulary::request::{Header, Request};

/// How many of the caller's headers can be signed without the feature `alloc`.
const CAPACITY: usize = 64;

/// The index of a header: 0 is `host`, then come the signer's own, and from [`ADDED`] on the caller's; [`PLAIN`] is set
/// if its name and value are canonical as they stand.
#[cfg(not(feature = "alloc"))]
type Index = u8;
#[cfg(feature = "alloc")]
type Index = u16;

/// Indices below this are not the caller's.
const ADDED: usize = added_headers::COUNT;
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
    /// No name does, and all names and values are canonical as they stand. Never set for trailers, which are few.
    plain: bool,
    /// Tabs within values are kept, as a few signers do; otherwise they are blanks like spaces.
    keep_tabs: bool,
    host: Option<CanonicalHost<'a>>,
}

impl<'a> CanonicalHeaders<'a> {
    /// No headers yet.
    #[inline(always)]
    pub(crate) const fn none() -> Self {
        Self { caller: &[], order: Slots::new(), repeats: false, plain: false, keep_tabs: false, host: None }
    }

    /// Checks and sorts the headers of a request. `is_added` says which of its own headers the signer adds.
    #[inline]
    pub(crate) fn collect(
        &mut self,
        request: &Request<'a>,
        host: Option<&'a str>,
        selection: SignedHeaders<'a>,
        is_added: impl Fn(SignerHeader) -> bool,
    ) -> Result<(), Error> {
        let replaces = Replaces {
            authentication: selection.exact().is_none() || is_added(SignerHeader::Date),
            hash: is_added(SignerHeader::ContentSha256),
        };
        // Where there is stack to spare, the list is split once; it may be a stranger's.
        if cfg!(target_pointer_width = "64")
            && let Some(list) = selection.exact()
            && let Ok(names) = SortedNames::split(list)
        {
            self.collect_listed(request, host, &names, replaces, &is_added, &mut 0)?;
        } else {
            self.collect_where(request, host, selection.includes_host(), is_added, |name| {
                selects(selection, name, replaces)
            })?;
        }
        if selection.is_by_name() { self.check_kept(selection) } else { Ok(()) }
    }

    /// Refuses names that no header has, and a list of all signed headers that is not of these.
    #[cold]
    #[inline(never)]
    fn check_kept(&self, selection: SignedHeaders<'a>) -> Result<(), Error> {
        if !selection.is_well_formed() {
            return Err(Error::MalformedSignedHeaders);
        }
        let is_signed = |listed: SignedHeaderName<'_>| {
            let order = self.order.as_slice();
            order.binary_search_by(|index| listed.cmp_header(name(self.caller, *index)).reverse()).is_ok()
        };
        match selection.exact() {
            Some(list) if !list.names().all(is_signed) => Err(Error::MissingSignedHeader),
            _ => Ok(()),
        }
    }

    /// As [`collect`](Self::collect), for a list of names. Sets the bit in `present` of each that the request has.
    #[inline(never)]
    pub(crate) fn collect_listed(
        &mut self,
        request: &Request<'a>,
        host: Option<&'a str>,
        names: &SortedNames<'_>,
        replaces: Replaces,
        is_added: impl Fn(SignerHeader) -> bool,
        present: &mut u128,
    ) -> Result<&'a [u8], Error> {
        let mut is_named = |name: &str| names.position(name).inspect(|at| *present |= 1 << at).is_some();
        let includes_host = is_named("host");
        self.collect_where(request, host, includes_host, is_added, |name| {
            is_listed(name, replaces, &mut is_named)
        })
    }

    /// As [`collect`](Self::collect), for the headers that `selects` wants. Returns the host as it was received.
    #[inline(always)]
    fn collect_where(
        &mut self,
        request: &Request<'a>,
        host: Option<&'a str>,
        includes_host: bool,
        is_added: impl Fn(SignerHeader) -> bool,
        mut selects: impl FnMut(&str) -> bool,
    ) -> Result<&'a [u8], Error> {
        self.caller = request.headers;
        self.order.clear();
        self.repeats = false;
        self.plain = true;
        self.keep_tabs = false;
        self.host = None;
        // A bit for each of what is not the caller's.
        let mut ours = SignerHeader::ALL
            .iter()
            .filter(|kind| is_added(**kind))
            .fold(0, |ours, kind| ours | 2 << *kind as u8);
        ours |= u8::from(includes_host);
        let mut host_header = None;
        let mut previous = HeaderName::literal("");
        let mut sorted = true;
        let mut selected = 0;
        for (at, header) in request.headers.iter().enumerate() {
            if header.is("host") {
                if host_header.replace(trim_blanks(header.value)).is_some() {
                    return Err(Error::RepeatedHost);
                }
                continue;
            }
            let plain = is_plain(header)?;
            if selects(header.name) {
                let name = HeaderName::new(header.name.as_bytes(), plain);
                self.merge(&mut ours, Some(name))?;
                self.select(at, plain, selected)?;
                sorted &= mem::replace(&mut previous, name).cmp(name).is_lt();
                selected += 1;
            }
        }
        self.merge(&mut ours, None)?;
        if !sorted {
            self.sort();
        }
        let text = host.map(str::as_bytes).or(host_header).unwrap_or(request.host.as_bytes());
        if includes_host {
            self.host = Some(CanonicalHost::new(text, request.protocol)?);
        }
        self.plain &= !self.repeats && self.host.as_ref().is_none_or(CanonicalHost::is_lower);
        Ok(text)
    }

    /// The host in its normal form, if it is signed.
    pub(crate) fn host(&self) -> Option<CanonicalHost<'a>> {
        self.host
    }

    /// Sets how host and tabs are rendered.
    pub(crate) fn set_reading(&mut self, host: Option<CanonicalHost<'a>>, keep_tabs: bool) {
        self.host = host;
        self.keep_tabs = keep_tabs;
    }

    /// Whether there is a tab in a value, so that keeping tabs makes a difference.
    pub(crate) fn has_tab(&self) -> bool {
        self.order.as_slice().iter().any(|index| {
            let header = self.caller.get(usize::from(index & !PLAIN).wrapping_sub(ADDED));
            header.is_some_and(|header| header.value.trim_ascii().contains(&b'\t'))
        })
    }

    /// Checks and sorts a request's trailers, all of them.
    pub(crate) fn collect_trailers(&mut self, trailers: &'a [Header<'a>]) -> Result<(), Error> {
        self.caller = trailers;
        for (at, trailer) in trailers.iter().enumerate() {
            self.select(at, is_plain(trailer)?, at)?;
        }
        self.sort();
        Ok(())
    }

    /// Writes the canonical headers, a line for each. `added` has the values of the signer's own.
    #[inline(never)]
    pub(crate) fn write_lines(&self, added: &AddedValues<'_>, writer: &mut Writer<'_>) {
        if cfg!(target_pointer_width = "64") && self.plain {
            for index in self.order.as_slice() {
                let (name, value) = self.line(*index, added);
                writer.put_line(name, value);
            }
            return;
        }
        let mut previous: Option<&[u8]> = None;
        for index in self.order.as_slice() {
            let (name, value) = self.line(*index, added);
            let plain = index & PLAIN != 0;
            match previous {
                Some(previous) if self.repeats && previous.eq_ignore_ascii_case(name) => {
                    writer.put_byte(b',')
                }
                _ => {
                    if previous.is_some() {
                        writer.put_byte(b'\n');
                    }
                    write_lower(name, plain, writer);
                    writer.put_byte(b':');
                }
            }
            previous = Some(name);
            match &self.host {
                Some(host) if index & !PLAIN == 0 => host.write_to(writer),
                _ if plain => writer.put(value),
                _ => write_collapsed(value, self.keep_tabs, writer),
            }
        }
        if previous.is_some() {
            writer.put_byte(b'\n');
        }
    }

    /// A header's name and value, as they were given.
    #[inline(always)]
    fn line<'s>(&'s self, index: Index, added: &AddedValues<'s>) -> (&'s [u8], &'s [u8]) {
        let at = usize::from(index & !PLAIN);
        let value = match (self.caller.get(at.wrapping_sub(ADDED)), added.get(at.wrapping_sub(1))) {
            (Some(header), _) => header.value,
            (None, Some(value)) => value,
            (None, None) => self.host.as_ref().map(CanonicalHost::text).unwrap_or_default(),
        };
        (name(self.caller, index), value)
    }

    /// Writes the caller's headers as they are sent: in their own order, with lower-case names and canonical values.
    pub(crate) fn write_wire(&self, sink: &mut impl ByteSink) {
        for header in self.caller {
            write_lower(header.name.as_bytes(), false, sink);
            sink.put_byte(b':');
            write_collapsed(header.value, false, sink);
            sink.put(b"\r\n");
        }
    }

    /// The caller's headers, by index, that are signed differently from how some servers read them as they stand:
    /// values with tabs.
    pub(crate) fn with_tabs(&self) -> impl Iterator<Item = (usize, CanonicalHeaderValue<'a>)> {
        let order = if self.plain { &[] } else { self.order.as_slice() };
        order.iter().filter_map(|index| {
            let at = usize::from(index & !PLAIN).checked_sub(ADDED)?;
            let value = self.caller.get(at).filter(|_| index & PLAIN == 0)?.value;
            value.contains(&b'\t').then_some((at, CanonicalHeaderValue::new(value)))
        })
    }

    /// Whether a name occurs twice.
    pub(crate) fn has_repeated_name(&self) -> bool {
        self.repeats
    }

    /// Writes the signed headers: names with `;` between them.
    pub(crate) fn write_names(&self, writer: &mut Writer<'_>) {
        if cfg!(target_pointer_width = "64") && self.plain {
            let mut names = self.order.as_slice().iter().map(|index| name(self.caller, *index));
            writer.put(names.next().unwrap_or_default());
            names.for_each(|name| writer.put_all([b";", name]));
            return writer.advance();
        }
        let mut separate = false;
        self.each_name(|name, plain| {
            if mem::replace(&mut separate, true) {
                writer.put_byte(b';');
            }
            write_lower(name, plain, writer);
        });
    }

    /// Writes the same, as a query holds it.
    pub(crate) fn write_encoded_names(&self, writer: &mut Writer<'_>) {
        let mut separate = false;
        self.each_name(|name, plain| {
            if mem::replace(&mut separate, true) {
                writer.put_literal(b"%3B");
            }
            if plain {
                return percent::encode(name, writer);
            }
            name.iter().for_each(|byte| percent::encode_byte(byte.to_ascii_lowercase(), writer));
        });
    }

    /// Calls `take` with every name once, and whether it is canonical as it stands.
    #[inline]
    fn each_name(&self, mut take: impl FnMut(&[u8], bool)) {
        let mut previous: &[u8] = b"";
        for index in self.order.as_slice() {
            let name = name(self.caller, *index);
            if self.repeats && mem::replace(&mut previous, name).eq_ignore_ascii_case(name) {
                continue;
            }
            take(name, index & PLAIN != 0);
        }
    }

    /// Records that one of the caller's headers is signed, as one of the first `others` and one.
    #[inline]
    fn select(&mut self, at: usize, plain: bool, others: usize) -> Result<(), Error> {
        self.plain &= plain;
        let index = match Index::try_from(at + ADDED) {
            Ok(index) if index < PLAIN => index | if plain { PLAIN } else { 0 },
            _ => return Err(Error::TooManyHeaders),
        };
        if !cfg!(feature = "alloc") && others == CAPACITY {
            return Err(Error::TooManyHeaders);
        }
        self.order.push(index).map_err(|_| Error::TooManyHeaders)
    }

    /// Records those of `ours` whose names come before `next`, or all that are left.
    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "a byte has eight bits")]
    fn merge(&mut self, ours: &mut u8, next: Option<HeaderName<'_>>) -> Result<(), Error> {
        while let Some(name) = NAMES.get(ours.trailing_zeros() as usize) {
            if next.is_some_and(|next| name.cmp(next).is_ge()) {
                break;
            }
            let index = ours.trailing_zeros() as Index | PLAIN;
            self.order.push(index).map_err(|_| Error::TooManyHeaders)?;
            *ours &= *ours - 1;
        }
        Ok(())
    }

    #[inline]
    fn sort(&mut self) {
        let caller = self.caller;
        let name = |index| HeaderName::new(name(caller, index), index & PLAIN != 0);
        self.repeats = self.order.sort_by_key(name, HeaderName::cmp);
    }
}

/// Checks a header.
pub(crate) fn check(header: &Header<'_>) -> Result<(), Error> {
    is_plain(header).map(|_| ())
}

/// Checks a header, and returns whether its name is lower case and its value has no blanks to remove.
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

/// A header's name, as it was given.
#[inline]
fn name<'a>(caller: &'a [Header<'a>], index: Index) -> &'a [u8] {
    let index = usize::from(index & !PLAIN);
    match caller.get(index.wrapping_sub(ADDED)) {
        Some(header) => header.name.as_bytes(),
        None => NAMES.get(index).map_or(b"", |name| name.text()),
    }
}

pub(crate) fn starts_with(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}
