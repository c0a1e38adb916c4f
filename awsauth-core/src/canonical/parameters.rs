use core::iter;

use super::path;
use crate::text::percent::{self, Decoded, PlusSign};
use crate::text::sink::ByteSink;
#[cfg(feature = "s3-legacy")]
use crate::text::slots::Slot;
use crate::text::slots::Slots;
use crate::vocabulary::error::Error;

/// Query parameters that a request may have without the feature `alloc`.
const CAPACITY: usize = 64;

/// Parameters sorted by the bytes of their decoded names, as the schemes before Signature Version 4 have them; repeats
/// stay in arrival order.
#[derive(Clone)]
pub(crate) struct Parameters<'a> {
    text: &'a [u8],
    /// The start of each kept parameter, in order.
    starts: Slots<u32, CAPACITY>,
    plus: PlusSign,
}

/// A parameter, as it stands in a query or a form.
#[derive(Clone, Copy)]
pub(crate) struct Parameter<'a> {
    name: &'a [u8],
    /// What follows the `=`, if there is one.
    value: Option<&'a [u8]>,
    plus: PlusSign,
}

#[cfg(feature = "s3-legacy")]
impl Slot for Parameter<'_> {
    const UNUSED: Self = Self { name: b"", value: None, plus: PlusSign::Space };
}

/// Checks a query or a form once, so that nothing can fail later.
pub(crate) fn check(text: &[u8]) -> Result<(), Error> {
    percent::scan(text, |_, byte| matches!(byte, b'&' | b'=')).map(|_| ()).map_err(path::error)
}

/// All parameters of a query, in arrival order.
#[cfg(feature = "s3-legacy")]
pub(crate) fn split(text: &[u8], plus: PlusSign) -> impl Iterator<Item = Parameter<'_>> {
    let pieces = text.split(|byte| *byte == b'&').filter(|piece| !piece.is_empty());
    pieces.map(move |piece| Parameter::parse(piece, plus))
}

impl<'a> Parameters<'a> {
    /// Collects the parameters of a checked query that `keep` accepts.
    pub(crate) fn new(
        text: &'a [u8],
        plus: PlusSign,
        keep: impl Fn(Parameter<'a>) -> bool,
    ) -> Result<Self, Error> {
        let mut parameters = Self { text, starts: Slots::new(), plus };
        let mut next = 0;
        for piece in text.split(|byte| *byte == b'&') {
            let start = u32::try_from(next).map_err(|_| Error::TooManyParameters)?;
            next += piece.len() + 1;
            if !piece.is_empty() && keep(Parameter::parse(piece, plus)) {
                parameters.starts.push(start).map_err(|_| Error::TooManyParameters)?;
            }
        }
        let name = |start| Decoded::new(name_at(text, start), plus);
        parameters.starts.sort_by_key(|start| start, |a, b| name(a).cmp(name(b)));
        Ok(parameters)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Parameter<'a>> {
        self.starts.as_slice().iter().map(|start| parameter_at(self.text, *start, self.plus))
    }

    /// Writes them as `name=value&...`, encoded, merged with those of `added`, which is sorted.
    pub(crate) fn write_with<S: ByteSink, P>(
        &self,
        added: impl IntoIterator<Item = (&'static str, P)>,
        sink: &mut S,
        write_value: impl Fn(P, &mut S),
    ) {
        let mut separators = iter::once("").chain(iter::repeat("&"));
        let mut separate = |sink: &mut S| sink.put(separators.next().unwrap_or_default().as_bytes());
        let mut added = added.into_iter().peekable();
        for parameter in self.iter() {
            while let Some((name, value)) = added.next_if(|(name, _)| name.bytes().le(parameter.name())) {
                separate(sink);
                write_added(name, value, sink, &write_value);
            }
            separate(sink);
            parameter.write_name(sink);
            sink.put(b"=");
            parameter.write_value(sink);
        }
        for (name, value) in added {
            separate(sink);
            write_added(name, value, sink, &write_value);
        }
    }
}

impl<'a> Parameter<'a> {
    /// Whether its decoded name is `name`.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name().eq(name.bytes())
    }

    /// The bytes of its name, decoded.
    pub(crate) fn name(&self) -> Decoded<'a> {
        Decoded::new(self.name, self.plus)
    }

    /// The bytes of its value, decoded.
    #[cfg(feature = "s3-legacy")]
    pub(crate) fn value(&self) -> Decoded<'a> {
        Decoded::new(self.value.unwrap_or_default(), self.plus)
    }

    /// Whether there is no `=` in it.
    #[cfg(feature = "s3-legacy")]
    pub(crate) fn is_bare(&self) -> bool {
        self.value.is_none()
    }

    pub(crate) fn write_name(&self, sink: &mut impl ByteSink) {
        percent::reencode_query(self.name, self.plus, sink);
    }

    pub(crate) fn write_value(&self, sink: &mut impl ByteSink) {
        percent::reencode_query(self.value.unwrap_or_default(), self.plus, sink);
    }

    fn parse(piece: &'a [u8], plus: PlusSign) -> Self {
        let equals = piece.iter().position(|byte| *byte == b'=');
        let (name, value) = piece.split_at_checked(equals.unwrap_or(piece.len())).unwrap_or_default();
        Self { name, value: value.get(1..), plus }
    }
}

/// The name of a parameter, without reading its value.
fn name_at(text: &[u8], start: u32) -> &[u8] {
    let rest = text.get(start as usize..).unwrap_or_default();
    rest.split(|byte| matches!(byte, b'=' | b'&')).next().unwrap_or_default()
}

fn parameter_at(text: &[u8], start: u32, plus: PlusSign) -> Parameter<'_> {
    let rest = text.get(start as usize..).unwrap_or_default();
    Parameter::parse(rest.split(|byte| *byte == b'&').next().unwrap_or_default(), plus)
}

fn write_added<S: ByteSink, P>(name: &str, value: P, sink: &mut S, write_value: impl Fn(P, &mut S)) {
    sink.put(name.as_bytes());
    sink.put(b"=");
    write_value(value, sink);
}
