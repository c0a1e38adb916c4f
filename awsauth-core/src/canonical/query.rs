mod bytes;
mod place;
mod sort;
#[cfg(feature = "alloc")]
mod sort_canonical;

use core::mem;

use self::bytes::{Bytes, EQUALS};
use self::place::{CAPACITY, Place, SortOutcome};
use self::sort::{have_repeats, sort};
use super::path;
use crate::text::ascii;
use crate::text::percent::{self, PlusSign};
use crate::text::sink::ByteSink;
use crate::text::slots::{Full, Slots};
use crate::text::writer::Writer;
use crate::vocabulary::error::Error;

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
    /// Where each kept parameter stands, in canonical order.
    places: Slots<Place, CAPACITY>,
    plus: PlusSign,
    /// Every parameter has its `=`.
    complete: bool,
    /// Every byte is canonical, so that parameters compare and render as they stand.
    canonical: bool,
    /// Some name occurs more than once; `None` if that is unknown, for canonical text in order.
    repeats: Option<bool>,
    /// The text as a whole is its own canonical form.
    verbatim: bool,
}

impl<'a> CanonicalQuery<'a> {
    /// No parameters yet.
    #[inline(always)]
    pub(crate) const fn none() -> Self {
        Self {
            text: b"",
            places: Slots::new(),
            plus: PlusSign::Space,
            complete: true,
            canonical: true,
            repeats: Some(false),
            verbatim: true,
        }
    }

    /// Checks and sorts the parameters of a query.
    #[inline]
    pub(crate) fn collect(&mut self, text: &'a str, plus: PlusSign, keep: Keep) -> Result<(), Error> {
        let text = text.as_bytes();
        self.text = text;
        self.plus = plus;
        self.places.clear();
        self.complete = true;
        self.canonical = true;
        self.repeats = Some(false);
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
        let SortOutcome { was_in_order, repeats } =
            sort(&mut self.places, text, self.canonical, self.complete, plus);
        self.repeats = repeats;
        self.verbatim &= self.canonical && was_in_order;
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.places.as_slice().is_empty()
    }

    /// Whether two parameters have one name.
    pub(crate) fn has_repeated_name(&self) -> bool {
        self.repeats.unwrap_or_else(|| have_repeats(self.places.as_slice(), self.text, self.complete))
    }

    /// The text, if it is canonical as it stands.
    #[inline]
    pub(crate) fn verbatim(&self) -> Option<&'a [u8]> {
        self.verbatim.then_some(self.text)
    }

    /// Writes the parameters in canonical order.
    pub(crate) fn write_to(&self, writer: &mut Writer<'_>) {
        if self.verbatim {
            return writer.put(self.text);
        }
        Merge::into(self).finish(writer);
    }

    /// Writes the parameters, with `write`, as they go on the wire: in the order of their names, and those of one name
    /// in the caller's order, which may mean something. Every server sorts by value for itself.
    pub(crate) fn write_wire(
        &self,
        writer: &mut Writer<'_>,
        write: impl FnOnce(Merge<'_, 'a>, &mut Writer<'_>),
    ) {
        if self.repeats != Some(true) {
            return write(Merge::into(self), writer);
        }
        self.write_in_callers_order(writer, write);
    }

    #[cold]
    #[inline(never)]
    fn write_in_callers_order(
        &self,
        writer: &mut Writer<'_>,
        write: impl FnOnce(Merge<'_, 'a>, &mut Writer<'_>),
    ) {
        let mut places = self.places.clone();
        sort::sort_by_name(&mut places, self.text, self.plus);
        write(Merge { query: self, places: places.as_slice().iter(), separate: false }, writer);
    }

    /// Records the parameter from `start` to `end`, which has `equals` equals signs, if it is kept.
    #[inline]
    fn push(&mut self, start: usize, end: usize, equals: usize, keep: Keep) -> Result<(), Full> {
        let pair = self.text.get(start..end).unwrap_or_default();
        let place = Place::new(start, end).ok_or(Full)?;
        if pair.is_empty() || !self.keeps(pair, place, keep) {
            self.verbatim = false;
            return Ok(());
        }
        self.complete &= equals == 1;
        self.verbatim &= self.complete;
        self.places.push(place)
    }

    #[inline]
    fn keeps(&self, pair: &[u8], place: Place, keep: Keep) -> bool {
        // Nearly no parameter begins like this, plainly or escaped, and none of the others need a closer look.
        if !matches!(pair, [b'X' | b'%', ..]) {
            return true;
        }
        let is = |name: &str| self.bytes(place).name().eq(name.bytes());
        let dropped: &[&str] = match keep {
            Keep::Unauthenticated => &AUTHENTICATION,
            Keep::AllButSignature => &["X-Amz-Signature"],
            Keep::AllButSignatureAndToken => &["X-Amz-Signature", "X-Amz-Security-Token"],
        };
        !dropped.iter().any(|name| is(name))
    }

    fn write_parameter(&self, place: Place, writer: &mut Writer<'_>) {
        if !self.canonical {
            for byte in self.bytes(place) {
                writer.put_byte(if byte == EQUALS { b'=' } else { byte });
            }
            return;
        }
        let pair = place.pair(self.text);
        writer.put(pair);
        if !self.complete && ascii::find(b'=', pair).is_none() {
            writer.put_byte(b'=');
        }
    }

    fn bytes(&self, place: Place) -> Bytes<'a> {
        Bytes::new(self.text, place, self.plus)
    }
}

