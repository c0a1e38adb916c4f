use std::time::UNIX_EPOCH;

use proptest::prelude::*;

use super::*;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT";

fn document(replace: &str, by: &str) -> String {
    // The example of "Retrieve security credentials from instance metadata", with the extended path's AccountId.
    let whole = format!(
        r#"{{"Code":"Success","LastUpdated":"2012-04-26T16:39:16Z","Type":"AWS-HMAC","AccessKeyId":"ASIAIOSFODNN7EXAMPLE",
        "SecretAccessKey":"{SECRET}","Token":"{TOKEN}","Expiration":"2017-05-17T15:09:54Z",
        "AccountId":"123456789101","Unexpected":{{"Name":["ignored"]}}}}"#
    );
    assert!(whole.contains(replace));
    whole.replacen(replace, by, 1)
}

fn refusal(body: &str) -> (ErrorKind, String) {
    let error = parse("test source", body.as_bytes()).unwrap_err();
    assert_eq!(error.source_name(), "test source");
    assert!(!format!("{error} {error:?}").contains(SECRET) && !error.detail().contains(TOKEN), "{error}");
    (error.kind(), error.detail().to_owned())
}

#[test]
fn a_whole_document_with_unknown_fields_and_a_past_expiry() {
    let credentials = parse("test", document("", "").as_bytes()).unwrap();
    assert_eq!(credentials.access_key_id(), "ASIAIOSFODNN7EXAMPLE");
    assert_eq!(credentials.secret_access_key(), SECRET);
    assert_eq!(credentials.session_token(), Some(TOKEN));
    assert_eq!(credentials.account_id(), Some("123456789101"));
    let expires_at = credentials.expires_at().unwrap().duration_since(UNIX_EPOCH).unwrap();
    assert_eq!(expires_at.as_secs(), 1_495_033_794);
}

#[test]
fn an_account_that_is_none_goes_unused() {
    for account_id in ["\"12345\"", "\"12345678910x\"", "null", "123456789101", "{}"] {
        let body = document("\"123456789101\"", account_id);
        assert_eq!(parse("test", body.as_bytes()).unwrap().account_id(), None, "{account_id}");
    }
}

#[test]
fn a_refusal_in_a_document_is_quoted_on_one_line() {
    let body = r#"{"Code":"Failed","Message":"No role\r\nfound","LastUpdated":"2012-04-26T16:39:16Z"}"#;
    assert_eq!(refusal(body), (ErrorKind::Refused, "Failed: No role  found".to_owned()));
    let body = r#"{"code":"AccessDenied"}"#;
    assert_eq!(refusal(body), (ErrorKind::Refused, "AccessDenied".to_owned()));
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    for (replace, by, detail) in [
        ("\"AccessKeyId\"", "\"X\"", "the document has no AccessKeyId"),
        ("\"SecretAccessKey\"", "\"X\"", "the document has no SecretAccessKey"),
        ("\"Token\"", "\"X\"", "the document has no Token"),
        ("\"Expiration\"", "\"X\"", "the document has no Expiration"),
        (TOKEN, "", "the document has no Token"),
        (TOKEN, "a\\r\\nb", "the Token of the document has spaces or control characters"),
        (SECRET, "a b", "the SecretAccessKey of the document has spaces or control characters"),
        ("2017-05-17T15:09:54Z", "soon", "the Expiration `soon` is not a time such as 2030-01-31T23:59:59Z"),
        (
            "2017-05-17T15:09:54Z",
            "99999-05-17T15:09:54Z",
            "the Expiration `99999-05-17T15:09:54Z` is not a time such as 2030-01-31T23:59:59Z",
        ),
    ] {
        assert_eq!(refusal(&document(replace, by)), (ErrorKind::Malformed, detail.to_owned()));
    }
}

#[test]
fn what_is_no_document_is_described_and_not_quoted() {
    for (body, detail) in [
        ("", "got an empty body instead of a credentials document"),
        (
            "<html><body>Sign in</body></html>",
            "got a page of HTML or XML (33 bytes) instead of a credentials document",
        ),
        ("{\"Code\":", "got a JSON document (8 bytes), truncated"),
        ("{\"SecretAccessKey\":7}", "got a JSON document (21 bytes), which is not a credentials document"),
        ("[1]", "got a JSON document (3 bytes), which is not a credentials document"),
        (SECRET, "got some other text (40 bytes) instead of a credentials document"),
    ] {
        assert_eq!(refusal(body), (ErrorKind::Malformed, detail.to_owned()));
    }
    assert_eq!(refusal(&format!("\"{SECRET}\"")).0, ErrorKind::Malformed);
    assert_eq!(refusal(&format!("{{\"Expiration\":[\"{SECRET}\"]}}")).0, ErrorKind::Malformed);
}

#[test]
fn deep_nesting_is_refused() {
    let body = format!("{{\"X\":{}", "[".repeat(50_000));
    assert_eq!(refusal(&body).0, ErrorKind::Malformed);
}

proptest! {
    #[test]
    fn any_bytes_are_credentials_or_an_error(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse("test", &body);
    }

    #[test]
    fn a_document_cut_anywhere_is_an_error_without_the_secret(cut in 0_usize..380) {
        let whole = document("", "");
        prop_assume!(cut < whole.len());
        refusal(&whole[..cut]);
    }

    #[test]
    fn a_document_with_one_byte_changed_gives_no_secret_away(at in 0_usize..380, byte in 0x20_u8..0x7f) {
        let mut body = document("", "").into_bytes();
        prop_assume!(at < body.len());
        body[at] = byte;
        if let Err(error) = parse("test", &body) {
            let shown = format!("{error} {error:?}");
            prop_assert!(!shown.contains(&SECRET[8..]) && !shown.contains(&TOKEN[8..]), "{}", shown);
        }
    }

    #[test]
    fn values_come_through_as_they_are(secret in "[!-~]{1,60}", token in "[!-~]{1,2000}") {
        let body = serde_json::json!({
            "AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": secret, "Token": token,
            "Expiration": "2030-01-01T00:00:00Z",
        });
        let credentials = parse("test", body.to_string().as_bytes()).unwrap();
        prop_assert_eq!(credentials.secret_access_key(), secret);
        prop_assert_eq!(credentials.session_token(), Some(token.as_str()));
    }
}
