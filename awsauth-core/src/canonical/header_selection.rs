use super::header_list::HeaderList;
use super::signed_headers::SignedHeaders;
use crate::text::names::Names;

/// Which of the caller's headers the signer replaces by its own.
#[derive(Clone, Copy)]
pub(crate) struct Replaces {
    /// The headers that [`is_authentication_header`] names.
    pub(super) authentication: bool,
    /// `x-amz-content-sha256`.
    pub(super) hash: bool,
}

impl Replaces {
    /// Nothing: the request has been received.
    pub(crate) const NONE: Self = Self { authentication: false, hash: false };

    /// Whether the signer's own header replaces this one. `is_amz` is whether it begins with `x-amz-`.
    #[inline]
    fn stand_for(self, name: &str, is_amz: bool) -> bool {
        let is = |other: &str| other.len() == name.len() && other.eq_ignore_ascii_case(name);
        (is_amz || is("authorization"))
            && (self.authentication && is_authentication_header(name)
                || self.hash && is("x-amz-content-sha256"))
    }
}

#[inline]
fn is_amz(name: &str) -> bool {
    matches!(name.as_bytes(), [b'x' | b'X', b'-', b'a' | b'A', b'm' | b'M', b'z' | b'Z', b'-', ..])
}

/// Whether a caller's header is signed.
#[inline]
pub(super) fn selects(selection: SignedHeaders<'_>, name: &str, replaces: Replaces) -> bool {
    let is = |other: &str| other.len() == name.len() && other.eq_ignore_ascii_case(name);
    let x_amz = is_amz(name);
    if replaces.stand_for(name, x_amz) {
        return false;
    }
    if let Some(list) = selection.exact() {
        return list.has(name);
    }
    let essential = || x_amz || is("content-type") || is("content-md5");
    match selection {
        SignedHeaders::ByPlace
        | SignedHeaders::Essential
        | SignedHeaders::Exactly(_)
        | SignedHeaders::ExactlyEncoded(_) => essential(),
        SignedHeaders::EssentialAnd(names) => essential() || names.iter().any(|name| is(name)),
        SignedHeaders::EssentialAndListed(list) => essential() || HeaderList::plain(list).has(name),
        SignedHeaders::Named(names) => names.iter().any(|name| is(name)),
        SignedHeaders::Listed(list) => HeaderList::plain(list).has(name),
        SignedHeaders::AllButHopByHop => {
            let begins_with = |prefix: &[u8]| {
                name.len() > prefix.len()
                    && name.as_bytes().iter().zip(prefix).all(|(a, b)| a.eq_ignore_ascii_case(b))
            };
            !begins_with(b"x-forwarded-") && !begins_with(b"sec-") && !NOT_SIGNED.have(name.as_bytes())
        }
    }
}

/// Whether a caller's header is signed, given the list of those that are.
pub(super) fn is_listed(name: &str, replaces: Replaces, list: impl FnOnce(&str) -> bool) -> bool {
    !replaces.stand_for(name, is_amz(name)) && list(name)
}

/// Headers that proxies change, add or remove, so that signing them breaks requests, and those of other signatures.
const NOT_SIGNED: Names<{ Names::size(&NOT_SIGNED_NAMES) }> = Names::new(&NOT_SIGNED_NAMES);
const NOT_SIGNED_NAMES: [&str; 21] = [
    "accept-encoding",
    "authorization",
    "baggage",
    "connection",
    "expect",
    "forwarded",
    "keep-alive",
    "max-forwards",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-amzn-authorization",
    "x-amzn-trace-id",
];

/// Returns whether a header is part of a signature, so that signing again replaces it: `authorization`, `x-amz-date`,
/// the session tokens, `x-amz-region-set` and SigV3's `x-amzn-authorization`, in any case.
///
/// Remove these headers from a request before adding those of [`Signed::headers`](crate::Signed::headers).
#[must_use]
pub fn is_authentication_header(name: &str) -> bool {
    AUTHENTICATION.have(name.as_bytes())
}

const AUTHENTICATION: Names<{ Names::size(&AUTHENTICATION_NAMES) }> = Names::new(&AUTHENTICATION_NAMES);
const AUTHENTICATION_NAMES: [&str; 6] = [
    "authorization",
    "x-amz-date",
    "x-amz-region-set",
    "x-amz-s3session-token",
    "x-amz-security-token",
    "x-amzn-authorization",
];
