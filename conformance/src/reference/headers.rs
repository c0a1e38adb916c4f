//! The canonical headers, and header values as every scheme reads them.

use super::encoding::refuse_controls;
use super::host::canonical_host;
use super::request::is_token;
use super::{Refusal, Request, Settings};

/// Headers that a proxy changes or that end with the connection.
pub const NEVER_SIGNED: [&str; 14] = [
    "baggage",
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
];

/// What a signature of SigV4 or SigV4A puts into the headers; an old one is dropped before a new one is made.
const AUTHENTICATION: [&str; 5] =
    ["authorization", "x-amz-date", "x-amz-region-set", "x-amz-s3session-token", "x-amz-security-token"];

/// A lower-case name and a value.
pub(super) type Header = (String, Vec<u8>);

/// The canonical headers: lower-case names in order, a line `name:value` each.
pub(super) struct CanonicalHeaders {
    /// The lines.
    pub(super) lines: Vec<u8>,
    /// The names, joined by `;`.
    pub(super) signed_headers: String,
}

/// The request's headers, `host` and those of the signature.
pub(super) fn canonical_headers(
    request: &Request,
    added: &[Header],
    settings: &Settings,
) -> Result<CanonicalHeaders, Refusal> {
    let mut headers = vec![("host".to_owned(), canonical_host(request)?.into_bytes())];
    for (name, value) in checked(request)? {
        let is_unsigned =
            settings.unsigned_headers.iter().any(|unsigned| unsigned.eq_ignore_ascii_case(&name));
        // What is added takes the place of the caller's; a payload hash that is not stays, and is signed.
        let is_dropped = NEVER_SIGNED.contains(&name.as_str())
            || AUTHENTICATION.contains(&name.as_str())
            || added.iter().any(|(added, _)| *added == name);
        if name != "host" && !is_unsigned && !is_dropped {
            headers.push((name, value));
        }
    }
    for (name, value) in added {
        refuse_control_characters(value)?;
        headers.push((name.clone(), value.clone()));
    }
    let headers: Vec<Header> =
        headers.into_iter().map(|(name, value)| (name, collapse_blanks(trim(&value)))).collect();
    let headers = joined_and_sorted(&headers);
    let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
    Ok(CanonicalHeaders { lines: lines(&headers), signed_headers: names.join(";") })
}

/// The request's headers under lower-case names.
pub(super) fn checked(request: &Request) -> Result<Vec<Header>, Refusal> {
    let mut headers = Vec::new();
    for (name, value) in &request.headers {
        if !is_token(name) {
            return Err(Refusal::BadHeaderName);
        }
        refuse_control_characters(value)?;
        headers.push((name.to_ascii_lowercase(), value.clone()));
    }
    Ok(headers)
}

/// Joins the values of a repeated name with `,` in the order sent, and sorts by name alone.
pub(super) fn joined_and_sorted(headers: &[Header]) -> Vec<Header> {
    let mut names: Vec<&String> = headers.iter().map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    let mut joined = Vec::new();
    for name in names {
        let values: Vec<&[u8]> =
            headers.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_slice()).collect();
        joined.push((name.clone(), values.join(&b',')));
    }
    joined
}

/// `name:value` and a line feed each.
pub(super) fn lines(headers: &[Header]) -> Vec<u8> {
    let mut lines = Vec::new();
    for (name, value) in headers {
        lines.extend([name.as_bytes(), b":", value, b"\n"].concat());
    }
    lines
}

/// Drops spaces and tabs at both ends, as the HTTP parser of the other side does.
pub(super) fn trim(value: &[u8]) -> &[u8] {
    let mut trimmed = value;
    while let Some((b' ' | b'\t', rest)) = trimmed.split_first() {
        trimmed = rest;
    }
    while let Some((b' ' | b'\t', rest)) = trimmed.split_last() {
        trimmed = rest;
    }
    trimmed
}

/// Makes a run of spaces and tabs one space, inside quotes too.
fn collapse_blanks(value: &[u8]) -> Vec<u8> {
    let mut collapsed = Vec::new();
    for byte in value {
        let byte = if *byte == b'\t' { b' ' } else { *byte };
        if byte != b' ' || collapsed.last() != Some(&b' ') {
            collapsed.push(byte);
        }
    }
    collapsed
}

/// A header value carries no control character but the tab.
fn refuse_control_characters(value: &[u8]) -> Result<(), Refusal> {
    let without_tabs: Vec<u8> = value.iter().copied().filter(|byte| *byte != b'\t').collect();
    refuse_controls(&without_tabs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(headers: &[(&str, &[u8])]) -> Result<String, Refusal> {
        let mut request = Request::from_url("GET", "https://h/").unwrap();
        request.headers = headers.iter().map(|(name, value)| ((*name).to_owned(), value.to_vec())).collect();
        let canonical = canonical_headers(&request, &[], &Settings::for_service("s3"))?;
        Ok(String::from_utf8_lossy(&canonical.lines).into_owned() + &canonical.signed_headers)
    }

    #[test]
    fn trims_and_collapses() {
        let value = b" \t a   \"b   c\" \t\t d ";
        assert_eq!(canonical(&[("A", value)]).unwrap(), "a:a \"b c\" d\nhost:h\na;host");
    }

    #[test]
    fn joins_in_order_and_sorts_by_name() {
        let headers: [(&str, &[u8]); 4] = [
            ("x-amz-copy-source-range", b"1"),
            ("X-Amz-Copy-Source", b"z"),
            ("x-amz-copy-source", b""),
            ("Te", b""),
        ];
        let expected = "host:h\nx-amz-copy-source:z,\nx-amz-copy-source-range:1\n\
                        host;x-amz-copy-source;x-amz-copy-source-range";
        assert_eq!(canonical(&headers).unwrap(), expected);
    }

    #[test]
    fn drops_old_authentication() {
        let headers: [(&str, &[u8]); 3] =
            [("Authorization", b"AWS4-HMAC-SHA256"), ("X-Amz-Date", b"0"), ("X-Amz-Security-Token", b"t")];
        assert_eq!(canonical(&headers).unwrap(), "host:h\nhost");
    }

    #[test]
    fn refuses_what_cannot_be_sent() {
        for value in [&b"a\nb"[..], b"a\r", b"\0", b"\x7f"] {
            assert_eq!(canonical(&[("a", value)]), Err(Refusal::ControlCharacter), "{value:?}");
        }
        for name in ["", "a b", "a:", "é"] {
            assert_eq!(canonical(&[(name, b"v")]), Err(Refusal::BadHeaderName), "{name}");
        }
    }
}
