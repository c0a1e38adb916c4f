use crate::text::ascii;
use crate::text::percent::{self, Flaw, Scanned};
use crate::text::sink::ByteSink;
use crate::text::steps;
use crate::text::writer::{Writer, gather};
use crate::vocabulary::error::Error;

/// How a service canonicalises paths. [`for_service`](Self::for_service) returns the rule of a service; set another for
/// a server that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathRule {
    /// Whether the path as it is sent is percent-encoded once more in the canonical request, as every service but S3
    /// does.
    pub double_encode: bool,
    /// Whether `//`, `.` and `..` are resolved (RFC 3986, section 5.2.4), both in the canonical request and on the
    /// wire. If not, paths are opaque keys, and `%2F` in one is a slash.
    pub normalize: bool,
}

impl PathRule {
    /// The rule of S3 and its family: keys are opaque, and encoded exactly once.
    pub const S3: Self = Self { double_encode: false, normalize: false };
    /// The rule of every other service.
    pub const STANDARD: Self = Self { double_encode: true, normalize: true };

    /// Returns the rule of the service with this signing name (see the canonical URI in [Create a signed AWS API
    /// request](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html)).
    #[must_use]
    pub fn for_service(signing_name: &str) -> Self {
        if is_s3(signing_name) { Self::S3 } else { Self::STANDARD }
    }
}

/// Whether S3's rules for paths, repeated parameters and presigned payloads hold for this signing name.
pub(crate) fn is_s3(signing_name: &str) -> bool {
    matches!(signing_name, "s3" | "s3express" | "s3-object-lambda" | "s3-outposts")
}

/// Paths with `..` are resolved without a heap: there is a bit for each segment.
const MAX_SEGMENTS: usize = 256;

/// A checked path, with how it renders.
#[derive(Clone, Copy)]
pub(crate) struct CanonicalPath<'a> {
    text: &'a [u8],
    rule: PathRule,
    /// The text is its own canonical form.
    verbatim: bool,
    /// There are segments to resolve; where they are not resolved and can be escaped, segments to escape on the wire.
    dotted: bool,
}

impl<'a> CanonicalPath<'a> {
    /// The root: a filler.
    pub(crate) const ROOT: Self = Self { text: b"/", rule: PathRule::S3, verbatim: true, dotted: false };

    #[inline]
    pub(crate) fn new(text: &'a str, rule: PathRule) -> Result<Self, Error> {
        let text = if text.is_empty() { b"/" } else { text.as_bytes() };
        if text.first() != Some(&b'/') {
            return Err(Error::MalformedTarget);
        }
        if cfg!(target_pointer_width = "64") && ascii::is_resolved_path(text) {
            return Ok(Self { text, rule, verbatim: true, dotted: false });
        }
        // Whether a segment is empty or begins with a dot.
        let mut dots = false;
        let mut question_mark = false;
        let scanned = percent::scan(text, |at, byte| {
            question_mark |= byte == b'?';
            dots |= byte == b'/' && matches!(text.get(at + 1), Some(b'/' | b'.'));
            byte == b'/'
        });
        let Scanned { canonical, escaped } = scanned.map_err(error)?;
        // On the wire it would begin the query.
        if question_mark {
            return Err(Error::MalformedTarget);
        }
        let dotted = match rule {
            PathRule { normalize: true, double_encode } => dots || !double_encode && escaped,
            PathRule { normalize: false, double_encode } => dots && !double_encode && has_lone_dots(text),
        };
        let resolved = rule.normalize && dotted;
        if resolved && text.split(|byte| *byte == b'/').count() > MAX_SEGMENTS && has_parent(text) {
            return Err(Error::TooManySegments);
        }
        let verbatim = canonical && !resolved && !(rule.double_encode && escaped);
        Ok(Self { text, rule, verbatim, dotted })
    }

