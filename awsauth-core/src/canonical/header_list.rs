use core::fmt;

use crate::text::percent::Decoded;
use crate::text::sink::{FormatterSink, Sink};
use crate::{PlusSign, SignedHeaders};

/// The names of signed headers, as an `authorization` header has them (`a;b`) or, percent-encoded, a URL (`a%3Bb`).
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeaderList<'a> {
    text: &'a str,
    is_encoded: bool,
}

/// The name of a signed header: lower case. It prints as such, also where a URL has it escaped.
#[derive(Clone, Copy)]
pub struct SignedHeaderName<'a> {
    text: &'a [u8],
    is_encoded: bool,
}

impl<'a> HeaderList<'a> {
    /// Of an `authorization` header, in which `%` is part of a name.
    pub(crate) fn plain(text: &'a str) -> Self {
        Self { text, is_encoded: false }
    }

    /// Of a URL.
    pub(crate) fn encoded(text: &'a str) -> Self {
        Self { text, is_encoded: true }
    }

    pub(crate) fn text(self) -> &'a str {
        self.text
    }

    pub(crate) fn names(self) -> impl Iterator<Item = SignedHeaderName<'a>> {
        let Self { text, is_encoded } = self;
        let mut rest = Some(text.as_bytes());
        let texts = core::iter::from_fn(move || {
            let list = rest.take()?;
            let separator = |at: usize| match list.get(at..) {
                Some([b';', ..]) => Some((at, 1)),
                Some([b'%', b'3', b'B' | b'b', ..]) if is_encoded => Some((at, 3)),
                _ => None,
            };
            let Some((end, width)) = (0..list.len()).find_map(separator) else { return Some(list) };
            rest = list.get(end + width..);
            list.get(..end)
        });
        texts.map(move |text| SignedHeaderName { text, is_encoded })
    }

    pub(crate) fn selection(self) -> SignedHeaders<'a> {
        if self.is_encoded {
            SignedHeaders::ExactlyEncoded(self.text)
        } else {
            SignedHeaders::Exactly(self.text)
        }
    }

    /// Whether this header, whose name may be in any case, is among them.
    pub(crate) fn has(self, name: &str) -> bool {
        self.names().any(|listed| listed.is(name))
    }
}

impl<'a> SignedHeaderName<'a> {
    /// Whether it is this name, which may be in any case.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        if self.is_encoded && self.text.contains(&b'%') {
            let lower = |byte: u8| byte.to_ascii_lowercase();
            return self.bytes().map(lower).eq(name.bytes().map(lower));
        }
        self.text.eq_ignore_ascii_case(name.as_bytes())
    }

    /// Writes its bytes.
    pub fn write_to(&self, sink: &mut impl Sink) {
        self.bytes().for_each(|byte| sink.put(&[byte]));
    }

    pub(crate) fn bytes(&self) -> impl Iterator<Item = u8> + use<'a> {
        let (raw, encoded): (&[u8], &[u8]) =
            if self.is_encoded { (&[], self.text) } else { (self.text, &[]) };
        raw.iter().copied().chain(Decoded::new(encoded, PlusSign::Literal))
    }
}

impl fmt::Display for SignedHeaderName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatterSink::render(f, |sink| self.write_to(sink))
    }
}

impl fmt::Debug for SignedHeaderName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
