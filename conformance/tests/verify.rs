//! Every SigV4 and SigV4A case of the vectors, with its known signature, verifies as it stands on the wire; no mutation of one does.

#![allow(clippy::unwrap_used)]

use awsauth_conformance::driver;
use awsauth_conformance::vectors::{self, Case, Scheme};
use awsauth_core::verify::{MissingPayloadHash, Refusal, StreamingPayload, UnsignedPayload, VerifyPolicy};
use awsauth_core::{
    CredentialScope, Header, PathRule, Protocol, RepeatedParameters, Request, StringToSign, Timestamp,
    TokenPlacement, sha256,
};
use awsauth_sigv4a::{PublicKey, Sigv4aKey};

const DECODED_LENGTH: &str = "x-amz-decoded-content-length";

/// A request as a server reads it.
#[derive(Clone, PartialEq)]
struct Received {
    method: String,
    protocol: Protocol,
    host: String,
    path: String,
    query: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

#[test]
#[cfg_attr(not(vectors), ignore = "there are no vectors in ../shared/vectors: set AWSAUTH_VECTORS")]
fn every_case_verifies_and_no_mutation_does() {
    let published = vectors::published().unwrap().expect("published.jsonl");
    let sample = vectors::sample().unwrap().expect("sample.jsonl");
    let (mut verified, mut refused) = (0, 0);
    for case in published.iter().chain(&sample) {
        if !matches!(case.scheme, Scheme::V4 | Scheme::V4Query | Scheme::V4a | Scheme::V4aQuery) {
            continue;
        }
        let received = Received::of(case);
        let public_key = public_key(case);
        let verify = |case, received: &_| verify(case, received, public_key);
        assert_eq!(verify(case, &received), Ok(()), "{}", case.id);
        verified += 1;
        let mutations = mutations(case, &received);
        assert!(mutations.len() >= 20, "{}: {} mutations", case.id, mutations.len());
        for (name, mutated) in mutations {
            assert!(mutated != received, "{}: {name} changes nothing", case.id);
            assert!(verify(case, &mutated).is_err(), "{}: accepted with another {name}", case.id);
            refused += 1;
        }
    }
    assert!(verified >= 620, "{verified}");
    println!("{verified} cases verify, {refused} mutations are refused");
}

/// That of the case, if it is SigV4A's.
fn public_key(case: &Case) -> Option<PublicKey> {
    if !is_asymmetric(case) {
        return None;
    }
    let key = Sigv4aKey::derive(&case.access_key, &case.secret_key.0).unwrap().public_key();
    if let Some(known) = &case.expected.public_key {
        assert_eq!(key.to_string(), *known, "{}", case.id);
    }
    Some(key)
}

fn is_asymmetric(case: &Case) -> bool {
    matches!(case.scheme, Scheme::V4a | Scheme::V4aQuery)
}

fn algorithm(case: &Case) -> &'static str {
    if is_asymmetric(case) { awsauth_sigv4a::ALGORITHM } else { "AWS4-HMAC-SHA256" }
}

/// The known signature; where there is none, one over the known canonical request.
fn signature(case: &Case) -> String {
    let known = case.expected.signature.as_ref().or(case.expected.rfc6979_signature.as_ref());
    known.cloned().unwrap_or_else(|| {
        let now = Timestamp::parse(&case.time).unwrap();
        let scope = CredentialScope::without_region(now.date(), &case.service).unwrap();
        let canonical_request = sha256(case.expected.canonical_request.as_ref().unwrap().as_bytes());
        let text = StringToSign::new(algorithm(case), now, scope, canonical_request);
        assert_eq!(Some(text.to_string()), case.expected.string_to_sign, "{}", case.id);
        Sigv4aKey::derive(&case.access_key, &case.secret_key.0).unwrap().sign(&text).to_string()
    })
}

