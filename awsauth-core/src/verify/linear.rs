//! Whatever the sender writes, the work before signatures are compared is linear in its length: counted, not timed.

#[cfg(all(feature = "alloc", feature = "s3-legacy"))]
use std::borrow::ToOwned;
use std::format;
use std::string::String;
use std::vec::Vec;

use super::policy::VerifyPolicy;
use super::refusal::Refusal;
use crate::hash::sha256;
#[cfg(all(feature = "alloc", feature = "s3-legacy"))]
use crate::schemes::s3_legacy::Bucket;
use crate::text::steps;
use crate::vocabulary::request::{Header, Request};
use crate::vocabulary::time::Timestamp;

const NOW: &str = "20130524T000000Z";
/// Steps for each byte. Sorting takes the logarithm of the count, so of 4,096 parameters up to twelve comparisons each.
///
/// Where words are short, texts are compared byte by byte: six times for each of 64 parameters, two texts at a time, and a byte
/// can render as three.
const MOST_STEPS: f64 = if cfg!(target_pointer_width = "64") { 24.0 } else { 40.0 };

/// A request that a stranger sends.
#[derive(Default)]
struct Hostile {
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    listed: Vec<String>,
    is_asymmetric: bool,
    is_presigned: bool,
}

impl Hostile {
    fn new() -> Self {
        Self { path: "/".into(), listed: Vec::from(["host".into()]), ..Self::default() }
    }

    fn with_headers(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.headers.extend(names.into_iter().map(|name| (name, "v".into())));
        self
    }

    fn listing(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.listed.extend(names);
        self.listed.sort();
        self.listed.dedup();
        self
    }

    fn with_query(mut self, parameters: impl IntoIterator<Item = String>) -> Self {
        self.query = parameters.into_iter().collect::<Vec<_>>().join("&");
        self
    }

    /// How long it is, how many steps it takes, and what the result is.
    fn cost(&self) -> (f64, f64, Refusal) {
        let (algorithm, scope) = match self.is_asymmetric {
            false => ("AWS4-HMAC-SHA256", "20130524/us-east-1/sqs/aws4_request"),
            true => ("AWS4-ECDSA-P256-SHA256", "20130524/sqs/aws4_request"),
        };
        let digits = "0".repeat(64);
        let mut headers = self.headers.clone();
        headers
            .extend([("host".into(), "example.com".into()), ("x-amz-content-sha256".into(), digits.clone())]);
        let mut query = self.query.clone();
        if self.is_presigned {
            let names = self.listed.join("%3B");
            query += &format!(
                "&X-Amz-Algorithm={algorithm}&X-Amz-Credential=AKID/{scope}&X-Amz-Date={NOW}&X-Amz-Expires=60\
                 &X-Amz-Region-Set=*&X-Amz-SignedHeaders={names}&X-Amz-Signature={digits}"
            );
        } else {
            let names = self.listed.join(";");
            headers.push(("x-amz-date".into(), NOW.into()));
            headers.push(("x-amz-region-set".into(), "*".into()));
            let authorization =
                format!("{algorithm} Credential=AKID/{scope},SignedHeaders={names},Signature={digits}");
            headers.push(("authorization".into(), authorization));
        }
        let length: usize = headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
        let length = (length + query.len() + self.path.len()) as f64;
        let headers: Vec<_> =
            headers.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
        let request = Request::from_parts("GET", &self.path, &query, "example.com").headers(&headers);
        let (now, body) = (Timestamp::parse(NOW).unwrap(), Some(sha256(b"")));
        let mut policy = VerifyPolicy::DEFAULT;
        policy.unsigned_headers = &["x-amz-date", "x-amz-region-set"];
        let (result, steps) = steps::of(|| match self.is_asymmetric {
            false => policy.verify(&request, body, now, |_| Some("secret")).map(|_| ()),
            true => policy.claim_asymmetric(&request, body, now)?.verify_with(|_, _| false).map(|_| ()),
        });
        (length, steps as f64, result.unwrap_err())
    }
}

