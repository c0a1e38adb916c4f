use super::credential::{Credential, graphic};
use super::refusal::Refusal;
use crate::canonical::header_list::HeaderList;
use crate::schemes::sigv4;

/// A signature algorithm, and the form of its credential scope.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Algorithm {
    pub(super) name: &'static str,
    pub(super) has_region: bool,
}

impl Algorithm {
    pub(super) const HMAC: Self = Self { name: sigv4::ALGORITHM, has_region: true };
    /// Signature Version 4A's.
    pub(super) const ECDSA: Self = Self { name: "AWS4-ECDSA-P256-SHA256", has_region: false };
}

/// The parts of an authentication, from a header or from a URL.
pub(super) struct Authentication<'a> {
    pub(super) credential: Credential<'a>,
    /// The list, as it was presented.
    pub(super) signed_headers: HeaderList<'a>,
    /// Its digits.
    pub(super) signature: &'a [u8],
}

impl<'a> Authentication<'a> {
    /// Parses an `authorization` header. As AWS does, it accepts missing commas between the parts and one after the
    /// algorithm, and any number of blanks around them; the three parts may be in any order.
    pub(super) fn parse(header: &'a [u8], wanted: Algorithm) -> Result<Self, Refusal> {
        let (algorithm, mut rest) = split_part(header.trim_ascii());
        if algorithm != wanted.name.as_bytes() {
            return Err(Refusal::UnsupportedAlgorithm);
        }
        let [mut credential, mut signed_headers, mut signature] = [None; 3];
        while let Some(parts) = rest {
            let part;
            (part, rest) = split_part(parts);
            let equals = part.iter().position(|byte| *byte == b'=').ok_or(MALFORMED)?;
            let (name, value) = part.split_at_checked(equals).unwrap_or_default();
            let (place, name) = match name {
                b"Credential" => (&mut credential, "Credential"),
                b"SignedHeaders" => (&mut signed_headers, "SignedHeaders"),
                b"Signature" => (&mut signature, "Signature"),
                _ => return Err(MALFORMED),
            };
            if place.replace(value.get(1..).unwrap_or_default()).is_some() {
                return Err(Refusal::repeated(name));
            }
        }
        let credential = credential.ok_or_else(|| Refusal::incomplete("Credential"))?;
        let signed_headers = signed_headers.ok_or_else(|| Refusal::incomplete("SignedHeaders"))?;
        let signature = signature.ok_or_else(|| Refusal::incomplete("Signature"))?;
        Ok(Self {
            credential: Credential::parse(credential, wanted.has_region).ok_or(MALFORMED)?,
            signed_headers: HeaderList::plain(graphic(signed_headers).ok_or(MALFORMED)?),
            signature,
        })
    }
}

/// Splits off the text before a comma or a blank, or both; after a comma something must follow.
fn split_part(parts: &[u8]) -> (&[u8], Option<&[u8]>) {
    let end = parts.iter().position(|byte| *byte == b',' || byte.is_ascii_whitespace());
    let Some((part, rest)) = end.and_then(|end| parts.split_at_checked(end)) else { return (parts, None) };
    match rest.trim_ascii_start() {
        [] => (part, None),
        [b',', rest @ ..] => (part, Some(rest.trim_ascii_start())),
        rest => (part, Some(rest)),
    }
}

const MALFORMED: Refusal = Refusal::MalformedAuthorization;
