use super::wire::TRAILER_SIGNATURE;

/// Bytes of names that are kept.
const LENGTH: usize = 512;
/// Names that are kept, as many as a body may have trailers.
const COUNT: usize = 16;

/// The names of the trailers that a request announces: it borrows nothing, so that a body type can own it.
pub(super) struct AnnouncedTrailers {
    /// Names, each with a comma after it.
    text: [u8; LENGTH],
    filled: usize,
    count: usize,
}

impl AnnouncedTrailers {
    pub(super) const NONE: Self = Self { text: [0; LENGTH], filled: 0, count: 0 };

    /// Parses the value of `x-amz-trailer`, in which names may be repeated; `None` if there are too many.
    pub(super) fn read(value: &[u8]) -> Option<Self> {
        let mut announced = Self::NONE;
        for name in value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
            let is = |other: &[u8]| other.eq_ignore_ascii_case(name);
            // The trailers' own signature needs no announcement.
            if name.is_empty() || is(TRAILER_SIGNATURE.as_bytes()) || announced.names().any(is) {
                continue;
            }
            announced.count += 1;
            let end = announced.filled + name.len();
            announced.text.get_mut(announced.filled..end)?.copy_from_slice(name);
            *announced.text.get_mut(end)? = b',';
            announced.filled = end + 1;
            if announced.count > COUNT {
                return None;
            }
        }
        Some(announced)
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Whether this is one of them, in any case.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names().any(|other| other.eq_ignore_ascii_case(name.as_bytes()))
    }

    fn names(&self) -> impl Iterator<Item = &[u8]> {
        let text = self.text.get(..self.filled).unwrap_or_default();
        text.split(|byte| *byte == b',').filter(|name| !name.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use std::string::String;

    use super::*;

    #[test]
    fn names() {
        for (value, count) in [
            ("", 0),
            (" , ", 0),
            ("x-amz-checksum-crc32", 1),
            ("X-Amz-Checksum-Crc32 , a,,b", 3),
            ("x-amz-checksum-crc32,X-AMZ-CHECKSUM-CRC32", 1),
            ("x-amz-checksum-crc32,x-amz-trailer-signature", 1),
        ] {
            let announced = AnnouncedTrailers::read(value.as_bytes()).unwrap();
            assert_eq!(announced.count(), count, "{value}");
            assert_eq!(announced.has("x-amz-CHECKSUM-crc32"), count > 0, "{value}");
            assert!(!announced.has("") && !announced.has("x-amz-checksum-crc32c"), "{value}");
        }
    }

    #[test]
    fn limits() {
        let names = |count: usize| (0..count).map(|n| std::format!("{n},")).collect::<String>();
        let read = |value: &str| AnnouncedTrailers::read(value.as_bytes()).map(|announced| announced.count());
        assert_eq!(read(&names(16)), Some(16));
        assert_eq!(read(&names(17)), None);
        assert_eq!(read(&"a".repeat(511)), Some(1));
        assert_eq!(read(&"a".repeat(512)), None);
    }
}
