use core::cmp::Ordering;
use core::mem;

use super::path;
use crate::Error;
use crate::text::ascii::{self, UNRESERVED};
use crate::text::percent::{self, PlusSign};
use crate::text::sink::Sink;
use crate::text::slots::{Full, Slots};
use crate::text::writer::Writer;

/// Query parameters that a request may have without the feature `alloc`.
const CAPACITY: usize = 64;

/// Which of the caller's parameters go into the canonical form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// All but those of an old presigned signature: the request is about to be signed.
    Unauthenticated,
    /// All but the signature: the request has been received.
    AllButSignature,
    /// All but the signature and the session token, which was appended to it.
    AllButSignatureAndToken,
}

/// Where a parameter begins: without a heap in the first 64 KiB, as half the width is half of what a signature keeps.
#[cfg(not(feature = "alloc"))]
type Start = u16;
#[cfg(feature = "alloc")]
type Start = u32;

/// A checked, sorted query.
#[derive(Clone)]
pub(crate) struct CanonicalQuery<'a> {
    text: &'a [u8],
    /// Where each kept parameter begins, in canonical order.
    starts: Slots<Start, CAPACITY>,
    plus: PlusSign,
    /// Every byte is canonical, so that parameters compare and render as they stand.
    canonical: bool,
    /// The text as a whole is its own canonical form.
    verbatim: bool,
}

impl<'a> CanonicalQuery<'a> {
    /// None yet.
    #[inline(always)]
    pub(crate) const fn none() -> Self {
        Self { text: b"", starts: Slots::new(), plus: PlusSign::Space, canonical: true, verbatim: true }
    }

    /// Checks and sorts the parameters of a query.
    #[inline]
    pub(crate) fn collect(&mut self, text: &'a str, plus: PlusSign, keep: Keep) -> Result<(), Error> {
        let text = text.as_bytes();
        self.text = text;
        self.plus = plus;
        self.starts.clear();
        self.canonical = true;
        self.verbatim = true;
        if text.is_empty() {
            return Ok(());
        }
        let mut start = 0;
        let mut equals = 0;
        let mut overflow = false;
        let scanned = percent::scan(text, |at, byte| match byte {
            b'=' => {
                equals += 1;
                // A second one is data, and only canonical as %3D.
                equals < 2
            }
            b'&' => {
                overflow |= self.push(start, at, equals, keep).is_err();
                start = at + 1;
                equals = 0;
                true
            }
            _ => false,
        });
        self.canonical = scanned.map_err(path::error)?.canonical;
        overflow |= self.push(start, text.len(), equals, keep).is_err();
        if overflow {
            return Err(Error::TooManyParameters);
        }
        let canonical = self.canonical;
        self.starts.sort_by_key(|start| start, |a, b| compare(text, a, b, canonical, plus));
        // Not `is_sorted`, which may panic for all the compiler knows.
        let starts = self.starts.as_slice();
        self.verbatim &= canonical && starts.iter().zip(starts.iter().skip(1)).all(|(a, b)| a < b);
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.starts.as_slice().is_empty()
    }

    /// Whether the text is its own canonical form.
    pub(crate) fn is_verbatim(&self) -> bool {
        self.verbatim
    }

    /// Whether two parameters have one name.
    pub(crate) fn has_repeated_name(&self) -> bool {
        let mut starts = self.starts.as_slice().iter();
        let Some(mut previous) = starts.next() else { return false };
        starts.any(|start| {
            let same = self.bytes(*previous).name().eq(self.bytes(*start).name());
            previous = start;
            same
        })
    }

    /// Writes the parameters.
    pub(crate) fn write_to(&self, writer: &mut Writer<'_>) {
        if self.verbatim {
            return writer.put(self.text);
        }
        Merge::into(self).finish(writer);
    }

    /// Notes the parameter from `start` to `end`, which has so many `=`, if it is to be kept.
    #[inline]
    fn push(&mut self, start: usize, end: usize, equals: usize, keep: Keep) -> Result<(), Full> {
        let pair = self.text.get(start..end).unwrap_or_default();
        let start = Start::try_from(start).map_err(|_| Full)?;
        self.verbatim &= equals == 1;
        if pair.is_empty() || !self.keeps(pair, start, keep) {
            self.verbatim = false;
            return Ok(());
        }
        self.starts.push(start)
    }

    #[inline]
    fn keeps(&self, pair: &[u8], start: Start, keep: Keep) -> bool {
        // Nearly no parameter begins like this, plainly or escaped, and none of the others need a closer look.
        if !matches!(pair, [b'X' | b'%', ..]) {
            return true;
        }
        let is = |name: &str| self.bytes(start).name().eq(name.bytes());
        let dropped: &[&str] = match keep {
            Keep::Unauthenticated => &AUTHENTICATION,
            Keep::AllButSignature => &["X-Amz-Signature"],
            Keep::AllButSignatureAndToken => &["X-Amz-Signature", "X-Amz-Security-Token"],
        };
        !dropped.iter().any(|name| is(name))
    }

    fn write_parameter(&self, start: Start, writer: &mut Writer<'_>) {
        if !self.canonical {
            for byte in self.bytes(start) {
                writer.put_byte(if byte == EQUALS { b'=' } else { byte });
            }
            return;
        }
        let Some(rest) = self.text.get(index(start)..) else { return };
        let end = ascii::find(b'&', rest).unwrap_or(rest.len());
        let pair = rest.get(..end).unwrap_or_default();
        writer.put(pair);
        if ascii::find(b'=', pair).is_none() {
            writer.put_byte(b'=');
        }
    }

