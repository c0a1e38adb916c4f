//! What must hold of the reference for any input, since it is the oracle for everything else.

#![allow(clippy::unwrap_used, reason = "a test")]

use awsauth_conformance::reference::{
    Answer, Credentials, Refusal, Request, Scope, Settings, Time, Token, s3, s3_query, v2_post, v2_query, v3,
    v3_https, v4, v4_chunked, v4_query, v4a,
};
use awsauth_conformance::vectors::DateHeader;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

proptest! {
    #[test]
    fn every_input_has_an_answer(request in any_request(), service in any_service(), token in any_token()) {
        let time = Time::parse("20130524T000000Z").unwrap();
        for answer in sign_all(&request, &credentials(token), &service, &time).into_iter().flatten() {
            prop_assert!(!answer.signature.is_empty());
            if let Some(canonical) = answer.canonical_request {
                let headers = answer.signed_headers.unwrap();
                let lines = canonical.split(|byte| *byte == b'\n').count();
                prop_assert_eq!(lines, 6 + headers.split(';').count(), "a line was broken");
                prop_assert!(headers.split(';').is_sorted_by(|a, b| a < b), "{}", headers);
            }
        }
    }

    #[test]
    fn canonical_form_is_canonical(request in any_request(), service in any_service(), token in any_token()) {
        let time = Time::parse("20130524T000000Z").unwrap();
        let (credentials, scope) = (credentials(token), Scope::new("us-east-1", &service));
        for token in [Token::S3Session, Token::Signed, Token::Unsigned] {
            let settings = Settings { token, ..Settings::for_service(&service) };
            let sign = |request: &Request| v4_query::sign(request, &credentials, &scope, &time, 60, &settings);
            let Ok(first) = sign(&request) else { continue };
            let query = first.query.clone().unwrap().into_bytes();
            let second = sign(&Request { query, ..request.clone() });
            prop_assert_eq!(second, Ok(first));
        }
    }

    #[test]
    fn s3_path_is_encoded_exactly_once(request in any_request()) {
        let time = Time::parse("20130524T000000Z").unwrap();
        let (scope, settings) = (Scope::new("us-east-1", "s3"), Settings::for_service("s3"));
        let sign = |request: &Request| v4::sign(request, &credentials(None), &scope, &time, &settings);
        if let Ok(first) = sign(&request) {
            let canonical = first.canonical_request.clone().unwrap();
            let path = canonical.split(|byte| *byte == b'\n').nth(1).unwrap().to_vec();
            prop_assert_eq!(sign(&Request { path, ..request.clone() }), Ok(first));
        }
    }
}

fn sign_all(
    request: &Request,
    credentials: &Credentials,
    service: &str,
    time: &Time,
) -> Vec<Result<Answer, Refusal>> {
    let scope = Scope::new("us-east-1", service);
    let settings = Settings::for_service(service);
    vec![
        s3::sign(request, credentials, time, DateHeader::Both, Some("bucket")),
        s3_query::sign(request, credentials, 0, None),
        v2_post::sign(request, credentials, time),
        v2_query::sign(request, credentials, time),
        v3::sign(request, credentials, time),
        v3_https::sign(request, credentials, time),
        v4::sign(request, credentials, &scope, time, &settings),
        v4_chunked::sign(request, credentials, &scope, time, &settings, 3, &request.headers),
        v4_query::sign(request, credentials, &scope, time, 60, &settings),
        v4a::sign(request, credentials, &scope, time, &settings),
    ]
}

fn credentials(session_token: Option<String>) -> Credentials {
    Credentials {
        session_token,
        ..Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    }
}

fn any_service() -> impl Strategy<Value = String> {
    select(vec!["s3", "sqs"]).prop_map(str::to_owned)
}

fn any_token() -> impl Strategy<Value = Option<String>> {
    proptest::option::of("[ -~]{0,8}")
}

/// Mostly well-formed, so that most requests are signed; each part is malformed now and then.
fn any_request() -> impl Strategy<Value = Request> {
    let method = prop_oneof![9 => "GET|POST|PUT", 1 => ".{0,3}"];
    let authority = prop_oneof![9 => "[a-zA-Z.]{1,8}(:443|:80|:8443)?|\\[::1\\](:443)?", 1 => ".{0,8}"];
    let path = prop_oneof![
        9 => text("(/(/|\\.|\\.\\.|%2[0fFeE]|%C3|[a-c+=@ é]){0,8})?"),
        1 => vec(any::<u8>(), 0..6),
    ];
    let query = prop_oneof![
        9 => text("(&|=|\\+|%2B|%3d|[a-c~ -]|acl|X-Amz-Date=1){0,8}"),
        1 => vec(any::<u8>(), 0..6),
    ];
    let name = prop_oneof![19 => "[a-zA-Z-]{1,6}|x-amz-[a-c]|te", 1 => ".{0,3}"];
    let value = prop_oneof![19 => text("[ \t\"a-cé,]{0,6}"), 1 => vec(any::<u8>(), 0..4)];
    (method, authority, path, query, vec((name, value), 0..4), vec(any::<u8>(), 0..8)).prop_map(
        |(method, authority, path, query, headers, body)| Request {
            method,
            scheme: "https".into(),
            authority,
            path,
            query,
            headers,
            body,
        },
    )
}

fn text(pattern: &'static str) -> impl Strategy<Value = Vec<u8>> {
    pattern.prop_map(String::into_bytes)
}
