//! Signing over an old signature, each scheme over each older one: nothing of it is left, and the outcome is that of signing
//! the request as it first was.

#![allow(clippy::unwrap_used, reason = "tests")]
#![cfg(all(feature = "s3-legacy", feature = "sigv4a"))]

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_http::awsauth_core;
use awsauth_http::{Credentials, Error, Scheme, SignedHeaders, Signer, TokenPlacement};
use http::Request;

const MINUTE: Duration = Duration::from_secs(60);
const OLD: [&str; 2] = ["AKIDOLDER", "IQoJOLDERTOKEN"];

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

/// A way of signing: its scheme, and whether in the URL for whoever holds it.
#[derive(Debug, Clone, Copy)]
struct Way {
    scheme: Scheme,
    presigned: bool,
    token: TokenPlacement,
}

/// Every way that there is.
fn ways() -> Vec<Way> {
    let signed = TokenPlacement::Signed;
    let older = [Scheme::Sigv3, Scheme::Sigv3Https].map(|scheme| (scheme, false, signed));
    let both = [Scheme::S3Legacy, Scheme::Sigv2, Scheme::Sigv4, Scheme::Sigv4a]
        .map(|scheme| [(scheme, false, signed), (scheme, true, signed)]);
    let tokens = [TokenPlacement::AppendedUnsigned, TokenPlacement::S3Express]
        .map(|token| [(Scheme::Sigv4, false, token), (Scheme::Sigv4, true, token)]);
    let all = older.into_iter().chain(both.into_iter().chain(tokens).flatten());
    all.map(|(scheme, presigned, token)| Way { scheme, presigned, token }).collect()
}

impl Way {
    fn signer(self, credentials: Credentials, time: u64) -> Signer {
        let signer = Signer::new(credentials)
            .clock(move || at(time))
            .scheme(self.scheme)
            .token_placement(self.token)
            .content_sha256_header(false);
        match self.scheme {
            Scheme::Sigv4 | Scheme::Sigv4a => signer.service("myapp").region("local"),
            _ => signer,
        }
    }

    /// The signer of an older signature, with all that it can have.
    fn older(self, time: u64) -> Signer {
        self.signer(older(), time).content_sha256_header(true)
    }

    /// Signs; a URL that is presigned takes the place of the request's.
    fn sign(self, signer: &Signer, mut request: Request<Vec<u8>>) -> Request<Vec<u8>> {
        if self.presigned {
            *request.uri_mut() = signer.presign_blocking(&request, MINUTE).unwrap().url;
        } else {
            signer.sign_blocking(&mut request).unwrap();
        }
        request
    }
}

fn older() -> Credentials {
    Credentials::new(OLD[0], "older secret").with_session_token(OLD[1])
}

fn request(query: &str) -> Request<Vec<u8>> {
    Request::get(format!("http://localhost:8080/path{query}"))
        .header("content-type", "text/plain")
        .header("x-amz-meta-a", "1")
        .body(Vec::new())
        .unwrap()
}

/// Path, query, and headers in any order.
fn shown(request: &Request<Vec<u8>>) -> (String, Vec<String>) {
    let headers =
        request.headers().iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
    let mut headers: Vec<_> = headers.collect();
    headers.sort();
    (request.uri().to_string(), headers)
}

#[test]
fn nothing_is_left_of_any_scheme_under_any_other() {
    let (then, now) = (1_440_938_160, 1_440_941_760);
    let newer = Credentials::new("AKIDNEWER", "secret");
    for query in ["", "?a=1&b=2", "?Signature=mine"] {
        // What a scheme has the name of for itself.
        let takes = |way: &Way| {
            let reserves = way.scheme == Scheme::Sigv2 || way.scheme == Scheme::S3Legacy && way.presigned;
            !(reserves && query.contains("Signature"))
        };
        let signed_before = |old: Way| (old, old.sign(&old.older(then), request(query)));
        let signed: Vec<_> = ways().into_iter().filter(takes).map(signed_before).collect();
        for (new, credentials) in ways()
            .into_iter()
            .filter(takes)
            .flat_map(|way| [(way, newer.clone()), (way, newer.clone().with_session_token("newer"))])
        {
            let signer = new.signer(credentials, now);
            let first = new.sign(&signer, request(query));
            for (old, signed) in &signed {
                let over = new.sign(&signer, signed.clone());
                if new.presigned && !old.presigned {
                    // The old headers are the caller's to leave out; the URL has none of them.
                    assert_eq!(over.uri(), first.uri(), "{new:?} over {old:?}");
                    continue;
                }
                assert_eq!(shown(&over), shown(&first), "{new:?} over {old:?}");
                let text = format!("{:?}", shown(&over));
                assert!(!OLD.iter().any(|old| text.contains(old)), "{new:?} over {old:?}: {text}");
            }
        }
    }
}

