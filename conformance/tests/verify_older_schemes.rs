//! The known signatures of SigV2, S3's first scheme and POST forms verify as they stand on the wire; no mutation does.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use awsauth_conformance::vectors::{self, Case, DateHeader, Scheme};
use awsauth_core::post_policy::Field;
use awsauth_core::s3_legacy::Bucket;
use awsauth_core::verify::{Refusal, UnknownParameters, VerifyPolicy};
use awsauth_core::{Header, Request, Timestamp};

/// Requests that are made of each case, none of which may verify.
const MUTATIONS: usize = 20;

/// What a server reads, for whichever scheme.
#[derive(Clone, PartialEq)]
struct Received {
    method: String,
    host: String,
    target: String,
    headers: Vec<(String, String)>,
    /// Of a POST: its fields, or its form.
    fields: Vec<(String, String)>,
    form: Option<String>,
}

#[test]
#[cfg_attr(not(vectors), ignore = "there are no vectors in ../shared/vectors: set AWSAUTH_VECTORS")]
fn every_case_verifies_and_no_mutation_does() {
    let published = vectors::published().unwrap().expect("published.jsonl");
    let sample = vectors::sample().unwrap().expect("sample.jsonl");
    let (mut verified, mut refused) = (BTreeMap::new(), 0);
    for case in published.iter().chain(&sample) {
        let received = match case.scheme {
            Scheme::V2Query
            | Scheme::V2Post
            | Scheme::S3
            | Scheme::S3Post
            | Scheme::S3Query
            | Scheme::V4Post => Received::of(case),
            _ => continue,
        };
        assert_eq!(verify(case, &received), Ok(()), "{} {}", case.id, received.target);
        *verified.entry(case.scheme).or_insert(0) += 1;
        for (name, mutated) in mutations(case, &received) {
            assert!(verify(case, &mutated).is_err(), "{}: accepted with another {name}", case.id);
            refused += 1;
        }
    }
    println!("{verified:?} verify, {refused} mutations are refused");
    assert_eq!(verified.len(), 6, "{verified:?}");
}

fn verify(case: &Case, received: &Received) -> Result<(), Refusal> {
    let headers: Vec<_> =
        received.headers.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
    let request = Request::new(&received.method, &received.target, &received.host).headers(&headers);
    let request = request.protocol(if case.url.starts_with("http:") {
        awsauth_core::Protocol::Http
    } else {
        awsauth_core::Protocol::Https
    });
    let now = Timestamp::parse(&case.time).unwrap();
    let mut policy = VerifyPolicy::DEFAULT;
    policy.maximum_expires = u32::MAX;
    // Some have a parameter `foo`, of which nobody can know that it does no harm.
    policy.unknown_parameters = UnknownParameters::Ignored;
    let lookup = |id: &str| (id == case.access_key).then_some(case.secret_key.0.as_str());
    match case.scheme {
        Scheme::V2Query => policy.verify_sigv2(&request, None, now, lookup).map(|_| ()),
        Scheme::V2Post => {
            let form = received.form.as_deref().unwrap().as_bytes();
            policy.verify_sigv2(&request, Some(form), now, lookup).map(|_| ())
        }
        Scheme::V4Post | Scheme::S3Post => {
            let fields: Vec<_> = received.fields.iter().map(|(name, value)| Field { name, value }).collect();
            match case.scheme {
                Scheme::V4Post => policy.verify_form(&fields, now, |id, _| lookup(id)).map(|_| ()),
                _ => policy.verify_s3_legacy_form(&fields, lookup).map(|_| ()),
            }
        }
        _ => {
            let bucket = case.options.bucket_vhost.as_deref().map_or(Bucket::ByHost, Bucket::Named);
            policy.verify_s3_legacy(&request, bucket, now, lookup).map(|_| ())
        }
    }
}

