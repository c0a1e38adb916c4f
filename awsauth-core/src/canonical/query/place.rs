use crate::text::slots::Slot;

/// Query parameters that a request may have without the feature `alloc`.
pub(super) const CAPACITY: usize = 64;

/// The range of a parameter in the text.
#[cfg(feature = "alloc")]
#[derive(Clone, Copy)]
pub(super) struct Place {
    start: u32,
    end: u32,
}

/// The start of a parameter, in the first 64 KiB. Without a heap, places are half of the memory of a signature, so the
/// end is not stored.
#[cfg(not(feature = "alloc"))]
#[derive(Clone, Copy)]
pub(super) struct Place {
    start: u16,
}

#[cfg(feature = "alloc")]
impl Place {
    /// `None` if it is too far.
    #[inline]
    pub(super) fn new(start: usize, end: usize) -> Option<Self> {
        Some(Self { start: start.try_into().ok()?, end: end.try_into().ok()? })
    }

    /// The parameter.
    #[inline]
    pub(super) fn pair(self, text: &[u8]) -> &[u8] {
        self.to(self, text)
    }

    /// All from this one to `last`.
    #[inline]
    pub(super) fn to(self, last: Self, text: &[u8]) -> &[u8] {
        text.get(self.start()..last.end as usize).unwrap_or_default()
    }

    /// Whether it is the one behind `other`.
    #[inline]
    pub(super) fn follows(self, other: Self) -> bool {
        self.start.checked_sub(1) == Some(other.end)
    }
}

#[cfg(not(feature = "alloc"))]
impl Place {
    /// `None` if it is too far.
    #[inline]
    pub(super) fn new(start: usize, _end: usize) -> Option<Self> {
        Some(Self { start: start.try_into().ok()? })
    }

    /// The parameter.
    pub(super) fn pair(self, text: &[u8]) -> &[u8] {
        let rest = text.get(self.start()..).unwrap_or_default();
        let end = crate::text::ascii::find(b'&', rest).unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    }
}

impl Place {
    pub(super) fn start(self) -> usize {
        self.start as usize
    }
}

/// The result of sorting parameters.
pub(super) struct SortOutcome {
    pub(super) was_in_order: bool,
    /// Two parameters have one name; `None` if that was not looked at, of a canonical text in order.
    pub(super) repeats: Option<bool>,
}

impl Slot for Place {
    #[cfg(feature = "alloc")]
    const UNUSED: Self = Self { start: 0, end: 0 };
    #[cfg(not(feature = "alloc"))]
    const UNUSED: Self = Self { start: 0 };
}
