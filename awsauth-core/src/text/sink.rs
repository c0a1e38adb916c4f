use core::fmt;

/// Takes the bytes that `write_to` methods write: a hasher, a buffer, a socket.
///
/// Every `FnMut(&[u8])` implements it. The bytes come in runs, in order; an error, such as that of a socket, is for the
/// implementation to keep.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not take bytes",
    note = "pass `&mut |bytes: &[u8]| ..`, or implement `ByteSink`; what implements `Display` also prints with `write!`"
)]
pub trait ByteSink {
    /// Takes the next run of bytes.
    fn put(&mut self, bytes: &[u8]);

    /// Takes the next byte.
    #[inline]
    fn put_byte(&mut self, byte: u8) {
        self.put(&[byte]);
    }
}

impl<F: FnMut(&[u8])> ByteSink for F {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self(bytes);
    }
}

/// A formatter as a sink, for `Display`; bytes that are not UTF-8 show as U+FFFD.
pub(crate) struct FormatterSink<'f, 'b> {
    formatter: &'f mut fmt::Formatter<'b>,
    result: fmt::Result,
    /// The beginning of a character that the last run broke off in.
    begun: [u8; 4],
    length: usize,
}

impl<'f, 'b> FormatterSink<'f, 'b> {
    /// Runs `render` into `formatter`.
    pub(crate) fn render(
        formatter: &'f mut fmt::Formatter<'b>,
        render: impl FnOnce(&mut Self),
    ) -> fmt::Result {
        let mut sink = Self { formatter, result: Ok(()), begun: [0; 4], length: 0 };
        render(&mut sink);
        if sink.length > 0 {
            sink.print("\u{fffd}");
        }
        sink.result
    }

    fn print(&mut self, text: &str) {
        if self.result.is_ok() && !text.is_empty() {
            self.result = self.formatter.write_str(text);
        }
    }

    /// Ends the pending character with as many of these bytes as belong to it, and returns the rest.
    fn end_character<'r>(&mut self, mut rest: &'r [u8]) -> &'r [u8] {
        while let (1.., Some((byte, tail))) = (self.length, rest.split_first()) {
            let mut character = self.begun;
            if let Some(place) = character.get_mut(self.length) {
                *place = *byte;
            }
            let text = core::str::from_utf8(character.get(..=self.length).unwrap_or_default());
            match text.map_err(|error| error.error_len()) {
                Ok(text) => {
                    self.print(text);
                    self.length = 0;
                }
                Err(None) => {
                    self.begun = character;
                    self.length += 1;
                }
                Err(Some(_)) => {
                    self.print("\u{fffd}");
                    self.length = 0;
                    return rest;
                }
            }
            rest = tail;
        }
        rest
    }
}

impl ByteSink for FormatterSink<'_, '_> {
    fn put(&mut self, bytes: &[u8]) {
        let mut chunks = self.end_character(bytes).utf8_chunks();
        while let Some(chunk) = chunks.next() {
            self.print(chunk.valid());
            let begins =
                core::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
            if begins && chunks.clone().next().is_none() {
                self.begun.iter_mut().zip(chunk.invalid()).for_each(|(place, byte)| *place = *byte);
                self.length = chunk.invalid().len();
            } else if !chunk.invalid().is_empty() {
                self.print("\u{fffd}");
            }
        }
    }
}

/// Implements `Display` by `write_to` for types with two lifetimes; `Debug` shows the name alone, because the text may
/// be a token.
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

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};

    use super::*;

    struct Runs<'r>(&'r [&'r [u8]]);

    impl fmt::Display for Runs<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            FormatterSink::render(f, |sink| self.0.iter().for_each(|run| sink.put(run)))
        }
    }

    #[test]
    fn characters_may_be_broken_anywhere() {
        let bytes = b"a\xc3\xa9\xe2\x82\xac\xf0\x9f\x8e\x89\xff\xe2\x82b\xf0\x9f\xc3";
        let whole = String::from_utf8_lossy(bytes);
        for first in 0..bytes.len() {
            for second in first..bytes.len() {
                let (head, rest) = bytes.split_at(second);
                let (head, middle) = head.split_at(first);
                assert_eq!(Runs(&[head, middle, rest]).to_string(), whole, "{first} {second}");
            }
        }
    }
}
