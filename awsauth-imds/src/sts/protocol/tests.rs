use proptest::prelude::*;

use super::*;
use crate::http_client::error::{HttpError, HttpErrorKind};

// The examples of AssumeRole and of "Common Errors" in the AWS STS API Reference, on fewer lines.
const RESPONSE: &str = r#"<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
  <AssumedRoleUser><AssumedRoleId>ARO123EXAMPLE123:TestAR</AssumedRoleId>
    <Arn>arn:aws:sts::123456789012:assumed-role/demo/TestAR</Arn></AssumedRoleUser>
  <Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>
    <SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY</SecretAccessKey>
    <SessionToken>AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22</SessionToken>
    <Expiration>2019-11-09T13:34:41Z</Expiration></Credentials>
  <PackedPolicySize>6</PackedPolicySize></AssumeRoleResult>
  <ResponseMetadata><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ResponseMetadata></AssumeRoleResponse>"#;
const REFUSAL: &str = r#"<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
  <Code>AccessDenied</Code><Message>User is not authorized to perform sts:AssumeRole</Message></Error></ErrorResponse>"#;
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY";

fn response(status: u16, body: &str) -> SendResult {
    Ok(http::Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap())
}

fn read_error(status: u16, body: &str) -> (ErrorKind, String) {
    let error = read("role demo", response(status, body)).unwrap_err();
    assert!(!error.to_string().contains(SECRET), "{error}");
    (error.kind(), error.detail().to_owned())
}

#[test]
fn the_example_of_the_api_reference() {
    let credentials = read("role demo", response(200, RESPONSE)).unwrap();
    assert_eq!(credentials.access_key_id(), "ASIAIOSFODNN7EXAMPLE");
    assert_eq!(credentials.secret_access_key(), SECRET);
    assert_eq!(credentials.session_token(), Some("AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22"));
    assert_eq!(credentials.account_id(), Some("123456789012"));
    assert_eq!(credentials.expires_at(), parse_expiration("2019-11-09T13:34:41Z"));
}

#[test]
fn a_refusal_says_code_and_message() {
    let said = "STS returned HTTP 403: AccessDenied: User is not authorized to perform sts:AssumeRole";
    assert_eq!(read_error(403, REFUSAL), (ErrorKind::Refused, said.to_owned()));
    let said = "STS returned HTTP 502: a page of HTML or XML (6 bytes)";
    assert_eq!(read_error(502, "<html>"), (ErrorKind::Refused, said.to_owned()));
}

#[test]
fn responses_without_credentials() {
    for body in [
        "".to_owned(),
        "<html>".to_owned(),
        "{}".to_owned(),
        RESPONSE.replace("<Credentials>", "<Other>").replace("</Credentials>", "</Other>"),
        RESPONSE.replace("SessionToken>", "Other>"),
        RESPONSE.replace(SECRET, ""),
        RESPONSE.replace("ASIAIOSFODNN7EXAMPLE", "a&#10;b"),
        RESPONSE.replace("2019-11-09T13:34:41Z", "never"),
        format!("<!DOCTYPE x [<!ENTITY a \"{SECRET}\">]>{RESPONSE}"),
        "<a>".repeat(20_000),
        "<a/>".repeat(20_000),
    ] {
        assert_eq!(read_error(200, &body).0, ErrorKind::Malformed, "{}", &body[..body.len().min(80)]);
    }
}

#[test]
fn failures_of_the_transport_keep_their_kind() {
    for (kind, expected) in [
        (HttpErrorKind::Connect, ErrorKind::Unreachable),
        (HttpErrorKind::TimedOut, ErrorKind::TimedOut),
        (HttpErrorKind::TooLarge, ErrorKind::Malformed),
        (HttpErrorKind::Unsupported, ErrorKind::Unsupported),
    ] {
        let error = read("role demo", Err(HttpError::new(kind, ""))).unwrap_err();
        assert_eq!((error.kind(), error.source_name()), (expected, "role demo"));
    }
}

#[test]
fn transient_failures_are_retried() {
    let idp = REFUSAL.replace("AccessDenied", "IDPCommunicationError");
    for (status, body, expected) in
        [(500, "", true), (503, "", true), (400, &*idp, true), (403, REFUSAL, false)]
    {
        assert_eq!(is_transient(&response(status, body).unwrap()), expected, "{status}");
    }
}

#[test]
fn the_form_is_encoded() {
    let parameters = [("RoleArn", "arn:aws:iam::1:role/a b".to_owned()), ("X", "é&=+~".to_owned())];
    let request =
        request("test", "https://sts.eu-central-1.amazonaws.com", "AssumeRole", &parameters).unwrap();
    let form = "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa%20b&X=%C3%A9%26%3D%2B~";
    assert_eq!(core::str::from_utf8(request.body()), Ok(form));
    assert_eq!(request.headers()["content-type"], "application/x-www-form-urlencoded");
    for bad in ["", "sts", "ftp://sts", "https://", "https://a b"] {
        assert!(super::request("test", bad, "AssumeRole", &[]).is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_a_response_or_an_error(status in 200_u16..600, body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let response = http::Response::builder().status(status).body(body).unwrap();
        let _ = is_transient(&response);
        prop_assert!(read("test", Ok(response)).is_err());
    }

    #[test]
    fn a_response_cut_anywhere_is_an_error_without_the_secret(cut in 0_usize..900) {
        prop_assume!(cut < RESPONSE.len());
        read_error(200, &RESPONSE[..cut]);
    }

    #[test]
    fn any_value_survives_the_form(value in ".{0,40}") {
        let parameters = [("X", value.clone())];
        let request = request("test", "https://sts.eu-central-1.amazonaws.com", "A", &parameters).unwrap();
        let form = String::from_utf8(request.into_body()).unwrap();
        let (_, encoded) = form.split_once("&X=").unwrap();
        let mut decoded = Vec::new();
        let mut bytes = encoded.bytes();
        while let Some(byte) = bytes.next() {
            prop_assert!(byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte));
            if byte == b'%' {
                let hex = [bytes.next().unwrap(), bytes.next().unwrap()];
                decoded.push(u8::from_str_radix(core::str::from_utf8(&hex).unwrap(), 16).unwrap());
            } else {
                decoded.push(byte);
            }
        }
        prop_assert_eq!(decoded, value.into_bytes());
    }
}
