use core::cmp::Ordering;
use core::fmt;
use core::ops::Range;

use crate::text::ascii::{self, TOKEN, UPPER};
use crate::text::percent::Decoded;
use crate::text::percent::PlusSign;
use crate::text::sink::{ByteSink, FormatterSink};
use crate::text::steps;

/// The names of signed headers, as an `authorization` header has them (`a;b`) or, percent-encoded, a URL (`a%3Bb`).
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeaderList<'a> {
    text: &'a str,
    is_encoded: bool,
}

/// The name of a signed header, in lower case. It prints decoded where a URL has it percent-encoded.
#[derive(Clone, Copy)]
pub struct SignedHeaderName<'a> {
    text: &'a [u8],
    is_encoded: bool,
}

impl<'a> HeaderList<'a> {
    /// A list in an `authorization` header, in which `%` is part of a name.
    pub(crate) fn plain(text: &'a str) -> Self {
        Self { text, is_encoded: false }
    }

    /// A list in a URL.
    pub(crate) fn encoded(text: &'a str) -> Self {
        Self { text, is_encoded: true }
    }

    pub(crate) fn text(self) -> &'a str {
        self.text
    }

    pub(crate) fn names(self) -> impl Iterator<Item = SignedHeaderName<'a>> {
        self.places().map(move |place| self.name(place))
    }

    /// The range of each name.
    fn places(self) -> impl Iterator<Item = Range<usize>> + use<'a> {
        let mut next = Some(0);
        core::iter::from_fn(move || {
            steps::count();
            let start = next?;
            let end = self.separator(start);
            next = end.map(|end| end + self.width(end));
            Some(start..end.unwrap_or(self.text.len()))
        })
    }

    /// The position of the first separator from `start` on.
    fn separator(self, start: usize) -> Option<usize> {
        let mut at = start;
        loop {
            let rest = self.text.as_bytes().get(at..)?;
            if !self.is_encoded {
                return Some(at + ascii::find(b';', rest)?);
            }
            at += rest.iter().position(|byte| matches!(byte, b';' | b'%'))?;
            if let Some([b';', ..] | [b'%', b'3', b'B' | b'b', ..]) = self.text.as_bytes().get(at..) {
                return Some(at);
            }
            at += 1;
        }
    }

    /// The length of the separator at `at`, in bytes.
    fn width(self, at: usize) -> usize {
        if self.text.as_bytes().get(at) == Some(&b'%') { 3 } else { 1 }
    }

    fn name(self, place: Range<usize>) -> SignedHeaderName<'a> {
        let text = self.text.as_bytes().get(place).unwrap_or_default();
        SignedHeaderName { text, is_encoded: self.is_encoded }
    }

    /// Whether `name`, in any case, is in the list: it goes through all of them.
    pub(crate) fn has(self, name: &str) -> bool {
        self.names().any(|listed| listed.is(name))
    }
}

/// How many names a request can list, so that comparing them with its headers is bounded.
const MOST_LISTED: usize = 128;

/// A list that was checked and split once, so that it can be searched: names are lower-case, sorted and unique.
pub(crate) struct SortedNames<'a> {
    list: HeaderList<'a>,
    /// The end of each name.
    ends: [u32; MOST_LISTED],
    count: usize,
}

/// What is wrong with a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListFlaw {
    Malformed,
    TooMany,
}

impl<'a> SortedNames<'a> {
    pub(crate) fn split(list: HeaderList<'a>) -> Result<Self, ListFlaw> {
        let mut names = Self { list, ends: [0; MOST_LISTED], count: 0 };
        let mut previous = None;
        for place in list.places() {
            let end = u32::try_from(place.end).map_err(|_| ListFlaw::Malformed)?;
            let name = list.name(place);
            let ascends = previous.is_none_or(|previous: SignedHeaderName<'_>| previous.precedes(&name));
            if !ascends || !name.is_lower_token() {
                return Err(ListFlaw::Malformed);
            }
            previous = Some(name);
            *names.ends.get_mut(names.count).ok_or(ListFlaw::TooMany)? = end;
            names.count += 1;
        }
        Ok(names)
    }

    /// The index of this header, whose name may be in any case.
    pub(crate) fn position(&self, header: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low.midpoint(high);
            match self.get(middle)?.cmp_header(header.as_bytes()) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Some(middle),
                Ordering::Greater => high = middle,
            }
        }
        None
    }

    pub(crate) fn get(&self, at: usize) -> Option<SignedHeaderName<'a>> {
        let end = *self.ends.get(..self.count)?.get(at)? as usize;
        let start = match at.checked_sub(1) {
            None => 0,
            Some(before) => {
                let end = *self.ends.get(before)? as usize;
                end + self.list.width(end)
            }
        };
        Some(self.list.name(start..end))
    }
}

impl<'a> SignedHeaderName<'a> {
    /// Returns whether it is `name`, in any case.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.cmp_header(name.as_bytes()).is_eq()
    }

    /// Compares with a header's name, which may be in any case. It reads no more of either than necessary.
    pub(super) fn cmp_header(&self, header: &[u8]) -> Ordering {
        if !self.is_encoded {
            return ascii::cmp_ignore_case(self.text, header);
        }
        let lower = |byte: u8| byte.to_ascii_lowercase();
        self.bytes().map(lower).cmp(header.iter().copied().map(lower))
    }

    fn precedes(&self, other: &Self) -> bool {
        if self.is_encoded { self.bytes().lt(other.bytes()) } else { self.text < other.text }
    }

    /// Whether it is a header name without upper case.
    fn is_lower_token(&self) -> bool {
        let valid = |byte: u8| ascii::is(byte, TOKEN) && !ascii::is(byte, UPPER);
        ascii::is_lower_name(self.text) || !self.text.is_empty() && self.bytes().all(valid)
    }

    /// Whether it consists of what header names can, in any case.
    pub(crate) fn is_token(&self) -> bool {
        !self.text.is_empty() && self.bytes().all(|byte| ascii::is(byte, TOKEN))
    }

    /// Writes its bytes.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        self.bytes().for_each(|byte| sink.put(&[byte]));
    }

    pub(crate) fn bytes(&self) -> impl Iterator<Item = u8> + use<'a> {
        let (raw, encoded): (&[u8], &[u8]) =
            if self.is_encoded { (&[], self.text) } else { (self.text, &[]) };
        raw.iter().copied().chain(Decoded::new(encoded, PlusSign::Literal))
    }
}

impl fmt::Display for SignedHeaderName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatterSink::render(f, |sink| self.write_to(sink))
    }
}

impl fmt::Debug for SignedHeaderName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
