//! What Signature Version 4 and 4A make of a request's headers.

use awsauth_core::{SignatureText, Signed};
use http::header::HOST;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::context::Context;
use crate::request::borrowed::CONTENT_SHA256;

/// The request's headers that are sent with another value, by their positions.
pub(super) fn changed_values<S: SignatureText>(
    signed: &Signed<'_, S>,
) -> impl Iterator<Item = (usize, HeaderValue)> {
    // Leaving bytes out of a header's value leaves a header's value.
    signed.changed_values().filter_map(|(position, value)| {
        let mut bytes = Vec::new();
        value.write_to(&mut |run: &[u8]| bytes.extend_from_slice(run));
        Some((position, HeaderValue::try_from(bytes).ok()?))
    })
}

/// The request's signed headers, which must be sent with a presigned URL.
pub(super) fn signed_headers<S: SignatureText>(context: &Context<'_>, signed: &Signed<'_, S>) -> HeaderMap {
    if context.has_no_headers() {
        return HeaderMap::new();
    }
    let mut names = Vec::new();
    signed.canonical_request().write_signed_headers(&mut |bytes: &[u8]| names.extend_from_slice(bytes));
    let sorted: Vec<_> = names.split(|byte| *byte == b';').collect();
    let is_signed = |name: &HeaderName| sorted.binary_search(&name.as_str().as_bytes()).is_ok();
    let mut changed: Vec<_> = changed_values(signed).collect();
    changed.sort_unstable_by_key(|(position, _)| *position);
    // The last line of the canonical request covers it, if nothing else does.
    let is_covered = |name: &HeaderName| is_signed(name) || name == CONTENT_SHA256;
    context.headers_to_send(|name| name != HOST && is_covered(name), &changed)
}
