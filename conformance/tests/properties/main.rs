//! What must hold of the core for any request, with the naive reference as the oracle.

#![allow(clippy::unwrap_used, reason = "tests")]

mod jobs;

use awsauth_conformance::agreement::{Choices, Job, Selection, Signed};
use awsauth_conformance::reference::{Refusal, Time};
use awsauth_core::{Error, PathRule, PlusSign, RepeatedParameters, Timestamp};
use jobs::{any_header, any_job, any_time, anything};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use sha2::{Digest as _, Sha256};

proptest! {
    #[test]
    fn the_core_is_the_reference(job in any_job()) {
        agree(&job)?;
    }

    #[test]
    fn many_headers_and_parameters(
        job in any_job(),
        headers in vec(any_header(), 60..70),
        parameters in vec("[a-c]{1,3}(=[a-c]?)?", 60..70),
    ) {
        let query = parameters.join("&");
        let choices = Choices { repeated_parameters: RepeatedParameters::Allowed, ..job.choices.clone() };
        let job = without_stated_payload(Job { headers, query, choices, ..job });
        // The core is built with the feature `alloc` here; without it, its own tests show the limits.
        prop_assert!(agree(&job)?);
    }

    #[test]
    fn one_flaw_is_refused_alike(job in any_job(), flaw in select(FLAWS.to_vec()), presigned in any::<bool>()) {
        let mut job = without_stated_payload(Job { expires: presigned.then_some(60), ..job });
        job.choices.repeated_parameters = RepeatedParameters::Allowed;
        job.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("host"));
        prop_assert!(job.sign().is_ok());
        let (name, plant, refusal, error) = flaw;
        plant(&mut job);
        prop_assert_eq!(job.sign_by_reference(), Err(refusal), "{}", name);
        prop_assert_eq!(job.sign(), Err(error), "{}", name);
    }

    #[test]
    fn anything_is_answered(job in anything()) {
        agree(&job)?;
    }

    #[test]
    fn the_order_of_headers_does_not_matter(job in any_job(), order in vec(any::<u32>(), 100)) {
        let names = |name: &str| name.bytes().map(|byte| usize::from(byte.to_ascii_lowercase())).sum::<usize>();
        let mut shuffled = job.clone();
        // Stable: headers of one name stay in the order sent.
        shuffled.headers.sort_by_key(|(name, _)| order[names(name) % 100]);
        prop_assert_eq!(shuffled.sign(), job.sign());
    }

    #[test]
    fn repeated_headers_are_joined_in_the_order_sent(job in any_job(), values in vec("[a-c]{1,3}", 1..9)) {
        let mut job = job;
        job.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("x-amz-repeated"));
        for (at, value) in values.iter().enumerate() {
            let at = (at * 3).min(job.headers.len());
            let name = if at % 2 == 0 { "X-Amz-Repeated" } else { "x-amz-repeated" };
            job.headers.insert(at, (name.to_owned(), value.clone().into_bytes()));
        }
        let sent = job.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("x-amz-repeated"));
        let sent: Vec<_> = sent.map(|(_, value)| String::from_utf8_lossy(value).into_owned()).collect();
        job.choices.selection = Selection::Essential;
        if let Ok(signed) = job.sign() {
            let line = format!("\nx-amz-repeated:{}\n", sent.join(","));
            prop_assert!(signed.display.contains(&line), "{}", signed.display);
        }
    }

    #[test]
    fn display_hashes_to_sha256(job in any_job()) {
        if job.headers.iter().any(|(_, value)| core::str::from_utf8(value).is_err()) {
            return Ok(());
        }
        let Ok(signed) = job.sign() else { return Ok(()) };
        prop_assert_eq!(signed.sha256, <[u8; 32]>::from(Sha256::digest(&signed.display)));
        prop_assert_eq!(signed.display.as_bytes(), signed.outcome.canonical_request.as_slice());
        let hash: String = signed.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        prop_assert!(signed.outcome.string_to_sign.ends_with(&hash));
    }

    #[test]
    fn the_wire_form_is_canonical(job in any_job()) {
        // Each family with its own rule: what they have in common is that a server canonicalises what it receives.
        let job = Job { choices: Choices { path_rule: None, ..job.choices.clone() }, expires: None, ..job };
        let Ok(first) = job.sign() else { return Ok(()) };
        let again = Job { path: first.path.clone(), query: first.outcome.query.clone(), ..job.clone() };
        let again = again.sign().unwrap();
        prop_assert_eq!(&again, &first);

        // On the wire parameters of one name stay in the caller's order, and lone dots are escaped.
        let [uri, query] = uri_and_query(&first);
        let names = |query: &str| query.split('&').map(|pair| pair.split('=').next().map(str::to_owned)).collect::<Vec<_>>();
        let pairs = |query: &str| {
            let mut pairs: Vec<_> = query.split('&').map(str::to_owned).collect();
            pairs.sort();
            pairs
        };
        prop_assert_eq!(pairs(query), pairs(&first.outcome.query));
        prop_assert_eq!(names(query), names(&first.outcome.query));
        if job.service == "s3" {
            let escaped = |segment| match segment {
                "." => "%2E",
                ".." => "%2E%2E",
                segment => segment,
            };
            let path = uri.split('/').map(escaped).collect::<Vec<_>>().join("/");
            prop_assert_eq!(path, first.path.as_str());
        }
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            prop_assert!(pair.matches('=').count() == 1 && !pair.contains('+'), "{}", query);
        }
        // A server that reads a plus as a space, and one that does not, read the same.
        for plus_sign in [PlusSign::Literal, PlusSign::Space] {
            let choices = Choices { plus_sign, ..job.choices.clone() };
            let read = Job { path: first.path.clone(), query: first.outcome.query.clone(), choices, ..job.clone() };
            prop_assert_eq!(read.sign().unwrap(), first.clone());
        }
    }

    #[test]
    fn signing_twice_is_signing_once(job in any_job(), first in option::of(1..=604_800_u32), other in any_time()) {
        // A payload hash that a header signature left behind contradicts the one of a presigned URL, and the core, which
        // cannot tell it from the caller's, refuses it.
        let mut job = without_stated_payload(job);
        if first.is_none() && job.expires.is_some() {
            job.choices.content_sha256_header = false;
        }
        // No service normalises what it encodes once: `%2E` would be data at first, and then a dot.
        if job.choices.path_rule == Some(PathRule { double_encode: false, normalize: true }) {
            return Ok(());
        }
        let Ok(once) = job.sign() else { return Ok(()) };
        let before = Job { expires: first, time: other, session_token: Some("old".into()), ..job.clone() };
        let before = before.on_the_wire(&before.sign().unwrap());
        let twice = Job {
            time: job.time.clone(),
            expires: job.expires,
            session_token: job.session_token.clone(),
            ..before
        };
        prop_assert_eq!(twice.sign(), Ok(once));
    }

    #[test]
    fn times_are_read_and_written_alike(text in prop_oneof!["[0-9]{8}T[0-9]{6}Z", "[12][09][0-9]{2}[01][0-9][0-3][0-9]T[0-2][0-9][0-5][0-9][0-5][0-9]Z"]) {
        match (Timestamp::parse(&text), Time::parse(&text)) {
            (Ok(ours), Ok(theirs)) => {
                prop_assert_eq!(ours.basic().to_string(), theirs.iso8601_basic());
                prop_assert_eq!(ours.extended().to_string(), theirs.iso8601());
                prop_assert_eq!(ours.http_date().to_string(), theirs.rfc1123());
                prop_assert_eq!(i64::try_from(ours.unix_seconds()).unwrap() * 1000, theirs.unix_milliseconds());
            }
            (Err(Error::TimeOutOfRange), Ok(theirs)) => prop_assert!(theirs.unix_milliseconds() < 0),
            (ours, theirs) => {
                prop_assert!(matches!(ours, Err(Error::MalformedTime | Error::TimeOutOfRange)), "{:?}", ours);
                prop_assert_eq!(theirs, Err(Refusal::BadTime));
            }
        }
    }
}

