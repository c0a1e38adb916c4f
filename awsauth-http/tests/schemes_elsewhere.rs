//! The schemes where signing is more than one call: clocks, overrides, chunked bodies, services that no table knows.

#![allow(clippy::unwrap_used, reason = "tests")]

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_http::awsauth_core::EndpointError;
use awsauth_http::{
    Attempt, AwsChunked, ClockSkew, Credentials, Error, ErrorResponse, PayloadHash, RetryAction, Scheme,
    Signer, SigningOverride,
};
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};

/// 2015-08-30T12:36:00Z.
const NOW: u64 = 1_440_938_160;

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

fn signer() -> Signer {
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    Signer::new(credentials).clock(now).service("s3").region("us-east-1")
}

/// For AWS's own hosts, which tell service and region.
fn aws() -> Signer {
    Signer::new(Credentials::new("AKIDEXAMPLE", "secret")).clock(now)
}

fn get(url: &str) -> Request<()> {
    Request::get(url).body(()).unwrap()
}

fn with_checksum() -> AwsChunked {
    let name = HeaderName::from_static("x-amz-checksum-crc32c");
    AwsChunked::unsigned().trailer(name, HeaderValue::from_static("sOO8/Q=="))
}

#[test]
fn all_sign_for_the_corrected_time() {
    let skew = ClockSkew::new();
    let date = HeaderMap::from_iter([(
        http::header::DATE,
        HeaderValue::from_static("Sun, 30 Aug 2015 13:36:00 GMT"),
    )]);
    let mut first = Request::get("https://example.com/").body(()).unwrap();
    let by = signer().clock_skew(skew.clone());
    let mut attempt = Attempt::start(&by, by.sign_blocking(&mut first).unwrap(), &first);
    attempt.record_response(&date);
    let refusal =
        ErrorResponse::read(StatusCode::FORBIDDEN, &date, b"<Code>RequestTimeTooSkewed</Code>").unwrap();
    assert_eq!(attempt.handle_error(&refusal), RetryAction::SignAgain);
    for scheme in [
        Scheme::Anonymous,
        Scheme::S3Legacy,
        Scheme::Sigv2,
        Scheme::Sigv3,
        Scheme::Sigv3Https,
        Scheme::Sigv4,
        Scheme::Sigv4a,
    ] {
        let service = if scheme == Scheme::S3Legacy { "s3" } else { "example" };
        let signer = signer().service(service).scheme(scheme).clock_skew(skew.clone());
        let mut request = Request::get("https://example.com/?Action=List").body(()).unwrap();
        let signed = signer.sign_blocking(&mut request).unwrap();
        assert_eq!((signed.scheme(), signed.time().unix_seconds()), (scheme, NOW + 3_600));
    }
}

#[test]
fn an_override_sets_the_scheme() {
    for scheme in [Scheme::Anonymous, Scheme::S3Legacy, Scheme::Sigv4a] {
        let signer = SigningOverride::new().scheme(scheme).apply(&signer());
        let mut request = Request::get("https://example.com/key").body(()).unwrap();
        assert_eq!(signer.sign_blocking(&mut request).unwrap().scheme(), scheme);
    }
}

