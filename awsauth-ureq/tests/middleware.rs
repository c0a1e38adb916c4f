//! The middleware, over servers on loopback.
#![allow(clippy::unwrap_used)]

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use awsauth_conformance::s3_server::S3Server;
use awsauth_http::awsauth_core::Error as CoreError;
use awsauth_ureq::ureq::http::{Request, Response};
use awsauth_ureq::ureq::{self, Agent, Body, SendBody};
use awsauth_ureq::{AwsChunked, Credentials, Error, Payload, Signer, SigningMiddleware};

const KEYS: (&str, &str) = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

fn signer() -> Signer {
    Signer::new(Credentials::new(KEYS.0, KEYS.1).with_session_token("the-token"))
        .service("s3")
        .region("us-east-1")
}

fn agent(signing: SigningMiddleware) -> Agent {
    Agent::config_builder().http_status_as_error(false).middleware(signing).build().into()
}

/// An S3 server, its bucket's URL, and an agent that signs for it so.
fn store(payload: impl Into<Payload>) -> (S3Server, String, Agent) {
    let server = S3Server::start(KEYS.0, KEYS.1).unwrap();
    let signer = Signer::new(Credentials::new(KEYS.0, KEYS.1)).service("s3").region("us-east-1");
    let agent = agent(SigningMiddleware::new(signer).stream_payload(payload));
    let bucket = format!("{}/bucket", server.endpoint());
    assert_eq!(agent.put(&bucket).send_empty().unwrap().status(), 200);
    (server, bucket, agent)
}

fn text(reply: Response<Body>) -> String {
    assert_eq!(reply.status(), 200);
    reply.into_body().read_to_string().unwrap()
}

/// Answers one request with `reply`, and gives back what it got: the head in lower case, and the body of the length
/// that the head names.
fn one_request(reply: &'static str) -> (String, JoinHandle<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut stream = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(stream.read_line(&mut head).unwrap() > 0);
        }
        let head = head.to_ascii_lowercase();
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        let length = length.map_or(0, |digits| digits.parse().unwrap());
        let mut body = vec![0; length];
        stream.read_exact(&mut body).unwrap();
        stream.get_mut().write_all(reply.as_bytes()).unwrap();
        (head, body)
    });
    (url, thread)
}

fn refusal(error: ureq::Error) -> Error {
    match error {
        ureq::Error::Other(error) => *error.downcast::<Error>().unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn signs_every_kind_of_body() {
    let (_server, bucket, agent) = store(Payload::Signed);
    let url = format!("{bucket}/key");
    assert_eq!(agent.put(&url).send("text").unwrap().status(), 200);
    assert_eq!(text(agent.get(&url).call().unwrap()), "text");
    assert_eq!(agent.put(&url).send(b"bytes".as_slice()).unwrap().status(), 200);
    assert_eq!(text(agent.get(&url).call().unwrap()), "bytes");
    let mut reader = &b"from a reader"[..];
    assert_eq!(agent.put(&url).send(SendBody::from_reader(&mut reader)).unwrap().status(), 200);
    assert_eq!(text(agent.get(&url).call().unwrap()), "from a reader");
    assert_eq!(agent.put(&url).send_empty().unwrap().status(), 200);
    assert_eq!(text(agent.get(&url).call().unwrap()), "");
    let run = Request::put(&url).body("by run").unwrap();
    assert_eq!(agent.run(run).unwrap().status(), 200);
    assert_eq!(text(agent.run(Request::get(&url).body(()).unwrap()).unwrap()), "by run");
    assert_eq!(agent.run(Request::get(&url).body("").unwrap()).unwrap().status(), 200);
    assert_eq!(agent.delete(&url).call().unwrap().status(), 204);
    assert_eq!(agent.head(&url).call().unwrap().status(), 404);
}

#[test]
fn streams_bodies_with_a_length_in_chunks() {
    let (server, bucket, agent) = store(AwsChunked::signed());
    let url = format!("{bucket}/key");
    let put = |length: u64, data: &mut dyn Read| {
        agent.put(&url).header("content-length", length).send(SendBody::from_reader(data))
    };
    assert_eq!(put(200_000, &mut io::repeat(b'x').take(200_000)).unwrap().status(), 200);
    assert_eq!(text(agent.get(&url).call().unwrap()), "x".repeat(200_000));
    // Without a length, and short: hashed.
    assert_eq!(agent.put(&url).send("short").unwrap().status(), 200);
    assert_eq!(text(agent.get(&url).call().unwrap()), "short");
    assert_eq!(agent.delete(&url).call().unwrap().status(), 204);

    for sent in [100_000, 199_999, 200_001] {
        let error = put(200_000, &mut io::repeat(b'x').take(sent)).unwrap_err();
        assert!(
            matches!(&error, ureq::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData),
            "{error:?}"
        );
    }
    assert!(!server.object("bucket", "key").exists());
}

#[test]
fn tells_the_body_as_it_was_declared() {
    let (url, server) = one_request("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let agent = agent(SigningMiddleware::new(signer()).stream_payload(AwsChunked::signed()));
    let put = agent
        .put(format!("{url}/bucket/key"))
        .header("content-length", "5")
        .header("content-encoding", "gzip");
    put.send(SendBody::from_reader(&mut &b"hello"[..])).unwrap();
    let (head, body) = server.join().unwrap();
    for line in [
        "content-encoding: aws-chunked,gzip\r\n",
        "x-amz-decoded-content-length: 5\r\n",
        "x-amz-content-sha256: streaming-aws4-hmac-sha256-payload\r\n",
        "x-amz-security-token: the-token\r\n",
    ] {
        assert!(head.contains(line), "{line} is not in {head}");
    }
    assert!(!head.contains("transfer-encoding"), "{head}");
    let body = String::from_utf8(body).unwrap();
    assert!(
        body.starts_with("5;chunk-signature=") && body.contains("\r\nhello\r\n0;chunk-signature="),
        "{body}"
    );
}

#[test]
fn follows_no_redirect_with_signed_headers() {
    let reply =
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n";
    let (url, server) = one_request(reply);
    let reply = agent(SigningMiddleware::new(signer())).get(format!("{url}/bucket/key")).call().unwrap();
    assert_eq!(reply.status(), 307);
    assert!(server.join().unwrap().0.contains("authorization: aws4-hmac-sha256 credential=akidexample/"));
}

#[test]
fn refuses_with_the_reason() {
    let nowhere = "http://127.0.0.1:9/bucket/key";
    let long = agent(SigningMiddleware::new(signer()).body_limit(10)).put(nowhere).send("eleven bytes");
    assert_eq!(refusal(long.unwrap_err()), Error::UnhashedBody);
    for (length, expected) in [("3", CoreError::BodyTooLong), ("9", CoreError::BodyTooShort)] {
        let put = agent(SigningMiddleware::new(signer())).put(nowhere).header("content-length", length);
        assert_eq!(refusal(put.send("hello").unwrap_err()), Error::Request(expected));
    }
    let unknown = Signer::new(Credentials::new(KEYS.0, KEYS.1));
    let unknown = agent(SigningMiddleware::new(unknown)).get(nowhere).call();
    assert!(matches!(refusal(unknown.unwrap_err()), Error::Endpoint(_)));
    let put = Request::put(nowhere).body(&b"hello"[..]).unwrap();
    let signed = awsauth_ureq::sign_chunked(&signer(), put, 5, &AwsChunked::signed()).unwrap();
    let twice = agent(SigningMiddleware::new(signer()).stream_payload(AwsChunked::signed())).run(signed);
    assert_eq!(refusal(twice.unwrap_err()), Error::AlreadyChunked);
}
