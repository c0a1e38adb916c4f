use super::Refusal;
use super::credential::{Credential, graphic};
use crate::canonical::header_list::HeaderList;
use crate::sigv4;

/// A signature algorithm, and what its credential scope is like.
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

/// What an authentication consists of, wherever it stands.
pub(super) struct Authentication<'a> {
    pub(super) credential: Credential<'a>,
    /// As it stands there.
    pub(super) signed_headers: HeaderList<'a>,
    /// Its digits.
    pub(super) signature: &'a [u8],
}

impl<'a> Authentication<'a> {
    /// From an `authorization` header. Blanks around its commas may be missing or many, as AWS takes them, and its three
    /// parts in any order.
    pub(super) fn parse(header: &'a [u8], wanted: Algorithm) -> Result<Self, Refusal> {
        let header = header.trim_ascii();
        let end = header.iter().position(u8::is_ascii_whitespace).unwrap_or(header.len());
        let (algorithm, parts) = header.split_at_checked(end).unwrap_or_default();
        if algorithm != wanted.name.as_bytes() {
            return Err(Refusal::UnsupportedAlgorithm);
        }
        let [mut credential, mut signed_headers, mut signature] = [None; 3];
        for part in parts.split(|byte| *byte == b',') {
            let part = part.trim_ascii();
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

const MALFORMED: Refusal = Refusal::MalformedAuthorization;
