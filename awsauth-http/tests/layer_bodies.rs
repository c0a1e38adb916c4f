//! What the signing layer does about bodies: the length of empty ones, checksums, forms.

#![allow(clippy::unwrap_used, reason = "a test")]
#![cfg(all(feature = "checksums", feature = "tower"))]

mod loopback;

use awsauth_http::http::Request;
use awsauth_http::{
    BytesBody, Checksum, Credentials, Error, FormBody, HttpBody, PayloadHash, ReadBody, Scheme, Signer,
    SigningError, SigningLayer, SigningOverride,
};
use bytes::Bytes;
use http_body_util::{Empty, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use loopback::{Loopback, Received, Reply};
use tower::{ServiceBuilder, ServiceExt};

type Body = Full<Bytes>;

fn layer() -> SigningLayer {
    let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "secret"));
    SigningLayer::new(signer.service("s3").region("us-east-1"))
}

/// Sends a body through a layer, and gives what arrived.
async fn send<R: ReadBody<Body> + Clone + Send + Sync + 'static>(
    layer: SigningLayer<R>,
    request: Request<Body>,
) -> Result<Received, Error> {
    let server = Loopback::start(|_| Reply::new(200, "")).await;
    let client = Client::builder(TokioExecutor::new()).build_http();
    let client = ServiceBuilder::new().layer(layer).service(client);
    let (mut parts, body) = request.into_parts();
    parts.uri = server.url(&parts.uri.to_string()).parse().unwrap();
    match client.oneshot(Request::from_parts(parts, body)).await {
        Ok(_) => Ok(server.received().pop().unwrap()),
        Err(SigningError::Sign(error)) => Err(error),
        Err(error) => panic!("{error}"),
    }
}

fn request(method: &str, body: &'static str, overrides: SigningOverride) -> Request<Body> {
    Request::builder().method(method).uri("/b/k").extension(overrides).body(Full::from(body)).unwrap()
}

#[tokio::test]
async fn the_length_of_an_empty_body_is_told() {
    for (method, expected) in
        [("PATCH", Some("0")), ("POST", Some("0")), ("PUT", Some("0")), ("DELETE", None), ("GET", None)]
    {
        for payload in [None, Some(PayloadHash::EMPTY), Some(PayloadHash::Unsigned)] {
            let overrides = payload
                .map_or(SigningOverride::new(), |payload| SigningOverride::new().stream_payload(payload));
            let name = format!("{method}, {payload:?}");
            for received in [
                send(layer(), request(method, "", overrides.clone())).await.unwrap(),
                send(layer().for_forms(), request(method, "", overrides)).await.unwrap(),
            ] {
                assert_eq!(received.header("content-length"), expected, "{name}");
                assert_eq!(received.header("transfer-encoding"), None, "{name}");
            }
        }
        let hashed = SigningOverride::new().stream_payload(PayloadHash::EMPTY);
        let received = send(layer().for_any(), request(method, "", hashed)).await.unwrap();
        assert_eq!(received.header("content-length"), expected, "{method}, of any body");
    }
}

#[tokio::test]
async fn checksums_of_whole_bodies() {
    let overrides = SigningOverride::new().checksum(Checksum::Sha1).content_md5();
    let received = send(layer(), request("PUT", "123456789", overrides.clone())).await.unwrap();
    assert_eq!(received.header("x-amz-checksum-sha1"), Some("98O8HYCOBHMq32eZZczDTKeuNEE="));
    assert_eq!(received.header("x-amz-sdk-checksum-algorithm"), Some("SHA1"));
    assert_eq!(received.header("content-md5"), Some("JfnnlDI7RTiF9RgfG2JNCw=="));
    assert!(received.authorization().contains("content-md5;host;x-amz-checksum-sha1;"));

    let unread = overrides.stream_payload(PayloadHash::Unsigned);
    let refused = send(layer().for_any(), request("PUT", "123456789", unread)).await;
    assert_eq!(refused.unwrap_err(), Error::ChecksumOfStream);
}

#[tokio::test]
async fn forms_are_replaced_where_they_can_be() {
    let posted = |overrides: SigningOverride| {
        let mut post = request("POST", "Action=ListDomains", overrides.service("sdb").scheme(Scheme::Sigv2));
        let form = "application/x-www-form-urlencoded".parse().unwrap();
        post.headers_mut().insert("content-type", form);
        post
    };
    let received = send(layer().for_forms(), posted(SigningOverride::new())).await.unwrap();
    assert!(received.body.starts_with(b"AWSAccessKeyId=AKIDEXAMPLE&Action=ListDomains&"));
    let refused = send(layer(), posted(SigningOverride::new())).await.unwrap_err();
    assert_eq!(refused, Error::BodyNotReplaceable);
    let hashed = SigningOverride::new().stream_payload(PayloadHash::of(b"Action=ListDomains"));
    let refused = send(layer().for_forms(), posted(hashed)).await.unwrap_err();
    assert_eq!(refused, Error::BodyNotInMemory(Scheme::Sigv2));
}

#[test]
fn errors_name_what_to_call() {
    for (error, call) in [
        (Error::BodyNotInMemory(Scheme::Sigv3), ".sign_body(..)"),
        (Error::BodyNotReplaceable, ".for_forms()"),
        (Error::ChecksumOfStream, "AwsChunked::checksum"),
        (Error::UnhashedBody, ".stream_payload(..)"),
    ] {
        assert!(error.to_string().contains(call), "{error}");
    }
}

#[test]
fn what_readers_know_of_bodies() {
    let full = Body::from("body");
    assert_eq!(HttpBody.bytes(&full).as_deref(), Some(&b"body"[..]));
    assert!(!HttpBody.is_empty(&full) && HttpBody.is_empty(&Empty::<Bytes>::new()));
    let cannot: Option<Body> = HttpBody.form_body("form".into());
    assert!(cannot.is_none());
    let replaced: Option<Body> = FormBody.form_body("form".into());
    assert_eq!(FormBody.bytes(&replaced.unwrap()).as_deref(), Some(&b"form"[..]));
    assert_eq!(BytesBody.bytes(&"body").as_deref(), Some(&b"body"[..]));
    assert!(BytesBody.is_empty(&"") && !BytesBody.is_empty(&"body"));
    let replaced: Option<String> = BytesBody.form_body("form".into());
    assert_eq!(replaced.as_deref(), Some("form"));
    let cannot: Option<&'static str> = BytesBody.form_body("form".into());
    assert_eq!(cannot, None);
}
