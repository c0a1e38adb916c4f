//! What a diagnosis shows of answers that were made to have it show more.

use awsauth_http::Credentials;
use awsauth_http::explain::Trace;
use proptest::prelude::*;

use super::responses::{self, Response, json, plain};
use super::{ID, Request, SECRET, object, signer};

const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLE/TOKEN+with=all==";

fn temporary() -> Credentials {
    Credentials::new(ID, SECRET).with_session_token(TOKEN)
}

fn trace(presigned: bool) -> (Request, Trace) {
    let mut request = object();
    let signer = signer(&temporary());
    if presigned {
        *request.uri_mut() =
            signer.presign_blocking(&request, core::time::Duration::from_secs(60)).unwrap().url;
    } else {
        signer.sign_blocking(&mut request).unwrap();
    }
    let trace = Trace::of(&request, &temporary());
    (request, trace)
}

/// What no diagnosis may show a piece of.
fn secrets(request: &Request) -> Vec<String> {
    let authorization = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    let (_, signature) = authorization.or(request.uri().query()).unwrap().rsplit_once("Signature=").unwrap();
    let encoded = TOKEN.replace('/', "%2F").replace('+', "%2B").replace('=', "%3D");
    let twice = encoded.replace('%', "%25");
    [SECRET, TOKEN, signature].into_iter().map(str::to_owned).chain([encoded, twice]).collect()
}

fn assert_fit_to_be_shown(trace: &Trace, request: &Request, answer: &Response) {
    let diagnosis = trace.explain(answer);
    let printed = diagnosis.to_string();
    let shown = format!("{printed} {diagnosis:?}");
    for secret in secrets(request) {
        for at in 0..secret.len() - 7 {
            assert!(!shown.contains(&secret[at..at + 8]), "{secret}\n{shown}\nof {answer:?}");
        }
    }
    let evidence = diagnosis.evidence();
    assert!(!evidence.contains(|c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}')), "{shown}");
    assert!(evidence.chars().count() <= 514, "{}: {shown}", evidence.chars().count());
    assert_eq!(printed.lines().count(), 3, "{shown}");
}

/// Every place of an answer that a diagnosis may quote, filled with this.
fn filled_with(text: &str) -> Vec<Response> {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
    // XML has no control characters.
    let escaped: String = escaped.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    let s3 = |code: &str, message: &str, more: &str| {
        plain(403, &format!("<Error><Code>{code}</Code><Message>{message}</Message>{more}</Error>"))
    };
    let canonical = |lines: [&str; 7]| {
        let text = format!(
            "{}\n{}\n{}\n{}:{}\n\n{}\n{}",
            lines[0], lines[1], lines[2], lines[3], lines[4], lines[5], lines[6]
        );
        let bytes = text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
        s3("SignatureDoesNotMatch", "no", &format!("<CanonicalRequestBytes>{bytes}</CanonicalRequestBytes>"))
    };
    let own = [
        "PUT",
        "/a%20b/c%2Bd.txt",
        "acl=&prefix=a%2Bb&z=1%2F2",
        "host",
        "bucket.s3.eu-west-1.amazonaws.com",
        "host",
        "UNSIGNED-PAYLOAD",
    ];
    let mut all = vec![
        s3(&escaped, "", ""),
        s3("AccessDenied", &escaped, ""),
        s3(
            "SignatureDoesNotMatch",
            &format!("Credential should be scoped to correct service: '{escaped}'"),
            "",
        ),
        s3("AuthorizationHeaderMalformed", &format!("the region is wrong; expecting '{escaped}'"), ""),
        s3("AuthorizationHeaderMalformed", "", &format!("<Region>{escaped}</Region>")),
        s3("AccessDenied", "", &format!("<HeadersNotSigned>{escaped}</HeadersNotSigned>")),
        s3("RequestTimeTooSkewed", "", &format!("<ServerTime>{escaped}</ServerTime>")),
        s3(
            "XAmzContentSHA256Mismatch",
            "",
            &format!("<S3ComputedContentSHA256>{escaped}</S3ComputedContentSHA256>"),
        ),
        s3(
            "SignatureDoesNotMatch",
            "",
            &format!("<StringToSign>{escaped}\n{escaped}\n{escaped}\n{escaped}</StringToSign>"),
        ),
        s3(
            "SignatureDoesNotMatch",
            "",
            &format!("<StringToSign>AWS4-HMAC-SHA256\n{escaped}\nx\nx</StringToSign>"),
        ),
        s3(
            "SignatureDoesNotMatch",
            "",
            &format!("<StringToSign>AWS4-HMAC-SHA256\n20150830T123600Z\n{escaped}\nx</StringToSign>"),
        ),
        s3(
            "SignatureDoesNotMatch",
            "",
            &format!(
                "<StringToSign>AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/eu-west-1/s3/aws4_request\n{escaped}</StringToSign>"
            ),
        ),
        json(403, text, text),
        plain(403, text),
        plain(500, text),
    ];
    for place in 0..7 {
        let mut lines = own;
        lines[place] = text;
        all.push(canonical(lines));
    }
    if let Ok(value) = http::HeaderValue::from_str(text) {
        for name in ["x-amzn-errortype", "x-amz-error-code", "x-amz-bucket-region", "date"] {
            all.push(
                http::Response::builder()
                    .status(400)
                    .header(name, value.clone())
                    .body(String::new())
                    .unwrap(),
            );
        }
    }
    all
}

#[test]
fn no_answer_has_a_secret_shown() {
    for presigned in [false, true] {
        let (request, trace) = trace(presigned);
        let secrets = secrets(&request);
        for secret in &secrets {
            for text in [format!("a={secret}&b"), secret[5..].to_owned()] {
                for answer in filled_with(&text) {
                    assert_fit_to_be_shown(&trace, &request, &answer);
                }
            }
        }
        // The request as the service had it, token and signature in it.
        let canonical = responses::canonical_of(&request);
        for edited in
            [canonical.clone(), canonical.replace("PUT", "POST"), canonical.replace(TOKEN, &secrets[2])]
        {
            if !presigned {
                assert_fit_to_be_shown(&trace, &request, &responses::s3(&request, &edited));
                assert_fit_to_be_shown(&trace, &request, &responses::api_gateway(&request, &edited));
            }
        }
    }
}

#[test]
fn no_answer_writes_to_the_terminal() {
    let (request, trace) = trace(false);
    for text in [
        "\u{1b}]0;title\u{7}\u{1b}[2J",
        "a\u{202e}b\u{9b}31m",
        "a\rfix      run this",
        "a\nfix      run this\nx",
        "\u{0}",
    ] {
        for answer in filled_with(text) {
            assert_fit_to_be_shown(&trace, &request, &answer);
        }
    }
}

#[test]
fn no_answer_fills_the_screen() {
    let (request, trace) = trace(false);
    for text in
        ["a".repeat(100_000), "a=1&".repeat(20_000), "\u{1b}".repeat(10_000), "\u{e9} ".repeat(10_000)]
    {
        for answer in filled_with(&text) {
            assert_fit_to_be_shown(&trace, &request, &answer);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn whatever_an_answer_says_it_is_fit_to_be_shown(before in "\\PC{0,40}|[\0-\u{9f}]{0,9}", which in 0..5_usize, cut in 0..20_usize, after in "\\PC{0,40}") {
        let (request, trace) = trace(false);
        let secret = &secrets(&request)[which];
        let text = format!("{before}{}{after}", &secret[cut.min(secret.len())..]);
        for answer in filled_with(&text) {
            assert_fit_to_be_shown(&trace, &request, &answer);
        }
    }
}
