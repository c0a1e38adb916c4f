//! What a server would do with a request, whoever signed it: read here as plainly as can be, with nothing of the verifier's.

use std::collections::{BTreeMap, BTreeSet};

use crate::OlderScheme;
use crate::older::Wire;

/// All that a server may act on. Two requests of one meaning can stand for each other.
#[derive(Debug, PartialEq, Eq)]
pub struct Meaning {
    method: String,
    /// What is named: by each host that the request has, read from the left and after decoding.
    resources: BTreeSet<Vec<Vec<u8>>>,
    /// Parameters that are not known to be harmless, the values of each in their order.
    parameters: BTreeMap<Vec<u8>, Vec<Vec<u8>>>,
    /// Headers, from the query too where a server may look for them there.
    headers: BTreeMap<String, BTreeSet<Vec<u8>>>,
}

/// Which part of a list is wanted: S3's first scheme leaves it to whoever sends the request.
const OF_LISTS: [&str; 17] = [
    "prefix",
    "delimiter",
    "marker",
    "max-keys",
    "encoding-type",
    "list-type",
    "continuation-token",
    "start-after",
    "fetch-owner",
    "key-marker",
    "version-id-marker",
    "upload-id-marker",
    "max-uploads",
    "max-parts",
    "part-number-marker",
    "max-buckets",
    "bucket-region",
];

impl Meaning {
    pub fn of(wire: &Wire, scheme: OlderScheme, plus_is_space: bool) -> Self {
        let is_s3 = !matches!(scheme, OlderScheme::Sigv2 | OlderScheme::Sigv2Form);
        let (path, query) = wire.target.split_once('?').unwrap_or((&wire.target, ""));
        let mut meaning = Self {
            method: wire.method.clone(),
            resources: BTreeSet::new(),
            parameters: BTreeMap::new(),
            headers: BTreeMap::new(),
        };
        let mut hosts = BTreeSet::from([wire.host.to_ascii_lowercase()]);
        let mut joined: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
        for (name, value) in &wire.headers {
            let name = name.to_ascii_lowercase();
            let value = trim(value).to_vec();
            if name == "host" {
                hosts.insert(String::from_utf8_lossy(&value).to_ascii_lowercase());
            } else if counts(&name, is_s3) && !(value.is_empty() && name.starts_with("content-")) {
                joined.entry(name).or_default().push(value);
            }
        }
        // Beside `x-amz-date` it says nothing, and a URL says when it expires.
        if joined.contains_key("x-amz-date") || scheme == OlderScheme::S3Presigned {
            joined.remove("date");
        }
        // Two of one name are one value, but where only one is meant: these stay apart.
        meaning.headers.extend(joined.into_iter().map(|(name, values)| {
            let one = values.join(&b',');
            let apart = !may_be_several(&name);
            let values = if apart { BTreeSet::from_iter(number(values)) } else { BTreeSet::from([one]) };
            (name, values)
        }));
        let form = meaning.headers.get("content-type").is_some_and(|types| {
            types.iter().any(|text| {
                text.to_ascii_lowercase().windows(21).any(|part| part == b"x-www-form-urlencoded")
            })
        });
        let decode = |text: &[u8]| decode(text, plus_is_space);
        meaning.read_parameters(query.as_bytes(), is_s3, decode);
        // What S3 gets is an object, whatever its type.
        if scheme == OlderScheme::Sigv2Form || form && !is_s3 {
            meaning.read_parameters(&wire.body, is_s3, decode);
        }
        if !is_s3 {
            // Of these nothing but a form is said.
            meaning.headers.retain(|name, _| !name.starts_with("content-"));
        }
        let path = if path.is_empty() { "/" } else { path };
        for host in hosts {
            let resources = if is_s3 { s3_resources(&host, path) } else { sigv2_resource(&host, path) };
            meaning.resources.extend(resources);
        }
        meaning
    }

