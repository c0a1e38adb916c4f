//! `Host` against the target's authority, as hyper hands them on: what reaches the service was signed for the host that either
//! names.

#![allow(clippy::unwrap_used)]

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_http::awsauth_core::verify::Refusal as CoreRefusal;
use awsauth_http::awsauth_core::{self, Error};
use awsauth_http::verify::Refusal;
use awsauth_http::{Credentials, Signer, VerifyPolicy, verify};
use axum::Router;
use axum::body::{Body, to_bytes};
use http::{Request, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_440_938_160)
}

/// The headers that sign a request for this host, but `host`.
fn signed(host: &str, method: &str) -> Vec<(String, String)> {
    let uri = format!("http://{host}/key");
    let mut request = Request::builder().method(method).uri(uri).body(()).unwrap();
    let signer = Signer::new(Credentials::new("AKIDEXAMPLE", SECRET)).service("s3").region("eu-west-1");
    signer.clock(now).sign_blocking(&mut request).unwrap();
    let headers = request.headers().iter();
    headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect()
}

/// What a service would say that serves by the verified host: the host, or the refusal.
async fn answer(request: Request<Body>) -> Response<String> {
    let (parts, body) = request.into_parts();
    let request = Request::from_parts(parts, to_bytes(body, 1 << 20).await.unwrap());
    match verify(&request, &VerifyPolicy::new("s3", "eu-west-1"), now(), |_| Some(SECRET)) {
        Ok(verified) => {
            // Whichever a router looks at.
            let names = |name: Option<&str>| {
                let name = name.map(|name| name.to_ascii_lowercase());
                name.is_none_or(|name| name.trim_end_matches(":80") == verified.host())
            };
            assert!(names(request.uri().authority().map(|authority| authority.as_str())));
            assert!(names(request.headers().get("host").map(|host| host.to_str().unwrap())));
            Response::new(verified.host().to_owned())
        }
        Err(refusal) => {
            Response::builder().status(refusal.http_status()).body(format!("{refusal:?}")).unwrap()
        }
    }
}

async fn start() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let service = Router::new().fallback(answer);
    tokio::spawn(async move { axum::serve(listener, service).await });
    port
}

async fn http1(port: u16, line: &str, headers: &[(String, String)]) -> String {
    let mut text = format!("{line} HTTP/1.1\r\nconnection: close\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(format!("{text}\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    if body.is_empty() { head[9..12].to_owned() } else { body.to_owned() }
}

const MISMATCH: &str = "HostMismatch";

#[tokio::test]
async fn over_http_1() {
    let port = start().await;
    let malformed = format!("{:?}", Refusal::Uncanonical(Error::MalformedTarget));
    let repeated = format!("{:?}", Refusal::Uncanonical(Error::RepeatedHost));
    let user = format!("{:?}", Refusal::Uncanonical(Error::MalformedHost));
    let missing = format!("{:?}", Refusal::Uncanonical(Error::MissingHost));
    // Signed for `host.example`.
    for (line, hosts, expected) in [
        ("GET /key", &["host.example"][..], "host.example"),
        ("GET /key", &["Host.Example"], "host.example"),
        ("GET http://host.example/key", &["host.example"], "host.example"),
        ("GET http://HOST.example/key", &["host.Example"], "host.example"),
        ("GET http://host.example:80/key", &["host.example"], "host.example"),
        ("GET http://host.example/key", &["host.example:80"], "host.example"),
        // Hyper does not insist on a `Host`; the authority is one.
        ("GET http://host.example/key", &[], "host.example"),
        // The host that was signed, and another beside it.
        ("GET http://other.example/key", &["host.example"], MISMATCH),
        ("GET http://host.example/key", &["other.example"], MISMATCH),
        ("GET http://host.example:443/key", &["host.example"], MISMATCH),
        ("GET http://host.example:8080/key", &["host.example"], MISMATCH),
        ("GET http://host.example/key", &["host.example:8080"], MISMATCH),
        ("GET http://host.example./key", &["host.example"], MISMATCH),
        ("GET http://xhost.example/key", &["host.example"], MISMATCH),
        // Both another.
        ("GET http://other.example/key", &["other.example"], "SignatureMismatch"),
        ("GET http://other.example/key", &[], "SignatureMismatch"),
        ("GET /key", &["other.example"], "SignatureMismatch"),
        ("GET /key", &[], &missing),
        // More than one, whichever comes first.
        ("GET /key", &["host.example", "other.example"], &repeated),
        ("GET /key", &["other.example", "host.example"], &repeated),
        ("GET /key", &["host.example", "host.example"], &repeated),
        ("GET http://host.example/key", &["host.example", "other.example"], &repeated),
        // A user in the target, which a router may take for the host.
        ("GET http://other.example@host.example/key", &["host.example"], &user),
        ("GET http://host.example@other.example/key", &["host.example"], &user),
        // No paths.
        ("OPTIONS *", &["host.example"], &malformed),
        ("CONNECT host.example:80", &["host.example"], &malformed),
        ("CONNECT other.example:80", &["host.example"], &malformed),
    ] {
        let method = line.split_once(' ').unwrap().0;
        let mut headers = signed("host.example", method);
        headers.retain(|(name, _)| name != "host");
        headers.extend(hosts.iter().map(|host| ("host".to_owned(), (*host).to_owned())));
        assert_eq!(http1(port, line, &headers).await, expected, "{line} {hosts:?}");
    }
}

/// A request over HTTP/2, with an `:authority` or without: its frames as RFC 9113 has them, as clients do not send all of this.
async fn http2(port: u16, authority: Option<&str>, hosts: &[&str]) -> String {
    const SETTINGS: u8 = 4;
    const HEADERS: u8 = 1;
    const END_OF_STREAM_AND_HEADERS: u8 = 0x5;
    let mut block = Vec::new();
    let mut field = |name: &str, value: &str| {
        block.push(0);
        for text in [name, value] {
            // A length of seven bits, and more where it is longer (RFC 7541, section 5.1).
            let mut rest = text.len();
            if rest < 127 {
                block.push(u8::try_from(rest).unwrap());
            } else {
                block.push(127);
                rest -= 127;
                while rest >= 128 {
                    block.push(u8::try_from(rest % 128).unwrap() | 128);
                    rest /= 128;
                }
                block.push(u8::try_from(rest).unwrap());
            }
            block.extend_from_slice(text.as_bytes());
        }
    };
    let authority = authority.map(|authority| (":authority", authority));
    for (name, value) in
        [(":method", "GET"), (":scheme", "http"), (":path", "/key")].into_iter().chain(authority)
    {
        field(name, value);
    }
    for (name, value) in signed("host.example", "GET").iter().filter(|(name, _)| name != "host") {
        field(name, value);
    }
    hosts.iter().for_each(|host| field("host", host));
    let frame = |kind: u8, flags: u8, stream: u8, payload: &[u8]| {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        [&length[1..], &[kind, flags, 0, 0, 0, stream], payload].concat()
    };
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).await.unwrap();
    stream.write_all(&frame(HEADERS, END_OF_STREAM_AND_HEADERS, 1, &block)).await.unwrap();
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await.unwrap();
        let mut payload = vec![0; u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize];
        stream.read_exact(&mut payload).await.unwrap();
        match head[3] {
            0 if !payload.is_empty() => return String::from_utf8(payload).unwrap(),
            3 | 7 => return format!("closed by frame {}", head[3]),
            _ => {}
        }
    }
}

