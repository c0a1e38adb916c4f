//! What a server would do with a request, read slowly and by itself: to hold a verifier to it.

use std::collections::BTreeMap;

use awsauth_http::http::Request;
use awsauth_http::{PayloadHash, Verified};

use crate::older_meaning::may_be_several;

/// A request that was accepted, as a service takes it.
#[derive(Debug, PartialEq)]
pub struct Meaning {
    method: String,
    host: String,
    path: Vec<u8>,
    /// The parameters by name, decoded. The order of those of one name is not signed, so that off S3, where there may be such,
    /// they are a bag.
    query: Vec<(Vec<u8>, Vec<u8>)>,
    /// The headers that are signed, and every `x-amz-*`, by name.
    headers: BTreeMap<String, Vec<Vec<u8>>>,
    /// None where nothing covers it.
    body: Option<Vec<u8>>,
    trailers: BTreeMap<String, Vec<u8>>,
    who: [String; 4],
}

impl Meaning {
    /// Of a request with the data of its body; `None` if its target and its `host` header are of two servers, or there is
    /// none.
    pub fn of(request: &Request<Vec<u8>>, data: &[u8], verified: &Verified) -> Option<Self> {
        let uri = request.uri();
        let is_http = uri.scheme_str() == Some("http");
        let authority = uri.authority().map(|authority| host(authority.as_str().as_bytes(), is_http));
        let mut hosts = request.headers().get_all("host").iter().map(|value| host(value.as_bytes(), is_http));
        let header = hosts.next();
        if hosts.next().is_some() || authority.is_some() && header.is_some() && authority != header {
            return None;
        }
        let mut query: Vec<_> = uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (decoded(name, true), decoded(value, true)))
            .filter(|(name, _)| name != b"X-Amz-Signature")
            .collect();
        match verified.service() {
            "s3" => query.sort_by(|(one, _), (other, _)| one.cmp(other)),
            _ => query.sort(),
        }
        let signed: Vec<_> = verified.signed_headers().filter(|name| *name != "host").collect();
        let mut headers = BTreeMap::new();
        for name in request.headers().keys() {
            let name = name.as_str();
            // What it says is in the payload's hash, wherever it stands.
            let counts = signed.contains(&name) || name.starts_with("x-amz-");
            if counts && name != "x-amz-content-sha256" {
                let values = request.headers().get_all(name).iter();
                let values: Vec<_> = values.map(|value| collapsed(value.as_bytes())).collect();
                let is_one = name.starts_with("x-amz-") || matches!(name, "content-type" | "content-md5");
                // Of which a server may read the first line alone.
                let apart = is_one && !may_be_several(name);
                headers.insert(name.to_owned(), if apart { values } else { vec![values.join(&b',')] });
            }
        }
        // Whoever wants a header that was signed to be there finds it.
        if signed.iter().any(|name| !request.headers().contains_key(*name)) {
            return None;
        }
        let payload = verified.payload_hash();
        let covered = !matches!(payload, PayloadHash::Unsigned | PayloadHash::StreamingUnsignedTrailer);
        let trailers = verified.trailers().iter().filter(|_| covered);
        Some(Self {
            method: request.method().to_string(),
            host: authority.or(header)?,
            path: if verified.service() == "s3" { decoded(uri.path(), false) } else { resolved(uri.path()) },
            query,
            headers,
            body: covered.then(|| data.to_vec()),
            trailers: trailers.map(|(name, value)| (name.to_string(), collapsed(value.as_bytes()))).collect(),
            who: [
                verified.access_key_id().to_owned(),
                verified.host().to_owned(),
                payload.to_string(),
                format!("{:?} {:?}", verified.time(), verified.expires_at()),
            ],
        })
    }

    /// Whether what is verified is where the request goes.
    pub fn is_routed_as_verified(&self) -> bool {
        self.host == self.who[1]
    }
}

fn host(text: &[u8], is_http: bool) -> String {
    let text = String::from_utf8_lossy(text.trim_ascii()).to_ascii_lowercase();
    let port = if is_http { ":80" } else { ":443" };
    let text = text.strip_suffix(port).unwrap_or(&text);
    text.strip_suffix(':').unwrap_or(text).to_owned()
}

fn decoded(text: &str, plus_is_space: bool) -> Vec<u8> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        decoded.push(match byte {
            b'+' if plus_is_space => b' ',
            b'%' => {
                let (high, low) = (digit(bytes.next()), digit(bytes.next()));
                u8::try_from(high.unwrap_or_default() * 16 + low.unwrap_or_default()).unwrap_or_default()
            }
            byte => byte,
        });
    }
    decoded
}

/// The segments that are left where `.`, `..` and empty ones are resolved; escapes stay as they are, since they are signed so.
fn resolved(path: &str) -> Vec<u8> {
    let mut segments = Vec::new();
    let mut is_folder = false;
    for segment in path.split('/') {
        is_folder = matches!(segment, "" | "." | "..");
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    let mut path = format!("/{}", segments.join("/"));
    if is_folder && !segments.is_empty() {
        path.push('/');
    }
    path.into_bytes()
}

/// Trimmed, and with each run of blanks one space.
fn collapsed(value: &[u8]) -> Vec<u8> {
    let words = value.split(|byte| matches!(byte, b' ' | b'\t')).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(&b' ')
}
