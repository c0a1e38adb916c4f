use crate::canonical::host::CanonicalHost;
use crate::schemes::sigv4::CanonicalRequest;

/// As many readings as a request can have.
pub(super) const READINGS: usize = 4;

/// Looks for the reading of a request that is signed, and keeps it. `received` is the host as it was received.
///
/// There is one reading, but for hosts that are not in their normal form, which some clients sign as they send them (Go's SDK,
/// rclone, curl), and for tabs in values, which some signers keep: then up to four.
pub(super) fn find_reading<'a>(
    canonical_request: &mut CanonicalRequest<'a>,
    received: &'a [u8],
    mut is_signed: impl FnMut(&CanonicalRequest<'a>) -> bool,
) -> bool {
    let normal = canonical_request.headers.host();
    let is_normal = normal.is_none_or(|host| host.is_lower() && host.text() == received);
    let hosts = [normal.map(|_| CanonicalHost::verbatim(received)), normal];
    for host in hosts.into_iter().skip(usize::from(is_normal)) {
        for keep_tabs in [false, true] {
            if keep_tabs && !canonical_request.headers.has_tab() {
                continue;
            }
            canonical_request.headers.set_reading(host, keep_tabs);
            if is_signed(canonical_request) {
                return true;
            }
        }
    }
    canonical_request.headers.set_reading(normal, false);
    false
}
