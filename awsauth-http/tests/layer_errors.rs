//! The signing layer around hyper-util's client, against servers that refuse, redirect or have another clock.

#![allow(clippy::unwrap_used, reason = "a test")]
#![cfg(feature = "tower")]

mod loopback;

use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;
use std::sync::Arc;
use std::time::SystemTime;

use awsauth_http::awsauth_credentials::CredentialsFuture;
use awsauth_http::http::{HeaderValue, Method, Request, Response, StatusCode};
use awsauth_http::{
    ClockSkew, Credentials, CredentialsError, ErrorResponse, FollowRedirects, PayloadHash,
    ProvideCredentials, Signer, SigningLayer,
};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use loopback::{Loopback, Reply};
use tower::{Service, ServiceBuilder, ServiceExt};

type Body = Full<bytes::Bytes>;

const SKEWED: &str = "<Error><Code>RequestTimeTooSkewed</Code><Message>too large</Message></Error>";
const HOUR: i64 = 3_600;

fn signer() -> Signer {
    Signer::new(Credentials::new("AKIDEXAMPLE", "secret").with_session_token("token"))
        .service("s3")
        .region("us-east-1")
}

fn client() -> Client<HttpConnector, Body> {
    Client::builder(TokioExecutor::new()).build_http()
}

fn put(url: String) -> Request<Body> {
    Request::put(url).body(Full::from("body")).expect("a URL")
}

/// Takes what was signed within five minutes of a clock that is an hour ahead.
fn hour_ahead(received: &loopback::Received) -> Reply {
    let reply = if received.age(HOUR).abs() < 300 { Reply::new(200, "ok") } else { Reply::new(403, SKEWED) };
    reply.dated(HOUR)
}

#[tokio::test]
async fn corrects_a_wrong_clock_with_one_repeat() {
    let server = Loopback::start(hour_ahead).await;
    let skew = ClockSkew::new();
    let signer = signer().clock_skew(skew.clone());
    let mut client = ServiceBuilder::new().layer(SigningLayer::new(signer.clone())).service(client());

    let answer = client.ready().await.unwrap().call(put(server.url("/b/k"))).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "ok");
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert!(received.iter().all(|request| request.body == b"body"));
    assert!((HOUR - 5..=HOUR + 5).contains(&skew.seconds(&put(server.url("/")))));

    // From then on at once, also through a clone of the signer, and where there is no code to read.
    let other = SigningLayer::new(signer);
    let mut other = ServiceBuilder::new().layer(other).service(self::client());
    for method in [Method::PUT, Method::HEAD] {
        let mut request = put(server.url("/b/k"));
        *request.method_mut() = method;
        assert_eq!(other.ready().await.unwrap().call(request).await.unwrap().status(), StatusCode::OK);
    }
    assert_eq!(server.received().len(), 4);
}

#[tokio::test]
async fn corrects_a_wrong_clock_after_a_head() {
    let server = Loopback::start(hour_ahead).await;
    let signer = signer().clock_skew(ClockSkew::new());
    let client = ServiceBuilder::new().layer(SigningLayer::new(signer)).service(client());
    let request = Request::head(server.url("/b/k")).body(Full::default()).unwrap();
    assert_eq!(client.oneshot(request).await.unwrap().status(), StatusCode::OK);
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn hands_a_skewed_answer_on() {
    let server = Loopback::start(hour_ahead).await;
    let plain = ServiceBuilder::new().layer(SigningLayer::new(signer())).service(client());
    let answer = plain.oneshot(put(server.url("/b/k"))).await.unwrap();
    assert_eq!(
        (answer.status(), server.received().len()),
        (StatusCode::FORBIDDEN, 1),
        "no skew is installed"
    );
    assert!(answer.extensions().get::<ErrorResponse>().is_some_and(ErrorResponse::is_time_skewed));
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), SKEWED, "the body is as it came");

    let layer = SigningLayer::new(signer().clock_skew(ClockSkew::new())).for_any();
    let once = ServiceBuilder::new().layer(layer.stream_payload(PayloadHash::of(b"body"))).service(client());
    let answer = once.clone().oneshot(put(server.url("/b/k"))).await.unwrap();
    assert_eq!(
        (answer.status(), server.received().len()),
        (StatusCode::FORBIDDEN, 2),
        "the body cannot be repeated"
    );
    let answer = once.oneshot(put(server.url("/b/k"))).await.unwrap();
    assert_eq!((answer.status(), server.received().len()), (StatusCode::OK, 3), "but the clock is known now");
}