    fn read_parameters(&mut self, text: &[u8], is_s3: bool, decode: impl Fn(&[u8]) -> Vec<u8>) {
        for pair in text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default());
            let mut value = decode(halves.next().unwrap_or_default());
            let lower = String::from_utf8_lossy(&name).to_ascii_lowercase();
            if is_s3 && OF_LISTS.iter().any(|list| list.as_bytes() == name) {
                continue;
            }
            if is_s3 && name == b"Expires" {
                value = value.into_iter().skip_while(|digit| *digit == b'0').collect();
            }
            let is_header = lower.starts_with("x-amz-") || lower.starts_with("content-");
            if is_s3 && lower.starts_with("content-") && value.is_empty() {
                // As good as none.
            } else if is_s3 && is_header {
                self.headers.entry(lower).or_default().insert(value);
            } else {
                self.parameters.entry(name).or_default().push(value);
            }
        }
    }
}

/// Whether a header has a meaning that a signature could cover.
fn counts(name: &str, is_s3: bool) -> bool {
    let authenticates = name == "authorization" || name == "x-amzn-authorization";
    let amz = name.starts_with("x-amz-") && (is_s3 || name != "x-amz-user-agent");
    authenticates || amz || name == "content-type" || is_s3 && (name == "content-md5" || name == "date")
}

/// Headers of which a server may have to read all lines: what users say of their objects, and what attributes they ask for.
pub(crate) fn may_be_several(name: &str) -> bool {
    name.starts_with("x-amz-meta-")
        || matches!(name, "x-amz-object-attributes" | "x-amz-optional-object-attributes")
}

/// So that a set tells one from two.
fn number(values: Vec<Vec<u8>>) -> impl Iterator<Item = Vec<u8>> {
    let count = values.len();
    values.into_iter().enumerate().map(move |(at, value)| {
        if count == 1 { value } else { [format!("{at}: ").into_bytes(), value].concat() }
    })
}

/// Bucket and key as a server reads them that splits the path first, and as one that decodes it first.
fn s3_resources(host: &str, path: &str) -> [Vec<Vec<u8>>; 2] {
    let decoded = decode(path.as_bytes(), false);
    if let Some(bucket) = bucket(host) {
        let resource = vec![bucket.into_bytes(), decoded.get(1..).unwrap_or_default().to_vec()];
        return [resource.clone(), resource];
    }
    let split = |path: &[u8]| -> Vec<Vec<u8>> {
        let path = path.get(1..).unwrap_or_default();
        let slash = path.iter().position(|byte| *byte == b'/').unwrap_or(path.len());
        vec![path[..slash].to_vec(), path.get(slash + 1..).unwrap_or_default().to_vec()]
    };
    let first = split(path.as_bytes()).iter().map(|part| decode(part, false)).collect();
    [first, split(&decoded)]
}

fn sigv2_resource(host: &str, path: &str) -> [Vec<Vec<u8>>; 2] {
    let name = host.strip_suffix(":443").or(host.strip_suffix(':')).unwrap_or(host);
    let resource = vec![name.as_bytes().to_vec(), decode(path.as_bytes(), false)];
    [resource.clone(), resource]
}

/// The bucket that a host is of.
fn bucket(host: &str) -> Option<String> {
    let name = host.split(':').next().unwrap_or_default();
    let name = name.strip_suffix('.').unwrap_or(name);
    let aws = [".amazonaws.com", ".amazonaws.com.cn"].iter().find_map(|domain| name.strip_suffix(domain));
    let Some(labels) = aws else {
        let is_address = host.starts_with('[') || name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.'));
        return (name.contains('.') && !is_address).then(|| name.to_owned());
    };
    let labels: Vec<_> = labels.split('.').collect();
    let place = labels.iter().rposition(|label| *label == "s3" || label.starts_with("s3-"))?;
    let bucket = labels[..place].join(".");
    (!bucket.is_empty()).then_some(bucket)
}

fn decode(text: &[u8], plus_is_space: bool) -> Vec<u8> {
    let mut decoded = Vec::new();
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let hex = text.get(at + 1..at + 3).and_then(|hex| core::str::from_utf8(hex).ok());
        match (byte, hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                at += 2;
            }
            (b'+', _) if plus_is_space => decoded.push(b' '),
            _ => decoded.push(*byte),
        }
        at += 1;
    }
    decoded
}

fn trim(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}
