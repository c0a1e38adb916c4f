//! Requests to sign, from the harmless to the impossible.

use awsauth_conformance::agreement::{Choices, Job, Selection};
use awsauth_conformance::reference::Payload;
use awsauth_core::{PathRule, PlusSign, RepeatedParameters, Timestamp, TokenPlacement};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// A request that can be signed, but for parameters that S3 refuses to have repeated.
pub(crate) fn any_job() -> impl Strategy<Value = Job> {
    let host = prop_oneof![
        "[a-zA-Z0-9.-]{0,8}[a-z](:|:443|:80|:8443)?",
        "\\[[0-9a-fA-F:]{1,9}\\](:443|:1)?",
        "[!$&'()*+,;=_~%]{1,4}",
    ];
    let path =
        "((/(|\\.|\\.\\.|\\.a|%2[0fFeE5]|%[cC]3%A9|%41|[a-c]|[+=@:~\"|^ !*'();,$&\\\\é語]){1,3}){0,8})/?";
    let query = "((&|=|\\+|%2[bB06fF]|%3[dD]|%61|[a-c~/?:@!*'\"é -]|a=|X-Amz-(Date|Signature|Other)=|%58-Amz-Date=){1,4}(&|=)?){0,8}";
    let headers = vec(any_header(), 0..12);
    let host_header = option::weighted(0.1, host.clone());
    let wire =
        ("GET|PUT|M-SEARCH|[!#$%&'*+.^_`|~0-9a-z-]", any::<bool>(), host, path, query, headers, host_header);
    let token = option::of("[!-~]{1,20}");
    let credentials =
        ("[A-Za-z0-9_=.+-]{1,20}", token, "[!-+.0-~-]{1,9}|eu-central-1", select(SERVICES.to_vec()));
    let expires = option::of(prop_oneof![Just(1), Just(604_800), 1..=604_800_u32]);
    let rest = (any_payload(), vec(any::<u8>(), 0..20), any_time(), expires, any_choices());
    (wire, credentials, rest).prop_map(|(wire, credentials, rest)| {
        let (method, https, host, path, query, mut headers, host_header) = wire;
        let (access_key_id, session_token, region, service) = credentials;
        let (payload, body, time, expires, choices) = rest;
        headers.extend(host_header.map(|host| ("HOST".to_owned(), host.into_bytes())));
        let service = service.to_owned();
        Job {
            method,
            https,
            host,
            path,
            query,
            headers,
            body,
            payload,
            access_key_id,
            session_token,
            region,
            service,
            time,
            expires,
            choices,
        }
    })
}

const SERVICES: &[&str] = &["s3", "s3express", "sqs", "execute-api", "any!$&=service", "iotdevicegateway"];

pub(crate) fn any_header() -> impl Strategy<Value = (String, Vec<u8>)> {
    let name = prop_oneof![
        3 => "[xX]-[aA]mz-[a-c]{1,2}",
        1 => "[a-cA-C!#$%&'*+.^_`|~-]{1,3}",
        2 => select(NAMES.to_vec()).prop_map(str::to_owned),
    ];
    let value = prop_oneof![
        3 => "[ \t\"a-c,é]{0,9}".prop_map(String::into_bytes),
        1 => vec(prop_oneof![0x20..0x7f_u8, 0x80..=0xff_u8, Just(b'\t')], 0..5),
    ];
    (name, value)
}

const NAMES: &[&str] = &[
    "Accept",
    "Accept-Encoding",
    "Authorization",
    "Connection",
    "Content-MD5",
    "Content-Type",
    "Content-Length",
    "Expect",
    "Forwarded",
    "Max-Forwards",
    "Range",
    "Sec-WebSocket-Key",
    "TE",
    "User-Agent",
    "Via",
    "x-amz-content-sha256",
    "X-Amz-Copy-Source",
    "X-Amz-Copy-Source-Range",
    "X-Amz-Date",
    "X-Amz-Region-Set",
    "x-amz-s3session-token",
    "X-AMZ-SECURITY-TOKEN",
    "X-Amzn-Trace-Id",
    "X-Forwarded-For",
];

fn any_payload() -> impl Strategy<Value = Payload> {
    let literal = "STREAMING-UNSIGNED-PAYLOAD-TRAILER|STREAMING-AWS4-HMAC-SHA256-PAYLOAD|[0-9a-f]{64}";
    prop_oneof![3 => Just(Payload::Signed), 1 => Just(Payload::Unsigned), 1 => literal.prop_map(Payload::Literal)]
}

pub(crate) fn any_time() -> impl Strategy<Value = String> {
    (0..=253_402_300_799_u64).prop_map(|seconds| Timestamp::from_unix(seconds).unwrap().to_string())
}

fn any_choices() -> impl Strategy<Value = Choices> {
    let rule = (any::<bool>(), any::<bool>());
    let rule = rule.prop_map(|(double_encode, normalize)| PathRule { double_encode, normalize });
    let plus_sign = select(vec![PlusSign::Literal, PlusSign::Space]);
    let repeated = select(vec![RepeatedParameters::Allowed, RepeatedParameters::ByService]);
    let placement = select(vec![
        TokenPlacement::AppendedUnsigned,
        TokenPlacement::ByService,
        TokenPlacement::S3Express,
        TokenPlacement::Signed,
    ]);
    let selection = select(vec![
        Selection::AllButHopByHop,
        Selection::ByPlace,
        Selection::Essential,
        Selection::Named(&["content-type", "range", "x-amz-a", "a"]),
    ]);
    (any::<bool>(), option::weighted(0.3, rule), plus_sign, repeated, selection, placement).prop_map(
        |(content_sha256_header, path_rule, plus_sign, repeated_parameters, selection, token_placement)| {
            Choices {
                content_sha256_header,
                path_rule,
                plus_sign,
                repeated_parameters,
                selection,
                token_placement,
            }
        },
    )
}

/// Mostly what cannot be signed.
pub(crate) fn anything() -> impl Strategy<Value = Job> {
    let text = || prop_oneof![3 => Just(None), 1 => "\\PC{0,6}".prop_map(Some), 1 => "[\0-\x7f]{0,4}".prop_map(Some)];
    let header = option::of((".{0,3}", vec(any::<u8>(), 0..4)));
    (any_job(), text(), text(), text(), text(), text(), text(), header).prop_map(
        |(mut job, method, host, path, query, region, key, header)| {
            let set = |place: &mut String, text: Option<String>| {
                if let Some(text) = text {
                    *place = text;
                }
            };
            set(&mut job.method, method);
            set(&mut job.host, host);
            set(&mut job.path, path.map(|path| format!("/{path}")));
            set(&mut job.query, query);
            set(&mut job.region, region);
            set(&mut job.access_key_id, key);
            job.headers.extend(header);
            job
        },
    )
}
