//! Why a store refused, of a request that reqwest sent.

#![allow(clippy::unwrap_used, reason = "a test")]
#![cfg(feature = "explain")]

use core::pin::Pin;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::task::{Context, Poll};
use core::time::Duration;
use std::collections::VecDeque;
use std::sync::Arc;

use awsauth_conformance::s3_server::S3Server;
use awsauth_http::http;
use awsauth_http::http_body::{self, Frame};
use awsauth_reqwest::reqwest::{Body, Client, Request, Response, StatusCode, redirect::Policy};
use awsauth_reqwest::{
    AwsChunked, Cause, Credentials, Diagnosis, SignRequest, Signed, Signer, Trace, awsauth_http,
};
use bytes::Bytes;

const KEYS: (&str, &str) = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

fn client() -> Client {
    Client::builder().redirect(Policy::none()).no_proxy().build().unwrap()
}

fn signer(secret: &str) -> Signer {
    Signer::new(Credentials::new(KEYS.0, secret)).service("s3").region("us-east-1")
}

struct Store {
    server: S3Server,
    client: Client,
}

impl Store {
    async fn start() -> Self {
        let store = Self { server: S3Server::start(KEYS.0, KEYS.1).unwrap(), client: client() };
        let create = store.client.put(store.url("")).aws_sign(&signer(KEYS.1)).await.unwrap();
        assert_eq!(create.send().await.unwrap().status(), StatusCode::OK);
        store
    }

    fn url(&self, key: &str) -> String {
        format!("{}/bucket/{key}", self.server.endpoint())
    }

    async fn signed(&self, signer: &Signer, body: impl Into<Body>) -> (Request, Signed) {
        let put = self.client.put(self.url("key")).header("x-amz-meta-a", "1").header("content-length", 4);
        let mut request = put.body(body).build().unwrap();
        let signed = signer.sign(&mut request).await.unwrap();
        (request, signed)
    }

    /// Traces, sends and explains; the status that came.
    async fn diagnose(&self, signer: &Signer, request: Request, signed: &Signed) -> (Diagnosis, Response) {
        let trace = signer.trace(&request, signed);
        let url = request.url().clone();
        let response = self.client.execute(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let (diagnosis, response) = signer.explain(&trace, response).await;
        assert_eq!((response.status(), response.headers(), response.url()), (status, &headers, &url));
        assert!(!diagnosis.to_string().contains(KEYS.1));
        (diagnosis, response)
    }
}

#[tokio::test]
async fn a_wrong_secret() {
    let store = Store::start().await;
    for (secret, cause) in [
        (KEYS.1.replace('E', "F"), Cause::WrongSecretOrChanged),
        (format!("\"{}\"", KEYS.1), Cause::SecretQuoted),
    ] {
        let signer = signer(&secret);
        let (request, signed) = store.signed(&signer, "body").await;
        let (diagnosis, response) = store.diagnose(&signer, request, &signed).await;
        assert_eq!(diagnosis.cause(), cause, "{diagnosis}");
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        let text = response.text().await.unwrap();
        assert!(text.contains("<Code>SignatureDoesNotMatch</Code>"), "the body is as it came: {text}");
    }
}

#[tokio::test]
async fn changed_after_signing() {
    let store = Store::start().await;
    let signer = signer(KEYS.1);
    let (mut request, signed) = store.signed(&signer, "body").await;
    request.headers_mut().insert("x-amz-meta-a", "2".parse().unwrap());
    let (diagnosis, _) = store.diagnose(&signer, request, &signed).await;
    assert_eq!(diagnosis.cause(), Cause::ChangedAfterSigning, "{diagnosis}");

    let (mut request, signed) = store.signed(&signer, "body").await;
    request.url_mut().set_query(Some("versionId=1"));
    let (diagnosis, _) = store.diagnose(&signer, request, &signed).await;
    assert_eq!(diagnosis.cause(), Cause::AddedParameter, "{diagnosis}");
}

#[tokio::test]
async fn another_reason() {
    let store = Store::start().await;
    let signer = signer(KEYS.1);
    let mut request = store.client.get(store.url("none")).build().unwrap();
    let signed = signer.sign(&mut request).await.unwrap();
    let (diagnosis, response) = store.diagnose(&signer, request, &signed).await;
    assert_eq!(diagnosis.cause(), Cause::NotAuthentication, "{diagnosis}");
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(response.text().await.unwrap().contains("<Code>NoSuchKey</Code>"));
}

#[tokio::test]
async fn no_refusal() {
    let store = Store::start().await;
    let signer = signer(KEYS.1).stream_payload(AwsChunked::signed());
    let (request, signed) = store.signed(&signer, "body").await;
    assert_eq!(store.diagnose(&signer, request, &signed).await.0.cause(), Cause::Accepted);
    let stream = Body::wrap(http_body_util::Full::new(Bytes::from("more")));
    let (request, signed) = store.signed(&signer, stream).await;
    assert_eq!(store.diagnose(&signer, request, &signed).await.0.cause(), Cause::Accepted);

    let mut get = store.client.get(store.url("key")).build().unwrap();
    let signed = signer.sign(&mut get).await.unwrap();
    let (diagnosis, response) = store.diagnose(&signer, get, &signed).await;
    assert_eq!(diagnosis.cause(), Cause::Accepted);
    assert_eq!(response.text().await.unwrap(), "more");
}

#[tokio::test]
async fn a_stream_and_a_presigned_url() {
    let store = Store::start().await;
    let wrong = signer("wrong").stream_payload(AwsChunked::signed());
    let stream = Body::wrap(http_body_util::Full::new(Bytes::from("body")));
    let (request, signed) = store.signed(&wrong, stream).await;
    let (diagnosis, _) = store.diagnose(&wrong, request, &signed).await;
    assert_eq!(diagnosis.cause(), Cause::WrongSecretOrChanged, "{diagnosis}");

    let link = wrong.presign(store.client.get(store.url("key")), Duration::from_secs(60)).await;
    let link = link.unwrap();
    let request = Request::new(link.method, link.url);
    let (diagnosis, _) = store.diagnose(&wrong, request, &link.signed).await;
    assert_eq!(diagnosis.cause(), Cause::WrongSecretOrChanged, "{diagnosis}");
}

/// Gives these texts, and counts their bytes; an empty one ends it, and with none left it breaks.
struct Texts(VecDeque<String>, Arc<AtomicUsize>);

impl http_body::Body for Texts {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        let text = self.0.pop_front();
        self.1.fetch_add(text.as_ref().map_or(0, String::len), Ordering::Relaxed);
        Poll::Ready(match text {
            Some(text) if text.is_empty() => None,
            Some(text) => Some(Ok(Frame::data(text.into()))),
            None => Some(Err("the wire is cut")),
        })
    }
}

