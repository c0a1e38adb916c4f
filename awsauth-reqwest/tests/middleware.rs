//! The signing middleware in a reqwest client, against servers on loopback.

#![allow(clippy::unwrap_used, reason = "a test")]
#![cfg(feature = "middleware")]

#[path = "../../awsauth-http/tests/loopback/mod.rs"]
mod loopback;

use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::SystemTime;

use async_trait::async_trait;
use awsauth_http::awsauth_credentials::{CachedProvider, CredentialsFuture};
use awsauth_http::http::{Extensions, HeaderValue};
use awsauth_reqwest::reqwest::{Body, Client, Request, Response, StatusCode, redirect::Policy};
use awsauth_reqwest::reqwest_middleware::{self, ClientBuilder, ClientWithMiddleware, Middleware, Next};
use awsauth_reqwest::{
    ClockSkew, Credentials, CredentialsError, Error, ErrorResponse, FollowRedirects, Payload, PayloadHash,
    ProvideCredentials, Signer, SigningMiddleware, SigningOverride, UnchangedMiddleware, awsauth_http,
};
use loopback::{Loopback, Received, Reply};

const SKEWED: &str = "<Error><Code>RequestTimeTooSkewed</Code><Message>too large</Message></Error>";
const HOUR: i64 = 3_600;

fn signer() -> Signer {
    Signer::new(Credentials::new("AKIDEXAMPLE", "secret").with_session_token("token"))
        .service("s3")
        .region("us-east-1")
}

fn direct() -> Client {
    Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client")
}

fn client(signing: SigningMiddleware) -> ClientWithMiddleware {
    ClientBuilder::new(direct()).with(signing).with(UnchangedMiddleware).build()
}

fn signing_error(error: reqwest_middleware::Error) -> Error {
    match error {
        reqwest_middleware::Error::Middleware(error) => error.downcast().expect("of this crate"),
        reqwest_middleware::Error::Reqwest(error) => panic!("{error}"),
    }
}

/// Takes what was signed within five minutes of a clock that is an hour ahead.
fn hour_ahead(received: &Received) -> Reply {
    let reply = if received.age(HOUR).abs() < 300 { Reply::new(200, "ok") } else { Reply::new(403, SKEWED) };
    reply.dated(HOUR)
}

#[tokio::test]
async fn corrects_a_wrong_clock_with_one_repeat() {
    let server = Loopback::start(hour_ahead).await;
    let client = client(SigningMiddleware::new(signer().clock_skew(ClockSkew::new())));
    for sent in [2, 3] {
        let answer = client.put(server.url("/b/k")).body("body").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.text().await.unwrap(), "ok");
        assert_eq!(server.received().len(), sent);
    }
    assert!(server.received().iter().all(|request| request.body == b"body"));
}

#[tokio::test]
async fn hands_a_skewed_answer_on() {
    let server = Loopback::start(hour_ahead).await;
    let skewed =
        SigningMiddleware::new(signer().clock_skew(ClockSkew::new()).stream_payload(Payload::Unsigned));
    for (signing, sent) in [(SigningMiddleware::new(signer()), 1), (skewed, 2)] {
        let stream = Body::wrap(http_body_util::Full::new(bytes::Bytes::from("body")));
        let request = client(signing).put(server.url("/b/k"));
        let request = if sent == 2 { request.body(stream) } else { request.body("body") };
        let answer = request.send().await.unwrap();
        assert_eq!((answer.status(), server.received().len()), (StatusCode::FORBIDDEN, sent));
        assert_eq!(answer.url().path(), "/b/k");
        assert_eq!(answer.headers()["content-length"], SKEWED.len().to_string());
        assert!(answer.extensions().get::<ErrorResponse>().is_some_and(ErrorResponse::is_time_skewed));
        assert_eq!(answer.text().await.unwrap(), SKEWED, "the body is as it came");
    }
}

/// Tries three times.
struct Retry;