fn verify(case: &Case, received: &Received, public_key: Option<PublicKey>) -> Result<(), Refusal> {
    let mut headers: Vec<_> = received.headers.iter().map(|(name, value)| Header::new(name, value)).collect();
    // A stated hash may be of another body in the vectors: the signature alone is looked at there. Nor do all tell the length
    // that chunks want.
    let stated = case.options.payload.as_deref().is_some_and(|payload| payload.starts_with("literal:"));
    let mut unsigned: Vec<_> = case.options.unsigned_headers.iter().map(String::as_str).collect();
    if stated && !headers.iter().any(|header| header.name.eq_ignore_ascii_case(DECODED_LENGTH)) {
        headers.push(Header::new(DECODED_LENGTH, b"0"));
        unsigned.push(DECODED_LENGTH);
    }
    let request = Request::from_parts(&received.method, &received.path, &received.query, &received.host)
        .protocol(received.protocol)
        .headers(&headers);
    let mut policy = VerifyPolicy::DEFAULT;
    policy.missing_payload_hash = MissingPayloadHash::Allowed;
    policy.repeated_parameters = RepeatedParameters::Allowed;
    policy.unsigned_payload = match case.options.payload.as_deref() {
        Some("signed") => UnsignedPayload::Refused,
        _ => UnsignedPayload::Allowed,
    };
    if let (Some(double_encode), Some(normalize)) = (case.options.double_encode, case.options.normalize) {
        policy.path_rule = Some(PathRule { double_encode, normalize });
    }
    if case.options.omit_session_token {
        policy.token_placement = TokenPlacement::AppendedUnsigned;
    }
    policy.unsigned_headers = &unsigned;
    let now = Timestamp::parse(&case.time).unwrap();
    let body = (!stated).then(|| sha256(&received.body));
    policy.streaming_payload = StreamingPayload::Allowed;
    if let Some(key) = public_key {
        let known = |id: &str| (id == case.access_key).then_some(key);
        if stated {
            return awsauth_sigv4a::verify_head(&policy, &request, now, |claim| known(claim.access_key_id()))
                .map(|_| ());
        }
        return awsauth_sigv4a::verify(&policy, &request, body, now, |claim| known(claim.access_key_id()))
            .map(|_| ());
    }
    let known = |id: &str| (id == case.access_key).then_some(case.secret_key.0.as_str());
    if stated {
        return policy.verify_head(&request, now, |claim| known(claim.access_key_id())).map(|_| ());
    }
    policy.verify(&request, body, now, |claim| known(claim.access_key_id())).map(|_| ())
}