#[tokio::test]
async fn over_http_2() {
    let port = start().await;
    let repeated = format!("{:?}", Refusal::Uncanonical(Error::RepeatedHost));
    for (authority, hosts, expected) in [
        (Some("host.example"), &[][..], "host.example"),
        (Some("Host.example:80"), &[], "host.example"),
        (Some("host.example"), &["host.example"], "host.example"),
        (Some("host.example"), &["HOST.example:80"], "host.example"),
        (Some("other.example"), &["host.example"], MISMATCH),
        (Some("host.example"), &["other.example"], MISMATCH),
        (Some("host.example:8080"), &["host.example"], MISMATCH),
        (Some("other.example"), &[], "SignatureMismatch"),
        (Some("other.example"), &["other.example"], "SignatureMismatch"),
        (Some("host.example"), &["host.example", "other.example"], &repeated),
        (None, &["host.example"], "host.example"),
        (None, &["other.example"], "SignatureMismatch"),
    ] {
        assert_eq!(http2(port, authority, hosts).await, expected, "{authority:?} {hosts:?}");
    }
}

/// The core's own view, for servers without the `http` crate.
#[test]
fn without_a_client() {
    let headers = signed("host.example", "GET");
    for (authority, host, expected) in [
        ("", Some("host.example"), Ok("host.example")),
        ("host.example", None, Ok("host.example")),
        ("host.example", Some(" Host.Example\t"), Ok("host.example")),
        ("other.example", Some("host.example"), Err(CoreRefusal::HostMismatch)),
        ("", None, Err(Error::MissingHost.into())),
        ("", Some(""), Err(Error::MissingHost.into())),
        ("host.example", Some(""), Err(Error::MissingHost.into())),
        ("host.example", Some("a/b"), Err(Error::MalformedHost.into())),
    ] {
        let mut lent: Vec<_> = headers
            .iter()
            .filter(|(name, _)| name != "host")
            .map(|(name, value)| awsauth_core::Header::new(name, value.as_bytes()))
            .collect();
        lent.extend(host.map(|host| awsauth_core::Header::new("Host", host.as_bytes())));
        let request = awsauth_core::Request::get("/key", authority)
            .protocol(awsauth_core::Protocol::Http)
            .headers(&lent);
        let time = awsauth_core::Timestamp::parse("20150830T123600Z").unwrap();
        let empty = Some(awsauth_core::sha256(b""));
        let verified = VerifyPolicy::new("s3", "eu-west-1").verify(&request, empty, time, |_| Some(SECRET));
        let verified = verified.map(|verified| {
            assert!(verified.host() == *"HOST.example");
            verified.host().to_string()
        });
        assert_eq!(verified.as_deref(), expected.as_ref().copied(), "{authority:?} {host:?}");
    }
}