#[test]
fn what_a_url_is_to_be_sent_with_holds_no_old_signature() {
    for new in ways().into_iter().filter(|way| way.presigned) {
        for old in ways().into_iter().filter(|way| !way.presigned) {
            let signed = old.sign(&old.older(1_440_938_160), request(""));
            let signer = new.signer(Credentials::new("AKIDNEWER", "secret"), 1_440_941_760);
            let link = signer.presign_blocking(&signed, MINUTE).unwrap();
            let text = format!("{} {:?}", link.url, link.headers);
            assert!(!OLD.iter().any(|old| text.contains(old)), "{new:?} over {old:?}: {text}");
            assert!(!link.headers.contains_key("x-amz-content-sha256"), "{new:?} over {old:?}");
            assert!(
                !link.headers.keys().any(|name| awsauth_core::is_authentication_header(name.as_str())),
                "{text}"
            );
        }
    }
}

#[test]
fn an_anonymous_request_has_none() {
    for old in ways() {
        let mut signed = old.sign(&old.older(1_440_938_160), request("?b=2&a"));
        let anonymous = Signer::new(older()).scheme(Scheme::Anonymous);
        anonymous.sign_blocking(&mut signed).unwrap();
        let text = format!("{:?}", shown(&signed));
        assert!(
            !["Signature", "AMZ-", "sha256", OLD[0], OLD[1]].iter().any(|old| text.contains(old)),
            "{old:?}: {text}"
        );
        assert_eq!(signed.uri().query().unwrap().matches('&').count(), 1, "{text}");
    }
    let mut plain = request("?a=b+c&Signature=mine&&b=%7e");
    let first = shown(&plain);
    Signer::new(older()).scheme(Scheme::Anonymous).sign_blocking(&mut plain).unwrap();
    assert_eq!(shown(&plain), first);
}

#[test]
fn a_form_takes_the_place_of_a_signed_query() {
    for old in ways().into_iter().filter(|way| way.presigned) {
        let signed = old.sign(&old.older(1_440_938_160), request(""));
        let mut form = Request::post(signed.uri())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(b"Action=List".to_vec())
            .unwrap();
        let signer = Signer::new(Credentials::new("AKIDNEWER", "secret")).scheme(Scheme::Sigv2);
        signer.sign_blocking(&mut form).unwrap();
        assert_eq!(form.uri(), "http://localhost:8080/path", "{old:?}");
    }
}

/// Without an `AWSAccessKeyId`, these are the application's own words.
#[test]
fn parameters_of_the_callers_own_stay() {
    let query = "?Expires=5&Signature=mine&Timestamp=now";
    for new in ways().into_iter().filter(|way| way.scheme != Scheme::Sigv2) {
        let signer = new.signer(Credentials::new("AKIDNEWER", "secret"), 1_440_941_760);
        let mut request = request(query);
        if new.scheme == Scheme::S3Legacy && new.presigned {
            let refused = signer.presign_blocking(&request, MINUTE).unwrap_err();
            assert_eq!(refused, Error::Request(awsauth_core::Error::AuthenticationParameter));
            continue;
        }
        request = new.sign(&signer, request);
        let kept = request.uri().query().unwrap();
        assert!(
            query[1..].split('&').all(|pair| kept.split('&').any(|other| other == pair)),
            "{new:?}: {kept}"
        );
    }
}

/// The old signature is taken out of what is signed, and not only of what is sent.
#[test]
fn every_header_may_be_signed() {
    let signer = |way: Way| {
        way.signer(Credentials::new("AKIDNEWER", "secret"), 1_440_941_760)
            .signed_headers(SignedHeaders::AllButHopByHop)
    };
    for new in ways().into_iter().filter(|way| !way.presigned) {
        let first = shown(&new.sign(&signer(new), request("?a=1")));
        for old in ways() {
            let signed = old.sign(&old.older(1_440_938_160), request("?a=1"));
            assert_eq!(shown(&new.sign(&signer(new), signed)), first, "{new:?} over {old:?}");
        }
    }
}
