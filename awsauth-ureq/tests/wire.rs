//! What goes over the wire: the length of empty bodies, the host, checksums.

#![allow(clippy::unwrap_used, reason = "a test")]
#![cfg(feature = "checksums")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};

use awsauth_http::{PayloadHash, Scheme};
use awsauth_ureq::ureq::http::Request;
use awsauth_ureq::ureq::{self, Agent, SendBody};
use awsauth_ureq::{
    AwsChunked, Checksum, Credentials, Error, Payload, Signer, SigningMiddleware, SigningOverride,
    WithChecksum, awsauth_http,
};

fn signer() -> Signer {
    Signer::new(Credentials::new("AKIDEXAMPLE", "secret")).service("s3").region("us-east-1")
}

fn agent(signing: SigningMiddleware) -> Agent {
    Agent::config_builder().middleware(signing).build().into()
}

/// A server on 127.0.0.1 that says yes to each request.
struct Wire {
    port: u16,
    received: Receiver<(String, Vec<u8>)>,
}

impl Wire {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (send, received) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = BufReader::new(stream.unwrap());
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n") {
                    assert!(stream.read_line(&mut head).unwrap() > 0, "{head}");
                }
                let length = line(&head, "content-length").map_or(0, |digits| digits.parse().unwrap());
                let mut body = vec![0; length];
                stream.read_exact(&mut body).unwrap();
                let reply = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
                stream.get_mut().write_all(reply).unwrap();
                if send.send((head, body)).is_err() {
                    return;
                }
            }
        });
        Self { port, received }
    }

    fn url(&self, target: &str) -> String {
        format!("http://127.0.0.1:{}{target}", self.port)
    }

    fn next(&self) -> (String, Vec<u8>) {
        self.received.recv().unwrap()
    }
}

