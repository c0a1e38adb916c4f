//! The signing layer around hyper-util's client, against servers on loopback.

#![cfg(feature = "tower")]

mod loopback;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use awsauth_http::awsauth_credentials::CredentialsFuture;
use awsauth_http::http::{HeaderValue, Method, Request, Response, StatusCode};
use awsauth_http::{
    ClockSkew, Credentials, CredentialsError, Error, FollowRedirects, PayloadHash, ProvideCredentials,
    Refusal, Scheme, Signer, SigningError, SigningLayer, SigningOverride, UnchangedLayer,
};
use http_body_util::{BodyExt, Empty, Full, StreamBody};
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
    Request::put(url).body(Full::from("body")).unwrap()
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
    assert!((HOUR - 5..=HOUR + 5).contains(&skew.seconds()));

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
    assert!(answer.extensions().get::<Refusal>().is_some_and(Refusal::is_time_skewed));
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
    type Future = std::future::Ready<()>;

    fn retry(&mut self, _: &mut Request<B>, answer: &mut Result<Response<R>, E>) -> Option<Self::Future> {
        let failed = answer.as_ref().is_ok_and(|answer| answer.status().is_server_error());
        self.0 = self.0.checked_sub(u32::from(failed))?;
        failed.then(|| std::future::ready(()))
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
        assert_eq!(answer.extensions().get::<Refusal>().unwrap().region(), Some("eu-west-1"));
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

#[tokio::test]
async fn one_request_otherwise() {
    let server = Loopback::start(|_| Reply::new(200, "")).await;
    let client = ServiceBuilder::new().layer(SigningLayer::new(signer())).service(client());
    let with = |overrides: SigningOverride| {
        let mut request = put(server.url("/b/k"));
        request.extensions_mut().insert(overrides);
        client.clone().oneshot(request)
    };
    with(SigningOverride::unsigned()).await.unwrap();
    let other = SigningOverride::new().service("execute-api").region("eu-west-1");
    with(other.payload(PayloadHash::of(b"other"))).await.unwrap();
    with(SigningOverride::new().payload(PayloadHash::Unsigned)).await.unwrap();
    with(SigningOverride::new()).await.unwrap();
    let refused = with(SigningOverride::new().scheme(Scheme::Sigv3)).await.unwrap_err();
    assert!(matches!(refused, SigningError::Sign(Error::Scheme(Scheme::Sigv3))));
    let received = server.received();
    let hash = |index: usize| received[index].header("x-amz-content-sha256").unwrap();
    assert_eq!(received.len(), 4);
    assert!(
        received[0]
            .headers
            .keys()
            .all(|name| name != "authorization" && !name.as_str().starts_with("x-amz-"))
    );
    assert!(received[1].authorization().contains("/eu-west-1/execute-api/"));
    // SHA-256 of "other", by sha256sum.
    assert_eq!(hash(1), "d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa");
    assert_eq!(hash(2), "UNSIGNED-PAYLOAD");
    assert!(received[3].authorization().contains("/us-east-1/s3/"));
    // SHA-256 of "body", by sha256sum.
    assert_eq!(hash(3), "230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5");
}

#[tokio::test]
async fn a_body_that_is_not_at_hand_needs_its_payload() {
    let service = tower::service_fn(|_: Request<&'static [u16]>| async {
        Ok::<_, std::io::Error>(Response::new(Empty::<bytes::Bytes>::new()))
    });
    let request = || Request::put("http://files.example.com/k").body(&[1_u16][..]).unwrap();
    let layer = SigningLayer::new(signer()).for_any();
    let error =
        ServiceBuilder::new().layer(layer.clone()).service(service).oneshot(request()).await.unwrap_err();
    assert!(matches!(error, SigningError::Sign(Error::UnhashedBody)));

    let mut given = request();
    given.extensions_mut().insert(SigningOverride::new().payload(PayloadHash::of(b"\x01\x00")));
    ServiceBuilder::new().layer(layer.clone()).service(service).oneshot(given).await.unwrap();
    let set = layer.stream_payload(PayloadHash::Unsigned);
    ServiceBuilder::new().layer(set).service(service).oneshot(request()).await.unwrap();
}

#[tokio::test]
async fn reads_bodies_of_several_frames_and_bytes() {
    use awsauth_http::{HttpBody, ReadBody};
    use http_body::Frame;
    let frames = ["bo", "dy"].map(|data| Ok::<_, std::io::Error>(Frame::data(bytes::Bytes::from(data))));
    let frames = frames.map(|frame| frame.map_err(|_| ()));
    let body = Frames(frames.into_iter().map(Result::unwrap).map(|f| f.into_data().unwrap()).collect());
    assert_eq!(HttpBody.payload(&body), Some(PayloadHash::of(b"body")));
    assert_eq!(HttpBody.payload(&Empty::<bytes::Bytes>::new()), Some(PayloadHash::EMPTY));
    assert_eq!(HttpBody.payload(&Pending), None);
    let echo = tower::service_fn(|request: Request<Vec<u8>>| async move {
        let hash = request.headers()["x-amz-content-sha256"].to_str().unwrap().to_owned();
        Ok::<_, std::io::Error>(Response::new(hash))
    });
    let client = ServiceBuilder::new().layer(SigningLayer::new(signer()).for_bytes()).service(echo);
    let request = Request::put("http://files.example.com/k").body(b"body".to_vec()).unwrap();
    let hash = client.oneshot(request).await.unwrap().into_body().collect().await.unwrap().to_bytes();
    assert!(hash.starts_with(b"230d8358dc8e8890"));
    let _ = StreamBody::new(Nothing);
}

#[tokio::test]
async fn finds_what_was_changed_after_signing() {
    let server = Loopback::start(|_| Reply::new(200, "")).await;
    let change = |name: &'static str| {
        ServiceBuilder::new()
            .layer(SigningLayer::new(signer()))
            .map_request(move |mut request: Request<Body>| {
                request.headers_mut().insert(name, HeaderValue::from_static("changed"));
                request
            })
            .layer(UnchangedLayer)
            .service(client())
            .oneshot(put(server.url("/b/k")))
    };
    change("user-agent").await.unwrap();
    let error = change("x-amz-date").await.unwrap_err();
    let name = "x-amz-date".parse().unwrap();
    let expected = Error::ChangedHeader(name);
    assert!(matches!(error, SigningError::Service(SigningError::Sign(error)) if error == expected));
    assert_eq!(server.received().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_at_a_time() {
    let server =
        Loopback::start(|received| Reply::new(200, received.header("authorization").unwrap_or(""))).await;
    let barrier = Arc::new(tokio::sync::Barrier::new(200));
    let client = ServiceBuilder::new()
        .layer(SigningLayer::new(signer().clock_skew(ClockSkew::new())))
        .service(client());
    let tasks: Vec<_> = (0..200)
        .map(|index| {
            let (client, barrier) = (client.clone(), Arc::clone(&barrier));
            let request = put(server.url(&format!("/b/{index}")));
            tokio::spawn(async move {
                barrier.wait().await;
                let answer = client.oneshot(request).await.unwrap();
                assert_eq!(answer.status(), StatusCode::OK);
                answer.into_body().collect().await.unwrap().to_bytes()
            })
        })
        .collect();
    let mut signatures = std::collections::HashSet::new();
    for task in tasks {
        assert!(signatures.insert(task.await.unwrap()), "each path has its own signature");
    }
    assert_eq!(server.received().len(), 200);
}
