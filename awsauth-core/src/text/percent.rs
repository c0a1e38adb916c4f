//! Percent-encoding by AWS's rules: everything but `A-Z a-z 0-9 - . _ ~` becomes `%XX`, upper case.

use super::ascii::{self, CONTROL, UNRESERVED, UPPER_HEX};
use super::sink::ByteSink;
use super::steps;

/// What a bare `+` in a query string means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PlusSign {
    /// A space, as HTML forms and AWS's servers read it. It is sent as `%20`.
    #[default]
    Space,
    /// A plus. It is sent as `%2B`, so that no server can mistake it.
    Literal,
}

/// What is wrong with a piece of URL text.
#[derive(Clone, Copy)]
pub(crate) enum Flaw {
    Control,
    Fragment,
    Percent,
}

/// What [`scan`] says of a text.
#[derive(Clone, Copy)]
pub(crate) struct Scanned {
    /// The text is its own canonical form: only unreserved bytes, those that `special` takes as they are, and upper-case
    /// escapes of all others.
    pub(crate) canonical: bool,
    /// There are escapes in it.
    pub(crate) escaped: bool,
}

/// Checks URL text once, so that nothing can fail later. `special` is called with each byte that is not unreserved, and
/// its place.
#[inline]
pub(crate) fn scan(text: &[u8], mut special: impl FnMut(usize, u8) -> bool) -> Result<Scanned, Flaw> {
    let (mut canonical, mut escaped) = (true, false);
    let mut see = |at: usize| {
        match text.get(at..).unwrap_or_default() {
            [b'%', high, low, ..] => {
                let decoded = escape(*high, *low).ok_or(Flaw::Percent)?;
                canonical &= ascii::is(*high, UPPER_HEX)
                    && ascii::is(*low, UPPER_HEX)
                    && !ascii::is(decoded, UNRESERVED)
                    && (decoded != b'/' || !special(at, b'/'));
                escaped = true;
            }
            [b'%', ..] => return Err(Flaw::Percent),
            [b'#', ..] => return Err(Flaw::Fragment),
            [byte, ..] if ascii::is(*byte, CONTROL) => return Err(Flaw::Control),
            [byte, ..] => canonical &= special(at, *byte),
            [] => {}
        }
        Ok(())
    };
    if cfg!(target_pointer_width = "64") {
        // To mark them first is faster than to stop at each: processors mispredict where a run of others ends.
        for (block, start) in text.chunks(ascii::MARKS).zip((0..).step_by(ascii::MARKS)) {
            let mut marks = ascii::mark_reserved(block);
            while marks != 0 {
                see(start + marks.trailing_zeros() as usize)?;
                marks &= marks - 1;
            }
        }
    } else {
        for (at, byte) in text.iter().enumerate() {
            if !ascii::is(*byte, UNRESERVED) {
                see(at)?;
            }
        }
    }
    Ok(Scanned { canonical, escaped })
}

/// Returns whether this is only unreserved bytes and upper-case escapes of all others, as a query's names and values
/// are sent: part of what [`scan`] says, in a third of its size and without the table.
pub(crate) fn is_encoded(mut text: &[u8]) -> bool {
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    };
    while let [byte, rest @ ..] = text {
        let mut encoded = ascii::is_unreserved_byte(*byte);
        text = rest;
        if *byte == b'%'
            && let [high, low, rest @ ..] = rest
            && let (Some(high), Some(low)) = (value(*high), value(*low))
        {
            encoded = !ascii::is_unreserved_byte(high << 4 | low);
            text = rest;
        }
        if !encoded {
            return false;
        }
    }
    true
}

/// Encodes raw bytes.
#[inline]
pub(crate) fn encode(raw: &[u8], sink: &mut (impl ByteSink + ?Sized)) {
    // What is mostly given is a name, and to look at all of its words is faster than to look for an end.
    if cfg!(target_pointer_width = "64") && ascii::is_unreserved(raw) {
        return sink.put(raw);
    }
    encode_except(raw, |_| false, sink);
}

/// Percent-encodes all bytes but `A-Z a-z 0-9 - . _ ~ /`: it makes the path of an S3 object from the object key.
///
/// ```
/// let mut path = Vec::new();
/// awsauth_core::encode_path("Q3/r\u{e9}sum\u{e9}+v=2.txt".as_bytes(), &mut |run: &[u8]| path.extend_from_slice(run));
/// assert_eq!(path, b"Q3/r%C3%A9sum%C3%A9%2Bv%3D2.txt");
/// ```
#[inline]
#[doc(alias = "uri_encode")]
#[doc(alias = "percent_encode")]
pub fn encode_path(raw: &[u8], sink: &mut (impl ByteSink + ?Sized)) {
    encode_except(raw, |byte| byte == b'/', sink);
}

/// Encodes what a path cannot hold (RFC 3986, section 3.3), and leaves all else as it is, escapes too.
#[inline]
pub(crate) fn encode_illegal(text: &[u8], sink: &mut (impl ByteSink + ?Sized)) {
    encode_except(text, is_legal_in_path, sink);
}

