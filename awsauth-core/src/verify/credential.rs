use crate::sigv4::check_access_key_id;
use crate::text::percent::Decoded;
use crate::{CredentialScope, Date, PlusSign};

/// The longest access key ID that IAM issues; only one that a URL escapes needs a copy.
const LONGEST_ID: usize = 128;

/// `AKID/date/region/service/aws4_request`.
#[derive(Debug, Clone)]
pub(super) struct Credential<'a> {
    pub(super) access_key_id: AccessKeyId<'a>,
    pub(super) scope: CredentialScope<'a>,
}

#[derive(Debug, Clone)]
pub(super) enum AccessKeyId<'a> {
    Borrowed(&'a str),
    Decoded { bytes: [u8; LONGEST_ID], length: usize },
}

impl<'a> Credential<'a> {
    /// As the `authorization` header has it.
    pub(super) fn parse(text: &'a [u8]) -> Option<Self> {
        let mut parts = text.split(|byte| *byte == b'/');
        let credential = Self::from_parts(AccessKeyId::Borrowed(graphic(parts.next()?)?), &mut parts)?;
        parts.next().is_none().then_some(credential)
    }

    /// As a URL has it: slashes may be escaped.
    pub(super) fn parse_encoded(text: &'a [u8], plus: PlusSign) -> Option<Self> {
        let mut rest = Some(text);
        let mut parts = core::iter::from_fn(|| {
            let text = rest.take()?;
            let slash = |at: usize| match text.get(at..) {
                Some([b'/', ..]) => Some((at, 1)),
                Some([b'%', b'2', b'F' | b'f', ..]) => Some((at, 3)),
                _ => None,
            };
            let Some((end, width)) = (0..text.len()).find_map(slash) else { return Some(text) };
            rest = text.get(end + width..);
            text.get(..end)
        });
        let credential = Self::from_parts(AccessKeyId::decode(parts.next()?, plus)?, &mut parts)?;
        parts.next().is_none().then_some(credential)
    }

    fn from_parts(
        access_key_id: AccessKeyId<'a>,
        parts: &mut impl Iterator<Item = &'a [u8]>,
    ) -> Option<Self> {
        check_access_key_id(access_key_id.as_str()).ok()?;
        let mut next = || graphic(parts.next()?);
        let (date, region, service) = (Date::parse(next()?).ok()?, next()?, next()?);
        if next()? != "aws4_request" {
            return None;
        }
        // An escape would stand for something else than itself.
        let plain = |name: &str| !name.bytes().any(|byte| matches!(byte, b'%' | b'+'));
        let scope = CredentialScope::new(date, region, service).ok()?;
        (plain(region) && plain(service)).then_some(Self { access_key_id, scope })
    }
}

impl<'a> AccessKeyId<'a> {
    pub(super) fn decode(text: &'a [u8], plus: PlusSign) -> Option<Self> {
        if !text.iter().any(|byte| matches!(byte, b'%' | b'+')) {
            return Some(Self::Borrowed(graphic(text)?));
        }
        let mut bytes = [0; LONGEST_ID];
        let mut length = 0;
        for byte in Decoded::new(text, plus) {
            *bytes.get_mut(length)? = byte;
            length += 1;
        }
        graphic(bytes.get(..length)?)?;
        Some(Self::Decoded { bytes, length })
    }

    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Decoded { bytes, length } => bytes.get(..*length).and_then(graphic).unwrap_or_default(),
        }
    }
}

/// Printable ASCII without blanks.
pub(super) fn graphic(text: &[u8]) -> Option<&str> {
    if !text.iter().all(u8::is_ascii_graphic) {
        return None;
    }
    core::str::from_utf8(text).ok()
}