    fn bytes(&self, start: Start) -> Bytes<'a> {
        Bytes::new(self.text, start, self.plus)
    }
}

/// Writes a query with other parameters among its own, each in its place.
pub(crate) struct Merge<'q, 'a> {
    query: &'q CanonicalQuery<'a>,
    starts: core::slice::Iter<'q, Start>,
    separate: bool,
}

impl<'q, 'a> Merge<'q, 'a> {
    pub(crate) fn into(query: &'q CanonicalQuery<'a>) -> Self {
        Self { query, starts: query.starts.as_slice().iter(), separate: false }
    }

    /// Writes what stands before `name`, which consists of unreserved bytes and `=`, and `name` itself. The value is the
    /// caller's to write, and the next name is to be a later one.
    pub(crate) fn begin<const N: usize>(&mut self, name: &[u8; N], writer: &mut Writer<'_>) {
        if !self.starts.as_slice().is_empty() {
            self.write_until(name, writer);
        }
        self.separate(writer);
        writer.put_literal(name);
    }

    /// Writes what is left.
    pub(crate) fn finish(mut self, writer: &mut Writer<'_>) {
        self.write_until(b"", writer);
    }

    /// Writes what stands before `name`, or all if there is none.
    fn write_until(&mut self, name: &[u8], writer: &mut Writer<'_>) {
        let rank = |byte: &u8| if *byte == b'=' { EQUALS } else { *byte };
        while let Some(start) = self.starts.as_slice().first() {
            if !name.is_empty() && !self.query.bytes(*start).lt(name.iter().map(rank)) {
                return;
            }
            self.starts.next();
            self.separate(writer);
            self.query.write_parameter(*start, writer);
        }
    }

    fn separate(&mut self, writer: &mut Writer<'_>) {
        if mem::replace(&mut self.separate, true) {
            writer.put_byte(b'&');
        }
    }
}

/// What a presigned signature consists of.
const AUTHENTICATION: [&str; 9] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Region-Set",
    "X-Amz-S3session-Token",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
];

/// Stands for the `=` between name and value where parameters are compared: below every byte that either can hold, so
/// that comparing bytes is comparing (name, value).
const EQUALS: u8 = 1;

/// Compares two parameters without rendering them.
fn compare(text: &[u8], a: Start, b: Start, canonical: bool, plus: PlusSign) -> Ordering {
    // What is faster here would be the larger part of an image where pointers are short.
    if !canonical || cfg!(not(target_pointer_width = "64")) {
        return Bytes::new(text, a, plus).cmp(Bytes::new(text, b, plus));
    }
    let mut a = text.get(index(a)..).unwrap_or_default();
    let mut b = text.get(index(b)..).unwrap_or_default();
    // Whole words that are equal and end no parameter.
    while let (Some((x, a_rest)), Some((y, b_rest))) =
        (a.split_first_chunk::<8>(), b.split_first_chunk::<8>())
        && x == y
        && ascii::find(b'&', x).is_none()
    {
        (a, b) = (a_rest, b_rest);
    }
    loop {
        let (x, y) = (rank(a.first()), rank(b.first()));
        if x != y || x == 0 {
            return x.cmp(&y);
        }
        (a, b) = (a.get(1..).unwrap_or_default(), b.get(1..).unwrap_or_default());
    }
}

/// Where a byte of canonical text stands among others; 0 is the end of a parameter.
fn rank(byte: Option<&u8>) -> u8 {
    match byte {
        None | Some(b'&') => 0,
        Some(b'=') => EQUALS,
        Some(byte) => *byte,
    }
}

/// The canonical bytes of one parameter: encoded name, [`EQUALS`], encoded value.
#[derive(Clone)]
struct Bytes<'a> {
    rest: &'a [u8],
    plus: PlusSign,
    in_value: bool,
    /// What is left of an escape, in the low bytes.
    pending: u16,
}

impl<'a> Bytes<'a> {
    fn new(text: &'a [u8], start: Start, plus: PlusSign) -> Self {
        let rest = text.get(index(start)..).unwrap_or_default();
        Self { rest, plus, in_value: false, pending: 0 }
    }

    fn name(self) -> impl Iterator<Item = u8> {
        self.take_while(|byte| *byte != EQUALS)
    }
}

impl Iterator for Bytes<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        if self.pending != 0 {
            let [low, high] = self.pending.to_le_bytes();
            self.pending = u16::from(high);
            return Some(low);
        }
        let (byte, tail) = match self.rest {
            [] | [b'&', ..] => {
                // A parameter without `=` has an empty value.
                return (!mem::replace(&mut self.in_value, true)).then_some(EQUALS);
            }
            [byte, tail @ ..] => (*byte, tail),
        };
        self.rest = tail;
        let byte = match (byte, tail) {
            (b'=', _) if !self.in_value => {
                self.in_value = true;
                return Some(EQUALS);
            }
            (b'%', [high, low, after @ ..]) => match percent::escape(*high, *low) {
                Some(decoded) => {
                    self.rest = after;
                    decoded
                }
                None => byte,
            },
            (b'+', _) if self.plus == PlusSign::Space => b' ',
            _ => byte,
        };
        if ascii::is(byte, UNRESERVED) {
            return Some(byte);
        }
        let [percent, high, low] = percent::escaped(byte);
        self.pending = u16::from_le_bytes([high, low]);
        Some(percent)
    }
}

fn index(start: Start) -> usize {
    start as usize
}