/// Without the header that must say what is signed, unless it is replaced.
fn without_stated_payload(mut job: Job) -> Job {
    job.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("x-amz-content-sha256"));
    job
}

/// Both sign alike, which is `true`, or both refuse; the core may be the stricter one where it says so.
fn agree(job: &Job) -> Result<bool, TestCaseError> {
    match (job.sign(), job.sign_by_reference()) {
        (Ok(ours), Ok(theirs)) => {
            prop_assert_eq!(
                String::from_utf8_lossy(&ours.outcome.canonical_request),
                String::from_utf8_lossy(&theirs.canonical_request)
            );
            prop_assert_eq!(ours.outcome, theirs);
            Ok(true)
        }
        (Err(Error::RepeatedParameter), Err(refusal)) => {
            if refusal != Refusal::RepeatedParameter {
                // Another flaw, which the reference meets first: without it, the query is still refused.
                let (method, host) = ("GET".to_owned(), "a".to_owned());
                let (path, headers) = (String::new(), Vec::new());
                let bare = Job { method, host, path, headers, ..job.clone() };
                prop_assert!(bare.sign_by_reference().is_err());
            }
            Ok(false)
        }
        (Err(_), Err(_)) => Ok(false),
        (Err(error), Ok(theirs)) => {
            let stricter = [
                Error::FragmentInTarget,
                Error::MalformedAccessKeyId,
                Error::MalformedHost,
                Error::MalformedPayloadHash,
                Error::MalformedScope,
                Error::MalformedSessionToken,
                Error::MalformedTarget,
                Error::PayloadHashContradicts,
                Error::TimeOutOfRange,
            ];
            prop_assert!(stricter.contains(&error), "{} refused by the core alone: {:?}", error, theirs);
            Ok(false)
        }
        (Ok(ours), Err(refusal)) => {
            Err(TestCaseError::fail(format!("{refusal} by the reference alone: {ours:?}")))
        }
    }
}

