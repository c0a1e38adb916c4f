//! The known signatures of SigV2, S3's first scheme and POST forms verify as they stand on the wire; no mutation does.

#![allow(clippy::unwrap_used)]

use awsauth_conformance::vectors::{self, Case, DateHeader, Scheme};
use awsauth_core::post_policy::Field;
use awsauth_core::s3_legacy::Bucket;
use awsauth_core::verify::{Policy, Refusal};
use awsauth_core::{Header, Request, Timestamp};

/// What a server reads, for whichever scheme.
#[derive(Clone)]
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
fn every_case_verifies_and_no_mutation_does() {
    let (Some(published), Some(sample)) = (vectors::published().unwrap(), vectors::sample().unwrap()) else {
        return;
    };
    let mut verified = std::collections::BTreeMap::new();
    for case in published.iter().chain(&sample) {
        let received = match case.scheme {
            Scheme::V2Query | Scheme::V2Post | Scheme::S3 | Scheme::S3Query | Scheme::V4Post => {
                Received::of(case)
            }
            _ => continue,
        };
        assert_eq!(verify(case, &received), Ok(()), "{} {}", case.id, received.target);
        *verified.entry(case.scheme).or_insert(0) += 1;
        for (name, mutated) in mutations(case, &received) {
            assert!(verify(case, &mutated).is_err(), "{}: accepted with another {name}", case.id);
        }
    }
    println!("{verified:?}");
    assert_eq!(verified.len(), 5, "{verified:?}");
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
    let mut policy = Policy::DEFAULT;
    policy.maximum_expires = u32::MAX;
    let lookup = |id: &str| (id == case.access_key).then_some(case.secret_key.0.as_str());
    match case.scheme {
        Scheme::V2Query => policy.verify_sigv2(&request, None, now, lookup).map(|_| ()),
        Scheme::V2Post => {
            let form = received.form.as_deref().unwrap().as_bytes();
            policy.verify_sigv2(&request, Some(form), now, lookup).map(|_| ())
        }
        Scheme::V4Post => {
            let fields: Vec<_> = received.fields.iter().map(|(name, value)| Field { name, value }).collect();
            policy.verify_form(&fields, now, |id, _| lookup(id)).map(|_| ())
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

fn mutations(case: &Case, received: &Received) -> Vec<(&'static str, Received)> {
    let signature = case.expected.signature.clone().unwrap();
    let flipped = |at: usize| {
        let mut digits = signature.clone().into_bytes();
        digits[at] = if digits[at] == b'a' { b'b' } else { b'a' };
        String::from_utf8(digits).unwrap()
    };
    let edits = [
        ("first digit", signature.clone(), flipped(0)),
        ("last digit", signature.clone(), flipped(signature.len() - 2)),
        ("access key ID", case.access_key.clone(), "AKIDOFANOTHER".to_owned()),
        ("day", format!("/{}/", &case.time[..8]), "/20990101/".to_owned()),
        ("policy", case.options.policy_b64.clone().unwrap_or_default(), "e30=".to_owned()),
    ];
    let mut mutations = Vec::new();
    for (name, from, to) in edits {
        if from.is_empty() {
            continue;
        }
        let edit = |text: &String| text.replace(&from, &to).replace(&encode(&from), &encode(&to));
        let edit_all = |pairs: &[(String, String)]| {
            pairs.iter().map(|(name, value)| (name.clone(), edit(value))).collect::<Vec<_>>()
        };
        let mutated = Received {
            target: edit(&received.target),
            headers: edit_all(&received.headers),
            fields: edit_all(&received.fields),
            form: received.form.as_ref().map(edit),
            ..received.clone()
        };
        if (&mutated.target, &mutated.headers, &mutated.fields, &mutated.form)
            != (&received.target, &received.headers, &received.fields, &received.form)
        {
            mutations.push((name, mutated));
        }
    }
    assert!(mutations.len() >= 3, "{}", case.id);
    if case.scheme != Scheme::V4Post {
        let change = |change: fn(&mut Received)| {
            let mut mutated = received.clone();
            change(&mut mutated);
            mutated
        };
        mutations.push(("method", change(|it| it.method.push('X'))));
        mutations.push(("path", change(|it| it.target.insert_str(0, "/x"))));
    }
    if matches!(case.scheme, Scheme::S3 | Scheme::S3Query) {
        let mut mutated = received.clone();
        mutated.headers.push(("x-amz-added".into(), "1".into()));
        mutations.push(("header", mutated));
    }
    mutations
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
