//! What goes over the wire: the length of empty bodies, the host, checksums.

#![allow(clippy::unwrap_used, reason = "a test")]
#![cfg(all(feature = "checksums", feature = "middleware"))]

#[path = "../../awsauth-http/tests/loopback/mod.rs"]
mod loopback;

use core::time::Duration;
use std::time::UNIX_EPOCH;

use awsauth_http::awsauth_core::PayloadHash;
use awsauth_reqwest::reqwest::{Body, Client, Method, RequestBuilder, redirect::Policy};
use awsauth_reqwest::reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use awsauth_reqwest::{
    AwsChunked, Checksum, Credentials, Error, Payload, SignRequest, Signer, SigningMiddleware,
    SigningOverride, WithChecksum, awsauth_http,
};
use bytes::Bytes;
use http_body_util::Full;
use loopback::{Loopback, Received, Reply};

type WithBody = fn(RequestBuilder) -> RequestBuilder;

fn signer() -> Signer {
    Signer::new(Credentials::new("AKIDEXAMPLE", "secret")).service("s3").region("us-east-1")
}

fn direct() -> Client {
    Client::builder().redirect(Policy::none()).no_proxy().build().unwrap()
}

fn client(signer: Signer) -> ClientWithMiddleware {
    ClientBuilder::new(direct()).with(SigningMiddleware::new(signer)).build()
}

async fn server() -> Loopback {
    Loopback::start(|_| Reply::new(200, "")).await
}

/// A body whose length is known, and whose bytes are not.
fn stream(data: &'static str) -> Body {
    Body::wrap(Full::new(Bytes::from(data)))
}

fn last(server: &Loopback) -> Received {
    server.received().pop().unwrap()
}

