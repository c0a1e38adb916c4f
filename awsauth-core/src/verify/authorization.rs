use super::Refusal;
use super::credential::{Credential, graphic};
use crate::canonical::header_list::HeaderList;
use crate::sigv4::ALGORITHM;
use crate::text::hex;

/// What an authentication consists of, wherever it stands.
pub(super) struct Authentication<'a> {
    pub(super) credential: Credential<'a>,
    /// As it stands there.
    pub(super) signed_headers: HeaderList<'a>,
    pub(super) signature: [u8; 32],
}

impl<'a> Authentication<'a> {
    /// From an `authorization` header. Blanks around its commas may be missing or many, as AWS takes them, and its three
    /// parts in any order.
    pub(super) fn parse(header: &'a [u8]) -> Result<Self, Refusal> {
        let header = header.trim_ascii();
        let end = header.iter().position(u8::is_ascii_whitespace).unwrap_or(header.len());
        let (algorithm, parts) = header.split_at_checked(end).unwrap_or_default();
        if algorithm != ALGORITHM.as_bytes() {
            return Err(Refusal::UnsupportedAlgorithm);
        }
        let [mut credential, mut signed_headers, mut signature] = [None; 3];
        for part in parts.split(|byte| *byte == b',') {
            let part = part.trim_ascii();
            let equals = part.iter().position(|byte| *byte == b'=').ok_or(MALFORMED)?;
            let (name, value) = part.split_at_checked(equals).unwrap_or_default();
            let place = match name {
                b"Credential" => &mut credential,
                b"SignedHeaders" => &mut signed_headers,
                b"Signature" => &mut signature,
                _ => return Err(MALFORMED),
            };
            if place.replace(value.get(1..).unwrap_or_default()).is_some() {
                return Err(Refusal::RepeatedAuthentication);
            }
        }
        let (Some(credential), Some(signed_headers), Some(signature)) =
            (credential, signed_headers, signature)
        else {
            return Err(Refusal::IncompleteSignature);
        };
        Ok(Self {
            credential: Credential::parse(credential).ok_or(MALFORMED)?,
            signed_headers: HeaderList::plain(graphic(signed_headers).ok_or(MALFORMED)?),
            signature: hex::decode(signature).ok_or(MALFORMED)?,
        })
    }
}

const MALFORMED: Refusal = Refusal::MalformedAuthorization;