impl Received {
    fn of(case: &Case) -> Self {
        let (scheme, rest) = case.url.split_once("://").unwrap();
        let (host, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers: Vec<_> =
            case.headers.iter().map(|(name, value)| (name.clone(), unfold(value).into_bytes())).collect();
        let (signature, algorithm) = (signature(case), algorithm(case));
        let region = if is_asymmetric(case) { String::new() } else { format!("{}/", case.region) };
        let credential =
            format!("{}/{}/{region}{}/aws4_request", case.access_key, &case.time[..8], case.service);
        let mut query = query.to_owned();
        let mut header = |name: &str, value: &str| headers.push((name.to_owned(), value.as_bytes().to_vec()));
        let token = case.session_token.as_deref();
        let token_name = if case.options.s3express { "S3session" } else { "Security" };
        if matches!(case.scheme, Scheme::V4Query | Scheme::V4aQuery) {
            let mut parameter = |name: &str, value: &str| {
                let separator = if query.is_empty() { "" } else { "&" };
                query.push_str(&format!("{separator}{name}={}", encode(value)));
            };
            parameter("X-Amz-Algorithm", algorithm);
            if is_asymmetric(case) {
                parameter("X-Amz-Region-Set", &case.region);
            }
            parameter("X-Amz-Credential", &credential);
            parameter("X-Amz-Date", &case.time);
            parameter("X-Amz-Expires", &case.options.expires.unwrap_or(3600).to_string());
            parameter("X-Amz-SignedHeaders", &signed_headers(case));
            parameter("X-Amz-Signature", &signature);
            if let Some(token) = token {
                parameter(&format!("X-Amz-{token_name}-Token"), token);
            }
        } else {
            header("x-amz-date", &case.time);
            if is_asymmetric(case) {
                header("x-amz-region-set", &case.region);
            }
            if let Some(token) = token {
                header(&format!("x-amz-{}-token", token_name.to_lowercase()), token);
            }
            if case.options.sha256_header {
                let digest: String = sha256(&case.body).iter().map(|byte| format!("{byte:02x}")).collect();
                let payload = match case.options.payload.as_deref() {
                    Some("unsigned") => "UNSIGNED-PAYLOAD",
                    Some(given) => given.strip_prefix("literal:").unwrap_or(&digest),
                    None => &digest,
                };
                header("x-amz-content-sha256", payload);
            }
            let signed = signed_headers(case);
            header(
                "Authorization",
                &format!(
                    "{algorithm} Credential={credential},SignedHeaders={signed} , Signature={signature}"
                ),
            );
        }
        // A `host` header, which may be another than the URL's, has no authority beside it.
        let has_host = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host"));
        Self {
            method: case.method.clone(),
            protocol: if scheme == "http" { Protocol::Http } else { Protocol::Https },
            host: if has_host { String::new() } else { host.to_owned() },
            path: path.to_owned(),
            query,
            headers,
            body: case.body.clone(),
        }
    }

    fn is_presigned(&self) -> bool {
        self.query.contains("X-Amz-Signature=")
    }

    /// The same with `from` replaced by `to` once, in the authentication.
    fn authentication(&self, from: &str, to: &str) -> Self {
        let mut mutated = self.clone();
        if self.is_presigned() {
            let at = self.query.find("X-Amz-Algorithm=").unwrap();
            let (own, parameters) = self.query.split_at(at);
            mutated.query = format!("{own}{}", parameters.replacen(&encode(from), &encode(to), 1));
        } else {
            let (_, value) = mutated.headers.last_mut().unwrap();
            *value = String::from_utf8(value.clone()).unwrap().replacen(from, to, 1).into_bytes();
        }
        mutated
    }
}

/// One change each, to every part of a request that its signature covers.
fn mutations(case: &Case, received: &Received) -> Vec<(String, Received)> {
    let mut mutations = Vec::new();
    let mut add = |name: &str, change: &dyn Fn(&mut Received)| {
        let mut mutated = received.clone();
        change(&mut mutated);
        mutations.push((name.to_owned(), mutated));
    };
    add("method", &|it| it.method.push('X'));
    add("method case", &|it| it.method = flip(&it.method, 0, 0x20));
    add("host", &|it| match it.headers.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("host")) {
        Some((_, value)) => *value = b"evil.example".to_vec(),
        None => it.host.insert(0, 'x'),
    });
    add("path", &|it| it.path.push_str(if it.path.is_empty() { "/x" } else { "x" }));
    // Deeper than any `..` of the vectors takes back.
    add("path start", &|it| it.path.insert_str(0, "/x/x/x/x/x"));
    add("path, an escape more", &|it| it.path.push_str(if it.path.is_empty() { "/%25" } else { "%25" }));
    add("query, a parameter more", &|it| it.query = format!("x=y&{}", it.query));
    add("query, a parameter behind", &|it| it.query.push_str(if it.query.is_empty() { "zz" } else { "&zz" }));
    for bit in [0, 1, 2, 3] {
        add(&format!("first digit of the signature, {bit}"), &|it| flip_signature(it, 0, bit));
        add(&format!("last digit of the signature, {bit}"), &|it| flip_signature(it, 63, bit));
    }
    add("signed header", &|it| it.headers.insert(0, ("x-amz-added".into(), b"1".to_vec())));
    if received.is_presigned() {
        add("second authentication", &|it| {
            it.headers.push(("authorization".into(), b"AWS4-HMAC-SHA256 Credential=a".to_vec()))
        });
        add("parameter twice", &|it| it.query.push_str("&X-Amz-Expires=5"));
        add("expiry", &|it| it.query = it.query.replace("X-Amz-Expires=", "X-Amz-Expires=1"));
        add("no signature", &|it| it.query = it.query.replace("X-Amz-Signature=", "x-amz-signature="));
    } else {
        let named = |it: &mut Received, name: &str| {
            it.headers.iter_mut().find(|(other, _)| other == name).map(|(_, value)| core::mem::take(value))
        };
        add("second authentication", &|it| {
            let authorization = it.headers.last().unwrap().clone();
            it.headers.push(authorization);
        });
        add("presigned as well", &|it| it.query.push_str("&X-Amz-Signature=00"));
        add("no date", &|it| it.headers.retain(|(name, _)| name != "x-amz-date"));
        add("empty date", &|it| assert!(named(it, "x-amz-date").is_some()));
        if named(&mut received.clone(), "x-amz-content-sha256").is_some() {
            add("payload hash", &|it| {
                let (_, value) =
                    it.headers.iter_mut().find(|(name, _)| name == "x-amz-content-sha256").unwrap();
                value[5] ^= 1;
            });
        } else {
            add("body", &|it| it.body.push(b' '));
        }
        add("a header's value", &|it| {
            let (_, value) = it.headers.iter_mut().find(|(name, _)| name == "x-amz-date").unwrap();
            value[14] ^= 1;
        });
    }
    for (name, from, to) in [
        ("algorithm", "-SHA256", "-SHA257"),
        ("service", "/aws4_request", "x/aws4_request"),
        ("terminator", "aws4_request", "aws5_request"),
        ("credential's day", &format!("/{}/", &case.time[..8]), "/20990101/"),
        ("access key ID", case.access_key.as_str(), "AKIDOFANOTHER"),
        ("signed headers", "host", "hosu"),
    ] {
        mutations.push((name.to_owned(), received.authentication(from, to)));
    }
    let elsewhere = match received.headers.iter().position(|(name, _)| name == "x-amz-region-set") {
        Some(at) => {
            let mut elsewhere = received.clone();
            elsewhere.headers[at].1 = b"mars-*".to_vec();
            elsewhere
        }
        None if is_asymmetric(case) => received.authentication(&case.region, "mars-*"),
        None => received.authentication(&format!("/{}/", case.region), "/mars-north-1/"),
    };
    mutations.push(("region".to_owned(), elsewhere));
    mutations
}

fn flip_signature(received: &mut Received, digit: usize, bit: u8) {
    let flipped =
        |text: &str, name: &str| flip(text, text.find(name).unwrap() + name.len() + digit, 1 << bit);
    if received.is_presigned() {
        received.query = flipped(&received.query, "X-Amz-Signature=");
    } else {
        let (_, value) = received.headers.last_mut().unwrap();
        *value = flipped(core::str::from_utf8(value).unwrap(), "Signature=").into_bytes();
    }
}

fn flip(text: &str, at: usize, bits: u8) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] ^= bits;
    String::from_utf8(bytes).unwrap()
}

fn signed_headers(case: &Case) -> String {
    let canonical_request = case.expected.canonical_request.clone();
    case.expected.signed_headers.clone().unwrap_or_else(|| {
        let canonical_request =
            canonical_request.unwrap_or_else(|| driver::sign(case).canonical_request.unwrap());
        canonical_request.rsplit('\n').nth(1).unwrap().to_owned()
    })
}

fn unfold(value: &str) -> String {
    value.replace("\r\n", "\n").split('\n').map(str::trim).collect::<Vec<_>>().join(" ")
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
