use core::fmt;

use super::credential::graphic;
use crate::text::percent::Decoded;
use crate::text::percent::PlusSign;
use crate::text::sink::{ByteSink, FormatterSink};

/// The Regions that a request was signed for with Signature Version 4A: names separated by commas, in which `*` matches
/// any characters. It prints as such.
#[derive(Clone, Copy, Default)]
pub struct RegionSet<'a> {
    text: &'a str,
    /// If it is URL text: what a bare `+` means.
    encoded: Option<PlusSign>,
}

impl<'a> RegionSet<'a> {
    pub(super) fn read(text: &'a [u8], encoded: Option<PlusSign>) -> Option<Self> {
        let set = Self { text: graphic(text)?, encoded };
        let is_listed = set.bytes().all(|byte| byte.is_ascii_graphic()) && !text.is_empty();
        is_listed.then_some(set)
    }

    /// Returns whether the set includes this Region.
    #[must_use]
    pub fn has(&self, region: &str) -> bool {
        let mut rest = Some(self.bytes());
        while let Some(mut pattern) = rest {
            if matches(pattern.clone(), region.as_bytes()) {
                return true;
            }
            rest = pattern.any(|byte| byte == b',').then_some(pattern);
        }
        false
    }

    /// Writes its bytes.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        self.bytes().for_each(|byte| sink.put(&[byte]));
    }

    fn bytes(&self) -> impl Iterator<Item = u8> + Clone + use<'a> {
        let (raw, encoded) = match self.encoded {
            None => (self.text.as_bytes(), &[][..]),
            Some(_) => (&[][..], self.text.as_bytes()),
        };
        raw.iter().copied().chain(Decoded::new(encoded, self.encoded.unwrap_or_default()))
    }
}

/// Whether a pattern, which a comma ends, matches this name: each `*` matches as little as it can, and more if that
/// fails.
fn matches(mut pattern: impl Iterator<Item = u8> + Clone, name: &[u8]) -> bool {
    let mut rest = name;
    let mut after_star = None;
    loop {
        match (pattern.next().filter(|byte| *byte != b','), rest) {
            (Some(b'*'), _) => after_star = Some((pattern.clone(), rest)),
            (None, []) => return true,
            (Some(wanted), [byte, tail @ ..]) if wanted == *byte => rest = tail,
            _ => {
                let Some((start, [_, tail @ ..])) = after_star else { return false };
                (pattern, rest) = (start.clone(), tail);
                after_star = Some((start, tail));
            }
        }
    }
}

impl fmt::Display for RegionSet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatterSink::render(f, |sink| self.write_to(sink))
    }
}

impl fmt::Debug for RegionSet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn stars_stand_for_any_characters() {
        for (set, has, has_not) in [
            ("*", &["us-east-1", ""][..], &[][..]),
            ("us-east-1", &["us-east-1"], &["us-east-2", "us-east-11", "us-east", ""]),
            ("us-*", &["us-west-2", "us-"], &["eu-us-1", "us"]),
            ("*-1", &["us-east-1", "-1", "a-1-1"], &["us-east-2", "1"]),
            ("us-*-1,eu-west-2", &["us-east-1", "us-gov-west-1", "eu-west-2"], &["us-east-2", "eu-west-1"]),
            ("a,,b*", &["a", "b", "bc", ""], &["c"]),
            ("**a*b*", &["ab", "xaxbx", "aabb"], &["ba", "a"]),
        ] {
            let encoded: std::string::String = set.bytes().map(|byte| std::format!("%{byte:02X}")).collect();
            for set in [
                RegionSet::read(set.as_bytes(), None).unwrap(),
                RegionSet::read(encoded.as_bytes(), Some(PlusSign::Space)).unwrap(),
            ] {
                assert!(has.iter().all(|region| set.has(region)), "{set}");
                assert!(!has_not.iter().any(|region| set.has(region)), "{set}");
            }
        }
        assert_eq!(RegionSet::read(b"us-%2A", Some(PlusSign::Space)).unwrap().to_string(), "us-*");
        for text in [&b""[..], b"a b", b"a\n", "\u{e9}".as_bytes()] {
            assert!(RegionSet::read(text, None).is_none());
        }
        assert!(RegionSet::read(b"a+b", Some(PlusSign::Space)).is_none());
        assert!(RegionSet::read(b"a%0A", Some(PlusSign::Space)).is_none());
    }
}