/// Writes a query with other parameters among its own, each in its place.
pub(crate) struct Merge<'q, 'a> {
    query: &'q CanonicalQuery<'a>,
    places: core::slice::Iter<'q, Place>,
    separate: bool,
}

impl<'q, 'a> Merge<'q, 'a> {
    pub(crate) fn into(query: &'q CanonicalQuery<'a>) -> Self {
        Self { query, places: query.places.as_slice().iter(), separate: false }
    }

    /// Writes what comes before `name`, which consists of unreserved bytes and `=`, and `name` itself. The caller
    /// writes the value; the next name must be a later one.
    pub(crate) fn begin<const N: usize>(&mut self, name: &[u8; N], writer: &mut Writer<'_>) {
        if !self.places.as_slice().is_empty() {
            self.write_until(name, writer);
        }
        self.separate(writer);
        writer.put_literal(name);
    }

    /// Writes what is left.
    pub(crate) fn finish(mut self, writer: &mut Writer<'_>) {
        #[cfg(feature = "alloc")]
        if self.query.canonical && self.query.complete {
            return self.write_runs(writer);
        }
        self.write_until(b"", writer);
    }

    /// Writes what is left; parameters that are adjacent in the text are written as one piece.
    #[cfg(feature = "alloc")]
    fn write_runs(&mut self, writer: &mut Writer<'_>) {
        while let Some(first) = self.places.next() {
            let mut last = first;
            while let Some(next) = self.places.as_slice().first().filter(|next| next.follows(*last)) {
                last = next;
                self.places.next();
            }
            self.separate(writer);
            writer.put(first.to(*last, self.query.text));
            writer.advance();
        }
    }

    /// Writes what comes before `name`, or all if that is empty.
    fn write_until(&mut self, name: &[u8], writer: &mut Writer<'_>) {
        let rank = |byte: &u8| if *byte == b'=' { EQUALS } else { *byte };
        while let Some(place) = self.places.as_slice().first() {
            if !name.is_empty() && !self.query.bytes(*place).lt(name.iter().map(rank)) {
                return;
            }
            self.places.next();
            self.separate(writer);
            self.query.write_parameter(*place, writer);
        }
    }

    fn separate(&mut self, writer: &mut Writer<'_>) {
        if mem::replace(&mut self.separate, true) {
            writer.put_byte(b'&');
        }
    }
}

/// What a presigned signature consists of.
const AUTHENTICATION: [&str; 10] = [
    "X-Amz-Algorithm",
    "X-Amz-Content-Sha256",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Region-Set",
    "X-Amz-S3session-Token",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
];
