//! The parameters of a query that S3's legacy scheme does not sign.

use core::mem;

use super::policy::{UnknownParameters, VerifyPolicy};
use super::refusal::Refusal;
use crate::canonical::parameters::{self, Parameter};
use crate::schemes::s3_legacy::Subresources;
use crate::text::percent::Decoded;
use crate::text::percent::PlusSign;
use crate::text::slots::Slots;
use crate::vocabulary::error::Error;
use crate::vocabulary::request::Request;

/// The authentication of a request, in its header or in its URL, where it is still encoded.
#[derive(Default)]
pub(super) struct PresentedAuthentication<'a> {
    pub(super) access_key_id: Option<&'a [u8]>,
    pub(super) expires: Option<&'a [u8]>,
    pub(super) signature: Option<&'a [u8]>,
    pub(super) token: Option<&'a [u8]>,
}

impl<'a> PresentedAuthentication<'a> {
    pub(super) fn in_url(query: &'a [u8]) -> Result<Self, Refusal> {
        parameters::check(query)?;
        let mut presented = Self::default();
        for pair in query.split(|byte| *byte == b'&') {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = halves.next().unwrap_or_default();
            if let Some((name, place)) = presented.place(name)
                && place.replace(halves.next().unwrap_or_default()).is_some()
            {
                return Err(Refusal::repeated(name));
            }
        }
        Ok(presented)
    }

    pub(super) fn is_empty(&self) -> bool {
        [self.access_key_id, self.expires, self.signature, self.token].iter().all(Option::is_none)
    }

    fn place(&mut self, name: &[u8]) -> Option<(&'static str, &mut Option<&'a [u8]>)> {
        let is = |other: &str| Decoded::new(name, PlusSign::Literal).eq(other.bytes());
        [
            (ACCESS_KEY_ID, &mut self.access_key_id),
            (EXPIRES, &mut self.expires),
            (SIGNATURE, &mut self.signature),
            (TOKEN, &mut self.token),
        ]
        .into_iter()
        .find(|(other, _)| is(other))
    }
}

const ACCESS_KEY_ID: &str = "AWSAccessKeyId";
const EXPIRES: &str = "Expires";
const SIGNATURE: &str = "Signature";
const TOKEN: &str = "x-amz-security-token";

/// Checks that every parameter is signed, is known to be harmless, or repeats a signed header.
///
/// # Errors
/// [`Refusal::RepeatedAuthentication`] for those of Signature Version 4; [`Refusal::UnsignedParameter`].
pub(super) fn check(policy: &VerifyPolicy<'_>, request: &Request<'_>) -> Result<(), Refusal> {
    let signed = Subresources { extra: policy.extra_subresources, unsigned: policy.unsigned_parameters };
    let mut doubles = Doubles::new();
    for parameter in parameters::split(request.query.as_bytes(), policy.plus_sign) {
        if [ACCESS_KEY_ID, EXPIRES, SIGNATURE, TOKEN].iter().any(|name| parameter.is(name)) {
            continue;
        }
        if is_of_version_4(parameter) {
            return Err(Refusal::repeated("X-Amz-Signature"));
        }
        if is_header(parameter) {
            if doubles.as_slice().len() == MOST_DOUBLES || doubles.push(parameter).is_err() {
                return Err(Error::TooManyParameters.into());
            }
            continue;
        }
        let harmless = |names: &[&str]| names.iter().any(|name| parameter.is(name));
        let known =
            signed.have(parameter.name()) || harmless(&OF_LISTS) || harmless(policy.unsigned_parameters);
        if !known && policy.unknown_parameters == UnknownParameters::Refused {
            return Err(Refusal::UnsignedParameter);
        }
    }
    if all_are_doubles(doubles, request) { Ok(()) } else { Err(Refusal::UnsignedParameter) }
}

/// Parameters that may repeat headers.
type Doubles<'a> = Slots<Parameter<'a>, MOST_DOUBLES>;

const MOST_DOUBLES: usize = 64;

/// Parameters that select part of a list, or how it is written.
const OF_LISTS: [&str; 17] = [
    "bucket-region",
    "continuation-token",
    "delimiter",
    "encoding-type",
    "fetch-owner",
    "key-marker",
    "list-type",
    "marker",
    "max-buckets",
    "max-keys",
    "max-parts",
    "max-uploads",
    "part-number-marker",
    "prefix",
    "start-after",
    "upload-id-marker",
    "version-id-marker",
];

/// What a presigned signature of Signature Version 4 consists of, after `X-Amz-`.
const OF_VERSION_4: [&str; 10] = [
    "algorithm",
    "content-sha256",
    "credential",
    "date",
    "expires",
    "region-set",
    "s3session-token",
    "security-token",
    "signature",
    "signedheaders",
];

fn is_of_version_4(parameter: Parameter<'_>) -> bool {
    let mut name = lower(parameter);
    name.by_ref().take(AMZ.len()).eq(AMZ.bytes())
        && OF_VERSION_4.iter().any(|other| name.clone().eq(other.bytes()))
}

const AMZ: &str = "x-amz-";

/// Whether its name is that of a header that is signed, which servers may read in its stead.
fn is_header(parameter: Parameter<'_>) -> bool {
    let name = lower(parameter);
    name.clone().take(AMZ.len()).eq(AMZ.bytes())
        || ["content-md5", "content-type"].iter().any(|other| name.clone().eq(other.bytes()))
}

/// Whether there is one header of each one's name, and that has its value. Headers are looked for among the parameters, which
/// are few and sorted, as the work is a stranger's to choose.
fn all_are_doubles(mut doubles: Doubles<'_>, request: &Request<'_>) -> bool {
    let repeats = doubles.sort_by_key(|parameter| parameter, |a, b| lower(a).cmp(lower(b)));
    let doubles = doubles.as_slice();
    let mut seen = [false; MOST_DOUBLES];
    for header in request.headers {
        let name = header.name.bytes().map(|byte| byte.to_ascii_lowercase());
        let found = doubles.binary_search_by(|parameter| lower(*parameter).cmp(name.clone()));
        let Ok(at) = found else { continue };
        let (Some(parameter), Some(seen)) = (doubles.get(at), seen.get_mut(at)) else { continue };
        if mem::replace(seen, true) || !parameter.value().eq(header.value.trim_ascii().iter().copied()) {
            return false;
        }
    }
    !repeats && seen.iter().take(doubles.len()).all(|seen| *seen)
}

fn lower(parameter: Parameter<'_>) -> impl Iterator<Item = u8> + Clone {
    parameter.name().map(|byte| byte.to_ascii_lowercase())
}
