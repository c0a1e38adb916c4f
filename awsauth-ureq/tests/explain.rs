//! Why a store refused, of a request that ureq sent.

#![allow(clippy::unwrap_used, reason = "a test")]
#![cfg(feature = "explain")]

use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;
use std::io::{self, Cursor, Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use awsauth_conformance::s3_server::S3Server;
use awsauth_ureq::ureq::http::{Request, Response};
use awsauth_ureq::ureq::{Agent, Body};
use awsauth_ureq::{
    AwsChunked, Cause, Credentials, Diagnosis, Payload, Signed, Signer, SigningMiddleware, Trace,
};

const KEYS: (&str, &str) = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

fn signer(secret: &str) -> Signer {
    Signer::new(Credentials::new(KEYS.0, secret)).service("s3").region("us-east-1")
}

fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into()
}

/// A store with a bucket, and the URL of an object in it.
fn store() -> (S3Server, String) {
    let server = S3Server::start(KEYS.0, KEYS.1).unwrap();
    let bucket = format!("{}/bucket", server.endpoint());
    let mut create = Request::put(&bucket).body("").unwrap();
    awsauth_ureq::sign(&signer(KEYS.1), &mut create).unwrap();
    assert_eq!(agent().run(create).unwrap().status(), 200);
    (server, format!("{bucket}/key"))
}

/// The store refuses before it reads the body, which is not sent then.
fn signed(secret: &str, url: &str) -> (Request<&'static str>, Signed) {
    let request = Request::put(url).header("x-amz-meta-a", "1").header("expect", "100-continue");
    let mut request = request.body("body").unwrap();
    let signed = awsauth_ureq::sign(&signer(secret), &mut request).unwrap();
    (request, signed)
}

/// Sends and explains.
fn diagnose(trace: &Trace, request: Request<&'static str>) -> (Diagnosis, Response<Body>) {
    let response = agent().run(request).unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let length = response.body().content_length();
    let (diagnosis, response) = awsauth_ureq::explain(trace, response);
    assert_eq!((response.status(), response.headers()), (status, &headers));
    assert_eq!(response.body().content_length(), length);
    assert!(!diagnosis.to_string().contains(KEYS.1));
    (diagnosis, response)
}

fn text(mut response: Response<Body>) -> String {
    response.body_mut().read_to_string().unwrap()
}

#[test]
fn a_wrong_secret() {
    let (_server, url) = store();
    for (secret, cause) in [
        (KEYS.1.replace('E', "F"), Cause::WrongSecretOrChanged),
        (format!("\"{}\"", KEYS.1), Cause::SecretQuoted),
    ] {
        let (request, signed) = signed(&secret, &url);
        let (diagnosis, response) = diagnose(&Trace::of(&request, signed.credentials()), request);
        assert_eq!(diagnosis.cause(), cause, "{diagnosis}");
        assert_eq!(response.status(), 403);
        assert_eq!(response.body().mime_type(), Some("application/xml"));
        let text = text(response);
        assert!(text.contains("<Code>SignatureDoesNotMatch</Code>"), "the body is as it came: {text}");
    }
}

#[test]
fn changed_after_signing() {
    let (_server, url) = store();
    let (mut request, signed) = signed(KEYS.1, &url);
    request.headers_mut().insert("x-amz-meta-a", "2".parse().unwrap());
    let (diagnosis, _) = diagnose(&Trace::of(&request, signed.credentials()), request);
    assert_eq!(diagnosis.cause(), Cause::ChangedAfterSigning, "{diagnosis}");
}

#[test]
fn another_reason() {
    let (_server, url) = store();
    let mut request = Request::get(url).body("").unwrap();
    let signed = awsauth_ureq::sign(&signer(KEYS.1), &mut request).unwrap();
    let (diagnosis, response) = diagnose(&Trace::of(&request, signed.credentials()), request);
    assert_eq!(diagnosis.cause(), Cause::NotAuthentication, "{diagnosis}");
    assert_eq!(response.status(), 404);
    assert!(text(response).contains("<Code>NoSuchKey</Code>"));
}

