//! The signing layer around hyper-util's client, against servers on loopback: bodies, overrides, many at a time.

#![allow(clippy::unwrap_used, reason = "a test")]
#![cfg(feature = "tower")]

mod loopback;

use core::convert::Infallible;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use awsauth_http::http::{HeaderValue, Request, Response, StatusCode};
use awsauth_http::{
    ClockSkew, Credentials, Error, HttpBody, PayloadHash, ReadBody, Scheme, Signer, SigningError,
    SigningLayer, SigningOverride, UnchangedLayer,
};
use http_body::Frame;
use http_body_util::{BodyExt, Empty, Full};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use loopback::{Loopback, Reply};
use tower::{ServiceBuilder, ServiceExt};

type Body = Full<bytes::Bytes>;

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
    with(other.stream_payload(PayloadHash::of(b"other"))).await.unwrap();
    with(SigningOverride::new().stream_payload(PayloadHash::Unsigned)).await.unwrap();
    with(SigningOverride::new()).await.unwrap();
    let refused = with(SigningOverride::new().scheme(Scheme::Sigv3)).await.unwrap_err();
    let expected = Error::SchemeNotForService { scheme: Scheme::Sigv3, service: "s3".into() };
    assert!(matches!(refused, SigningError::Sign(error) if error == expected));
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
    given.extensions_mut().insert(SigningOverride::new().stream_payload(PayloadHash::of(b"\x01\x00")));
    ServiceBuilder::new().layer(layer.clone()).service(service).oneshot(given).await.unwrap();
    let set = layer.stream_payload(PayloadHash::Unsigned);
    ServiceBuilder::new().layer(set).service(service).oneshot(request()).await.unwrap();
}

/// A body of several frames.
#[derive(Clone)]
struct Frames(VecDeque<bytes::Bytes>);

/// A body that is not there yet.
#[derive(Clone)]
struct Later;

impl http_body::Body for Frames {
    type Data = bytes::Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|data| Ok(Frame::data(data))))
    }
}

impl http_body::Body for Later {
    type Data = bytes::Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Infallible>>> {
        Poll::Pending
    }
}

#[tokio::test]
async fn reads_bodies_of_several_frames_and_bytes() {
    let body = Frames([bytes::Bytes::from("bo"), bytes::Bytes::from("dy")].into());
    assert_eq!(HttpBody.payload_hash(&body), Some(PayloadHash::of(b"body")));
    assert_eq!(body.0.len(), 2, "it was read through a clone");
    assert_eq!(HttpBody.payload_hash(&Empty::<bytes::Bytes>::new()), Some(PayloadHash::EMPTY));
    assert_eq!(HttpBody.payload_hash(&Later), None);
    let echo = tower::service_fn(|request: Request<Vec<u8>>| async move {
        let hash = request.headers()["x-amz-content-sha256"].to_str().unwrap().to_owned();
        Ok::<_, std::io::Error>(Response::new(hash))
    });
    let client = ServiceBuilder::new().layer(SigningLayer::new(signer()).for_bytes()).service(echo);
    let request = Request::put("http://files.example.com/k").body(b"body".to_vec()).unwrap();
    let hash = client.oneshot(request).await.unwrap().into_body().collect().await.unwrap().to_bytes();
    assert!(hash.starts_with(b"230d8358dc8e8890"));
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
    let mut signatures = HashSet::new();
    for task in tasks {
        assert!(signatures.insert(task.await.unwrap()), "each path has its own signature");
    }
    assert_eq!(server.received().len(), 200);
}