    /// Whether normalising the text changes nothing (RFC 3986, section 6.2.2), so that there is no other way to write
    /// the signed path.
    pub(crate) fn is_canonical(&self) -> bool {
        let PathRule { double_encode, normalize } = self.rule;
        if self.verbatim && !self.dotted {
            return true;
        }
        if self.rule == PathRule::S3 {
            let mut rest = Some(self.text);
            gather(&mut |run: &[u8]| rest = rest.and_then(|rest| rest.strip_prefix(run)), |writer| {
                self.write_wire(writer);
            });
            return rest == Some(b"");
        }
        // Where it is decoded, reserved bytes that are bare are another way to write those that are escaped.
        let is_bare = |byte| byte == b'/' || double_encode && percent::is_legal_in_path(byte);
        let mut segments = self.text.split(|byte| *byte == b'/').skip(1).peekable();
        let resolved = !normalize
            || core::iter::from_fn(|| Some((segments.next()?, segments.peek().is_none()))).all(
                |(segment, is_last)| !matches!(segment, b"." | b"..") && (is_last || !segment.is_empty()),
            );
        resolved && percent::is_normal(self.text, is_bare)
    }

    /// Writes the canonical URI.
    pub(crate) fn write_to(&self, writer: &mut Writer<'_>) {
        let PathRule { double_encode, normalize } = self.rule;
        self.each_segment(
            writer,
            match (double_encode, normalize) {
                (true, _) => |segment, writer| percent::encode_path(segment, writer),
                (false, true) => |segment, writer| percent::reencode_segments(segment, writer),
                (false, false) => |segment, writer| percent::reencode_path(segment, writer),
            },
        );
    }

    /// Writes the path that goes on the wire: one whose canonical form the server computes to be ours.
    pub(crate) fn write_wire(&self, writer: &mut Writer<'_>) {
        if let Some(text) = self.sent_verbatim() {
            return writer.put(text);
        }
        let PathRule { double_encode, normalize } = self.rule;
        match (double_encode, normalize) {
            (true, _) => self.each_segment(writer, |segment, writer| writer.put(segment)),
            (false, true) => self.each_segment(writer, |segment, writer| match is_escaped_dots(segment) {
                // Bare, it would be resolved by whoever reads it.
                true => writer.put(segment),
                false => percent::reencode_segments(segment, writer),
            }),
            (false, false) => percent::reencode_path_on_the_wire(self.text, writer),
        }
    }

    /// The path as it came, if it goes on the wire like this; `None` also if that is unknown without writing it.
    #[inline]
    pub(crate) fn sent_verbatim(&self) -> Option<&'a [u8]> {
        ((self.verbatim || self.rule.double_encode) && !self.dotted).then_some(self.text)
    }

    fn each_segment(&self, writer: &mut Writer<'_>, write: fn(&[u8], &mut Writer<'_>)) {
        if self.verbatim {
            return writer.put(self.text);
        }
        if !(self.rule.normalize && self.dotted) {
            return write(self.text, writer);
        }
        self.resolve(writer, write);
    }

    #[inline(never)]
    fn resolve(&self, writer: &mut Writer<'_>, write: fn(&[u8], &mut Writer<'_>)) {
        let mut segments = self.text.split(|byte| *byte == b'/');
        let kept = has_parent(self.text).then(|| KeptSegments::of(self.text));
        for (segment, from_end) in segments.clone().zip((0..segments.clone().count()).rev()) {
            steps::count();
            let is_kept = !matches!(segment, b"" | b"." | b"..");
            if is_kept && kept.as_ref().is_none_or(|kept| kept.has(from_end)) {
                writer.put_byte(b'/');
                write(segment, writer);
            }
        }
        // `/a/`, `/a/.` and `/a/b/..` name a folder.
        if matches!(segments.next_back(), Some(b"" | b"." | b"..")) {
            writer.put_byte(b'/');
        }
    }
}

/// A bit for each segment, the last one first: whether no `..` behind it takes it back.
struct KeptSegments([u64; MAX_SEGMENTS / 64]);

impl KeptSegments {
    fn of(text: &[u8]) -> Self {
        let mut kept = Self([0; MAX_SEGMENTS / 64]);
        let mut parents = 0_u32;
        for (from_end, segment) in text.rsplit(|byte| *byte == b'/').enumerate() {
            steps::count();
            match segment {
                b"" | b"." => {}
                b".." => parents += 1,
                _ if parents > 0 => parents -= 1,
                _ => {
                    if let Some(bits) = kept.0.get_mut(from_end / 64) {
                        *bits |= 1 << (from_end % 64);
                    }
                }
            }
        }
        kept
    }

    fn has(&self, from_end: usize) -> bool {
        self.0.get(from_end / 64).is_some_and(|bits| bits >> (from_end % 64) & 1 != 0)
    }
}

