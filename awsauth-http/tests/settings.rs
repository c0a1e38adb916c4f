//! Every setter does what it says: something of what is sent or told is other than it was without.

#![allow(clippy::unwrap_used, reason = "tests")]

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_http::{
    Attempt, ClockSkew, Credentials, ErrorResponse, PathRule, PayloadHash, PlusSign, RepeatedParameters,
    RetryAction, S3Bucket, Scheme, SignedHeaders, Signer, SigningOverride, TokenPlacement,
};
use http::{HeaderMap, Request, StatusCode};

fn at(unix_seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(unix_seconds)
}

fn signer() -> Signer {
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    Signer::new(credentials.with_session_token("tok/en")).clock(|| at(1_440_938_160))
}

fn request(host: &str) -> Request<&'static str> {
    let request = Request::put(format!("https://{host}/a%20b?policy=1&q=+&q=a&other"));
    request.header("range", "bytes=0-9").header("user-agent", "any").body("body").unwrap()
}

/// All that is sent, and all that is told; or why not.
fn outcomes(signer: &Signer, host: &str) -> [String; 2] {
    let mut signed = request(host);
    let told = match signer.sign_blocking(&mut signed) {
        Ok(told) => format!("{told:?} {}", signed.uri()) + &shown(signed.headers()),
        Err(error) => format!("{error:?}"),
    };
    let presigned = match signer.presign_blocking(&request(host), Duration::from_secs(60)) {
        Ok(link) => format!("{:?} {} {}", link.signed, link.url, shown(&link.headers)),
        Err(error) => format!("{error:?}"),
    };
    [told, presigned]
}

fn shown(headers: &HeaderMap) -> String {
    let lines = headers.iter().map(|(name, value)| format!("\n{name}: {}", value.to_str().unwrap()));
    lines.collect()
}

#[test]
fn each_setter_has_an_effect() {
    type Set = fn(Signer) -> Signer;
    const SQS: &str = "sqs.eu-west-1.amazonaws.com";
    const S3: &str = "bucket.s3.eu-west-1.amazonaws.com";
    const IOT: &str = "a1b2-ats.iot.us-east-1.amazonaws.com";
    fn legacy(signer: Signer) -> Signer {
        signer.scheme(Scheme::S3Legacy)
    }
    fn same(signer: Signer) -> Signer {
        signer
    }
    fn skewed(signer: Signer) -> Signer {
        let signer = signer.clock_skew(ClockSkew::new());
        let mut request = Request::get(format!("https://{SQS}/")).body(()).unwrap();
        let signed = signer.sign_blocking(&mut request).unwrap();
        let mut attempt = Attempt::start(&signer, signed, &request);
        let mut headers = HeaderMap::new();
        headers.insert("date", "Sun, 30 Aug 2015 13:36:00 GMT".parse().unwrap());
        attempt.record_response(&headers);
        let body = b"<Error><Code>RequestTimeTooSkewed</Code></Error>";
        let refusal = ErrorResponse::read(StatusCode::FORBIDDEN, &headers, body).unwrap();
        assert_ne!(attempt.handle_error(&refusal), RetryAction::ReturnResponse);
        signer
    }
    // Where: the host, what the others are set to, and whether it has an effect on headers and on URLs.
    let setters: [(&str, &str, Set, [bool; 2], Set); 26] = [
        ("clock", SQS, same, [true, true], |signer| signer.clock(|| at(1_500_000_000))),
        ("clock_skew", SQS, same, [true, true], skewed),
        ("content_sha256_header", SQS, same, [true, false], |signer| signer.content_sha256_header(false)),
        ("extra_subresources", S3, legacy, [true, true], |signer| signer.extra_subresources(&["other"])),
        ("path_rule", SQS, same, [true, true], |signer| signer.path_rule(PathRule::S3)),
        ("plus_sign", SQS, same, [true, true], |signer| signer.plus_sign(PlusSign::Literal)),
        ("region", SQS, same, [true, true], |signer| signer.region("eu-west-2")),
        ("region set", SQS, same, [true, true], |signer| signer.region("*")),
        ("repeated_parameters", S3, same, [true, true], |signer| {
            signer.repeated_parameters(RepeatedParameters::Allowed)
        }),
        ("s3_bucket", S3, legacy, [true, true], |signer| signer.s3_bucket(S3Bucket::InPath)),
        ("s3_bucket named", S3, legacy, [true, true], |signer| {
            signer.s3_bucket(S3Bucket::Named("other".into()))
        }),
        ("scheme", SQS, same, [true, true], |signer| signer.scheme(Scheme::Sigv2)),
        ("scheme", SQS, same, [true, true], |signer| signer.scheme(Scheme::Sigv4a)),
        ("service", SQS, same, [true, true], |signer| signer.service("es")),
        ("signed_headers AllButHopByHop", SQS, same, [true, false], |signer| {
            signer.signed_headers(SignedHeaders::AllButHopByHop)
        }),
        ("signed_headers Essential", SQS, same, [false, true], |signer| {
            signer.signed_headers(SignedHeaders::Essential)
        }),
        ("signed_headers EssentialAnd", SQS, same, [true, true], |signer| {
            signer.signed_headers(SignedHeaders::EssentialAnd(&["user-agent"]))
        }),
        ("signed_headers EssentialAndListed", SQS, same, [true, true], |signer| {
            signer.signed_headers(SignedHeaders::EssentialAndListed("range;user-agent"))
        }),
        ("signed_headers Exactly", SQS, same, [true, true], |signer| {
            signer.signed_headers(SignedHeaders::Exactly("host;user-agent"))
        }),
        ("signed_headers ExactlyEncoded", SQS, same, [true, true], |signer| {
            signer.signed_headers(SignedHeaders::ExactlyEncoded("host%3Buser-agent"))
        }),
        ("signed_headers Listed", SQS, same, [true, true], |signer| {
            signer.signed_headers(SignedHeaders::Listed("user-agent"))
        }),
        ("signed_headers Named", SQS, same, [true, true], |signer| {
            signer.signed_headers(SignedHeaders::Named(&["user-agent"]))
        }),
        ("signed_host", SQS, same, [true, true], |signer| signer.signed_host("sqs.us-east-2.amazonaws.com")),
        ("token_placement AppendedUnsigned", IOT, same, [true, true], |signer| {
            signer.token_placement(TokenPlacement::AppendedUnsigned)
        }),
        ("token_placement S3Express", SQS, same, [true, true], |signer| {
            signer.token_placement(TokenPlacement::S3Express)
        }),
        (
            "token_placement Signed",
            IOT,
            |signer| signer.service("iotdevicegateway"),
            [true, true],
            |signer| signer.token_placement(TokenPlacement::Signed),
        ),
    ];
    for (name, host, others, effects, set) in setters {
        let before = others(signer());
        let (without, with) = (outcomes(&before, host), outcomes(&set(before), host));
        for ((effect, without), with) in effects.into_iter().zip(without).zip(with) {
            assert_eq!(with != without, effect, "{name}\n{without}\n{with}");
        }
    }
}

