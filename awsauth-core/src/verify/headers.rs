use super::part_name::PartName;
use super::policy::VerifyPolicy;
use super::refusal::Refusal;
use crate::canonical::header_list::{HeaderList, ListFlaw, SortedNames};
use crate::schemes::sigv4::TokenPlacement;
use crate::vocabulary::request::Header;
use crate::vocabulary::time::Timestamp;

/// The headers of a request that bear on its authentication.
#[derive(Default)]
pub(super) struct AuthenticationHeaders<'a> {
    pub(super) authorization: Option<&'a [u8]>,
    pub(super) content_sha256: Option<&'a [u8]>,
    date: Option<&'a [u8]>,
    has_another_date: bool,
    amz_date: Option<&'a [u8]>,
    pub(super) region_set: Option<&'a [u8]>,
    pub(super) s3_session_token: Option<&'a [u8]>,
    pub(super) security_token: Option<&'a [u8]>,
}

impl<'a> AuthenticationHeaders<'a> {
    pub(super) fn read(headers: &'a [Header<'a>]) -> Result<Self, Refusal> {
        let mut read = Self::default();
        for header in headers {
            let place = [
                ("authorization", &mut read.authorization),
                ("x-amz-content-sha256", &mut read.content_sha256),
                ("date", &mut read.date),
                ("x-amz-date", &mut read.amz_date),
                ("x-amz-region-set", &mut read.region_set),
                ("x-amz-s3session-token", &mut read.s3_session_token),
                ("x-amz-security-token", &mut read.security_token),
            ]
            .into_iter()
            .find_map(|(name, place)| header.is(name).then_some(place));
            if let Some(place) = place
                && place.replace(header.value.trim_ascii()).is_some()
            {
                // It authenticates nothing where there is an `x-amz-date`.
                if !header.is("date") {
                    return Err(Refusal::RepeatedAuthentication(PartName::of_header(header.name)));
                }
                read.has_another_date = true;
            }
        }
        Ok(read)
    }

    /// The time of `x-amz-date`, or else of `date`.
    pub(super) fn time(&self) -> Result<Timestamp, Refusal> {
        if self.amz_date.is_none() && self.has_another_date {
            return Err(Refusal::repeated("date"));
        }
        let date = self.amz_date.or(self.date).ok_or(Refusal::MissingDate)?;
        let date = core::str::from_utf8(date).map_err(|_| Refusal::MissingDate)?;
        let time = Timestamp::parse(date).or_else(|error| match self.amz_date {
            Some(_) => Err(error),
            None => Timestamp::parse_http_date(date),
        });
        time.map_err(|_| Refusal::MissingDate)
    }
}

/// Splits a list of signed headers.
pub(super) fn split_list(list: HeaderList<'_>, malformed: Refusal) -> Result<SortedNames<'_>, Refusal> {
    SortedNames::split(list).map_err(|flaw| match flaw {
        ListFlaw::Malformed => malformed,
        ListFlaw::TooMany => Refusal::TooManySignedHeaders,
    })
}

/// Checks that all headers are signed that must be, and that each is there once of which one is meant: values that are joined
/// could have been parted on the way, and a server may read the first.
pub(super) fn check_signed(
    policy: &VerifyPolicy<'_>,
    service: &str,
    headers: &[Header<'_>],
    listed: &SortedNames<'_>,
) -> Result<(), Refusal> {
    let token_is_signed = policy.token_placement.for_service(service) != TokenPlacement::AppendedUnsigned;
    let any = |names: &[&str], header: &Header<'_>| names.iter().any(|name| header.is(name));
    let must_be_signed = |header: &Header<'_>| {
        let is_amz = is_amz(header) && !any(policy.unsigned_headers, header);
        let is_appended = || !token_is_signed && header.is("x-amz-security-token");
        // The last line of the canonical request is its value, signed or not.
        let is_covered = || header.is("x-amz-content-sha256");
        is_amz && !is_appended() && !is_covered() || any(policy.required_headers, header)
    };
    if listed.position("host").is_none() {
        return Err(Refusal::UnsignedHeader(PartName::new("host")));
    }
    let (mut seen, mut content) = (0_u128, [false; 2]);
    for header in headers {
        let must_be_signed = must_be_signed(header);
        let position = if must_be_signed || is_amz(header) { listed.position(header.name) } else { None };
        if must_be_signed && position.is_none() {
            return Err(Refusal::unsigned_header(header.name));
        }
        let is_again = match position.and_then(|at| 1_u128.checked_shl(at.try_into().ok()?)) {
            Some(bit) if is_amz(header) => {
                let is_again = seen & bit != 0;
                seen |= bit;
                is_again && !may_be_several(header.name)
            }
            _ => ["content-md5", "content-type"]
                .iter()
                .zip(&mut content)
                .any(|(name, seen)| header.is(name) && core::mem::replace(seen, true)),
        };
        if is_again {
            return Err(Refusal::repeated_header(header.name));
        }
    }
    Ok(())
}

/// Whether an `x-amz-*` header may be there more than once.
pub(super) fn may_be_several(name: &str) -> bool {
    starts_with(name.as_bytes(), b"x-amz-meta-") || LISTS.iter().any(|list| list.eq_ignore_ascii_case(name))
}

/// Those that AWS's SDKs send a line each of, an item in each.
const LISTS: [&str; 2] = ["x-amz-object-attributes", "x-amz-optional-object-attributes"];

fn is_amz(header: &Header<'_>) -> bool {
    starts_with(header.name.as_bytes(), b"x-amz-")
}

fn starts_with(name: &[u8], prefix: &[u8]) -> bool {
    name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}
