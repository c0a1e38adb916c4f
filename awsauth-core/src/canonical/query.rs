use core::cmp::Ordering;

use super::path;
use crate::Error;
use crate::text::ascii::{self, UNRESERVED};
use crate::text::percent::{self, PlusSign};
use crate::text::sink::Sink;
use crate::text::slots::{Full, Slots};

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

/// A checked, sorted query.
#[derive(Clone)]
pub(crate) struct CanonicalQuery<'a> {
    text: &'a [u8],
    /// Where each kept parameter begins, in canonical order.
    starts: Slots<u32, CAPACITY>,
    plus: PlusSign,
    /// Every byte is canonical, so that parameters compare and render as they stand.
    canonical: bool,
    /// The text as a whole is its own canonical form.
    verbatim: bool,
}

impl<'a> CanonicalQuery<'a> {
    /// None yet.
    #[inline]
    pub(crate) fn none_of(text: &'a str, plus: PlusSign) -> Self {
        Self { text: text.as_bytes(), starts: Slots::new(0), plus, canonical: true, verbatim: true }
    }

    /// Checks and sorts the parameters.
    #[inline]
    pub(crate) fn collect(&mut self, keep: Keep) -> Result<(), Error> {
        let text = self.text;
        if text.is_empty() {
            return Ok(());
        }
        let mut start = 0;
        let mut equals = 0;
        let mut overflow = false;
        let canonical = percent::scan(text, |at, byte| match byte {
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
        self.canonical = canonical.map_err(path::error)?;
        overflow |= self.push(start, text.len(), equals, keep).is_err();
        if overflow {
            return Err(Error::TooManyParameters);
        }
        self.sort();
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.starts.as_slice().is_empty()
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

    /// Writes the parameters, and among them those of `added`, which is sorted by its unreserved names.
    #[inline]
    pub(crate) fn write_with<S: Sink, P>(
        &self,
        added: impl IntoIterator<Item = (&'static str, P)>,
        sink: &mut S,
        write_value: impl Fn(P, &mut S),
    ) {
        let mut added = added.into_iter().peekable();
        if self.verbatim && added.peek().is_none() {
            sink.put(self.text);
            return;
        }
        let mut first = true;
        let mut separate = |sink: &mut S| {
            if !first {
                sink.put_byte(b'&');
            }
            first = false;
        };
        let mut starts = self.starts.as_slice().iter();
        let mut next = starts.next();
        loop {
            match (next, added.peek()) {
                (Some(start), Some((name, _))) if !self.stands_before(*start, name) => {}
                (Some(start), _) => {
                    separate(sink);
                    self.write_parameter(*start, sink);
                    next = starts.next();
                    continue;
                }
                (None, _) => {}
            }
            let Some((name, value)) = added.next() else { return };
            separate(sink);
            sink.put(name.as_bytes());
            sink.put_byte(b'=');
            write_value(value, sink);
        }
    }

    /// Notes the parameter from `start` to `end`, which has so many `=`, if it is to be kept.
    #[inline]
    fn push(&mut self, start: usize, end: usize, equals: usize, keep: Keep) -> Result<(), Full> {
        let pair = self.text.get(start..end).unwrap_or_default();
        let start = u32::try_from(start).map_err(|_| Full)?;
        self.verbatim &= equals == 1;
        if pair.is_empty() || !self.keeps(pair, start, keep) {
            self.verbatim = false;
            return Ok(());
        }
        self.starts.push(start)
    }

    #[inline]
    fn sort(&mut self) {
        let (text, plus) = (self.text, self.plus);
        if self.canonical {
            self.starts.sort_by_key(|start| start, |a, b| compare_canonical(text, a, b));
        } else {
            self.starts
                .sort_by_key(|start| start, |a, b| Bytes::new(text, a, plus).cmp(Bytes::new(text, b, plus)));
        }
        // Not `is_sorted`, which may panic for all the compiler knows.
        let starts = self.starts.as_slice();
        self.verbatim &= self.canonical && starts.iter().zip(starts.iter().skip(1)).all(|(a, b)| a < b);
    }

    #[inline]
    fn keeps(&self, pair: &[u8], start: u32, keep: Keep) -> bool {
        // Nearly no parameter begins like this, plainly or escaped, and none of the others need a closer look.
        if !matches!(pair, [b'X' | b'%', ..]) || !self.bytes(start).take(6).eq(*b"X-Amz-") {
            return true;
        }
        let is = |name: &str| self.bytes(start).name().eq(name.bytes());
        match keep {
            Keep::Unauthenticated => !AUTHENTICATION.iter().any(|name| is(name)),
            Keep::AllButSignature => !is("X-Amz-Signature"),
            Keep::AllButSignatureAndToken => !is("X-Amz-Signature") && !is("X-Amz-Security-Token"),
        }
    }

    fn stands_before(&self, start: u32, name: &str) -> bool {
        self.bytes(start).lt(name.bytes().chain([EQUALS]))
    }

    #[inline]
    fn write_parameter(&self, start: u32, sink: &mut impl Sink) {
        let Some(rest) = self.text.get(start as usize..) else { return };
        let end = rest.iter().position(|byte| *byte == b'&').unwrap_or(rest.len());
        let pair = rest.get(..end).unwrap_or_default();
        let equals = pair.iter().position(|byte| *byte == b'=');
        if self.canonical {
            sink.put(pair);
            if equals.is_none() {
                sink.put_byte(b'=');
            }
            return;
        }
        let (name, value) = pair.split_at_checked(equals.unwrap_or(end)).unwrap_or_default();
        percent::reencode_query(name, self.plus, sink);
        sink.put_byte(b'=');
        percent::reencode_query(value.get(1..).unwrap_or_default(), self.plus, sink);
    }

    fn bytes(&self, start: u32) -> Bytes<'a> {
        Bytes::new(self.text, start, self.plus)
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

/// Compares two parameters of canonical text without rendering them.
fn compare_canonical(text: &[u8], a: u32, b: u32) -> Ordering {
    let rank = |byte: Option<&u8>| match byte {
        None | Some(b'&') => 0,
        Some(b'=') => EQUALS,
        Some(byte) => *byte,
    };
    let mut a = text.get(a as usize..).unwrap_or_default().iter();
    let mut b = text.get(b as usize..).unwrap_or_default().iter();
    loop {
        let (a, b) = (rank(a.next()), rank(b.next()));
        if a != b || a == 0 {
            return a.cmp(&b);
        }
    }
}

/// The canonical bytes of one parameter: encoded name, [`EQUALS`], encoded value.
#[derive(Clone)]
struct Bytes<'a> {
    decoded: percent::Decoded<'a>,
    value: Option<&'a [u8]>,
    plus: PlusSign,
    pending: Option<[u8; 2]>,
}

impl<'a> Bytes<'a> {
    fn new(text: &'a [u8], start: u32, plus: PlusSign) -> Self {
        let rest = text.get(start as usize..).unwrap_or_default();
        let pair = rest.split(|byte| *byte == b'&').next().unwrap_or_default();
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let name = halves.next().unwrap_or_default();
        let value = halves.next().unwrap_or_default();
        Self { decoded: percent::Decoded::new(name, plus), value: Some(value), plus, pending: None }
    }

    fn name(self) -> impl Iterator<Item = u8> {
        self.take_while(|byte| *byte != EQUALS)
    }
}

impl Iterator for Bytes<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        match self.pending {
            Some([EQUALS, low]) => {
                self.pending = None;
                return Some(low);
            }
            Some([high, low]) => {
                self.pending = Some([EQUALS, low]);
                return Some(high);
            }
            None => {}
        }
        match self.decoded.next() {
            Some(byte) if ascii::is(byte, UNRESERVED) => Some(byte),
            Some(byte) => {
                let [percent, high, low] = percent::escaped(byte);
                self.pending = Some([high, low]);
                Some(percent)
            }
            None => {
                self.decoded = percent::Decoded::new(self.value.take()?, self.plus);
                Some(EQUALS)
            }
        }
    }
}