#[test]
fn what_is_signed_is_what_was_asked_for() {
    for (selection, expected) in [
        (SignedHeaders::ByPlace, "host;x-amz-content-sha256;x-amz-date;x-amz-security-token"),
        (
            SignedHeaders::EssentialAnd(&["Range"]),
            "host;range;x-amz-content-sha256;x-amz-date;x-amz-security-token",
        ),
        (SignedHeaders::EssentialAnd(&[]), "host;x-amz-content-sha256;x-amz-date;x-amz-security-token"),
        (
            SignedHeaders::Named(&["range", "USER-AGENT"]),
            "host;range;user-agent;x-amz-content-sha256;x-amz-date;x-amz-security-token",
        ),
        (
            SignedHeaders::Exactly("host;user-agent"),
            "host;user-agent;x-amz-content-sha256;x-amz-date;x-amz-security-token",
        ),
        (
            SignedHeaders::ExactlyEncoded("host%3brange"),
            "host;range;x-amz-content-sha256;x-amz-date;x-amz-security-token",
        ),
    ] {
        let mut request = request("sqs.eu-west-1.amazonaws.com");
        signer().signed_headers(selection).sign_blocking(&mut request).unwrap();
        let authorization = request.headers()["authorization"].to_str().unwrap();
        let list = authorization.split_once("SignedHeaders=").unwrap().1.split_once(',').unwrap().0;
        assert_eq!(list, expected, "{selection:?}");
    }
}

#[test]
fn a_list_that_cannot_be_kept_is_refused() {
    use awsauth_http::awsauth_core::Error::{MalformedSignedHeaders, MissingSignedHeader};
    for (list, error) in [
        ("", MalformedSignedHeaders),
        ("x-amz-date", MalformedSignedHeaders),
        ("range", MalformedSignedHeaders),
        ("host;;x", MalformedSignedHeaders),
        ("host;nope", MissingSignedHeader),
    ] {
        for scheme in [Scheme::Sigv4, Scheme::Sigv4a] {
            let signer = signer().scheme(scheme).signed_headers(SignedHeaders::Exactly(list));
            let mut request = request("sqs.eu-west-1.amazonaws.com");
            let before = format!("{request:?}");
            let signed = signer.sign_blocking(&mut request);
            assert_eq!(signed.err(), Some(awsauth_http::Error::Request(error)), "{list:?}");
            assert_eq!(format!("{request:?}"), before, "{list:?}");
            let link = signer.presign_blocking(&request, Duration::from_secs(60));
            assert_eq!(link.err(), Some(awsauth_http::Error::Request(error)), "{list:?}");
        }
    }
}

#[test]
fn names_are_kept_by_the_signer() {
    let signer = {
        let names = [String::from("range"), String::from("x-") + "other"];
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        signer().signed_headers(SignedHeaders::EssentialAnd(&names))
    };
    let mut request = request("sqs.eu-west-1.amazonaws.com");
    signer.sign_blocking(&mut request).unwrap();
    assert!(
        request.headers()["authorization"].to_str().unwrap().contains("=host;range;x-amz-content-sha256;")
    );
}

#[test]
fn each_override_has_an_effect() {
    let host = "sqs.eu-west-1.amazonaws.com";
    let without = outcomes(&SigningOverride::new().apply(&signer()), host);
    assert_eq!(without, outcomes(&signer(), host));
    for (name, with) in [
        ("region", SigningOverride::new().region("eu-west-2")),
        ("scheme", SigningOverride::new().scheme(Scheme::Sigv2)),
        ("service", SigningOverride::new().service("es")),
    ] {
        let outcomes = outcomes(&with.apply(&signer()), host);
        assert!(outcomes.iter().zip(&without).all(|(with, without)| with != without), "{name}");
    }
    // What the layer looks at, see `one_request_otherwise` of its tests.
    assert!(SigningOverride::unsigned().is_unsigned() && !SigningOverride::new().is_unsigned());
    let payload = PayloadHash::Unsigned;
    assert_eq!(SigningOverride::new().stream_payload(payload).payload_hash(), Some(payload));
}