#[async_trait]
impl Middleware for Retry {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<Response> {
        for _ in 0..2 {
            let answer = next.clone().run(request.try_clone().expect("bytes"), extensions).await?;
            if !answer.status().is_server_error() {
                return Ok(answer);
            }
        }
        next.run(request, extensions).await
    }
}

#[tokio::test]
async fn signs_each_retry_anew() {
    let server = Loopback::start(|received| match received.index {
        0 | 1 => Reply::new(503, "slow down"),
        _ => Reply::new(200, "ok"),
    })
    .await;
    // A clock that goes a minute further at each look.
    let (start, looks) = (SystemTime::now(), AtomicUsize::new(0));
    let signer = signer().clock(move || {
        start + Duration::from_secs(60) * u32::try_from(looks.fetch_add(1, Ordering::Relaxed)).unwrap()
    });
    let signing = SigningMiddleware::new(signer);
    let client = ClientBuilder::new(direct()).with(Retry).with(signing).with(UnchangedMiddleware).build();
    let answer = client.put(server.url("/b/k")).body("body").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let received = server.received();
    assert_eq!(received.len(), 3);
    for pair in received.windows(2) {
        assert!(pair[0].header("x-amz-date") < pair[1].header("x-amz-date"));
        assert_ne!(pair[0].authorization(), pair[1].authorization());
    }
}

#[tokio::test]
async fn redirects_take_no_signature_along() {
    let other = Arc::new(Loopback::start(|_| Reply::new(200, "elsewhere")).await);
    let location = other.url_by_name("/k");
    let server = Loopback::start(move |_| {
        Reply::new(307, "<Error><Code>TemporaryRedirect</Code></Error>")
            .header("location", &location)
            .header("x-amz-bucket-region", "eu-west-1")
    })
    .await;
    let signing = SigningMiddleware::new(signer());
    let answer = client(signing.clone()).put(server.url("/k")).body("body").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(answer.extensions().get::<ErrorResponse>().unwrap().region(), Some("eu-west-1"));
    assert!(other.received().is_empty());

    let asked =
        signing.clone().follow_redirects(FollowRedirects::when(|to| to.host().starts_with("localhost:")));
    let answer = client(asked).put(server.url("/k")).body("body").send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "elsewhere");
    let (here, there) = (server.received().pop().unwrap(), other.received().pop().unwrap());
    assert_ne!(here.authorization(), there.authorization());
    assert!(there.authorization().contains("/eu-west-1/s3/aws4_request"));
    assert!(there.header("host").unwrap().starts_with("localhost:"));

    // A client that follows by itself is found out.
    let follows = Client::builder().no_proxy().build().unwrap();
    let follows = ClientBuilder::new(follows).with(signing).build();
    let error = follows.put(server.url("/k")).body("body").send().await.unwrap_err();
    assert!(matches!(signing_error(error), Error::Redirected));
    assert_eq!(other.received().pop().unwrap().authorization(), "");
}

/// Gives out `AKID0`, `AKID1` and so on.
#[derive(Debug, Default)]
struct Counting(AtomicUsize);

impl ProvideCredentials for Counting {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async { self.provide_blocking() })
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        let fetched = self.0.fetch_add(1, Ordering::Relaxed);
        Ok(Credentials::new(format!("AKID{fetched}"), "secret"))
    }
}

