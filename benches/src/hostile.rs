//! Requests that strangers send to keep a verifier busy: none names a key that there is, so that all of the time goes into
//! what is done before a key is looked up.

use awsauth_core::verify::{Refusal, VerifyPolicy};
use awsauth_core::{Header, Request, Timestamp};

const NOW: &str = "20130524T000000Z";

/// A request, in owned parts.
#[derive(Debug, Clone)]
pub struct Hostile {
    /// What it has much of.
    pub name: &'static str,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    is_asymmetric: bool,
}

/// Where the signature is, and of which scheme.
#[derive(Clone, Copy)]
struct Place {
    is_presigned: bool,
    is_asymmetric: bool,
}

/// One of each kind, with about so many bytes of headers or, as `http::Uri` takes no more than 64 KiB, a quarter of that in
/// its target.
#[must_use]
pub fn requests(bytes: usize) -> Vec<Hostile> {
    const HEADER: Place = Place { is_presigned: false, is_asymmetric: false };
    const PRESIGNED: Place = Place { is_presigned: true, is_asymmetric: false };
    const ASYMMETRIC: Place = Place { is_presigned: false, is_asymmetric: true };
    // Names of one length, which differ at their ends.
    let listed: Vec<String> = (0..126).map(|at| format!("n-name-{at:03}")).collect();
    let long: Vec<String> = (0..126).map(|at| format!("{}{at:03}", "n".repeat(bytes / 300))).collect();
    let unlisted = |count| (0..count).map(|at| format!("n-name-{at:05}"));
    let shouted = |count| (0..count).map(|at| format!("N-NAME-{:03}", at * 89 % 126));
    let (fewer, target) = (bytes / 17 - 126, bytes / 4);
    let reversed = |at: usize, count: usize| format!("parameter-{:06}=v", count - at);
    let escaped = |at: usize, count: usize| {
        let at = at * 7_919 % count;
        let letter = |place: usize| if at >> place & 1 == 0 { "p" } else { "%70" };
        format!("{}{at:06}=v", (0..12).map(letter).collect::<String>())
    };
    let prefixed = |at: usize, count: usize| format!("X-Amz-S%69gnature{:06}", count - at);
    let bare = |at: usize, count: usize| format!(":%3a:{:06}", count - at);
    vec![
        Hostile::new("headers", HEADER, &listed, unlisted(fewer), String::new()),
        Hostile::new("headers-presigned", PRESIGNED, &listed, unlisted(fewer), String::new()),
        Hostile::new("headers-4a", ASYMMETRIC, &listed, unlisted(fewer), String::new()),
        Hostile::new("headers-repeated", HEADER, &listed, shouted(fewer), String::new()),
        Hostile::new("headers-short", HEADER, &listed, (0..bytes / 8).map(|_| "n".into()), String::new()),
        Hostile::new("names-long", HEADER, &long, unlisted(8), String::new()),
        Hostile::new("names-long-presigned", PRESIGNED, &long, unlisted(8), String::new()),
        Hostile::new("parameters", HEADER, &[], unlisted(8), parameters(target / 19, reversed)),
        Hostile::new("parameters-escaped", HEADER, &[], unlisted(8), parameters(target / 33, escaped)),
        Hostile::new("parameters-bare", HEADER, &[], unlisted(8), parameters(target / 12, bare)),
        Hostile::new("parameters-amz", PRESIGNED, &[], unlisted(8), parameters(target / 25, prefixed)),
        Hostile::new("parameters-few", HEADER, &[], unlisted(8), {
            let long = |at: usize, count: usize| format!("{}{:02}", "%3a:".repeat(target / 256), count - at);
            parameters(64, long)
        }),
        Hostile {
            path: "/a%2f..".repeat(target / 8),
            ..Hostile::new("path", HEADER, &[], unlisted(8), String::new())
        },
    ]
}

fn parameters(count: usize, parameter: impl Fn(usize, usize) -> String) -> String {
    (0..count).map(|at| parameter(at, count)).collect::<Vec<_>>().join("&")
}

impl Hostile {
    fn new(
        name: &'static str,
        place: Place,
        listed: &[String],
        headers: impl Iterator<Item = String>,
        mut query: String,
    ) -> Self {
        let (algorithm, scope) = match place.is_asymmetric {
            false => ("AWS4-HMAC-SHA256", "20130524/us-east-1/sqs/aws4_request"),
            true => ("AWS4-ECDSA-P256-SHA256", "20130524/sqs/aws4_request"),
        };
        let mut headers: Vec<_> =
            listed.iter().cloned().chain(headers).map(|name| (name, "v".to_owned())).collect();
        let mut listed: Vec<&str> = listed.iter().map(String::as_str).collect();
        listed.push("host");
        listed.sort_unstable();
        let digits = "0".repeat(64);
        headers.push(("host".to_owned(), "example.com".to_owned()));
        headers.push(("x-amz-content-sha256".to_owned(), digits.clone()));
        if place.is_presigned {
            query += &format!(
                "&X-Amz-Algorithm={algorithm}&X-Amz-Credential=AKID/{scope}&X-Amz-Date={NOW}&X-Amz-Expires=60\
                 &X-Amz-SignedHeaders={}&X-Amz-Signature={digits}",
                listed.join("%3B")
            );
        } else {
            headers.push(("x-amz-date".to_owned(), NOW.to_owned()));
            headers.push(("x-amz-region-set".to_owned(), "*".to_owned()));
            let authorization = format!(
                "{algorithm} Credential=AKID/{scope}, SignedHeaders={}, Signature={digits}",
                listed.join(";")
            );
            headers.push(("authorization".to_owned(), authorization));
        }
        Self { name, path: "/".to_owned(), query, headers, is_asymmetric: place.is_asymmetric }
    }

    /// How long it is on the wire, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let headers: usize = self.headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
        self.path.len() + self.query.len() + headers
    }

    /// Its headers, to be lent.
    #[must_use]
    pub fn headers(&self) -> Vec<Header<'_>> {
        self.headers.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect()
    }

    /// Has it read up to where its key would be looked up.
    ///
    /// # Panics
    /// If it is refused before that: it would not cost what it can.
    pub fn claim(&self, headers: &[Header<'_>]) {
        let request = Request::from_parts("GET", &self.path, &self.query, "example.com").headers(headers);
        let mut policy = VerifyPolicy::DEFAULT;
        policy.unsigned_headers = &["x-amz-date", "x-amz-region-set"];
        // The SHA-256 of no body, which is what the request is signed for.
        let body = Some(awsauth_core::sha256(b""));
        let claimed = Timestamp::parse(NOW).map_err(Refusal::from).and_then(|now| match self.is_asymmetric {
            true => policy.claim_asymmetric(&request, body, now).map(|_| ()),
            false => policy.claim(&request, body, now).map(|_| ()),
        });
        assert_eq!(claimed, Ok(()), "{}", self.name);
    }
}
