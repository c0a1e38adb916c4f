//! What signers and servers are known to do differently, for each part of a canonical request.

use std::collections::HashSet;

use super::change::{Change, RequestFacts};
use crate::explain::canonical::Canonical;
use crate::explain::text::{decode, encode, encode_path, normalize, to_hex};

/// How many parameters are left out one by one.
const MAX_DROPPED: usize = 32;
/// How many headers are changed one by one.
const MAX_HEADERS: usize = 32;

/// All changes of each part.
pub(super) struct Catalog {
    paths: Vec<String>,
    queries: Vec<String>,
    host: usize,
    hosts: Vec<String>,
    headers: Vec<(usize, HeaderChange)>,
    payloads: Vec<String>,
}

enum HeaderChange {
    Removed,
    RemovedFromList,
    Value(Vec<u8>),
}

impl Catalog {
    pub(super) fn new(canonical: &Canonical, facts: RequestFacts<'_>) -> Self {
        let position = canonical.headers.iter().position(|(name, _)| name == "host");
        Self {
            paths: others(paths(canonical), &canonical.path),
            queries: others(queries(canonical), &canonical.query),
            host: position.unwrap_or(usize::MAX),
            hosts: if position.is_some() {
                others(hosts(canonical, facts), &host(canonical))
            } else {
                Vec::new()
            },
            headers: headers(canonical),
            payloads: payloads(facts),
        }
    }

    /// Path, query, host, other headers, payload.
    pub(super) fn kinds(&self) -> [Vec<Change<'_>>; 5] {
        let headers = self.headers.iter().map(|(at, change)| match change {
            HeaderChange::Removed => Change::NoHeader(*at, true),
            HeaderChange::RemovedFromList => Change::NoHeader(*at, false),
            HeaderChange::Value(value) => Change::Header(*at, value),
        });
        // The header `x-amz-content-sha256` may repeat it.
        let payloads =
            self.payloads.iter().flat_map(|payload| [true, false].map(|both| Change::Payload(payload, both)));
        [
            self.paths.iter().map(|path| Change::Path(path)).collect(),
            self.queries.iter().map(|query| Change::Query(query)).collect(),
            self.hosts.iter().map(|host| Change::Header(self.host, host.as_bytes())).collect(),
            headers.collect(),
            payloads.collect(),
        ]
    }
}

/// Each value once, without the request's own.
fn others(mut all: Vec<String>, own: &str) -> Vec<String> {
    let mut known = HashSet::from([own.to_owned()]);
    all.retain(|other| known.insert(other.clone()));
    all
}

fn paths(canonical: &Canonical) -> Vec<String> {
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
    paths
}

fn queries(canonical: &Canonical) -> Vec<String> {
    let query = &canonical.query;
    let pairs = canonical.parameters();
    let each = |change: fn(&[u8]) -> String| {
        let halves =
            |pair: &&str| pair.split('=').map(|half| change(half.as_bytes())).collect::<Vec<_>>().join("=");
        pairs.iter().map(halves).collect::<Vec<_>>().join("&")
    };
    let decoded = |half: &[u8]| String::from_utf8_lossy(&decode(&String::from_utf8_lossy(half))).into_owned();
    let reencoded = |half: &[u8]| encode(&decode(&String::from_utf8_lossy(half)));
    let mut names = HashSet::new();
    let mut first_only = pairs.clone();
    first_only.retain(|pair| names.insert(pair.split('=').next()));
    let mut sorted = pairs.clone();
    sorted.sort_unstable();
    let mut by_decoded = pairs.clone();
    by_decoded.sort_by_cached_key(|pair| decode(pair));
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
        lower_case_escapes(query),
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
    for dropped in 0..pairs.len().min(MAX_DROPPED) {
        let kept = pairs.iter().enumerate().filter(|(at, _)| *at != dropped).map(|(_, pair)| *pair);
        queries.push(kept.collect::<Vec<_>>().join("&"));
    }
    if pairs.len() <= 5 {
        queries.extend(permutations(&pairs).into_iter().map(|pairs| pairs.join("&")));
    }
    queries
}

fn lower_case_escapes(query: &str) -> String {
    let mut rest = 0;
    let lower = query.chars().map(|c| {
        rest = if c == '%' { 3_u8 } else { rest.saturating_sub(1) };
        if rest > 0 { c.to_ascii_lowercase() } else { c }
    });
    lower.collect()
}

fn hosts(canonical: &Canonical, facts: RequestFacts<'_>) -> Vec<String> {
    let host = host(canonical);
    let bare = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
    let (_, parent) = bare.split_once('.').unwrap_or_default();
    let ports = ["", ":80", ":443", ":8080", ":9000", ":4566"];
    let mut hosts: Vec<String> = ports.iter().map(|port| format!("{bare}{port}")).collect();
    hosts.extend(["localhost", "127.0.0.1", parent].map(str::to_owned));
    hosts.extend(facts.authority.map(str::to_ascii_lowercase));
    hosts
}

fn headers(canonical: &Canonical) -> Vec<(usize, HeaderChange)> {
    let mut changes = Vec::new();
    let own = canonical.headers.iter().enumerate().filter(|(_, (name, _))| name != "host");
    for (at, (name, value)) in own.take(MAX_HEADERS) {
        let text = String::from_utf8_lossy(value);
        let latin1: String = value.iter().map(|byte| char::from(*byte)).collect();
        let mut values = vec![String::new(), text.replace(", ", ","), text.replace(',', ", "), latin1];
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
        changes.push((at, HeaderChange::Removed));
        changes.push((at, HeaderChange::RemovedFromList));
        let values = others(values, &text);
        changes.extend(values.into_iter().map(|value| (at, HeaderChange::Value(value.into_bytes()))));
    }
    changes
}

fn payloads(facts: RequestFacts<'_>) -> Vec<String> {
    const LITERALS: [&str; 4] = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "UNSIGNED-PAYLOAD",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    ];
    let digests = facts.body.iter().flat_map(|body| [&body.sent].into_iter().chain(&body.other_newlines));
    LITERALS.into_iter().map(str::to_owned).chain(digests.map(to_hex)).collect()
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