impl Received {
    fn of(case: &Case) -> Self {
        let (_, rest) = case.url.split_once("://").unwrap_or(("", &case.url));
        let (host, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let slash = if target.starts_with('/') { "" } else { "/" };
        let mut received = Self {
            method: case.method.clone(),
            host: host.to_owned(),
            target: format!("{slash}{target}"),
            headers: case.headers.clone(),
            fields: Vec::new(),
            form: None,
        };
        let now = Timestamp::parse(&case.time).unwrap();
        let signature = case.expected.signature.clone().unwrap();
        let id = case.access_key.as_str();
        let token = case.session_token.as_deref();
        match case.scheme {
            Scheme::V2Query | Scheme::V2Post => {
                let mut added = vec![
                    ("AWSAccessKeyId", id.to_owned()),
                    ("SignatureMethod", "HmacSHA256".to_owned()),
                    ("SignatureVersion", "2".to_owned()),
                    ("Timestamp", now.extended().to_string()),
                ];
                added.extend(token.map(|token| ("SecurityToken", token.to_owned())));
                added.push(("Signature", signature));
                if case.scheme == Scheme::V2Post {
                    let mut form = String::from_utf8(case.body.clone()).unwrap();
                    append(&mut form, "", &added);
                    received.form = Some(form);
                } else {
                    append(&mut received.target, "?", &added);
                }
            }
            Scheme::S3Query => {
                let mut added = vec![
                    ("AWSAccessKeyId", id.to_owned()),
                    ("Expires", case.options.expires_epoch.unwrap().to_string()),
                ];
                added.extend(token.map(|token| ("x-amz-security-token", token.to_owned())));
                added.push(("Signature", signature));
                append(&mut received.target, "?", &added);
            }
            Scheme::S3 => {
                let date = now.http_date().to_string();
                let sends = case.options.date_header.unwrap_or_default();
                let mut add = |name: &str, value: String| received.headers.push((name.to_owned(), value));
                if sends != DateHeader::XAmzDate {
                    add("Date", date.clone());
                }
                if sends != DateHeader::Date {
                    add("x-amz-date", date);
                }
                if let Some(token) = token {
                    add("x-amz-security-token", token.to_owned());
                }
                add("Authorization", format!("AWS {id}:{signature}"));
            }
            Scheme::S3Post => {
                let policy = case.options.policy_b64.clone().unwrap();
                let fields =
                    [("AWSAccessKeyId", id.to_owned()), ("Policy", policy), ("Signature", signature)];
                received.fields.push(("key".to_owned(), "a".to_owned()));
                received.fields.extend(fields.map(|(name, value)| (name.to_owned(), value)));
            }
            _ => {
                let scope = format!("{}/{}/{}/aws4_request", &case.time[..8], case.region, case.service);
                let mut field =
                    |name: &str, value: &str| received.fields.push((name.to_owned(), value.to_owned()));
                field("key", "a");
                field("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
                field("X-Amz-Credential", &format!("{id}/{scope}"));
                field("X-Amz-Date", &case.time);
                field("Policy", case.options.policy_b64.as_deref().unwrap());
                field("X-Amz-Signature", &signature);
            }
        }
        received
    }
}

fn append(text: &mut String, opening: &str, added: &[(&str, String)]) {
    let mut separator = if opening.is_empty() && text.is_empty() {
        ""
    } else if opening.is_empty() || text.contains('?') {
        "&"
    } else {
        opening
    };
    for (name, value) in added {
        text.push_str(&format!("{separator}{name}={}", encode(value)));
        separator = "&";
    }
}

/// One byte of what a signature covers.
#[derive(Clone, Copy, Debug)]
enum Place {
    Method(usize),
    Host(usize),
    Target(usize),
    HeaderName(usize, usize),
    HeaderValue(usize, usize),
    FieldName(usize, usize),
    FieldValue(usize, usize),
    Form(usize),
}

/// As many requests with one bit flipped, spread over all that is signed.
fn mutations(case: &Case, received: &Received) -> Vec<(String, Received)> {
    let places = places(case, received);
    let mut mutations = Vec::new();
    for n in 0..MUTATIONS {
        // The first bit, and if need be the first place, from here on that makes another request of it.
        let places = places.iter().cycle().skip(n * places.len() / MUTATIONS).take(places.len());
        let flips = places.flat_map(|place| (0..7).map(move |bit| (place, (n + bit) % 7)));
        let is_new = |mutated: &Received| mutations.iter().all(|(_, other)| other != mutated);
        let mut flips = flips.filter_map(|(place, bit)| {
            let mutated = received.flipped(*place, 1 << bit)?;
            is_new(&mutated).then(|| (format!("{place:?}, bit {bit}"), mutated))
        });
        mutations.push(flips.next().unwrap());
    }
    mutations
}

fn places(case: &Case, received: &Received) -> Vec<Place> {
    let mut places = Vec::new();
    let path = received.target.find('?').unwrap_or(received.target.len());
    if !matches!(case.scheme, Scheme::V4Post | Scheme::S3Post) {
        places.extend((0..received.method.len()).map(Place::Method));
        places.extend((0..path).map(Place::Target));
    }
    match case.scheme {
        Scheme::V2Query | Scheme::V2Post => {
            places.extend((0..received.host.len()).map(Place::Host));
            places.extend((path..received.target.len()).map(Place::Target));
            places.extend((0..received.form.as_deref().unwrap_or_default().len()).map(Place::Form));
        }
        Scheme::V4Post | Scheme::S3Post => {
            for (at, (name, value)) in received.fields.iter().enumerate() {
                let signed = match name.as_str() {
                    "key" => continue,
                    // The rest of it is for the policy to demand.
                    "X-Amz-Date" => 8,
                    _ => value.len(),
                };
                places.extend((0..name.len()).map(|byte| Place::FieldName(at, byte)));
                places.extend((0..signed).map(|byte| Place::FieldValue(at, byte)));
            }
        }
        _ => {
            let covers = |name: &str| {
                const PRESIGNED: [&str; 4] =
                    ["AWSAccessKeyId", "Expires", "Signature", "x-amz-security-token"];
                PRESIGNED.contains(&name) || case.options.subresources.iter().any(|other| other == name)
            };
            let mut start = path + 1;
            for pair in received.target.get(start..).unwrap_or_default().split('&') {
                if covers(pair.split('=').next().unwrap()) {
                    places.extend((start..start + pair.len()).map(Place::Target));
                }
                start += pair.len() + 1;
            }
            let own_date = received.headers.iter().any(|(name, _)| name == "x-amz-date");
            for (at, (name, value)) in received.headers.iter().enumerate() {
                let covered = match name.to_ascii_lowercase().as_str() {
                    "date" => !own_date && case.scheme == Scheme::S3,
                    // None is the same as an empty one.
                    "content-md5" | "content-type" => !value.trim().is_empty(),
                    name => name == "authorization" || name.starts_with("x-amz-"),
                };
                if covered {
                    places.extend((0..name.len()).map(|byte| Place::HeaderName(at, byte)));
                    places.extend((0..value.len()).map(|byte| Place::HeaderValue(at, byte)));
                }
            }
        }
    }
    places
}

impl Received {
    /// The same with these bits flipped; `None` if it means the same then, or is no text.
    fn flipped(&self, place: Place, bits: u8) -> Option<Self> {
        let mut flipped = self.clone();
        let (text, at, case_counts) = match place {
            Place::Method(at) => (&mut flipped.method, at, true),
            Place::Host(at) => (&mut flipped.host, at, false),
            Place::Target(at) => (&mut flipped.target, at, true),
            Place::HeaderName(header, at) => (&mut flipped.headers[header].0, at, false),
            Place::HeaderValue(header, at) => (&mut flipped.headers[header].1, at, true),
            Place::FieldName(field, at) => (&mut flipped.fields[field].0, at, false),
            Place::FieldValue(field, at) => (&mut flipped.fields[field].1, at, true),
            Place::Form(at) => (flipped.form.as_mut().unwrap(), at, true),
        };
        let before = text.clone();
        let mut bytes = core::mem::take(text).into_bytes();
        let is_escape = bytes[..at].iter().rev().take(2).any(|byte| *byte == b'%');
        bytes[at] ^= bits;
        *text = String::from_utf8(bytes).ok()?;
        let same = text.eq_ignore_ascii_case(&before) && (is_escape || !case_counts);
        (!same).then_some(flipped)
    }
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
