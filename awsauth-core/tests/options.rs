//! Every option does what it says, and what is not set goes by place and service.

#![allow(clippy::unwrap_used, reason = "tests")]

use awsauth_core::{
    CredentialScope, Header, PathRule, PayloadHash, PlusSign, RepeatedParameters, Request, SignedHeaders,
    SigningKey, SigningOptions, Sigv4, Timestamp, TokenPlacement,
};

const HEADERS: [Header<'_>; 8] = [
    Header::new("content-length", b"200"),
    Header::new("content-type", b"a/b"),
    Header::new("If-None-Match", b"*"),
    Header::new("user-agent", b"any"),
    Header::new("via", b"proxy"),
    Header::new("sec-websocket-key", b"a"),
    Header::new("x-amz-meta-a", b"1"),
    Header::new("X-K8s-Aws-Id", b"cluster"),
];

/// All that a signature is: what was signed, and what is sent.
fn signed(options: SigningOptions<'_>, service: &str, target: &str, presigned: bool) -> Vec<String> {
    let now = Timestamp::parse("20150830T123600Z").unwrap();
    let key = SigningKey::derive("secret", CredentialScope::new(now.date(), "us-east-1", service).unwrap());
    let request = Request::put(target, "example.com").headers(&HEADERS);
    let signer = Sigv4::new("AKIDEXAMPLE", &key).options(options);
    let signed = match presigned {
        true => signer.presign(&request, PayloadHash::EMPTY, now, 60),
        false => signer.sign(&request, PayloadHash::EMPTY, now),
    };
    let signed = match signed {
        Ok(signed) => signed,
        Err(error) => return vec![format!("{error:?}")],
    };
    let added = signed.headers().map(|(name, value)| format!("{name}: {value}"));
    [signed.canonical_request().to_string(), signed.target().to_string()].into_iter().chain(added).collect()
}

type Set = fn(&mut SigningOptions<'static>);

fn options(set: Set) -> SigningOptions<'static> {
    let mut options = SigningOptions::DEFAULT;
    options.session_token = Some("tok/en");
    set(&mut options);
    options
}

#[test]
fn every_option_changes_what_comes_out() {
    use SignedHeaders as Headers;
    // A service and where the signature goes: those for which it is not what it would be anyway.
    let changes: [(&str, &str, &[bool], Set); 16] = [
        ("content_sha256_header", "sqs", &[false], |options| options.content_sha256_header = false),
        ("path_rule", "sqs", &[false, true], |options| options.path_rule = Some(PathRule::S3)),
        ("plus_sign", "sqs", &[false, true], |options| options.plus_sign = PlusSign::Literal),
        ("region_set", "sqs", &[false, true], |options| options.region_set = Some("*")),
        ("repeated", "s3", &[false, true], |options| {
            options.repeated_parameters = RepeatedParameters::Allowed
        }),
        ("session_token", "sqs", &[false, true], |options| options.session_token = None),
        ("AllButHopByHop", "sqs", &[false], |options| options.signed_headers = Headers::AllButHopByHop),
        ("Essential", "sqs", &[true], |options| options.signed_headers = Headers::Essential),
        ("EssentialAnd", "sqs", &[false, true], |options| {
            options.signed_headers = Headers::EssentialAnd(&["via"])
        }),
        ("Exactly", "sqs", &[false, true], |options| options.signed_headers = Headers::Exactly("host;via")),
        ("ExactlyEncoded", "sqs", &[false, true], |options| {
            options.signed_headers = Headers::ExactlyEncoded("host%3Bvia")
        }),
        ("Named", "sqs", &[false, true], |options| options.signed_headers = Headers::Named(&["via"])),
        ("signed_host", "sqs", &[false, true], |options| options.signed_host = Some("other.example.com")),
        ("AppendedUnsigned", "sqs", &[false, true], |options| {
            options.token_placement = TokenPlacement::AppendedUnsigned
        }),
        ("S3Express", "sqs", &[false, true], |options| options.token_placement = TokenPlacement::S3Express),
        ("Signed", "iotdevicegateway", &[false, true], |options| {
            options.token_placement = TokenPlacement::Signed
        }),
    ];
    for (name, service, places, set) in changes {
        for presigned in places {
            let target = "/a%20b?q=+&q=b";
            let outcome = |set| signed(options(set), service, target, *presigned);
            assert_ne!(outcome(set), outcome(|_| ()), "{name}, presigned: {presigned}");
        }
    }
}

#[test]
fn in_a_url_every_header_is_signed_but_those_that_change_on_the_way() {
    let list = |options, presigned| {
        let outcome = signed(options, "sqs", "/", presigned);
        outcome[0].lines().rev().nth(1).unwrap().to_owned()
    };
    let all = "content-length;content-type;host;if-none-match;x-amz-meta-a;x-k8s-aws-id";
    let ours = "x-amz-content-sha256;x-amz-date;";
    let default = SigningOptions::DEFAULT;
    assert_eq!(list(default, true), all);
    assert_eq!(list(default, false), format!("content-type;host;{ours}x-amz-meta-a"));
    let mut explicit = default;
    explicit.signed_headers = SignedHeaders::AllButHopByHop;
    assert_eq!(list(explicit, false), all.replace("x-amz-meta", &format!("{ours}x-amz-meta")));
    explicit.signed_headers = SignedHeaders::Essential;
    assert_eq!(list(explicit, true), "content-type;host;x-amz-meta-a");
}

#[test]
fn a_token_of_iots_websockets_follows_the_signature() {
    let token = |service, set, presigned| {
        let outcome = signed(options(set), service, "/mqtt", presigned);
        let appended = outcome[1].contains("&X-Amz-Signature=")
            && outcome[1].ends_with("&X-Amz-Security-Token=tok%2Fen");
        let signed = outcome[0].to_ascii_lowercase().contains("x-amz-security-token");
        let header = outcome.iter().any(|line| line == "x-amz-security-token: tok/en");
        (appended, signed, header)
    };
    assert_eq!(token("iotdevicegateway", |_| (), true), (true, false, false));
    assert_eq!(token("iotdevicegateway", |_| (), false), (false, false, true));
    assert_eq!(token("iotdata", |_| (), true), (false, true, false));
    assert_eq!(token("iotdata", |_| (), false), (false, true, true));
    let explicit: Set = |options| options.token_placement = TokenPlacement::Signed;
    assert_eq!(token("iotdevicegateway", explicit, true), (false, true, false));
    let explicit: Set = |options| options.token_placement = TokenPlacement::AppendedUnsigned;
    assert_eq!(token("iotdata", explicit, true), (true, false, false));
}

/// AWS: "WebSocket" of "Device communication protocols" of IoT Core: the token is added to the signed URL.
#[test]
fn iots_known_answer() {
    let now = Timestamp::parse("20150830T123600Z").unwrap();
    let scope = CredentialScope::new(now.date(), "us-east-1", "iotdevicegateway").unwrap();
    let key = SigningKey::derive("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", scope);
    let request = Request::get("/mqtt", "a1b2-ats.iot.us-east-1.amazonaws.com");
    let signer = Sigv4::new("ASIAEXAMPLE", &key).session_token("tok/en+1=");
    let signed = signer.presign(&request, PayloadHash::EMPTY, now, 60).unwrap();
    assert_eq!(
        signed.signature().to_string(),
        "d9615f9dcd1d6757d4ba5e2e3543f610322e9737aa4c20b4be69cf491b190460"
    );
    assert!(signed.target().to_string().ends_with("190460&X-Amz-Security-Token=tok%2Fen%2B1%3D"));
}