#[tokio::test]
async fn expired_credentials_leave_the_cache() {
    let server = Loopback::start(|received| match received.authorization().contains("AKID0/") {
        true => Reply::new(400, r#"{"__type":"com.amazon.coral.service#ExpiredTokenException"}"#),
        false => Reply::new(403, r#"{"__type":"com.amazon.coral.service#AccessDeniedException"}"#),
    })
    .await;
    let signer =
        Signer::new(CachedProvider::new(Counting::default())).service("dynamodb").region("us-east-1");
    let client = client(SigningMiddleware::new(signer));
    for (status, access_key_id) in [(400, "AKID0/"), (403, "AKID1/"), (403, "AKID1/")] {
        let answer = client.post(server.url("/")).body("{}").send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status);
        assert!(server.received().pop().unwrap().authorization().contains(access_key_id));
    }
}

#[tokio::test]
async fn one_request_otherwise() {
    let server = Loopback::start(|_| Reply::new(200, "")).await;
    let client = client(SigningMiddleware::new(signer()));
    for overrides in [
        SigningOverride::unsigned(),
        SigningOverride::new()
            .service("execute-api")
            .region("eu-west-1")
            .stream_payload(PayloadHash::of(b"other")),
        SigningOverride::new(),
    ] {
        client.put(server.url("/b/k")).body("body").with_extension(overrides).send().await.unwrap();
    }
    let received = server.received();
    assert!(
        received[0]
            .headers
            .keys()
            .all(|name| name != "authorization" && !name.as_str().starts_with("x-amz-"))
    );
    assert!(received[1].authorization().contains("/eu-west-1/execute-api/"));
    // SHA-256 of "other" and of "body", by sha256sum.
    let hash = |index: usize| received[index].header("x-amz-content-sha256").unwrap();
    assert_eq!(hash(1), "d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa");
    assert_eq!(hash(2), "230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5");
    assert!(received[2].authorization().contains("/us-east-1/s3/"));
}

#[tokio::test]
async fn a_body_that_streams_needs_its_payload() {
    let server = Loopback::start(|_| Reply::new(200, "")).await;
    let client = client(SigningMiddleware::new(signer()));
    let stream = || Body::wrap(http_body_util::Full::new(bytes::Bytes::from("body")));
    let error = client.put(server.url("/b/k")).body(stream()).send().await.unwrap_err();
    assert!(matches!(signing_error(error), Error::Sign(awsauth_http::Error::UnhashedBody)));
    let given = SigningOverride::new().stream_payload(PayloadHash::of(b"body"));
    client.put(server.url("/b/k")).body(stream()).with_extension(given).send().await.unwrap();
    assert_eq!(server.received().len(), 1);
}

/// Sets a header after signing.
struct Change(&'static str);

#[async_trait]
impl Middleware for Change {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<Response> {
        request.headers_mut().insert(self.0, HeaderValue::from_static("changed"));
        next.run(request, extensions).await
    }
}

#[tokio::test]
async fn finds_what_was_changed_after_signing() {
    let server = Loopback::start(|_| Reply::new(200, "")).await;
    let send = |name: &'static str| {
        let signing = SigningMiddleware::new(signer());
        let client = ClientBuilder::new(direct()).with(signing).with(Change(name)).with(UnchangedMiddleware);
        client.build().put(server.url("/b/k")).body("body").send()
    };
    send("user-agent").await.unwrap();
    let error = signing_error(send("x-amz-security-token").await.unwrap_err());
    let name = "x-amz-security-token".parse().unwrap();
    assert!(matches!(error, Error::Sign(error) if error == awsauth_http::Error::ChangedHeader(name)));
    assert_eq!(server.received().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_at_a_time() {
    let server = Loopback::start(|received| Reply::new(200, received.authorization())).await;
    let barrier = Arc::new(tokio::sync::Barrier::new(200));
    let client = client(SigningMiddleware::new(signer()));
    let tasks: Vec<_> = (0..200)
        .map(|index| {
            let (request, barrier) = (client.put(server.url(&format!("/b/{index}"))), Arc::clone(&barrier));
            tokio::spawn(async move {
                barrier.wait().await;
                request.body("body").send().await.unwrap().text().await.unwrap()
            })
        })
        .collect();
    let mut signatures = HashSet::new();
    for task in tasks {
        assert!(signatures.insert(task.await.unwrap()), "each path has its own signature");
    }
    assert_eq!(server.received().len(), 200);
}
