//! The other canonical requests that a signer or a server might have made of a request.

use super::canonical::Canonical;
use super::text::{decode, encode, encode_path, to_hex};
use super::trace::BodyDigests;

/// What a request is besides its canonical form.
#[derive(Clone, Copy)]
pub(super) struct Known<'t> {
    pub(super) body: Option<&'t BodyDigests>,
    /// Of its URL, whatever its `host` header says.
    pub(super) authority: Option<&'t str>,
}

/// All variants of one part.
type Change = fn(&Canonical, Known<'_>) -> Vec<Canonical>;

/// The variant that `is_wanted`: one change, or two.
pub(super) fn find(
    canonical: &Canonical,
    known: Known<'_>,
    is_wanted: impl Fn(&Canonical) -> bool,
) -> Option<Canonical> {
    let changes: [Change; 5] = [paths, queries, hosts, headers, payloads];
    let once: Vec<(usize, Canonical)> = changes
        .iter()
        .enumerate()
        .flat_map(|(kind, change)| change(canonical, known).into_iter().map(move |variant| (kind, variant)))
        .filter(|(_, variant)| variant != canonical)
        .collect();
    if let Some((_, variant)) = once.iter().find(|(_, variant)| is_wanted(variant)) {
        return Some(variant.clone());
    }
    once.iter().find_map(|(kind, variant)| {
        let other_kinds = changes.iter().skip(kind + 1);
        other_kinds.flat_map(|change| change(variant, known)).find(|variant| is_wanted(variant))
    })
}

fn paths(canonical: &Canonical, _: Known<'_>) -> Vec<Canonical> {
    let path = &canonical.path;
    let decoded = decode(path);
    let once = String::from_utf8_lossy(&decoded).into_owned();
    let twice = decode(&once);
    let normalized = normalize(path);
    let mut paths = vec![
        encode_path(path.as_bytes()),
        encode_path(&decoded),
        encode_path(&twice),
        encode_path(encode_path(&decoded).as_bytes()),
        encode_path(encode_path(&twice).as_bytes()),
        encode_path(normalize(&once).as_bytes()),
        String::from_utf8_lossy(&twice).into_owned(),
        path.replace("%252F", "%2F"),
        path.replace("%2F", "/"),
        path.replace("%2B", "%20"),
        path.replace("%2B", "+"),
        path.replace("%20", "%2B"),
        path.replace("%20", "+"),
        path.replace('+', "%20"),
        path.replace('+', "%2B"),
        once,
        normalized,
        format!("{path}/"),
        path.strip_suffix('/').unwrap_or(path).to_owned(),
        "/".to_owned(),
        String::new(),
    ];
    // Path style: the bucket is the host's first label, or the path's first segment.
    if let Some(bucket) = host(canonical).split('.').next() {
        paths.push(format!("/{bucket}{path}"));
    }
    let second_slash = path.match_indices('/').nth(1).and_then(|(at, _)| path.get(at..));
    paths.extend(second_slash.map(str::to_owned));
    paths.into_iter().map(|path| canonical.with_path(path)).collect()
}

fn queries(canonical: &Canonical, _: Known<'_>) -> Vec<Canonical> {
    let query = &canonical.query;
    let pairs = canonical.parameters();
    let each = |change: fn(&[u8]) -> String| {
        let halves =
            |pair: &&str| pair.split('=').map(|half| change(half.as_bytes())).collect::<Vec<_>>().join("=");
        pairs.iter().map(halves).collect::<Vec<_>>().join("&")
    };
    let decoded = |half: &[u8]| String::from_utf8_lossy(&decode(&String::from_utf8_lossy(half))).into_owned();
    let reencoded = |half: &[u8]| encode(&decode(&String::from_utf8_lossy(half)));
    let mut first_only: Vec<&str> = Vec::new();
    for pair in &pairs {
        let name = |pair: &str| pair.split('=').next().unwrap_or_default().to_owned();
        if !first_only.iter().any(|other| name(other) == name(pair)) {
            first_only.push(pair);
        }
    }
    let mut sorted = pairs.clone();
    sorted.sort_unstable();
    let mut by_decoded = pairs.clone();
    by_decoded.sort_by_key(|pair| decode(pair));
    let lower_case = |half: &[u8]| {
        let mut text = String::from_utf8_lossy(half).into_owned();
        for (at, _) in text.clone().match_indices('%') {
            if let Some(escape) = text.get(at..at + 3).map(str::to_ascii_lowercase) {
                text.replace_range(at..at + 3, &escape);
            }
        }
        text
    };
    let mut queries = vec![
        query.replace("%2B", "%20"),
        query.replace("%20", "%2B"),
        query.replace("%2B", "+"),
        query.replace("%20", "+"),
        query.replace('+', "%20"),
        query.replace('+', "%2B"),
        each(encode),
        each(decoded),
        each(reencoded),
        each(lower_case),
        query.replace("%2F", "/"),
        query.replace("%3A", ":"),
        query.replace("%2C", ","),
        query.replace("%7E", "~"),
        query.replace('~', "%7E"),
        query.replace("%2A", "*"),
        pairs.iter().map(|pair| pair.strip_suffix('=').unwrap_or(pair)).collect::<Vec<_>>().join("&"),
        pairs.iter().rev().copied().collect::<Vec<_>>().join("&"),
        sorted.join("&"),
        by_decoded.join("&"),
        first_only.join("&"),
        String::new(),
    ];
    for dropped in 0..pairs.len() {
        let kept = pairs.iter().enumerate().filter(|(at, _)| *at != dropped).map(|(_, pair)| *pair);
        queries.push(kept.collect::<Vec<_>>().join("&"));
    }
    if pairs.len() <= 5 {
        queries.extend(permutations(&pairs).into_iter().map(|pairs| pairs.join("&")));
    }
    queries.into_iter().map(|query| canonical.with_query(query)).collect()
}

fn hosts(canonical: &Canonical, known: Known<'_>) -> Vec<Canonical> {
    let host = host(canonical);
    let bare = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
    let (_, parent) = bare.split_once('.').unwrap_or_default();
    let ports = ["", ":80", ":443", ":8080", ":9000", ":4566"];
    let mut hosts: Vec<String> = ports.iter().map(|port| format!("{bare}{port}")).collect();
    hosts.extend(["localhost", "127.0.0.1", parent].map(str::to_owned));
    hosts.extend(known.authority.map(str::to_ascii_lowercase));
    hosts.into_iter().map(|host| canonical.with_header("host", host.as_bytes())).collect()
}

fn headers(canonical: &Canonical, _: Known<'_>) -> Vec<Canonical> {
    let mut variants = Vec::new();
    for (at, (name, value)) in canonical.headers.iter().enumerate() {
        if name == "host" {
            continue;
        }
        variants.push(canonical.with_header(name, b""));
        let mut without = canonical.clone();
        without.headers.remove(at);
        variants.push(without.clone());
        let names: Vec<_> = canonical.signed_headers.split(';').filter(|other| other != name).collect();
        without.signed_headers = names.join(";");
        variants.push(without);
        let text = String::from_utf8_lossy(value);
        let latin1: String = value.iter().map(|byte| char::from(*byte)).collect();
        let mut values = vec![text.replace(", ", ","), text.replace(',', ", "), latin1];
        values.push(text.split(',').rev().collect::<Vec<_>>().join(","));
        values.push(text.to_lowercase());
        if name == "content-type" {
            let (essence, _) = text.split_once(';').unwrap_or((&text, ""));
            let charsets = ["", ";charset=utf-8", "; charset=utf-8", ";charset=UTF-8", "; charset=UTF-8"];
            values.extend(charsets.map(|charset| format!("{essence}{charset}")));
            values.extend(
                ["application/octet-stream", "application/x-www-form-urlencoded", "text/plain"]
                    .map(str::to_owned),
            );
        }
        variants.extend(values.iter().map(|value| canonical.with_header(name, value.as_bytes())));
    }
    variants
}

fn payloads(canonical: &Canonical, known: Known<'_>) -> Vec<Canonical> {
    const LITERALS: [&str; 4] = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "UNSIGNED-PAYLOAD",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    ];
    let digests = known.body.iter().flat_map(|body| [&body.sent].into_iter().chain(&body.other_newlines));
    let payloads = LITERALS.into_iter().map(str::to_owned).chain(digests.map(to_hex));
    // The header says it too, where there is one.
    payloads
        .flat_map(|payload| {
            let variant = canonical.with_payload(payload.clone());
            [variant.with_header("x-amz-content-sha256", payload.as_bytes()), variant]
        })
        .collect()
}

fn host(canonical: &Canonical) -> String {
    String::from_utf8_lossy(canonical.header("host").unwrap_or_default()).into_owned()
}

fn permutations<'p>(pairs: &[&'p str]) -> Vec<Vec<&'p str>> {
    if pairs.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for at in 0..pairs.len() {
        let mut rest = pairs.to_vec();
        let first = rest.remove(at);
        for mut tail in permutations(&rest) {
            tail.insert(0, first);
            all.push(tail);
        }
    }
    all
}

/// Resolves `.`, `..` and `//`.
pub(super) fn normalize(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            _ => segments.push(segment),
        }
    }
    let folder = matches!(path.rsplit('/').next(), Some("" | "." | "..")) && !segments.is_empty();
    format!("/{}{}", segments.join("/"), if folder { "/" } else { "" })
}