fn assert_linear(name: &str, small: &Hostile, large: &Hostile) {
    assert_linear_cost(name, MOST_STEPS, small.cost(), large.cost());
}

fn assert_linear_cost(name: &str, most: f64, small: (f64, f64, Refusal), large: (f64, f64, Refusal)) {
    let (length, steps, result) = small;
    let (long, many, again) = large;
    assert_eq!((result, again), (Refusal::SignatureMismatch, Refusal::SignatureMismatch), "{name}");
    assert!((3.0..4.5).contains(&(long / length)), "{name}: {length} and {long} bytes");
    assert!(many / steps < 5.0, "{name}: {steps} steps for {length} bytes, {many} for {long}");
    assert!(many / long < most, "{name}: {many} steps for {long} bytes");
}

/// As many names as a list may have, but for `host`, that differ in their last bytes alone.
fn listed(length: usize) -> impl Iterator<Item = String> {
    (0..126).map(move |at| format!("{}{at:03}", "n".repeat(length)))
}

#[test]
fn headers_against_the_list_of_signed_ones() {
    for (is_presigned, is_asymmetric) in [(false, false), (true, false), (false, true), (true, true)] {
        let hostile = |count: usize, length: usize, name: fn(usize, usize) -> String| {
            let mut hostile = Hostile { is_presigned, is_asymmetric, ..Hostile::new() }
                .with_headers((0..count).map(|at| name(at, length)))
                .listing(if cfg!(feature = "alloc") { listed(length).collect() } else { Vec::new() });
            let named = |headers: &mut Vec<(String, String)>| {
                headers.extend(listed(length).map(|name| (name, "v".into())))
            };
            if cfg!(feature = "alloc") {
                named(&mut hostile.headers);
            }
            hostile
        };
        let unlisted: fn(usize, usize) -> String = |at, length| format!("{}{at:05}x", "n".repeat(length));
        let repeated: fn(usize, usize) -> String =
            |at, length| format!("{}{:03}", "N".repeat(length), (at * 89) % 126);
        for (name, count, length, of) in [
            ("unlisted", 2_048, 8, unlisted),
            ("listed", 2_048, 8, repeated),
            ("long", 1_024, 256, unlisted),
            ("short", 6_144, 0, unlisted),
        ] {
            assert_linear(name, &hostile(count, length, of), &hostile(4 * count, length, of));
        }
        // A list that is longer than the headers are, with names of which none is there, is refused before that.
        let long_names = |length| {
            Hostile { is_presigned, is_asymmetric, ..Hostile::new() }
                .with_headers((0..64).map(|at| format!("{}{at:02}", "n".repeat(length))).rev())
                .listing((0..60).map(|at| format!("{}{at:02}", "n".repeat(length))))
        };
        assert_linear("few and long", &long_names(128), &long_names(512));
    }
}

#[test]
fn parameters_in_any_order() {
    // Of one length, so that what replaces it differs at its end.
    let shared = |at: usize, length: usize| format!("{}{at:05}=v", "p".repeat(length));
    let escaped = |at: usize, length: usize| {
        let byte = |place: usize| if (at >> (place % 12)) & 1 == 0 { "p" } else { "%70" };
        (0..length).map(byte).collect::<String>() + &format!("{at:05}")
    };
    let bare = |at: usize, length: usize| format!("{}:{at:05}", "%3a:".repeat(length / 4));
    let amz = |at: usize, length: usize| format!("X-Amz-S{}{at:05}", "%2d".repeat(length / 3));
    let scattered = |at: usize, count: usize| at * 7_919 % count;
    type Parameter = fn(usize, usize) -> String;
    let parameters: [(&str, Parameter); 4] =
        [("shared", shared), ("escaped", escaped), ("bare", bare), ("X-Amz-", amz)];
    for (name, parameter) in parameters {
        let orders: [fn(usize, usize) -> usize; 3] = [|at, _| at, |at, count| count - at, scattered];
        for order in orders {
            let hostile = |count, length| {
                Hostile::new().with_query((0..count).map(|at| parameter(order(at, count), length)))
            };
            // As many as there may be without a heap, and longer.
            assert_linear(name, &hostile(64, 128), &hostile(64, 512));
            if cfg!(feature = "alloc") {
                assert_linear(name, &hostile(1_024, 24), &hostile(4_096, 24));
            }
        }
    }
}

