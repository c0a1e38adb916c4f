use core::fmt;

use crate::schemes::sigv4::CredentialScope;
use crate::text::percent::Decoded;
use crate::text::percent::PlusSign;
use crate::vocabulary::credentials::check_access_key_id;
use crate::vocabulary::time::Date;

/// The longest access key ID that IAM issues, and so the longest to look a key up by.
const LONGEST_ID: usize = 128;
/// Longer than any region or signing name.
const LONGEST_NAME: usize = 64;

pub(super) type AccessKeyId<'a> = Text<'a, LONGEST_ID>;

/// `AKID/date/region/service/aws4_request`.
#[derive(Clone)]
pub(super) struct Credential<'a> {
    pub(super) access_key_id: AccessKeyId<'a>,
    date: Date,
    /// Signature Version 4A has none.
    region: Option<Text<'a, LONGEST_NAME>>,
    service: Text<'a, LONGEST_NAME>,
}

/// Printable ASCII without blanks, of bounded length: borrowed where it stands as it is, else a copy.
#[derive(Clone)]
pub(super) enum Text<'a, const LONGEST: usize> {
    Borrowed(&'a str),
    Decoded { bytes: [u8; LONGEST], length: usize },
}

impl<'a> Credential<'a> {
    /// Parses a credential of an `authorization` header.
    pub(super) fn parse(text: &'a [u8], has_region: bool) -> Option<Self> {
        Self::from_parts(text.split(|byte| *byte == b'/'), has_region, None)
    }

    /// Parses a credential of a URL, where slashes may be escaped.
    pub(super) fn parse_encoded(text: &'a [u8], has_region: bool, plus: PlusSign) -> Option<Self> {
        let mut rest = Some(text);
        let parts = core::iter::from_fn(|| {
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
        Self::from_parts(parts, has_region, Some(plus))
    }

    pub(super) fn scope(&self) -> CredentialScope<'_> {
        CredentialScope::of_checked(self.date, self.region.as_ref().map(Text::as_str), self.service.as_str())
    }

    fn from_parts(
        mut parts: impl Iterator<Item = &'a [u8]>,
        has_region: bool,
        plus: Option<PlusSign>,
    ) -> Option<Self> {
        let access_key_id = access_key_id(parts.next()?, plus)?;
        let date = Date::parse(graphic(parts.next()?)?).ok()?;
        let region = if has_region { Some(Text::read(parts.next()?, plus)?) } else { None };
        let service = Text::read(parts.next()?, plus)?;
        match &region {
            Some(region) => CredentialScope::new(date, region.as_str(), service.as_str()).ok()?,
            None => CredentialScope::without_region(date, service.as_str()).ok()?,
        };
        let ends = parts.next()? == b"aws4_request" && parts.next().is_none();
        ends.then_some(Self { access_key_id, date, region, service })
    }
}

impl<'a, const LONGEST: usize> Text<'a, LONGEST> {
    /// Reads it as it stands or, if `plus` is given, as URL text in which a bare `+` means that.
    pub(super) fn read(text: &'a [u8], plus: Option<PlusSign>) -> Option<Self> {
        let plus = plus.filter(|_| text.iter().any(|byte| matches!(byte, b'%' | b'+')));
        let Some(plus) = plus else {
            return graphic(text).filter(|text| text.len() <= LONGEST).map(Self::Borrowed);
        };
        let mut bytes = [0; LONGEST];
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

/// Reads an access key ID, in any scheme: see `Claim::access_key_id`.
pub(super) fn access_key_id(text: &[u8], plus: Option<PlusSign>) -> Option<AccessKeyId<'_>> {
    let id = AccessKeyId::read(text, plus)?;
    check_access_key_id(id.as_str()).ok()?;
    Some(id)
}

impl fmt::Debug for Credential<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.access_key_id.as_str(), self.scope())
    }
}

/// Printable ASCII without blanks.
pub(super) fn graphic(text: &[u8]) -> Option<&str> {
    if !text.iter().all(u8::is_ascii_graphic) {
        return None;
    }
    core::str::from_utf8(text).ok()
}