/// The value of a header.
fn line<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn refusal(error: ureq::Error) -> Error {
    match error {
        ureq::Error::Other(error) => *error.downcast::<Error>().unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_length_of_an_empty_body_is_told() {
    let wire = Wire::start();
    let (url, plain) = (wire.url("/b/k"), ureq::agent());
    let request = |method: &str| Request::builder().method(method).uri(&url);
    let check = |name: &str, expected: Option<&str>| {
        let (head, _) = wire.next();
        assert_eq!(line(&head, "transfer-encoding"), None, "{name}: {head}");
        assert_eq!(line(&head, "content-length"), expected, "{name}: {head}");
        let authorization = line(&head, "authorization").unwrap();
        assert!(authorization.starts_with("AWS4-HMAC-SHA256 "), "{name}: {head}");
        assert!(!authorization.contains("content-length"), "{name}: {head}");
    };
    for (method, expected) in
        [("PATCH", Some("0")), ("POST", Some("0")), ("PUT", Some("0")), ("DELETE", None), ("GET", None)]
    {
        let mut signed = request(method).body(()).unwrap();
        awsauth_ureq::sign(&signer(), &mut signed).unwrap();
        plain.run(signed).unwrap();
        check(&format!("sign, {method}"), expected);

        let hashed = |payload: Payload| agent(SigningMiddleware::new(signer()).stream_payload(payload));
        let of_nothing = awsauth_http::awsauth_core::sha256(b"");
        for payload in [Payload::Signed, Payload::Sha256(of_nothing), AwsChunked::signed().into()] {
            let name = format!("middleware, {method}, {payload:?}");
            hashed(payload).run(request(method).body(()).unwrap()).unwrap();
            check(&name, expected);
        }
    }
    for method in ["PATCH", "POST", "PUT"] {
        let mut signed = request(method).body("").unwrap();
        awsauth_ureq::sign(&signer(), &mut signed).unwrap();
        plain.run(signed).unwrap();
        check(&format!("sign, {method}, text"), Some("0"));
        for payload in [Payload::Signed, Payload::Unsigned] {
            let name = format!("middleware, {method}, {payload:?}");
            let agent = agent(SigningMiddleware::new(signer()).stream_payload(payload));
            agent.run(request(method).body("").unwrap()).unwrap();
            check(&name, Some("0"));
        }
    }
    let signing = agent(SigningMiddleware::new(signer()));
    signing.put(&url).send_empty().unwrap();
    check("send_empty", Some("0"));
    signing.put(&url).send(SendBody::from_reader(&mut &b""[..])).unwrap();
    check("an empty reader", Some("0"));
}

#[test]
fn a_host_with_capitals_is_sent_as_it_is_signed() {
    let wire = Wire::start();
    let url = format!("http://LocalHost:{}/b/k", wire.port);
    let expected = format!("localhost:{}", wire.port);
    let check = |name: &str| {
        let (head, _) = wire.next();
        assert_eq!(line(&head, "host"), Some(&*expected), "{name}: {head}");
        assert_eq!(head.to_ascii_lowercase().matches("\r\nhost: ").count(), 1, "{name}: {head}");
    };
    let mut signed = Request::get(&url).body(()).unwrap();
    awsauth_ureq::sign(&signer(), &mut signed).unwrap();
    ureq::agent().run(signed).unwrap();
    check("sign");
    for payload in [Payload::Signed, Payload::Unsigned, AwsChunked::signed().into()] {
        let name = format!("middleware, {payload:?}");
        let signing = agent(SigningMiddleware::new(signer()).stream_payload(payload));
        signing.put(&url).header("content-length", 4).send("body").unwrap();
        check(&name);
    }
    let put = Request::put(&url).body(&b"body"[..]).unwrap();
    let chunked = awsauth_ureq::sign_chunked(&signer(), put, 4, &AwsChunked::signed()).unwrap();
    ureq::agent().run(chunked).unwrap();
    check("sign_chunked");
}

#[test]
fn checksums_of_whole_bodies() {
    let wire = Wire::start();
    let url = wire.url("/b/k");
    let put = Request::put(&url).body("123456789").unwrap();
    let mut put = put.aws_checksum(Checksum::Crc32c).unwrap().content_md5().unwrap();
    awsauth_ureq::sign(&signer(), &mut put).unwrap();
    ureq::agent().run(put).unwrap();
    let overrides = SigningOverride::new().checksum(Checksum::Crc32c).content_md5();
    agent(SigningMiddleware::new(signer())).put(&url).extension(overrides.clone()).send("123456789").unwrap();
    for _ in 0..2 {
        let (head, body) = wire.next();
        assert_eq!(line(&head, "x-amz-checksum-crc32c"), Some("4waSgw=="));
        assert_eq!(line(&head, "x-amz-sdk-checksum-algorithm"), Some("CRC32C"));
        assert_eq!(line(&head, "content-md5"), Some("JfnnlDI7RTiF9RgfG2JNCw=="));
        assert!(line(&head, "authorization").unwrap().contains("content-md5;host;x-amz-checksum-crc32c;"));
        assert_eq!(body, b"123456789");
    }
    for payload in [Payload::Unsigned, AwsChunked::signed().into()] {
        let agent = agent(SigningMiddleware::new(signer()).stream_payload(payload));
        let put = agent.put(&url).header("content-length", 4).extension(overrides.clone());
        assert_eq!(refusal(put.send("body").unwrap_err()), Error::ChecksumOfStream);
    }
}

#[test]
fn one_request_otherwise() {
    let wire = Wire::start();
    let (url, agent) = (wire.url("/"), agent(SigningMiddleware::new(signer())));
    let send = |overrides: SigningOverride| {
        agent.post(&url).extension(overrides).send("body").unwrap();
        wire.next().0
    };
    let head = send(SigningOverride::unsigned());
    assert!(!head.to_ascii_lowercase().contains("x-amz-") && line(&head, "authorization").is_none());
    let head = send(SigningOverride::new().service("execute-api").region("eu-west-1"));
    assert!(line(&head, "authorization").unwrap().contains("/eu-west-1/execute-api/aws4_request"));
    let head = send(SigningOverride::new().scheme(Scheme::Sigv3Https).service("email"));
    assert!(line(&head, "x-amzn-authorization").unwrap().starts_with("AWS3-HTTPS "));
    let head = send(SigningOverride::new().stream_payload(PayloadHash::Unsigned));
    assert_eq!(line(&head, "x-amz-content-sha256"), Some("UNSIGNED-PAYLOAD"));
}
