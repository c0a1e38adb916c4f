use core::mem;

use super::place::Place;
use crate::text::ascii::{self, UNRESERVED};
use crate::text::percent::{self, PlusSign};
use crate::text::steps;

/// Replaces the `=` between name and value where parameters are compared: it is below every byte that either can have,
/// so that comparing bytes compares (name, value).
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

    /// Skips what both texts have in common from here on, up to an `&`: it renders the same.
    pub(super) fn skip_common(&mut self, other: &mut Self) {
        if self.pending != 0 || other.pending != 0 || self.in_value != other.in_value {
            return;
        }
        let common = ascii::common_until(b'&', self.rest, other.rest);
        // An escape is left out as a whole.
        let end = match self.rest.get(..common) {
            Some([.., b'%']) => common - 1,
            Some([.., b'%', _]) => common - 2,
            _ => common,
        };
        let Some((skipped, rest)) = self.rest.split_at_checked(end) else { return };
        self.in_value |= ascii::find(b'=', skipped).is_some();
        self.rest = rest;
        other.in_value = self.in_value;
        other.rest = other.rest.get(end..).unwrap_or_default();
    }

    /// Whether the name has been read.
    pub(super) fn in_value(&self) -> bool {
        self.in_value
    }

    pub(super) fn name(self) -> impl Iterator<Item = u8> {
        self.take_while(|byte| *byte != EQUALS)
    }
}

impl Iterator for Bytes<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        steps::count();
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
