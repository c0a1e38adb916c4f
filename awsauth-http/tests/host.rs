//! The host that is sent is the one that is signed, whatever the URL looks like: there are servers that compute the
//! signature of the host as they receive it, and clients that send it as it is written.

#![allow(clippy::unwrap_used, reason = "tests")]

mod loopback;
#[allow(dead_code, reason = "each test uses its part")]
mod wire;

use awsauth_http::{Credentials, Error, RequestHead, Scheme, Signer};
use http::header::HOST;
use http::{HeaderMap, Request};
use loopback::{Loopback, Reply};
use wire::{SECRET, assert_verifies, at};

fn signer() -> Signer {
    let signer = Signer::new(Credentials::new("AKIDEXAMPLE", SECRET)).clock(|| at(1_440_938_160));
    signer.service("service").region("us-east-1")
}

#[test]
fn the_url_gets_the_host_that_is_signed() {
    for (url, sent) in [
        ("http://MinIO:9000/b", "http://minio:9000/b"),
        ("https://EXAMPLE.com:443/?a=", "https://example.com/?a="),
        ("http://example.com:80/", "http://example.com/"),
        ("http://example.com:443/", "http://example.com:443/"),
        ("https://example.com:/", "https://example.com/"),
        ("https://User:P@ss@Example.com:443/", "https://User:P@ss@example.com/"),
        ("https://[FD00:EC2::23]:8443/", "https://[fd00:ec2::23]:8443/"),
        ("wss://Example.com:443/", "wss://example.com/"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
    ] {
        let mut request = Request::get(url).body(()).unwrap();
        signer().sign_blocking(&mut request).unwrap();
        assert_eq!(request.uri().to_string(), sent, "{url}");
        assert!(!request.headers().contains_key(HOST), "{url}");
        if !url.contains('@') && !url.starts_with("ws") {
            assert_verifies(&request, "us-east-1", "service");
        }
        let (mut parts, ()) = Request::get(url).body(()).unwrap().into_parts();
        signer().sign_head_blocking(&mut parts, awsauth_http::PayloadHash::EMPTY).unwrap();
        assert_eq!((parts.uri.to_string().as_str(), &parts.headers), (sent, request.headers()), "{url}");
    }
}

#[test]
fn a_host_header_gets_it_too() {
    for (url, given, sent) in [
        ("http://127.0.0.1:4566/a", "MinIO:9000", "minio:9000"),
        ("http://127.0.0.1:4566/a", "Example.com:80", "example.com"),
        ("http://127.0.0.1:4566/a", "example.com:443", "example.com:443"),
        ("http://Other.example.com/a", "example.com", "example.com"),
        ("https://Other.example.com/a", "Example.com:443", "example.com"),
        ("/a", "Example.com:443", "example.com"),
    ] {
        let mut request = Request::get(url).header(HOST, given).body(()).unwrap();
        signer().sign_blocking(&mut request).unwrap();
        assert!(request.headers().get_all(HOST).iter().eq([sent]), "{given} {url}");
        assert_eq!(request.uri(), url);
        if !url.starts_with('/') {
            let mut request = Request::get(url).header(HOST, "old").body(()).unwrap();
            signer().signed_host(given).sign_blocking(&mut request).unwrap();
            assert!(request.headers().get_all(HOST).iter().eq([sent]), "{given} {url}");
        }
    }
}

#[test]
fn with_every_scheme() {
    for (scheme, service) in [
        (Scheme::Sigv2, "sdb"),
        (Scheme::Sigv3, "service"),
        (Scheme::Sigv3Https, "service"),
        (Scheme::Sigv4, "service"),
        (Scheme::Sigv4a, "service"),
        (Scheme::S3Legacy, "s3"),
    ] {
        let mut request = Request::get("https://Example.com:443/").body(()).unwrap();
        signer().service(service).scheme(scheme).sign_blocking(&mut request).unwrap();
        assert_eq!(request.uri().authority().unwrap(), "example.com", "{scheme:?}");
    }
    // Where nothing is signed, nothing is changed.
    let mut request = Request::get("https://Example.com:443/").body(()).unwrap();
    signer().scheme(Scheme::Anonymous).sign_blocking(&mut request).unwrap();
    assert_eq!(request.uri(), "https://Example.com:443/");
}

#[test]
fn a_refused_request_keeps_its_host() {
    let mut request = Request::get("https://Example.com/%zz").body(()).unwrap();
    let error = signer().sign_blocking(&mut request).unwrap_err();
    assert_eq!(error, Error::Request(awsauth_http::awsauth_core::Error::MalformedPercent));
    assert_eq!(request.uri(), "https://Example.com/%zz");
}

/// A client of another kind, whose URL is all that it is.
struct Other {
    authority: &'static str,
    headers: HeaderMap,
}

impl RequestHead for Other {
    fn method(&self) -> &str {
        "GET"
    }

    fn protocol(&self) -> Result<Option<awsauth_http::awsauth_core::Protocol>, Error> {
        Ok(None)
    }

    fn authority(&self) -> Option<&str> {
        Some(self.authority)
    }

    fn path(&self) -> &str {
        "/"
    }

    fn query(&self) -> Option<&str> {
        None
    }

    fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    fn set_target(&mut self, _: &str) -> Result<(), Error> {
        Ok(())
    }
}

#[test]
fn a_client_that_cannot_change_its_url_gets_a_header() {
    let mut head = Other { authority: "MinIO:9000", headers: HeaderMap::new() };
    signer().sign_head_blocking(&mut head, awsauth_http::PayloadHash::EMPTY).unwrap();
    assert_eq!(head.headers[HOST], "minio:9000");
    let mut head = Other { authority: "minio:9000", headers: HeaderMap::new() };
    signer().sign_head_blocking(&mut head, awsauth_http::PayloadHash::EMPTY).unwrap();
    assert!(!head.headers.contains_key(HOST));
}

/// What hyper sends of it.
#[tokio::test]
async fn on_the_wire() {
    use hyper_util::client::legacy::Client;
    use hyper_util::rt::TokioExecutor;

    let server = Loopback::start(|_| Reply::new(200, "")).await;
    let client = Client::builder(TokioExecutor::new()).build_http::<http_body_util::Empty<bytes::Bytes>>();
    let url = server.url_by_name("/a").replace("localhost", "LocalHost");
    for given in [None, Some("MinIO:9000")] {
        let mut request = Request::get(&url).body(http_body_util::Empty::new()).unwrap();
        if let Some(given) = given {
            request.headers_mut().insert(HOST, given.parse().unwrap());
        }
        request.headers_mut().insert("x-amz-meta-tab", "a\tb".parse().unwrap());
        let (mut parts, body) = request.into_parts();
        signer().sign_head_blocking(&mut parts, awsauth_http::PayloadHash::EMPTY).unwrap();
        client.request(Request::from_parts(parts, body)).await.unwrap();
    }
    let received = server.received();
    assert_eq!(
        received[0].header("host"),
        url.strip_suffix("/a").unwrap().to_lowercase().strip_prefix("http://")
    );
    assert_eq!(received[1].header("host"), Some("minio:9000"));
    assert!(received.iter().all(|received| received.header("x-amz-meta-tab") == Some("a b")));
}
