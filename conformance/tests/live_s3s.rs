//! Signed requests against a server that verifies them: what is signed is accepted, what is tampered with is not.

#![allow(clippy::unwrap_used, reason = "tests")]

use core::time::Duration;
use std::fs;
use std::time::SystemTime;

use awsauth_conformance::s3_server::S3Server;
use awsauth_http::{Credentials, Presigned, Signer};
use bytes::Bytes;
use http::{Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;

const ACCESS_KEY_ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// A key with what URLs, forms and paths each write in their own way, and how a careless client would send it.
const KEY: &str = "reports/2026 Q3/résumé+final=v2 (a&b).txt";
const CARELESS: &str = "/bucket/reports/2026%20Q3/résumé+final=v2%20(a&b).txt";
const CANONICAL: &str = "/bucket/reports/2026%20Q3/r%C3%A9sum%C3%A9%2Bfinal%3Dv2%20%28a%26b%29.txt";

#[tokio::test]
async fn signed_in_the_header() {
    let live = Live::start().await;
    let mut put = live.request(Method::PUT, CARELESS, "content");
    live.signer().sign(&mut put).await.unwrap();
    assert_eq!(put.uri().path(), CANONICAL);
    assert_eq!(live.send(put).await.0, StatusCode::OK);
    assert_eq!(fs::read_to_string(live.server.object("bucket", KEY)).unwrap(), "content");

    let (status, body) = live.signed(Method::GET, CARELESS, "").await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "content"));
    let (status, body) = live.signed(Method::GET, "/bucket?list-type=2&prefix=reports/2026+Q3/", "").await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("résumé+final=v2 (a&amp;b).txt"), "{body}");
    assert_eq!(live.signed(Method::DELETE, CARELESS, "").await.0, StatusCode::NO_CONTENT);
    assert_eq!(live.signed(Method::GET, CARELESS, "").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_printable_character_in_a_key() {
    let live = Live::start().await;
    for byte in (b'!'..=b'~').filter(|byte| !b"/.".contains(byte)) {
        let key = format!("a{}b", char::from(byte));
        // What a URL cannot hold bare is escaped; the rest stays as it is.
        let bare = byte.is_ascii_alphanumeric() || b"-_~!$&'()*+,;=:@".contains(&byte);
        let text = if bare { char::from(byte).to_string() } else { format!("%{byte:02x}") };
        let (status, body) = live.signed(Method::PUT, &format!("/bucket/a{text}b"), &key).await;
        assert_eq!(status, StatusCode::OK, "{key}: {body}");
        assert_eq!(fs::read_to_string(live.server.object("bucket", &key)).unwrap(), key);
    }
}

#[tokio::test]
async fn signed_again() {
    let live = Live::start().await;
    let mut put = live.request(Method::PUT, CARELESS, "content");
    put.headers_mut().insert("x-amz-meta-a", "  a   b ".parse().unwrap());
    let wrong = Signer::new(Credentials::new("AKIDOTHER", "wrong").with_session_token("token"));
    wrong.service("s3").region("eu-west-1").sign(&mut put).await.unwrap();
    for _ in 0..2 {
        live.signer().sign(&mut put).await.unwrap();
    }
    assert_eq!(live.send(put).await.0, StatusCode::OK);
}

#[tokio::test]
async fn presigned() {
    let live = Live::start().await;
    let put = live.request(Method::PUT, CARELESS, "");
    let link = live.signer().presign(&put, Duration::from_secs(60)).await.unwrap();
    assert_eq!(live.follow(&link, "content").await.0, StatusCode::OK);

    let get = live.request(Method::GET, CARELESS, "");
    let link = live.signer().presign(&get, Duration::from_secs(604_800)).await.unwrap();
    assert_eq!(live.follow(&link, "").await, (StatusCode::OK, "content".to_owned()));

    // The URL is for this method, and for this object.
    let mut delete = link.clone();
    delete.method = Method::DELETE;
    assert_eq!(live.follow(&delete, "").await.0, StatusCode::FORBIDDEN);
    let other = link.url.to_string().replace("final", "draft");
    let mut other_link = link;
    other_link.url = other.parse().unwrap();
    assert_eq!(live.follow(&other_link, "").await.0, StatusCode::FORBIDDEN);
    assert!(live.server.object("bucket", KEY).exists());
}

#[tokio::test]
async fn presigned_again() {
    let live = Live::start().await;
    live.signed(Method::PUT, "/bucket/a", "content").await;
    let get = live.request(Method::GET, "/bucket/a", "");
    let wrong = Signer::new(Credentials::new("AKIDOTHER", "wrong").with_session_token("token"));
    let wrong = wrong.service("s3").region("eu-west-1").presign(&get, Duration::from_secs(1)).await.unwrap();
    let get = Request::get(wrong.url).body(Bytes::new()).unwrap();
    let link = live.signer().presign(&get, Duration::from_secs(60)).await.unwrap();
    assert_eq!(live.follow(&link, "").await, (StatusCode::OK, "content".to_owned()));
}

#[tokio::test]
async fn expired() {
    let live = Live::start().await;
    live.signed(Method::PUT, "/bucket/a", "content").await;
    let get = live.request(Method::GET, "/bucket/a", "");
    let an_hour_ago = SystemTime::now() - Duration::from_secs(3_600);
    let signer = live.signer().clock(move || an_hour_ago);
    let expired = signer.presign(&get, Duration::from_secs(1_800)).await.unwrap();
    let (status, body) = live.follow(&expired, "").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(body.contains("expired"), "{body}");
    let live_still = signer.presign(&get, Duration::from_secs(7_200)).await.unwrap();
    assert_eq!(live.follow(&live_still, "").await, (StatusCode::OK, "content".to_owned()));
}

#[tokio::test]
async fn wrong_secret() {
    let live = Live::start().await;
    let signer = Signer::new(Credentials::new(ACCESS_KEY_ID, "wrong")).service("s3").region("us-east-1");
    let mut put = live.request(Method::PUT, "/bucket/a", "content");
    signer.sign(&mut put).await.unwrap();
    let (status, body) = live.send(put).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(body.contains("<Code>SignatureDoesNotMatch</Code>"), "{body}");

    let put = live.request(Method::PUT, "/bucket/a", "");
    let link = signer.presign(&put, Duration::from_secs(60)).await.unwrap();
    assert_eq!(live.follow(&link, "content").await.0, StatusCode::FORBIDDEN);
    live.assert_absent("a");
}

#[tokio::test]
async fn not_signed_or_by_a_stranger() {
    let live = Live::start().await;
    let put = live.request(Method::PUT, "/bucket/a", "content");
    assert_eq!(live.send(put).await.0, StatusCode::FORBIDDEN);
    let stranger = Signer::new(Credentials::new("AKIDOTHER", SECRET)).service("s3").region("us-east-1");
    let mut put = live.request(Method::PUT, "/bucket/a", "content");
    stranger.sign(&mut put).await.unwrap();
    assert!(!live.send(put).await.0.is_success());
    live.assert_absent("a");
}

#[tokio::test]
async fn changed_header() {
    let live = Live::start().await;
    let changes: [(&'static str, Option<&str>); 4] = [
        ("x-amz-meta-owner", Some("eve")),
        ("x-amz-meta-owner", None),
        ("content-type", Some("text/html")),
        ("x-amz-content-sha256", Some("UNSIGNED-PAYLOAD")),
    ];
    for (name, value) in changes {
        let mut put = live.request(Method::PUT, "/bucket/a", "content");
        put.headers_mut().insert("x-amz-meta-owner", "alice".parse().unwrap());
        put.headers_mut().insert("content-type", "text/plain".parse().unwrap());
        live.signer().sign(&mut put).await.unwrap();
        put.headers_mut().remove(name);
        if let Some(value) = value {
            put.headers_mut().insert(name, value.parse().unwrap());
        }
        assert_eq!(live.send(put).await.0, StatusCode::FORBIDDEN, "{name}: {value:?}");
        live.assert_absent("a");
    }
}

#[tokio::test]
async fn changed_body() {
    let live = Live::start().await;
    let mut put = live.request(Method::PUT, "/bucket/a", "content");
    live.signer().sign(&mut put).await.unwrap();
    let (status, body) = live.send(put.map(|_| Bytes::from("CONTENT"))).await;
    // Which status it is differs between servers.
    assert!(!status.is_success(), "{status}: {body}");
    live.assert_absent("a");
}

/// A server with a bucket, and a client that knows nothing of signing.
struct Live {
    server: S3Server,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Live {
    async fn start() -> Self {
        let server = S3Server::start(ACCESS_KEY_ID, SECRET).unwrap();
        let live = Self { server, client: Client::builder(TokioExecutor::new()).build_http() };
        assert_eq!(live.signed(Method::PUT, "/bucket", "").await.0, StatusCode::OK);
        live
    }

    fn signer(&self) -> Signer {
        Signer::new(Credentials::new(ACCESS_KEY_ID, SECRET)).service("s3").region("us-east-1")
    }

    fn request(&self, method: Method, target: &str, body: &str) -> Request<Bytes> {
        let uri: Uri = format!("{}{target}", self.server.endpoint()).parse().unwrap();
        Request::builder().method(method).uri(uri).body(Bytes::copy_from_slice(body.as_bytes())).unwrap()
    }

    async fn signed(&self, method: Method, target: &str, body: &str) -> (StatusCode, String) {
        let mut request = self.request(method, target, body);
        self.signer().sign(&mut request).await.unwrap();
        self.send(request).await
    }

    async fn follow(&self, link: &Presigned, body: &str) -> (StatusCode, String) {
        let body = Bytes::copy_from_slice(body.as_bytes());
        let mut request = Request::builder().method(&link.method).uri(&link.url).body(body).unwrap();
        request.headers_mut().extend(link.headers.clone());
        self.send(request).await
    }

    async fn send(&self, request: Request<Bytes>) -> (StatusCode, String) {
        let response = self.client.request(request.map(Full::new)).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    fn assert_absent(&self, key: &str) {
        assert!(!self.server.object("bucket", key).exists(), "{key} was stored");
    }
}
