use crate::SignedHeaders;
use crate::text::names::Names;

/// Which of the caller's headers what the signer adds stands for.
#[derive(Clone, Copy)]
pub(super) struct Replaces {
    /// Those that [`is_authentication`] names.
    pub(super) authentication: bool,
    /// `x-amz-content-sha256`.
    pub(super) hash: bool,
}

/// Whether a caller's header is signed.
#[inline]
pub(super) fn selects(selection: SignedHeaders<'_>, name: &str, replaces: Replaces) -> bool {
    let is = |other: &str| other.len() == name.len() && other.eq_ignore_ascii_case(name);
    let x_amz =
        matches!(name.as_bytes(), [b'x' | b'X', b'-', b'a' | b'A', b'm' | b'M', b'z' | b'Z', b'-', ..]);
    if (x_amz || is("authorization"))
        && (replaces.authentication && is_authentication(name) || replaces.hash && is("x-amz-content-sha256"))
    {
        return false;
    }
    if let Some(list) = selection.exact() {
        return list.has(name);
    }
    let essential = || x_amz || is("content-type") || is("content-md5");
    match selection {
        SignedHeaders::Essential | SignedHeaders::Exactly(_) | SignedHeaders::ExactlyEncoded(_) => {
            essential()
        }
        SignedHeaders::EssentialAnd(names) => essential() || names.iter().any(|name| is(name)),
        SignedHeaders::Named(names) => names.iter().any(|name| is(name)),
        SignedHeaders::AllButHopByHop => {
            let forwarded = name.len() > 12
                && name.as_bytes().iter().zip(b"x-forwarded-").all(|(a, b)| a.eq_ignore_ascii_case(b));
            !forwarded && !NOT_SIGNED.have(name.as_bytes())
        }
    }
}

/// Headers that proxies change or remove, so that signing them breaks requests, and those of other signatures.
const NOT_SIGNED: Names<{ Names::size(&NOT_SIGNED_NAMES) }> = Names::new(&NOT_SIGNED_NAMES);
const NOT_SIGNED_NAMES: [&str; 19] = [
    "accept-encoding",
    "authorization",
    "baggage",
    "connection",
    "expect",
    "forwarded",
    "keep-alive",
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
    "x-amzn-authorization",
    "x-amzn-trace-id",
];

/// Whether a header belongs to a signature, so that signing anew replaces it: `authorization`, `x-amz-date`, the
/// session tokens, `x-amz-region-set` and SigV3's `x-amzn-authorization`, in any case.
///
/// Remove these from a request before adding what [`Signed::headers`](crate::Signed::headers) gives.
#[must_use]
pub fn is_authentication(name: &str) -> bool {
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