fn uri_and_query(signed: &Signed) -> [&str; 2] {
    let mut lines = signed.display.split('\n').skip(1);
    [lines.next().unwrap(), lines.next().unwrap()]
}

/// A flaw's name, how to plant it, and what it is refused with.
type Flaw = (&'static str, fn(&mut Job), Refusal, Error);

const FLAWS: &[Flaw] = &[
    ("empty method", |job| job.method.clear(), Refusal::BadMethod, Error::MalformedMethod),
    ("method", |job| job.method.push('\n'), Refusal::BadMethod, Error::MalformedMethod),
    ("escape in path", |job| job.path.push_str("/%4"), Refusal::BadPercentEscape, Error::MalformedPercent),
    (
        "escape before ..",
        |job| job.path.push_str("/%zz/.."),
        Refusal::BadPercentEscape,
        Error::MalformedPercent,
    ),
    ("escape in query", |job| job.query.push_str("&%zz"), Refusal::BadPercentEscape, Error::MalformedPercent),
    (
        "escape in old signature",
        |job| job.query.push_str("&X-Amz-Date=%"),
        Refusal::BadPercentEscape,
        Error::MalformedPercent,
    ),
    ("control in path", |job| job.path.push_str("/\n"), Refusal::ControlCharacter, Error::ControlInTarget),
    ("control in query", |job| job.query.push('\x7f'), Refusal::ControlCharacter, Error::ControlInTarget),
    ("relative path", |job| job.path.insert(0, 'a'), Refusal::RelativePath, Error::MalformedTarget),
    (
        "control in header",
        |job| push(job, "x-amz-a", b"a\r\n b"),
        Refusal::ControlCharacter,
        Error::ControlInHeader,
    ),
    (
        "control in unsigned header",
        |job| push(job, "te", b"\0"),
        Refusal::ControlCharacter,
        Error::ControlInHeader,
    ),
    ("header name", |job| push(job, "a b", b""), Refusal::BadHeaderName, Error::MalformedHeaderName),
    ("empty header name", |job| push(job, "", b""), Refusal::BadHeaderName, Error::MalformedHeaderName),
    ("no host", |job| job.host.clear(), Refusal::BadAuthority, Error::MissingHost),
    ("host", |job| job.host.push('/'), Refusal::BadAuthority, Error::MalformedHost),
    ("port", |job| job.host = "a:b".into(), Refusal::BadAuthority, Error::MalformedHost),
    ("address", |job| job.host = "[::1".into(), Refusal::BadAuthority, Error::MalformedHost),
    (
        "two hosts",
        |job| {
            push(job, "Host", b"a");
            push(job, "host", b"a")
        },
        Refusal::RepeatedHost,
        Error::RepeatedHost,
    ),
    ("region", |job| job.region.push('\n'), Refusal::ControlCharacter, Error::MalformedScope),
    ("service", |job| job.service.push('\0'), Refusal::ControlCharacter, Error::MalformedScope),
    (
        "access key ID",
        |job| job.access_key_id.push('\n'),
        Refusal::ControlCharacter,
        Error::MalformedAccessKeyId,
    ),
    (
        "token",
        |job| job.session_token = Some("a\n".into()),
        Refusal::ControlCharacter,
        Error::MalformedSessionToken,
    ),
    ("expiry of 0", |job| job.expires = Some(0), Refusal::BadExpiry, Error::ExpiryOutOfRange),
    ("expiry of 604801", |job| job.expires = Some(604_801), Refusal::BadExpiry, Error::ExpiryOutOfRange),
    ("time", |job| job.time = "20150229T000000Z".into(), Refusal::BadTime, Error::MalformedTime),
];

fn push(job: &mut Job, name: &str, value: &[u8]) {
    job.headers.push((name.to_owned(), value.to_vec()));
}