#[tokio::test]
async fn repeats_no_more_than_once() {
    let server = Loopback::start(|received| {
        // A server that makes fun of clocks.
        let ahead = HOUR * (1 + i64::try_from(received.index).unwrap());
        Reply::new(403, SKEWED).dated(ahead)
    })
    .await;
    let layer = SigningLayer::new(signer().clock_skew(ClockSkew::new()));
    let client = ServiceBuilder::new().layer(layer).service(client());
    assert_eq!(client.oneshot(put(server.url("/"))).await.unwrap().status(), StatusCode::FORBIDDEN);
    assert_eq!(server.received().len(), 2);
}

/// A retry layer outside, as `tower` has it.
#[derive(Clone)]
struct ThreeTimes(u32);

impl<B: Clone, R, E> tower::retry::Policy<Request<B>, Response<R>, E> for ThreeTimes {
    type Future = core::future::Ready<()>;

    fn retry(&mut self, _: &mut Request<B>, answer: &mut Result<Response<R>, E>) -> Option<Self::Future> {
        let failed = answer.as_ref().is_ok_and(|answer| answer.status().is_server_error());
        self.0 = self.0.checked_sub(u32::from(failed))?;
        failed.then(|| core::future::ready(()))
    }

    fn clone_request(&mut self, request: &Request<B>) -> Option<Request<B>> {
        Some(request.clone())
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
    let client = ServiceBuilder::new()
        .layer(tower::retry::RetryLayer::new(ThreeTimes(3)))
        .layer(SigningLayer::new(signer))
        .service(client());
    assert_eq!(client.oneshot(put(server.url("/b/k"))).await.unwrap().status(), StatusCode::OK);
    let received = server.received();
    assert_eq!(received.len(), 3);
    for pair in received.windows(2) {
        assert!(pair[0].header("x-amz-date") < pair[1].header("x-amz-date"));
        assert_ne!(pair[0].authorization(), pair[1].authorization());
        assert_eq!(pair[1].headers.get_all("authorization").iter().count(), 1);
    }
}

#[tokio::test]
async fn redirects_take_no_signature_along() {
    let other = Arc::new(Loopback::start(|_| Reply::new(200, "elsewhere")).await);
    let location = other.url_by_name("/k");
    let body = "<Error><Code>TemporaryRedirect</Code></Error>";
    let server = Loopback::start(move |_| {
        Reply::new(307, body).header("location", &location).header("x-amz-bucket-region", "eu-west-1")
    })
    .await;

    let layer = SigningLayer::new(signer());
    for layer in [layer.clone(), layer.clone().follow_redirects(FollowRedirects::ToS3)] {
        let client = ServiceBuilder::new().layer(layer).service(client());
        let answer = client.oneshot(put(server.url("/k"))).await.unwrap();
        assert_eq!(answer.status(), StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(answer.extensions().get::<ErrorResponse>().unwrap().region(), Some("eu-west-1"));
    }
    assert!(other.received().is_empty());

    let asked = layer.follow_redirects(FollowRedirects::when(|to| to.host().starts_with("localhost:")));
    let client = ServiceBuilder::new().layer(asked).service(client());
    let mut request = put(server.url("/k"));
    let host = request.uri().authority().unwrap().to_string();
    request.headers_mut().insert("host", HeaderValue::from_str(&host).unwrap());
    let answer = client.oneshot(request).await.unwrap();
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "elsewhere");
    let (here, there) = (server.received().pop().unwrap(), other.received().pop().unwrap());
    assert_ne!(here.authorization(), there.authorization());
    assert!(there.authorization().contains("/eu-west-1/s3/aws4_request"), "{}", there.authorization());
    assert!(there.header("host").unwrap().starts_with("localhost:"));
    assert_eq!(there.body, b"body");
}

#[tokio::test]
async fn follows_s3_to_the_same_object_alone() {
    for (location, status) in [
        ("https://b.s3.eu-west-1.amazonaws.com/k?acl=", StatusCode::OK),
        ("https://s3.eu-west-1.amazonaws.com/b/k?acl", StatusCode::OK),
        ("https://other.s3.eu-west-1.amazonaws.com/k?acl", StatusCode::TEMPORARY_REDIRECT),
        ("https://b.s3.eu-west-1.amazonaws.com/other?acl", StatusCode::TEMPORARY_REDIRECT),
        ("https://b.s3.eu-west-1.amazonaws.com/k?policy", StatusCode::TEMPORARY_REDIRECT),
        ("https://b.s3.cn-north-1.amazonaws.com.cn/k?acl", StatusCode::TEMPORARY_REDIRECT),
    ] {
        let sent = Arc::new(std::sync::Mutex::new(Vec::new()));
        let seen = Arc::clone(&sent);
        let aws = tower::service_fn(move |request: Request<Body>| {
            let authorization = request.headers()["authorization"].to_str().unwrap().to_owned();
            let is_first = request.uri().host() == Some("b.s3.amazonaws.com");
            seen.lock().unwrap().push((request.uri().to_string(), authorization));
            let answer =
                Response::builder().status(if is_first { 307 } else { 200 }).header("location", location);
            async { answer.body(Full::<bytes::Bytes>::default()) }
        });
        let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "secret"));
        let layer = SigningLayer::new(signer).follow_redirects(FollowRedirects::ToS3);
        let client = ServiceBuilder::new().layer(layer).service(aws);
        let answer = client.oneshot(put("https://b.s3.amazonaws.com/k?acl".to_owned())).await.unwrap();
        assert_eq!(answer.status(), status, "{location}");
        let sent = sent.lock().unwrap();
        assert_eq!(sent.len(), 1 + usize::from(status == StatusCode::OK));
        assert!(
            sent[1..].iter().all(|(_, authorization)| authorization.contains("/eu-west-1/s3/")),
            "{sent:?}"
        );
    }
}