#[test]
fn no_refusal() {
    let (_server, url) = store();
    let (request, signed) = signed(KEYS.1, &url);
    let (diagnosis, response) = diagnose(&Trace::of(&request, signed.credentials()), request);
    assert_eq!((diagnosis.cause(), response.status().as_u16()), (Cause::Accepted, 200));
    let mut get = Request::get(url).body("").unwrap();
    let signed = awsauth_ureq::sign(&signer(KEYS.1), &mut get).unwrap();
    let (diagnosis, response) = diagnose(&Trace::of(&get, signed.credentials()), get);
    assert_eq!((diagnosis.cause(), text(response).as_str()), (Cause::Accepted, "body"));
}

/// Counts what is read of it.
struct Counted(Cursor<String>, Arc<AtomicUsize>);

impl Read for Counted {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(bytes)?;
        self.1.fetch_add(read, Ordering::Relaxed);
        Ok(read)
    }
}

#[test]
fn no_more_is_read_ahead_than_the_limit() {
    let tail = "x".repeat(2 * Trace::BODY_LIMIT);
    let whole = format!("The security token included in the request is expired{tail}");
    let (request, signed) = signed(KEYS.1, "http://127.0.0.1/bucket/key");
    let trace = Trace::of(&request, signed.credentials());
    let read = Arc::new(AtomicUsize::new(0));
    let counted = Counted(Cursor::new(whole.clone()), Arc::clone(&read));
    let response = Response::builder().status(400).body(Body::builder().reader(counted)).unwrap();
    let (diagnosis, response) = awsauth_ureq::explain(&trace, response);
    assert_eq!(diagnosis.cause(), Cause::ExpiredSessionToken, "{diagnosis}");
    assert_eq!(read.load(Ordering::Relaxed), Trace::BODY_LIMIT);
    assert_eq!(text(response), whole);
}

/// The head promises more than comes.
#[test]
fn an_answer_that_breaks_is_explained_and_breaks() {
    const ANSWER: &str = "<Error><Code>ExpiredToken</Code></Error>";
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/bucket/key", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut bytes = [0; 1024];
            let read = stream.read(&mut bytes).unwrap();
            assert!(read > 0);
            request.extend_from_slice(&bytes[..read]);
        }
        write!(stream, "HTTP/1.1 400 Bad Request\r\ncontent-length: 100\r\n\r\n{ANSWER}").unwrap();
    });
    let (request, signed) = signed(KEYS.1, &url);
    let trace = Trace::of(&request, signed.credentials());
    let (diagnosis, response) = awsauth_ureq::explain(&trace, agent().run(request).unwrap());
    server.join().unwrap();
    assert_eq!(diagnosis.cause(), Cause::ExpiredSessionToken, "{diagnosis}");
    let (mut start, mut body) = (Vec::new(), response.into_body().into_reader());
    assert_eq!(body.read_to_end(&mut start).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    assert_eq!(start, ANSWER.as_bytes());
}

#[test]
fn by_the_middleware() {
    let (_server, url) = store();
    let agent = |signing: SigningMiddleware| -> Agent {
        let config = Agent::config_builder().timeout_global(Some(Duration::from_secs(30)));
        config.http_status_as_error(false).middleware(signing).build().into()
    };
    let put = agent(SigningMiddleware::new(signer("wrong"))).put(&url).header("expect", "100-continue");
    assert!(put.send("body").unwrap().extensions().get::<Diagnosis>().is_none(), "nobody asked");

    let of = |answer: &Response<Body>| answer.extensions().get::<Diagnosis>().map(Diagnosis::cause);
    for payload in [Payload::Signed, Payload::Unsigned, AwsChunked::signed().into()] {
        let wrong =
            agent(SigningMiddleware::new(signer("wrong")).stream_payload(payload.clone()).explain_errors());
        let put = wrong.put(&url).header("content-length", "4").header("expect", "100-continue");
        let put = put.send("body").unwrap();
        assert_eq!(of(&put), Some(Cause::WrongSecretOrChanged), "{payload:?}");
        assert!(text(put).contains("SignatureDoesNotMatch"));
        assert_eq!(of(&wrong.get(&url).call().unwrap()), Some(Cause::WrongSecretOrChanged), "{payload:?}");

        let right = agent(SigningMiddleware::new(signer(KEYS.1)).stream_payload(payload).explain_errors());
        let put = right.put(&url).header("content-length", "4").send("body").unwrap();
        assert_eq!((of(&put), put.status().as_u16()), (None, 200));
        assert_eq!(text(right.get(&url).call().unwrap()), "body");
    }
}