#[test]
fn signature_version_4a_takes_unsigned_chunks() {
    let signer = signer().region("*");
    let (mut head, ()) = Request::put("https://example.com/key").body(()).unwrap().into_parts();
    let payload = signer.sign_chunked_blocking(&mut head, 1, &with_checksum()).unwrap();
    assert_eq!(payload.signed().scheme(), Scheme::Sigv4a);
    assert_eq!(head.headers["x-amz-content-sha256"], "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    let mut body = String::new();
    std::io::Read::read_to_string(&mut payload.reader(&b"a"[..]), &mut body).unwrap();
    assert_eq!(body, "1\r\na\r\n0\r\nx-amz-checksum-crc32c:sOO8/Q==\r\n\r\n");
}

#[test]
fn chunks_that_a_scheme_does_not_take_are_refused() {
    for (signer, chunked, error) in [
        (signer().region("*"), AwsChunked::signed(), Error::PayloadNotForScheme(Scheme::Sigv4a)),
        (signer().region("*").service("sqs"), with_checksum(), Error::ChunkedPayload),
        (
            signer().scheme(Scheme::S3Legacy),
            AwsChunked::signed(),
            Error::PayloadNotForScheme(Scheme::S3Legacy),
        ),
        (signer().scheme(Scheme::Anonymous), with_checksum(), Error::PayloadNotForScheme(Scheme::Anonymous)),
    ] {
        let (mut head, ()) = Request::put("https://example.com/key").body(()).unwrap().into_parts();
        let refused = signer.sign_chunked_blocking(&mut head, 1, &chunked).map(drop);
        assert_eq!(refused, Err(error));
        assert!(head.headers.is_empty());
    }
}

#[test]
fn an_unsigned_payload_is_for_services_that_take_it() {
    let (mut head, ()) = Request::put("https://example.com/key").body(()).unwrap().into_parts();
    let sqs = signer().region("*").service("sqs");
    assert_eq!(
        sqs.sign_head_blocking(&mut head, PayloadHash::Unsigned).map(drop),
        Err(Error::UnsignedPayload)
    );
}

/// A service that is newer than the table, on a host of AWS's: the region is still in the host.
#[test]
fn an_unknown_service_is_named_and_its_region_read() {
    let signed = |signer: &Signer, url: &str| signer.sign_blocking(&mut get(url));
    let new = "https://brand-new-thing.eu-north-1.api.aws/";
    let unknown = signed(&aws(), new).unwrap_err();
    assert_eq!(unknown, Error::UnknownService("brand-new-thing".into()));
    assert!(unknown.to_string().contains("\"brand-new-thing\""), "{unknown}");
    for (url, region) in [
        (new, "eu-north-1"),
        ("https://id.eu-north-1.brand-new-thing.amazonaws.com/", "eu-north-1"),
        ("https://vpce-1.brand-new-thing.us-east-1.vpce.amazonaws.com/", "us-east-1"),
        ("https://brand-new-thing-fips.us-gov-west-1.api.aws/", "us-gov-west-1"),
    ] {
        let by_service = signed(&aws().service("brand-new"), url).unwrap();
        assert_eq!((by_service.service(), by_service.region()), ("brand-new", region), "{url}");
    }
    let nowhere = signed(&aws().service("brand-new"), "https://brand-new-thing.amazonaws.com/").unwrap_err();
    assert_eq!(nowhere, Error::Endpoint(EndpointError::RegionNotInHost));
}

/// Only of AWS's own services is it known that they refuse it.
#[test]
fn an_unsigned_payload_is_refused_where_aws_refuses_it() {
    let unsigned = |signer: &Signer, url| signer.sign_head_blocking(&mut get(url), PayloadHash::Unsigned);
    let local = "https://localhost:8080/notes";
    for service in ["myapp", "notes", "s3", "s3express", "ebs", "vpc-lattice-svcs"] {
        let own = aws().service(service).region("local");
        assert!(unsigned(&own, local).is_ok(), "{service}");
    }
    for service in
        ["execute-api", "sqs", "ses", "lambda", "es", "aoss", "iotdevicegateway", "rds-db", "kafka-cluster"]
    {
        let aws = aws().service(service).region("local");
        assert_eq!(unsigned(&aws, local).unwrap_err(), Error::UnsignedPayload, "{service}");
    }
    let by_host = "https://sqs.eu-west-1.amazonaws.com/";
    assert_eq!(unsigned(&aws(), by_host).unwrap_err(), Error::UnsignedPayload);
    let own = aws().service("myapp").region("local").scheme(Scheme::Sigv4);
    assert!(unsigned(&own, by_host).is_ok(), "whatever the host");
}
