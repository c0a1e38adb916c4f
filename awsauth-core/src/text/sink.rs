use core::fmt;

/// Where rendered bytes go: a hasher, a buffer, a socket.
///
/// Any `FnMut(&[u8])` is one. A renderer calls it with runs of bytes, in order; an error is the sink's to remember.
pub trait Sink {
    /// Takes the next run of bytes.
    fn put(&mut self, bytes: &[u8]);

    /// Takes the next byte.
    #[inline]
    fn put_byte(&mut self, byte: u8) {
        self.put(&[byte]);
    }
}

impl<F: FnMut(&[u8])> Sink for F {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self(bytes);
    }
}

/// A formatter as a sink, for `Display`; bytes that are not UTF-8 show as U+FFFD.
pub(crate) struct FormatterSink<'f, 'b> {
    formatter: &'f mut fmt::Formatter<'b>,
    result: fmt::Result,
}

impl<'f, 'b> FormatterSink<'f, 'b> {
    /// Runs `render` into `formatter`.
    pub(crate) fn render(
        formatter: &'f mut fmt::Formatter<'b>,
        render: impl FnOnce(&mut Self),
    ) -> fmt::Result {
        let mut sink = Self { formatter, result: Ok(()) };
        render(&mut sink);
        sink.result
    }
}

impl Sink for FormatterSink<'_, '_> {
    fn put(&mut self, bytes: &[u8]) {
        for chunk in bytes.utf8_chunks() {
            if self.result.is_ok() && !chunk.valid().is_empty() {
                self.result = self.formatter.write_str(chunk.valid());
            }
            if self.result.is_ok() && !chunk.invalid().is_empty() {
                self.result = self.formatter.write_str("\u{fffd}");
            }
        }
    }
}

/// Has types that borrow twice print what their `write_to` writes; `Debug` shows the name alone, for it may be a token.
macro_rules! print_what_is_written {
    ($($name:ident),+) => {$(
        impl core::fmt::Display for $name<'_, '_> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                $crate::text::sink::FormatterSink::render(f, |sink| self.write_to(sink))
            }
        }

        impl core::fmt::Debug for $name<'_, '_> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )+};
}

pub(crate) use print_what_is_written;
