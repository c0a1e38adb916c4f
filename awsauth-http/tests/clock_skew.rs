//! What refusals teach about a host's clock, and what they do not.

#![allow(clippy::unwrap_used, reason = "tests")]

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_http::{Attempt, ClockSkew, Credentials, ErrorResponse, RetryAction, Signer};
use http::header::DATE;
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use proptest::prelude::*;

/// 2015-08-30T12:36:00Z.
const NOW: i64 = 1_440_938_160;
const HOUR: i64 = 3_600;
const MINUTE: i64 = 60;
const SKEWED: &str = "<Error><Code>RequestTimeTooSkewed</Code></Error>";

fn at(seconds: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds.unsigned_abs())
}

fn http_date(seconds: i64) -> HeaderMap {
    let date = awsauth_http::awsauth_core::Timestamp::from_unix(seconds.unsigned_abs()).unwrap().http_date();
    HeaderMap::from_iter([(DATE, HeaderValue::from_str(date.as_str()).unwrap())])
}

/// A client whose clock says `clock`.
struct Client {
    skew: ClockSkew,
    clock: i64,
}

impl Client {
    fn new() -> Self {
        Self { skew: ClockSkew::new(), clock: NOW }
    }

    fn signer(&self) -> Signer {
        let clock = self.clock;
        Signer::new(Credentials::new("AKIDEXAMPLE", "secret"))
            .service("s3")
            .region("us-east-1")
            .clock(move || at(clock))
            .clock_skew(self.skew.clone())
    }

    /// Signs, and reads this answer. Gives the time that was signed, too.
    fn ask(&self, url: &str, status: u16, headers: &HeaderMap, body: &str) -> (i64, RetryAction) {
        let mut request = Request::get(url).body(()).unwrap();
        let signer = self.signer();
        let signed = signer.sign_blocking(&mut request).unwrap();
        let time = i64::try_from(signed.time().unix_seconds()).unwrap();
        let mut attempt = Attempt::start(&signer, signed, &request);
        attempt.record_response(headers);
        let refusal = ErrorResponse::read(StatusCode::from_u16(status).unwrap(), headers, body.as_bytes());
        (time, refusal.map_or(RetryAction::ReturnResponse, |refusal| attempt.handle_error(&refusal)))
    }

    fn seconds(&self, url: &str) -> i64 {
        self.skew.seconds(&Request::get(url).body(()).unwrap())
    }
}

const URL: &str = "https://b.example.com/k";

