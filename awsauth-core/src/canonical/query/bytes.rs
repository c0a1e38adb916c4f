use core::cmp::Ordering;
use core::mem;

use super::place::Place;
use crate::text::ascii::{self, UNRESERVED};
use crate::text::percent::{self, PlusSign};

/// Stands for the `=` between name and value where parameters are compared: below every byte that either can hold, so
/// that comparing bytes is comparing (name, value).
pub(super) const EQUALS: u8 = 1;

/// The canonical bytes of one parameter: encoded name, [`EQUALS`], encoded value.
#[derive(Clone)]
pub(super) struct Bytes<'a> {
    rest: &'a [u8],
    plus: PlusSign,
    in_value: bool,
    /// What is left of an escape, in the low bytes.
    pending: u16,
}

impl<'a> Bytes<'a> {
    pub(super) fn new(text: &'a [u8], place: Place, plus: PlusSign) -> Self {
        let rest = text.get(place.start()..).unwrap_or_default();
        Self { rest, plus, in_value: false, pending: 0 }
    }

    /// Compares two parameters, and says whether they have one name.
    pub(super) fn compare(mut self, mut other: Self) -> (Ordering, bool) {
        loop {
            let (byte, others) = (self.next(), other.next());
            if byte != others || byte.is_none() {
                // Up to here they are equal, and so are their names if both have got to their values.
                return (byte.cmp(&others), self.in_value && other.in_value);
            }
        }
    }

    pub(super) fn name(self) -> impl Iterator<Item = u8> {
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
