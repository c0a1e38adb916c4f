//! Base64 of signatures, checksums and policies (RFC 4648, section 4), as it streams by.

use super::sink::ByteSink;

/// A sink that passes on what it is given in base64.
pub(crate) struct Base64<'s, S> {
    sink: &'s mut S,
    /// What is not passed on yet, in its low bytes.
    bits: u32,
    bytes: u8,
}

impl<'s, S: ByteSink> Base64<'s, S> {
    /// Writes the base64 of what `render` writes.
    pub(crate) fn encode(sink: &'s mut S, render: impl FnOnce(&mut Self)) {
        let mut encoder = Self { sink, bits: 0, bytes: 0 };
        render(&mut encoder);
        encoder.finish();
    }

    fn finish(self) {
        match self.bytes {
            1 => {
                let [a, b, ..] = digits(self.bits << 16);
                self.sink.put(&[a, b, b'=', b'=']);
            }
            2 => {
                let [a, b, c, _] = digits(self.bits << 8);
                self.sink.put(&[a, b, c, b'=']);
            }
            _ => {}
        }
    }
}

impl<S: ByteSink> ByteSink for Base64<'_, S> {
    fn put(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.bits = self.bits << 8 | u32::from(*byte);
            self.bytes += 1;
            if self.bytes == 3 {
                self.sink.put(&digits(self.bits));
                (self.bits, self.bytes) = (0, 0);
            }
        }
    }
}

/// Whether `text` is padded base64 in one line.
pub(crate) fn is_valid(text: &str) -> bool {
    let digits = text.strip_suffix("==").or(text.strip_suffix('=')).unwrap_or(text);
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    !text.is_empty() && text.len().is_multiple_of(4) && digits.bytes().all(valid)
}

/// The four digits of 24 bits.
fn digits(bits: u32) -> [u8; 4] {
    [18, 12, 6, 0].map(|shift| digit(bits >> shift))
}

#[allow(clippy::cast_possible_truncation, reason = "six bits")]
fn digit(bits: u32) -> u8 {
    match (bits & 63) as u8 {
        value @ 0..=25 => b'A' + value,
        value @ 26..=51 => b'a' + (value - 26),
        value @ 52..=61 => b'0' + (value - 52),
        62 => b'+',
        _ => b'/',
    }
}

#[cfg(test)]
mod tests {
    use std::string::String;
    use std::vec::Vec;

    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn encode(pieces: &[&[u8]]) -> String {
        let mut text = Vec::new();
        Base64::encode(&mut |run: &[u8]| text.extend_from_slice(run), |sink| {
            pieces.iter().for_each(|piece| sink.put(piece));
        });
        String::from_utf8(text).unwrap()
    }

    /// RFC 4648, section 10.
    #[test]
    fn known_answers() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(&[bytes.as_bytes()]), text);
        }
        assert_eq!(encode(&[&[0xfb, 0xff, 0xbf]]), "+/+/");
    }

    #[test]
    fn validity() {
        for text in ["", "Zg", "Zg=", "Zg===", "====", "Z===", "Zm9\nZg==", "Zm9-", "=Zm9"] {
            assert!(!is_valid(text), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn splits_do_not_matter(bytes in vec(any::<u8>(), 0..100), cut in 0..100usize) {
            let (head, tail) = bytes.split_at(cut.min(bytes.len()));
            let whole = encode(&[&bytes]);
            prop_assert_eq!(&encode(&[head, tail]), &whole);
            prop_assert!(bytes.is_empty() || is_valid(&whole));
        }
    }
}
