use std::collections::HashMap;

use crate::explain::canonical::Canonical;
use crate::explain::cause::Cause;
use crate::explain::diagnosis::Diagnosis;
use crate::explain::text::{difference, excerpt, is_sensitive};

/// Headers that clients and proxies set themselves.
const PROXIED: [&str; 14] = [
    "accept",
    "accept-encoding",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "expect",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
];

/// The first header that differs, and by what rule; `None` if none does.
pub(super) fn diagnose(ours: &Canonical, theirs: &Canonical) -> Option<Diagnosis> {
    let (mine, other) = (by_name(ours), by_name(theirs));
    for (name, value) in &ours.headers {
        let diagnosis = match other.get(name.as_str()).copied() {
            Some(other) if other == value => continue,
            Some([]) => missing(name, value, "arrived empty"),
            None => missing(name, value, "did not arrive"),
            Some(other) if value.is_empty() => added(name, other),
            Some(other) => differs(name, value, other),
        };
        return Some(diagnosis);
    }
    theirs
        .headers
        .iter()
        .find(|(name, _)| !mine.contains_key(name.as_str()))
        .map(|(name, value)| added(name, value))
}

/// The first of each name.
fn by_name(canonical: &Canonical) -> HashMap<&str, &[u8]> {
    let all = canonical.headers.iter().rev();
    all.map(|(name, value)| (name.as_str(), value.as_slice())).collect()
}

fn added(name: &str, value: &[u8]) -> Diagnosis {
    let cause = if is_proxied(name) { Cause::ProxiedHeader } else { Cause::AddedHeader };
    Diagnosis::new(cause, format!("canonical headers: theirs has {}", shown(name, value)))
}

fn missing(name: &str, value: &[u8], how: &str) -> Diagnosis {
    let cause = if is_proxied(name) { Cause::ProxiedHeader } else { Cause::DroppedHeader };
    Diagnosis::new(cause, format!("canonical headers: ours has {}, which {how}", shown(name, value)))
}

fn shown(name: &str, value: &[u8]) -> String {
    let value = String::from_utf8_lossy(value);
    format!("{name}:{}", if is_sensitive(name) { "..".to_owned() } else { excerpt(&value, 0) })
}

fn differs(name: &str, ours: &[u8], theirs: &[u8]) -> Diagnosis {
    let (mine, other) = (String::from_utf8_lossy(ours), String::from_utf8_lossy(theirs));
    let cause = match name {
        "host" => host(&mine, &other),
        "x-amz-date" | "date" => Cause::WrongTime,
        _ if is_proxied(name) => Cause::ProxiedHeader,
        _ => value(name, &mine, &other, ours, theirs),
    };
    if is_sensitive(name) {
        let evidence = format!(
            "canonical headers: {name} differs; ours has {} bytes, theirs {}",
            ours.len(),
            theirs.len()
        );
        return Diagnosis::new(cause, evidence);
    }
    Diagnosis::new(cause, difference(&format!("canonical headers, {name}"), &mine, &other))
}

fn host(ours: &str, theirs: &str) -> Cause {
    let name = |host: &str| match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name.to_ascii_lowercase(),
        _ => host.to_ascii_lowercase(),
    };
    if ours.eq_ignore_ascii_case(theirs) {
        Cause::HostCase
    } else if name(ours) == name(theirs) {
        Cause::HostPort
    } else {
        Cause::DifferentHost
    }
}

fn value(name: &str, ours: &str, theirs: &str, our_bytes: &[u8], their_bytes: &[u8]) -> Cause {
    let joined = |value: &str| value.split(',').map(str::trim).map(str::to_owned).collect::<Vec<_>>();
    let sorted = |value: &str| {
        let mut values = joined(value);
        values.sort_unstable();
        values
    };
    let unblanked = |value: &str| value.split_whitespace().collect::<String>();
    // One byte a character, and that as UTF-8.
    let as_latin1 = |bytes: &[u8]| bytes.iter().map(|byte| char::from(*byte)).collect::<String>();
    if name == "content-type" {
        Cause::ContentType
    } else if ours.contains(',') && sorted(ours) == sorted(theirs) {
        Cause::HeaderSeparator
    } else if unblanked(ours) == unblanked(theirs) {
        Cause::HeaderWhitespace
    } else if as_latin1(our_bytes) == theirs
        || as_latin1(their_bytes) == ours
        || (!our_bytes.is_ascii() && !their_bytes.is_empty())
    {
        Cause::HeaderCharset
    } else {
        Cause::DifferentHeader
    }
}

fn is_proxied(name: &str) -> bool {
    PROXIED.contains(&name)
        || name.starts_with("x-forwarded-")
        || name.starts_with("proxy-")
        || name == "x-amzn-trace-id"
}
