use super::authorization::{Algorithm, Authentication};
use super::credential::{Credential, graphic};
use super::part_name::PartName;
use super::refusal::Refusal;
use crate::canonical::header_list::HeaderList;
use crate::text::percent::PlusSign;
use crate::text::percent::{self, Decoded};
use crate::vocabulary::time::Timestamp;

/// The authentication parameters of a URL, still encoded.
#[derive(Default)]
pub(super) struct Parameters<'a> {
    algorithm: Option<&'a [u8]>,
    pub(super) content_sha256: Option<&'a [u8]>,
    credential: Option<&'a [u8]>,
    date: Option<&'a [u8]>,
    expires: Option<&'a [u8]>,
    pub(super) region_set: Option<&'a [u8]>,
    pub(super) s3_session_token: Option<&'a [u8]>,
    pub(super) security_token: Option<&'a [u8]>,
    signature: Option<&'a [u8]>,
    signed_headers: Option<&'a [u8]>,
}

impl<'a> Parameters<'a> {
    pub(super) fn read(query: &'a str) -> Result<Self, Refusal> {
        let mut parameters = Self::default();
        for pair in query.as_bytes().split(|byte| *byte == b'&') {
            // Nearly no parameter begins like this, plainly or escaped.
            if !matches!(pair, [b'X' | b'%', ..]) {
                continue;
            }
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = halves.next().unwrap_or_default();
            if let Some(place) = parameters.place(name)
                && place.replace(halves.next().unwrap_or_default()).is_some()
            {
                return Err(Refusal::RepeatedAuthentication(PartName::of(decoded(name))));
            }
        }
        Ok(parameters)
    }

    /// Whether the URL is meant to be presigned.
    pub(super) fn is_presigned(&self) -> bool {
        [self.algorithm, self.credential, self.signature, self.signed_headers].iter().any(Option::is_some)
    }

    pub(super) fn authentication(
        &self,
        plus: PlusSign,
        wanted: Algorithm,
    ) -> Result<Authentication<'a>, Refusal> {
        let part = |value: Option<&'a [u8]>, name| value.ok_or_else(|| Refusal::incomplete(name));
        let algorithm = part(self.algorithm, "X-Amz-Algorithm")?;
        let credential = part(self.credential, "X-Amz-Credential")?;
        let signature = part(self.signature, "X-Amz-Signature")?;
        let signed_headers = part(self.signed_headers, "X-Amz-SignedHeaders")?;
        if algorithm != wanted.name.as_bytes() {
            return Err(Refusal::UnsupportedAlgorithm);
        }
        percent::scan(signed_headers, |_, _| true).map_err(|_| MALFORMED)?;
        // It would stand for a space.
        if plus == PlusSign::Space && signed_headers.contains(&b'+') {
            return Err(MALFORMED);
        }
        Ok(Authentication {
            credential: Credential::parse_encoded(credential, wanted.has_region, plus).ok_or(MALFORMED)?,
            signed_headers: HeaderList::encoded(graphic(signed_headers).ok_or(MALFORMED)?),
            signature,
        })
    }

    pub(super) fn time(&self) -> Result<Timestamp, Refusal> {
        let date = self.date.ok_or_else(|| Refusal::incomplete("X-Amz-Date"))?;
        graphic(date).and_then(|date| Timestamp::parse(date).ok()).ok_or(MALFORMED)
    }

    /// Seconds.
    pub(super) fn expires(&self, maximum: u32) -> Result<u32, Refusal> {
        let mut seconds = 0_u32;
        let digits = self.expires.ok_or_else(|| Refusal::incomplete("X-Amz-Expires"))?;
        for digit in digits {
            if !digit.is_ascii_digit() {
                return Err(MALFORMED);
            }
            seconds = seconds.saturating_mul(10).saturating_add(u32::from(digit - b'0'));
        }
        if digits.is_empty() || !(1..=maximum).contains(&seconds) {
            return Err(Refusal::ExpiryOutOfRange);
        }
        Ok(seconds)
    }

    fn place(&mut self, name: &[u8]) -> Option<&mut Option<&'a [u8]>> {
        let mut name = decoded(name);
        if !name.by_ref().take(6).eq(*b"X-Amz-") {
            return None;
        }
        // Decoded once; the longest has 15 bytes.
        let (mut rest, mut length) = ([0; 16], 0);
        for (place, byte) in rest.iter_mut().zip(name) {
            *place = byte;
            length += 1;
        }
        Some(match rest.get(..length)? {
            b"Algorithm" => &mut self.algorithm,
            b"Content-Sha256" => &mut self.content_sha256,
            b"Credential" => &mut self.credential,
            b"Date" => &mut self.date,
            b"Expires" => &mut self.expires,
            b"Region-Set" => &mut self.region_set,
            b"S3session-Token" => &mut self.s3_session_token,
            b"Security-Token" => &mut self.security_token,
            b"Signature" => &mut self.signature,
            b"SignedHeaders" => &mut self.signed_headers,
            _ => return None,
        })
    }
}

const MALFORMED: Refusal = Refusal::MalformedQueryAuthentication;

fn decoded(name: &[u8]) -> Decoded<'_> {
    Decoded::new(name, PlusSign::Literal)
}
