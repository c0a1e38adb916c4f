//! The path of a request, on which the endpoints of a few services depend.

use core::cell::Cell;

/// A path that records whether it was read: nothing else but the host decides about an endpoint.
pub(super) struct RequestPath<'p> {
    text: &'p str,
    read: Cell<bool>,
}

impl<'p> RequestPath<'p> {
    /// `""` means any path.
    pub(super) fn new(text: &'p str) -> Self {
        Self { text, read: Cell::new(false) }
    }

    pub(super) fn read(&self) -> &'p str {
        self.read.set(true);
        self.text
    }

    pub(super) fn was_read(&self) -> bool {
        self.read.get()
    }
}
