//! What has been looked into is handed on as it came.

#![allow(clippy::unwrap_used, reason = "a test")]
#![cfg(feature = "http-body")]

use core::pin::Pin;
use core::task::{Context, Poll};
use std::collections::VecDeque;

use awsauth_http::http::{HeaderMap, StatusCode};
use awsauth_http::{ErrorResponse, InspectedBody};
use bytes::Bytes;
use http_body::{Body, Frame};
use http_body_util::BodyExt;

const EXPIRED: &str = "<Error><Code>ExpiredToken</Code></Error>";

/// Frames; `None` stands for an error.
struct Frames(VecDeque<Option<Frame<Bytes>>>);

impl Body for Frames {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        Poll::Ready(self.0.pop_front().map(|frame| frame.ok_or("broken")))
    }
}

fn body_of(frames: impl IntoIterator<Item = Option<Frame<Bytes>>>) -> InspectedBody<Frames> {
    InspectedBody::new(Frames(frames.into_iter().collect()))
}

fn data(text: &str) -> Option<Frame<Bytes>> {
    Some(Frame::data(Bytes::from(text.to_owned())))
}

async fn refusal(body: &mut InspectedBody<Frames>) -> Option<ErrorResponse> {
    body.error_response(StatusCode::BAD_REQUEST, &HeaderMap::new()).await
}

#[tokio::test]
async fn with_its_trailers() {
    let trailers = HeaderMap::from_iter([("x-sum".parse().unwrap(), "1".parse().unwrap())]);
    let (start, end) = EXPIRED.split_at(10);
    let mut body = body_of([data(start), data(end), Some(Frame::trailers(trailers.clone()))]);
    assert!(refusal(&mut body).await.unwrap().is_expired_token());
    assert_eq!(body.size_hint().exact(), Some(EXPIRED.len() as u64));
    assert!(!body.is_end_stream());
    let whole = body.collect().await.unwrap();
    assert_eq!(whole.trailers(), Some(&trailers));
    assert_eq!(whole.to_bytes(), EXPIRED);
}

#[tokio::test]
async fn with_its_error() {
    let mut body = body_of([data(EXPIRED), None, data("after an error comes nothing")]);
    assert!(refusal(&mut body).await.unwrap().is_expired_token());
    assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), EXPIRED);
    assert_eq!(body.frame().await.unwrap().unwrap_err(), "broken");
    assert!(body.frame().await.is_none());
}

#[tokio::test]
async fn with_what_is_beyond_the_limit() {
    let kilobyte = " ".repeat(1024);
    let mut body = body_of((0..100).map(|_| data(&kilobyte)).chain([data(EXPIRED)]));
    assert_eq!(refusal(&mut body).await.unwrap().code(), None);
    let whole = body.collect().await.unwrap().to_bytes();
    assert_eq!(whole.len(), 100 * 1024 + EXPIRED.len());
    assert!(whole.ends_with(EXPIRED.as_bytes()));
}

#[tokio::test]
async fn unread_where_there_is_no_refusal() {
    let mut body = body_of([data(EXPIRED)]);
    assert!(body.error_response(StatusCode::OK, &HeaderMap::new()).await.is_none());
    assert_eq!(body.size_hint().lower(), 0, "nothing has been taken in");
    assert_eq!(body.collect().await.unwrap().to_bytes(), EXPIRED);
}

#[cfg(feature = "explain")]
#[tokio::test]
async fn explained_after_it_was_looked_into() {
    use awsauth_http::explain::{Cause, Trace};
    use awsauth_http::{Credentials, Signer};

    let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "secret")).service("s3").region("eu-west-1");
    let mut request = awsauth_http::http::Request::get("https://files.example.com/a").body(()).unwrap();
    let signed = signer.sign_blocking(&mut request).unwrap();
    let trace = Trace::of(&request, signed.credentials());
    // Its end, where the cause is, is beyond what `refusal` reads, and within what `explain` does.
    let kilobyte = "<!-- ".to_owned() + &" ".repeat(1016) + "-->";
    let (start, end) = EXPIRED.split_at("<Error>".len());
    let frames = || [data(start)].into_iter().chain((0..100).map(|_| data(&kilobyte))).chain([data(end)]);
    let mut body = body_of(frames());
    assert_eq!(refusal(&mut body).await.unwrap().code(), None);
    for _ in 0..2 {
        let diagnosis = body.explain(&trace, StatusCode::BAD_REQUEST, &HeaderMap::new()).await;
        assert_eq!(diagnosis.cause(), Cause::ExpiredSessionToken);
    }
    assert_eq!(body.collect().await.unwrap().to_bytes().len(), EXPIRED.len() + 100 * 1024);

    let mut body = body_of(frames());
    let accepted = body.explain(&trace, StatusCode::OK, &HeaderMap::new()).await;
    assert_eq!(accepted.cause(), Cause::Accepted);
    assert_eq!(body.size_hint().lower(), 0, "nothing has been taken in");
}