#[test]
fn what_teaches() {
    let code = |code: &str| format!("<Error><Code>{code}</Code></Error>");
    let told = |time: &str| {
        format!("<Error><Code>RequestTimeTooSkewed</Code><ServerTime>{time}</ServerTime></Error>")
    };
    let said = |text: &str| format!("<Error><Code>AccessDenied</Code><Message>{text}</Message></Error>");
    for (status, body, ahead, learnt) in [
        // That speak of time.
        (403, SKEWED.to_owned(), HOUR, HOUR),
        (403, SKEWED.to_owned(), -HOUR, -HOUR),
        (403, SKEWED.to_owned(), 5 * MINUTE, 5 * MINUTE),
        (403, SKEWED.to_owned(), 3 * MINUTE, 0),
        (400, code("RequestInTheFuture"), -HOUR, -HOUR),
        (403, said("The difference between the request time and the server's time is too large"), HOUR, HOUR),
        (
            403,
            r#"{"message":"Signature expired: 20150830T123600Z is now earlier than .."}"#.to_owned(),
            HOUR,
            HOUR,
        ),
        // Their own time, before the date.
        (403, told("2015-08-30T13:36:00Z"), 0, HOUR),
        (403, told("2015-08-30T13:36:00.123Z"), 0, HOUR),
        (403, told("noon"), HOUR, HOUR),
        // That may come of a wrong clock.
        (403, code("SignatureDoesNotMatch"), HOUR, HOUR),
        (403, code("SignatureDoesNotMatch"), 5 * MINUTE, 5 * MINUTE),
        (403, String::new(), HOUR, HOUR),
        (400, r#"{"__type":"InvalidSignatureException"}"#.to_owned(), HOUR, HOUR),
        // Any other, where AWS would have refused it for its time.
        (403, code("AccessDenied"), 16 * MINUTE, 16 * MINUTE),
        (403, code("AccessDenied"), -16 * MINUTE, -16 * MINUTE),
        (400, code("InvalidArgument"), HOUR, HOUR),
        (401, code("Unauthorized"), HOUR, HOUR),
        (403, code("AccessDenied"), 14 * MINUTE, 0),
        (403, code("SignatureDoesNotMatch"), 3 * MINUTE, 0),
        // What is no refusal, or of another kind.
        (200, String::new(), HOUR, 0),
        (404, SKEWED.to_owned(), HOUR, 0),
        (503, SKEWED.to_owned(), HOUR, 0),
        (301, String::new(), HOUR, 0),
        (307, code("TemporaryRedirect"), HOUR, 0),
        // What no clock is off by.
        (403, SKEWED.to_owned(), 48 * HOUR, 48 * HOUR),
        (403, SKEWED.to_owned(), 48 * HOUR + 1, 0),
        (403, SKEWED.to_owned(), 251_961_362_639, 0),
        (403, told("9999-12-31T23:59:59Z"), 0, 0),
    ] {
        let client = Client::new();
        let headers = http_date(NOW + ahead);
        let (signed, next) = client.ask(URL, status, &headers, &body);
        let expected = if learnt == 0 { RetryAction::ReturnResponse } else { RetryAction::SignAgain };
        assert_eq!((signed, next, client.seconds(URL)), (NOW, expected, learnt), "{status} {body} {ahead}");
        assert_eq!(client.ask(URL, 200, &headers, "").0, NOW + learnt);
    }
}

#[test]
fn one_host_moves_no_other() {
    let client = Client::new();
    client.ask("https://evil.example.com/", 403, &http_date(NOW + 40 * HOUR), SKEWED);
    assert_eq!(client.seconds("https://evil.example.com/"), 40 * HOUR);
    for url in [
        URL,
        "http://evil.example.com/",
        "https://evil.example.com:8443/",
        "https://sqs.eu-west-1.amazonaws.com/",
    ] {
        assert_eq!(client.ask(url, 200, &HeaderMap::new(), ""), (NOW, RetryAction::ReturnResponse), "{url}");
    }
}

/// One wrong answer, and then the host as it is: the next refusal takes it back, whatever it says.
#[test]
fn heals() {
    let headers = |date: Option<i64>| date.map(http_date).unwrap_or_default();
    for (body, date) in [
        (SKEWED, Some(NOW)),
        ("<Error><Code>AccessDenied</Code></Error>", Some(NOW)),
        (
            "<Error><Code>RequestTimeTooSkewed</Code><ServerTime>2015-08-30T12:36:00.5Z</ServerTime></Error>",
            None,
        ),
        (SKEWED, None),
        ("", None),
    ] {
        let client = Client::new();
        client.ask(URL, 403, &http_date(NOW + 10 * HOUR), SKEWED);
        let (signed, next) = client.ask(URL, 403, &headers(date), body);
        assert_eq!((signed, next), (NOW + 10 * HOUR, RetryAction::SignAgain), "{body}");
        assert_eq!(client.ask(URL, 200, &HeaderMap::new(), "").0, NOW, "{body}");
    }
    // The clock is set in between.
    let mut client = Client::new();
    client.ask(URL, 403, &http_date(NOW + HOUR), SKEWED);
    client.clock += HOUR;
    assert_eq!(
        client.ask(URL, 403, &http_date(NOW + HOUR), SKEWED),
        (NOW + 2 * HOUR, RetryAction::SignAgain)
    );
    assert_eq!(client.ask(URL, 200, &HeaderMap::new(), "").0, NOW + HOUR);
}

#[test]
fn signing_again_is_for_what_it_changes() {
    let client = Client::new();
    let headers = http_date(NOW + HOUR);
    assert_eq!(client.ask(URL, 403, &headers, SKEWED).1, RetryAction::SignAgain);
    // It was signed for the right time, and is refused all the same.
    assert_eq!(client.ask(URL, 403, &headers, SKEWED).1, RetryAction::ReturnResponse);
    assert_eq!(
        client.ask(URL, 403, &headers, "<Error><Code>AccessDenied</Code></Error>").1,
        RetryAction::ReturnResponse
    );
    assert_eq!(client.seconds(URL), HOUR);
}

proptest! {
    /// Whatever hosts answer, other hosts are signed for by the clock, and these within the limit.
    #[test]
    fn no_answer_moves_a_request_further_than_the_limit(
        answers in prop::collection::vec((0..3_usize, 0..253_402_300_799_i64, prop_oneof![Just(400_u16), Just(401), Just(403), Just(200)], any::<bool>()), 1..12),
    ) {
        let client = Client::new();
        let url = |host: usize| format!("https://host-{host}.example.com/");
        for (host, time, status, names) in answers {
            let body = if names { SKEWED } else { "" };
            let (signed, _) = client.ask(&url(host), status, &http_date(time), body);
            prop_assert!((signed - NOW).abs() <= 48 * HOUR);
        }
        prop_assert_eq!(client.ask(&url(3), 200, &HeaderMap::new(), "").0, NOW);
    }
}