#[tokio::test]
async fn follows_to_the_region_that_is_named_and_no_further_than_three_times() {
    let body = "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>";
    let server = Loopback::start(move |_| Reply::new(400, body)).await;
    let layer = SigningLayer::new(signer()).follow_redirects(FollowRedirects::when(|_| true));
    let client = ServiceBuilder::new().layer(layer).service(client());
    let answer = client.oneshot(put(server.url("/b/k"))).await.unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    let received = server.received();
    assert_eq!(received.len(), 4);
    assert!(received[0].authorization().contains("/us-east-1/s3/"));
    assert!(received[1..].iter().all(|request| request.authorization().contains("/eu-west-1/s3/")));
}

/// Gives out `AKID0`, and after each invalidation the next.
#[derive(Debug, Default)]
struct Counting(AtomicUsize);

impl ProvideCredentials for Counting {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async { self.provide_blocking() })
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        Ok(Credentials::new(format!("AKID{}", self.0.load(Ordering::Relaxed)), "secret"))
    }

    fn invalidate(&self, refused: &Credentials) {
        assert_eq!(refused.access_key_id(), format!("AKID{}", self.0.load(Ordering::Relaxed)));
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test]
async fn reports_expired_credentials() {
    let expired = |received: &loopback::Received| match received.authorization().contains("AKID0/") {
        true => Reply::new(400, "<Error><Code>ExpiredToken</Code></Error>"),
        false => Reply::new(403, "<Error><Code>AccessDenied</Code></Error>"),
    };
    let server = Loopback::start(expired).await;
    let provider = Arc::new(Counting::default());
    let signer = Signer::new(Arc::clone(&provider)).service("s3").region("us-east-1");
    let client = ServiceBuilder::new().layer(SigningLayer::new(signer)).service(client());
    for (status, refused) in [(400, 1), (403, 1), (403, 1)] {
        let answer = client.clone().oneshot(put(server.url("/b/k"))).await.unwrap();
        assert_eq!((answer.status().as_u16(), provider.0.load(Ordering::Relaxed)), (status, refused));
    }
    assert!(server.received()[1].authorization().contains("AKID1/"));
}