/// What is made of an answer that has this body, how much of it was read for that, and the answer.
async fn explained(texts: &[&str]) -> (Diagnosis, usize, Response) {
    let signer = signer(KEYS.1);
    let mut request = client().get("http://127.0.0.1/bucket/key").build().unwrap();
    let signed = signer.sign(&mut request).await.unwrap();
    let read = Arc::new(AtomicUsize::new(0));
    let texts = Texts(texts.iter().map(ToString::to_string).collect(), Arc::clone(&read));
    let response = http::Response::builder().status(400).body(Body::wrap(texts)).unwrap().into();
    let (diagnosis, response) = signer.explain(&signer.trace(&request, &signed), response).await;
    (diagnosis, read.load(Ordering::Relaxed), response)
}

#[tokio::test]
async fn no_more_is_read_ahead_than_the_limit() {
    let start = "The security token included in the request is expired";
    let tail = "x".repeat(Trace::BODY_LIMIT);
    let (diagnosis, read, response) = explained(&[start, &tail, &tail, &tail, ""]).await;
    assert_eq!(diagnosis.cause(), Cause::ExpiredSessionToken, "{diagnosis}");
    assert_eq!(read, start.len() + tail.len(), "to the end of the frame that goes beyond");
    assert_eq!(response.text().await.unwrap(), format!("{start}{tail}{tail}{tail}"));
}

#[tokio::test]
async fn an_answer_that_breaks_is_explained_and_breaks() {
    let (diagnosis, _, response) = explained(&["<Error><Code>ExpiredToken</Code></Error>"]).await;
    assert_eq!(diagnosis.cause(), Cause::ExpiredSessionToken, "{diagnosis}");
    assert!(response.bytes().await.is_err());
}

#[cfg(feature = "middleware")]
#[tokio::test]
async fn by_the_middleware() {
    use awsauth_reqwest::reqwest_middleware::ClientBuilder;
    use awsauth_reqwest::{ErrorResponse, SigningMiddleware};

    let store = Store::start().await;
    let client = |signing| ClientBuilder::new(client()).with(signing).build();
    let wrong = SigningMiddleware::new(signer("wrong"));
    let put = client(wrong.clone()).put(store.url("key")).body("body").send().await.unwrap();
    assert!(put.extensions().get::<ErrorResponse>().is_some());
    assert!(put.extensions().get::<Diagnosis>().is_none(), "nobody asked");

    let put = client(wrong.explain_errors()).put(store.url("key")).body("body").send().await.unwrap();
    assert_eq!(put.extensions().get::<Diagnosis>().unwrap().cause(), Cause::WrongSecretOrChanged);
    assert!(put.extensions().get::<ErrorResponse>().is_some());
    assert!(put.text().await.unwrap().contains("SignatureDoesNotMatch"));

    let right = SigningMiddleware::new(signer(KEYS.1)).explain_errors();
    let put = client(right).put(store.url("key")).body("body").send().await.unwrap();
    assert_eq!(put.status(), StatusCode::OK);
    assert!(put.extensions().get::<Diagnosis>().is_none());
}
