//! The path of a request, which a few services' endpoints hang on.

use core::cell::Cell;

/// A path that knows whether it was read: all else that an endpoint is told from is the host.
pub(super) struct RequestPath<'p> {
    text: &'p str,
    read: Cell<bool>,
}

impl<'p> RequestPath<'p> {
    /// `""` stands for any.
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