pub(crate) fn error(flaw: Flaw) -> Error {
    match flaw {
        Flaw::Control => Error::ControlInTarget,
        Flaw::Fragment => Error::FragmentInTarget,
        Flaw::Percent => Error::MalformedPercent,
    }
}

/// Whether a segment is `.` or `..`, partly or wholly escaped: that is data, unlike the same unescaped.
fn is_escaped_dots(segment: &[u8]) -> bool {
    let mut rest = segment;
    let mut dots = 0;
    while let [b'.', tail @ ..] | [b'%', b'2', b'e' | b'E', tail @ ..] = rest {
        rest = tail;
        dots += 1;
    }
    rest.is_empty() && segment.contains(&b'%') && matches!(dots, 1 | 2)
}

/// Whether a segment is `.` or `..`, which clients and proxies resolve where S3 does not.
fn has_lone_dots(text: &[u8]) -> bool {
    text.split(|byte| *byte == b'/').any(|segment| matches!(segment, b"." | b".."))
}

fn has_parent(text: &[u8]) -> bool {
    text.split(|byte| *byte == b'/').any(|segment| segment == b"..")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::writer::gather;
    use std::string::String;
    use std::vec::Vec;

    const ONCE_NORMALIZED: PathRule = PathRule { double_encode: false, normalize: true };

    type Write = fn(&CanonicalPath<'_>, &mut Writer<'_>);

    fn written(path: &str, rule: PathRule, write: Write) -> String {
        let mut bytes = Vec::new();
        let path = CanonicalPath::new(path, rule).unwrap();
        gather(&mut |run: &[u8]| bytes.extend_from_slice(run), |writer| write(&path, writer));
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn escaped_dots_are_data_on_the_wire_too() {
        for (path, wire, canonical) in [
            ("/a/%2e%2e/b", "/a/%2e%2e/b", "/a/../b"),
            ("/a/.%2E/b%2e", "/a/.%2E/b.", "/a/../b."),
            ("/%2e", "/%2e", "/."),
            ("/%2e%2e%2e/%41/", "/.../A/", "/.../A/"),
            ("/a/%2e/../%2fb", "/a/%2Fb", "/a/%2Fb"),
        ] {
            assert_wire_and_canonical(path, ONCE_NORMALIZED, wire, canonical);
        }
    }

    #[test]
    fn lone_dots_in_a_key_are_escaped_on_the_wire_alone() {
        for (path, wire, canonical) in [
            ("/a/./k", "/a/%2E/k", "/a/./k"),
            ("/a/%2e/k", "/a/%2E/k", "/a/./k"),
            ("/a/../k", "/a/%2E%2E/k", "/a/../k"),
            ("/a/.%2E/k", "/a/%2E%2E/k", "/a/../k"),
            ("/a%2F..%2fk", "/a/%2E%2E/k", "/a/../k"),
            ("/.", "/%2E", "/."),
            ("/..", "/%2E%2E", "/.."),
            ("/a/..", "/a/%2E%2E", "/a/.."),
            ("/a/../", "/a/%2E%2E/", "/a/../"),
            ("/./../.a/..b/.../a./b..", "/%2E/%2E%2E/.a/..b/.../a./b..", "/./../.a/..b/.../a./b.."),
            ("//.//..//a", "//%2E//%2E%2E//a", "//.//..//a"),
            ("/.%20/.=/..%7E", "/.%20/.%3D/..~", "/.%20/.%3D/..~"),
            ("/.hidden", "/.hidden", "/.hidden"),
        ] {
            assert_wire_and_canonical(path, PathRule::S3, wire, canonical);
        }
    }

    /// A path that is encoded twice has no escape that stands for a dot.
    #[test]
    fn lone_dots_that_are_encoded_twice_stay() {
        let rule = PathRule { double_encode: true, normalize: false };
        assert_wire_and_canonical("/a/./../k", rule, "/a/./../k", "/a/./../k");
    }

    fn assert_wire_and_canonical(path: &str, rule: PathRule, wire: &str, canonical: &str) {
        let on_the_wire = written(path, rule, |path, writer| path.write_wire(writer));
        assert_eq!(on_the_wire, wire, "{path}");
        for path in [path, wire] {
            assert_eq!(written(path, rule, |path, writer| path.write_to(writer)), canonical, "{path}");
        }
        assert_eq!(written(wire, rule, |path, writer| path.write_wire(writer)), wire, "{path}");
    }
}