#[tokio::test]
async fn the_length_of_an_empty_body_is_told() {
    let server = server().await;
    let url = server.url("/b/k");
    let bodies: [(&str, WithBody); 3] = [
        ("none", |request| request),
        ("empty", |request| request.body("")),
        ("a stream that has ended", |request| request.body(stream(""))),
    ];
    let told = |received: Received, name: &str| {
        assert_eq!(received.header("transfer-encoding"), None, "{name}");
        assert!(received.authorization().starts_with("AWS4-HMAC-SHA256 "), "{name}");
        assert!(!received.authorization().contains("content-length"), "{name}");
        received.header("content-length").map(str::to_owned)
    };
    for (method, expected) in [
        (Method::PATCH, Some("0")),
        (Method::POST, Some("0")),
        (Method::PUT, Some("0")),
        (Method::DELETE, None),
        (Method::GET, None),
    ] {
        for (name, with_body) in bodies {
            let name = format!("{method}, {name}");
            let request = || with_body(direct().request(method.clone(), &url));

            request().aws_sign(&signer()).await.unwrap().send().await.unwrap();
            assert_eq!(told(last(&server), &name).as_deref(), expected, "aws_sign, {name}");

            let mut signed = request().build().unwrap();
            signer().sign(&mut signed).await.unwrap();
            direct().execute(signed).await.unwrap();
            assert_eq!(told(last(&server), &name).as_deref(), expected, "sign, {name}");

            let mut signed = request().build().unwrap();
            signer().sign_payload(&mut signed, PayloadHash::EMPTY).await.unwrap();
            direct().execute(signed).await.unwrap();
            assert_eq!(told(last(&server), &name).as_deref(), expected, "sign_payload, {name}");

            for payload in [None, Some(PayloadHash::Unsigned), Some(PayloadHash::EMPTY)] {
                let overrides = payload
                    .map_or(SigningOverride::new(), |payload| SigningOverride::new().stream_payload(payload));
                let mut extensions = awsauth_http::http::Extensions::new();
                extensions.insert(overrides);
                let request = request().build().unwrap();
                client(signer()).execute_with_extensions(request, &mut extensions).await.unwrap();
                assert_eq!(
                    told(last(&server), &name).as_deref(),
                    expected,
                    "middleware, {name}, {payload:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_request_that_was_empty_gets_a_body() {
    let server = server().await;
    let empty = direct().put(server.url("/b/k")).aws_sign(&signer()).await.unwrap();
    empty.body("body").aws_sign(&signer()).await.unwrap().send().await.unwrap();
    let received = last(&server);
    assert_eq!((received.header("content-length"), &*received.body), (Some("4"), &b"body"[..]));
}

#[tokio::test]
async fn a_host_with_capitals_is_sent_as_it_is_signed() {
    let server = server().await;
    let url = server.url_by_name("/b/k").replace("localhost", "LocalHost");
    let expected = server.url_by_name("").replace("http://", "");
    direct().get(&url).aws_sign(&signer()).await.unwrap().send().await.unwrap();
    client(signer()).get(&url).send().await.unwrap();
    let link = signer().presign(direct().get(&url), Duration::from_secs(60)).await.unwrap();
    assert_eq!(link.url.host_str(), Some("localhost"));
    direct().get(link.url).send().await.unwrap();
    for received in server.received() {
        assert_eq!(received.header("host"), Some(&*expected));
    }
    assert_eq!(server.received().len(), 3);
}

/// The URLs of websockets are signed like those of http, and keep their scheme.
#[tokio::test]
async fn websockets_are_presigned() {
    let credentials = Credentials::new("ASIAEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
        .with_session_token("tok/en+1=");
    let noon = UNIX_EPOCH + Duration::from_secs(1_440_938_160);
    let signer = Signer::new(credentials).clock(move || noon);
    for (scheme, sent) in [("https", "https"), ("wss", "wss"), ("WSS", "wss")] {
        let url = format!("{scheme}://a1b2-ats.iot.us-east-1.amazonaws.com/mqtt");
        let link = signer.presign(direct().get(url), Duration::from_secs(60)).await.unwrap();
        let expected = "://a1b2-ats.iot.us-east-1.amazonaws.com/mqtt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
            &X-Amz-Credential=ASIAEXAMPLE%2F20150830%2Fus-east-1%2Fiotdevicegateway%2Faws4_request\
            &X-Amz-Date=20150830T123600Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host\
            &X-Amz-Signature=d9615f9dcd1d6757d4ba5e2e3543f610322e9737aa4c20b4be69cf491b190460\
            &X-Amz-Security-Token=tok%2Fen%2B1%3D";
        assert_eq!(link.url.as_str(), format!("{sent}{expected}"));
    }
    for (url, plain) in [
        ("ws://data.iot.eu-west-1.amazonaws.com:80/mqtt", "http://data.iot.eu-west-1.amazonaws.com/mqtt"),
        (
            "wss://abc.execute-api.eu-west-1.amazonaws.com:443/",
            "https://abc.execute-api.eu-west-1.amazonaws.com/",
        ),
        (
            "wss://transcribestreaming.eu-west-1.amazonaws.com:8443/stream-transcription-websocket?language-code=en-US",
            "https://transcribestreaming.eu-west-1.amazonaws.com:8443/stream-transcription-websocket?language-code=en-US",
        ),
    ] {
        let link = signer.presign(direct().get(url), Duration::from_secs(60)).await.unwrap();
        let plain = signer.presign(direct().get(plain), Duration::from_secs(60)).await.unwrap();
        assert_eq!(link.url.scheme(), url.split(':').next().unwrap());
        assert_eq!(link.url.query(), plain.url.query(), "{url}");

        // A handshake is signed in its headers, too.
        let mut handshake = direct().get(url).header("sec-websocket-key", "a").build().unwrap();
        signer.sign(&mut handshake).await.unwrap();
        assert!(handshake.headers().contains_key("authorization"), "{url}");
    }
    let other = signer.presign(direct().get("ftp://example.com/"), Duration::from_secs(60)).await;
    assert!(matches!(other, Err(Error::Sign(awsauth_http::Error::NotHttp))), "{other:?}");
}

#[tokio::test]
async fn checksums_of_whole_bodies() {
    let server = server().await;
    let put = || direct().put(server.url("/b/k")).body("123456789");

    let with = put().aws_checksum(Checksum::Crc64Nvme).unwrap().content_md5().unwrap();
    with.aws_sign(&signer()).await.unwrap().send().await.unwrap();
    let overrides = SigningOverride::new().checksum(Checksum::Crc64Nvme).content_md5();
    let client = client(signer());
    client.put(server.url("/b/k")).body("123456789").with_extension(overrides.clone()).send().await.unwrap();
    let received = server.received();
    assert_eq!(received.len(), 2);
    for received in received {
        assert_eq!(received.header("x-amz-checksum-crc64nvme"), Some("rosUhgp5mIg="));
        assert_eq!(received.header("x-amz-sdk-checksum-algorithm"), Some("CRC64NVME"));
        assert_eq!(received.header("content-md5"), Some("JfnnlDI7RTiF9RgfG2JNCw=="));
        assert!(received.authorization().contains("content-md5;host;x-amz-checksum-crc64nvme;"));
        assert_eq!(received.body, b"123456789");
    }

    let refused = |error: Error| match error {
        Error::Sign(error) => assert_eq!(error, awsauth_http::Error::ChecksumOfStream),
        other => panic!("{other:?}"),
    };
    let streaming = || direct().put(server.url("/b/k")).body(stream("body"));
    refused(streaming().aws_checksum(Checksum::Crc32).unwrap_err());
    refused(streaming().content_md5().unwrap_err());
    let mut extensions = awsauth_http::http::Extensions::new();
    extensions.insert(overrides);
    let request = streaming().build().unwrap();
    match client.execute_with_extensions(request, &mut extensions).await.unwrap_err() {
        awsauth_reqwest::reqwest_middleware::Error::Middleware(error) => refused(error.downcast().unwrap()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_middleware_signs_streams_in_chunks() {
    let server = server().await;
    let chunked = AwsChunked::signed().checksum(Checksum::Sha256);
    let client = client(signer().stream_payload(chunked));
    client.put(server.url("/b/k")).body(stream("body")).send().await.unwrap();
    let received = last(&server);
    assert_eq!(received.header("x-amz-decoded-content-length"), Some("4"));
    assert_eq!(received.header("x-amz-sdk-checksum-algorithm"), Some("SHA256"));
    assert!(received.body.starts_with(b"4;chunk-signature="));
}

#[tokio::test]
async fn a_url_for_one_body_wants_that_body() {
    let presign = async |url: &str, body: Body, payload: Payload| {
        let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "secret")).stream_payload(payload);
        signer.presign(direct().post(url).body(body), Duration::from_secs(60)).await
    };
    for payload in [Payload::Signed, Payload::Unsigned] {
        for (url, expected) in [
            ("https://bucket.s3.eu-west-1.amazonaws.com/key", true),
            ("https://sqs.eu-west-1.amazonaws.com/", false),
            ("https://abcdef.execute-api.eu-west-1.amazonaws.com/stage", false),
        ] {
            let link = presign(url, stream("body"), payload.clone()).await;
            match expected {
                true => assert!(link.is_ok(), "{url}"),
                false => assert!(matches!(link, Err(Error::PresignedStream)), "{url}"),
            }
            assert!(presign(url, "body".into(), payload.clone()).await.is_ok(), "{url}");
            assert!(presign(url, stream(""), payload.clone()).await.is_ok(), "{url}");
        }
    }
}

#[tokio::test]
async fn a_url_for_one_body_may_state_its_hash() {
    use awsauth_reqwest::PayloadHash;
    let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "secret"));
    for url in ["https://bucket.s3.eu-west-1.amazonaws.com/key", "https://sqs.eu-west-1.amazonaws.com/"] {
        let hash = PayloadHash::of(b"body").to_string();
        let request = direct().put(url).header("x-amz-content-sha256", &hash).body(stream("body"));
        let link = signer.presign(request, Duration::from_secs(60)).await.unwrap();
        assert_eq!(link.headers["x-amz-content-sha256"], hash, "{url}");
    }
}

/// To a store that computes them itself.
#[tokio::test]
async fn a_store_checks_them() {
    let keys = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let server = awsauth_conformance::s3_server::S3Server::start(keys.0, keys.1).unwrap();
    let signer = Signer::new(Credentials::new(keys.0, keys.1)).service("s3").region("us-east-1");
    let bucket = format!("{}/bucket", server.endpoint());
    direct().put(&bucket).aws_sign(&signer).await.unwrap().send().await.unwrap();
    let put = || direct().put(format!("{bucket}/key"));
    for checksum in [Checksum::Crc32, Checksum::Crc32c, Checksum::Crc64Nvme, Checksum::Sha1, Checksum::Sha256]
    {
        for body in ["", "body"] {
            let right = put().body(body).aws_checksum(checksum).unwrap();
            let right = right.aws_sign(&signer).await.unwrap().send().await.unwrap();
            assert_eq!(right.status(), 200, "{checksum:?} of {body:?}");
            assert_eq!(right.headers()[checksum.header_name()], checksum.of(body.as_bytes()));
        }
        let wrong = put().body("other").aws_checksum(checksum).unwrap().body("body");
        let wrong = wrong.aws_sign(&signer).await.unwrap().send().await.unwrap();
        assert!(wrong.status().is_client_error(), "{checksum:?}: {}", wrong.status());
    }
}