#[test]
fn paths_that_go_up() {
    for last in ["a", "..", "."] {
        let hostile = |count| {
            let mut hostile = Hostile::new();
            hostile.path = format!("/{}", "s".repeat(64)).repeat(count) + "/../" + last;
            hostile
        };
        assert_linear("up", &hostile(60), &hostile(240));
    }
}

/// The cost of a request of S3's first scheme, or of Signature Version 2, in its URL.
#[cfg(all(feature = "alloc", feature = "s3-legacy"))]
fn cost_of_older(is_s3: bool, query: &str, headers: &[(String, String)]) -> (f64, f64, Refusal) {
    let authentication = match is_s3 {
        true => "&AWSAccessKeyId=AKID&Expires=1369353600&Signature=AAAA",
        false => {
            "&AWSAccessKeyId=AKID&Signature=AAAA&SignatureMethod=HmacSHA256&SignatureVersion=2\
             &Timestamp=2013-05-24T00%3A00%3A00Z"
        }
    };
    let query = format!("{query}{authentication}");
    let length: usize = headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
    let length = (length + query.len()) as f64;
    let lent: Vec<_> = headers.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
    let request = Request::from_parts("GET", "/", &query, "b.s3.amazonaws.com").headers(&lent);
    let now = Timestamp::parse(NOW).unwrap();
    let policy = VerifyPolicy::DEFAULT;
    let (answer, steps) = steps::of(|| match is_s3 {
        true => policy.verify_s3_legacy(&request, Bucket::ByHost, now, |_| Some("secret")).map(|_| ()),
        false => policy.verify_sigv2(&request, None, now, |_| Some("secret")).map(|_| ()),
    });
    (length, steps as f64, answer.unwrap_err())
}

/// Parameters that say what headers say are looked for among all headers.
#[cfg(all(feature = "alloc", feature = "s3-legacy"))]
#[test]
fn parameters_that_double_headers() {
    let unlike = |at: usize| format!("x-amz-meta-{at:05}");
    let longer = |at: usize| format!("x-amz-meta-{}{at:05}", "n".repeat(100));
    type Name = fn(usize) -> String;
    for (name, of) in [("short", unlike as Name), ("long", longer as Name)] {
        let cost = |count: usize| {
            let headers: Vec<_> = (0..count).map(|at| (of(at), "v".to_owned())).collect();
            let doubles: Vec<_> = (0..64).rev().map(|at| of(at * count / 64) + "=v").collect();
            cost_of_older(true, &doubles.join("&"), &headers)
        };
        assert_linear_cost(name, MOST_STEPS, cost(2_048), cost(8_192));
    }
}

#[cfg(all(feature = "alloc", feature = "s3-legacy"))]
#[test]
fn parameters_of_older_schemes_in_any_order() {
    let shared = |at: usize| format!("{}{at:05}=v", "p".repeat(24));
    let escaped = |at: usize| format!("{}{at:05}=v", "%70".repeat(24));
    let signed = |at: usize| format!("versionId={}{at:05}", "%26a".repeat(8));
    type Parameter = fn(usize) -> String;
    for (name, is_s3, of) in [
        ("shared", false, shared as Parameter),
        ("escaped", false, escaped as Parameter),
        ("sub-resources", true, signed as Parameter),
    ] {
        let orders: [fn(usize, usize) -> usize; 3] =
            [|at, _| at, |at, count| count - at, |at, count| at * 7_919 % count];
        for order in orders {
            let cost = |count: usize| {
                let query: Vec<_> = (0..count).map(|at| of(order(at, count))).collect();
                cost_of_older(is_s3, &query.join("&"), &[])
            };
            // They are sorted with their names decoded for each comparison.
            assert_linear_cost(name, 32.0, cost(1_024), cost(4_096));
        }
    }
}