/// Whether a path can hold this byte bare, or as the beginning of an escape (RFC 3986, section 3.3), for all that is reserved.
pub(crate) fn is_legal_in_path(byte: u8) -> bool {
    matches!(byte, b'!' | b'$' | b'%' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b'/' | b':')
        || matches!(byte, b';' | b'=' | b'@')
}

/// Whether everything unescaped is unreserved or accepted by `is_bare`, and everything escaped is reserved, in upper
/// case.
pub(crate) fn is_normal(mut text: &[u8], is_bare: impl Fn(u8) -> bool) -> bool {
    while let [byte, tail @ ..] = text {
        text = tail;
        let normal = match (byte, tail) {
            (b'%', [high, low, after @ ..]) => {
                text = after;
                ascii::is(*high, UPPER_HEX)
                    && ascii::is(*low, UPPER_HEX)
                    && escape(*high, *low).is_some_and(|byte| !ascii::is(byte, UNRESERVED))
            }
            (byte, _) => ascii::is(*byte, UNRESERVED) || is_bare(*byte),
        };
        if !normal {
            return false;
        }
    }
    true
}

/// Decodes URL text once and encodes it once; `/` stays, and an escaped one becomes bare.
pub(crate) fn reencode_path(text: &[u8], sink: &mut (impl ByteSink + ?Sized)) {
    for byte in Decoded::new(text, PlusSign::Literal) {
        if byte == b'/' { sink.put_byte(b'/') } else { encode_byte(byte, sink) }
    }
}

/// The same for the wire: a segment of nothing but one or two dots is escaped, as clients and proxies resolve those that are
/// bare.
pub(crate) fn reencode_path_on_the_wire(text: &[u8], sink: &mut (impl ByteSink + ?Sized)) {
    // How many dots a segment has begun with, as long as there is nothing else in it.
    let mut dots = None;
    for byte in Decoded::new(text, PlusSign::Literal) {
        match (byte, dots) {
            (b'/', _) => {
                put_times(dots, b"%2E", sink);
                sink.put_byte(b'/');
                dots = Some(0);
            }
            (b'.', Some(count @ 0..2)) => dots = Some(count + 1),
            _ => {
                put_times(dots.take(), b".", sink);
                encode_byte(byte, sink);
            }
        }
    }
    put_times(dots, b"%2E", sink);
}

fn put_times(times: Option<u8>, text: &[u8], sink: &mut (impl ByteSink + ?Sized)) {
    (0..times.unwrap_or(0)).for_each(|_| sink.put(text));
}

/// Decodes and encodes once what stands between slashes; an escaped slash stays escaped.
pub(crate) fn reencode_segments(text: &[u8], sink: &mut (impl ByteSink + ?Sized)) {
    let mut first = true;
    for segment in text.split(|byte| *byte == b'/') {
        if !first {
            sink.put_byte(b'/');
        }
        first = false;
        reencode_query(segment, PlusSign::Literal, sink);
    }
}

/// Decodes a query's name or value once and encodes it once.
pub(crate) fn reencode_query(text: &[u8], plus: PlusSign, sink: &mut (impl ByteSink + ?Sized)) {
    for byte in Decoded::new(text, plus) {
        encode_byte(byte, sink);
    }
}

/// The bytes that URL text encodes. A malformed escape decodes to itself: callers have run [`scan`].
#[derive(Clone)]
pub(crate) struct Decoded<'a> {
    rest: &'a [u8],
    plus: PlusSign,
}

impl<'a> Decoded<'a> {
    pub(crate) fn new(text: &'a [u8], plus: PlusSign) -> Self {
        Self { rest: text, plus }
    }
}

impl Iterator for Decoded<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        steps::count();
        let (&byte, tail) = self.rest.split_first()?;
        self.rest = tail;
        match (byte, tail) {
            (b'%', [high, low, after @ ..]) => {
                if let Some(decoded) = escape(*high, *low) {
                    self.rest = after;
                    return Some(decoded);
                }
                Some(byte)
            }
            (b'+', _) if self.plus == PlusSign::Space => Some(b' '),
            _ => Some(byte),
        }
    }
}

/// The three bytes of an escape.
#[inline]
pub(crate) fn escaped(byte: u8) -> [u8; 3] {
    let digit = |nibble: u8| nibble + if nibble < 10 { b'0' } else { b'A' - 10 };
    [b'%', digit(byte >> 4), digit(byte & 15)]
}

fn encode_except(raw: &[u8], bare: impl Fn(u8) -> bool, sink: &mut (impl ByteSink + ?Sized)) {
    let mut start = 0;
    loop {
        let mut end = ascii::unreserved_until(raw, start);
        while raw.get(end).is_some_and(|byte| bare(*byte)) {
            end = ascii::unreserved_until(raw, end + 1);
        }
        if start < end {
            sink.put(raw.get(start..end).unwrap_or_default());
        }
        let Some(byte) = raw.get(end) else { return };
        sink.put(&escaped(*byte));
        start = end + 1;
    }
}

pub(crate) fn encode_byte(byte: u8, sink: &mut (impl ByteSink + ?Sized)) {
    if ascii::is(byte, UNRESERVED) { sink.put_byte(byte) } else { sink.put(&escaped(byte)) }
}

pub(crate) fn escape(high: u8, low: u8) -> Option<u8> {
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    };
    Some(value(high)? << 4 | value(low)?)
}
