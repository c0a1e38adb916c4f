//! What is signed, put to every S3 server there is, by every client: s3s in this process, and those of
//! `conformance/servers/start swift rclone rgw`. Which are absent is said, and then nothing is shown of them.

#![allow(clippy::unwrap_used, reason = "tests")]

mod servers;

use core::time::Duration;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use awsauth_http::awsauth_core::Error as CoreError;
use awsauth_http::{Credentials, Error, RepeatedParameters, Scheme};
use bytes::Bytes;
use http::{Method, Request};
use servers::{Message, Way};

const MINUTE: Duration = Duration::from_secs(60);

/// What URLs, forms, paths and file systems each write in their own way.
const KEYS: [&str; 6] = [
    "plain",
    "reports/2026 Q3/résumé+final=v2 (a&b).txt",
    "100% is %25, and %2F is no slash",
    "a!b$c'd*e,f;g:h@i~j?k#l[m]",
    "\"quoted\" <b> ^`{|}",
    "...and/..more/of.them../.so",
];

#[test]
fn keys_of_every_kind() {
    for server in servers::every("keys_of_every_kind") {
        for way in Way::ALL {
            for key in KEYS {
                let body = format!("{way:?} {key}");
                let put = server.put(way, key, &body);
                assert_eq!(put.status, 200, "{}, {way:?}, {key}: {put}", server.name);
                let got = server.get(way, key);
                assert_eq!((got.status, got.text()), (200, body), "{}, {way:?}, {key}", server.name);
            }
        }
    }
}

/// With a length, whether the caller gave an empty body or none: servers answer 411 or 501 else.
#[test]
fn empty_objects() {
    for server in servers::every("empty_objects") {
        for way in Way::ALL {
            for body in [Some(""), None] {
                let key = format!("{way:?}-{}", body.is_some());
                let mut put = Message::new(Method::PUT, server.object(&key));
                put.body = body.map(str::to_owned);
                let answer = way.send(&server.signer(), &put).unwrap();
                assert_eq!(answer.status, 200, "{}, {key}: {answer}", server.name);
                let got = server.get(way, &key);
                assert_eq!((got.status, got.text()), (200, String::new()), "{}, {key}", server.name);
            }
        }
    }
}

/// A copy has no body, nor has the POST that begins an upload in parts.
#[test]
fn copies_and_uploads_in_parts() {
    for server in servers::every("copies_and_uploads_in_parts") {
        for way in Way::ALL {
            let context = format!("{}, {way:?}", server.name);
            assert_eq!(server.put(way, "source", &context).status, 200, "{context}");
            let copy = Message::new(Method::PUT, server.object("copy"));
            let source = server.object("source");
            let source = source.splitn(4, '/').last().unwrap();
            let copy = copy.header("x-amz-copy-source", &format!("/{source}"));
            let answer = way.send(&server.signer(), &copy).unwrap();
            assert_eq!(answer.status, 200, "{context}: {answer}");
            assert_eq!(server.get(way, "copy").text(), context);

            let object = server.object("in parts");
            let begin = Message::new(Method::POST, format!("{object}?uploads"));
            let begun = way.send(&server.signer(), &begin).unwrap();
            assert_eq!(begun.status, 200, "{context}: {begun}");
            let text = begun.text();
            let id = text.split("<UploadId>").nth(1).unwrap().split("</UploadId>").next().unwrap();
            let part = format!("{object}?partNumber=1&uploadId={}", escaped(id));
            let part = way.send(&server.signer(), &Message::new(Method::PUT, part).body(&context)).unwrap();
            assert_eq!(part.status, 200, "{context}: {part}");
            let tag = part.headers["etag"].to_str().unwrap();
            let list = format!(
                "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{tag}</ETag></Part>\
                 </CompleteMultipartUpload>"
            );
            let complete = Message::new(Method::POST, format!("{object}?uploadId={}", escaped(id)));
            let answer = way.send(&server.signer(), &complete.body(&list)).unwrap();
            assert_eq!(answer.status, 200, "{context}: {answer}");
            assert_eq!(server.get(way, "in parts").text(), context);
        }
    }
}

#[test]
fn hosts_with_capitals() {
    for server in servers::every("hosts_with_capitals") {
        for way in Way::ALL {
            let url = server.object("capitals").replace("127.0.0.1", "LocalHost");
            let put = Message::new(Method::PUT, url.clone()).body("content");
            let answer = way.send(&server.signer(), &put).unwrap();
            assert_eq!(answer.status, 200, "{}, {way:?}: {answer}", server.name);

            let get = Request::get(&url).body(Bytes::new()).unwrap();
            let link = server.signer().presign_blocking(&get, MINUTE).unwrap();
            let got = way.follow(&link, &[], "").unwrap();
            assert_eq!((got.status, got.text().as_str()), (200, "content"), "{}, {way:?}", server.name);
        }
    }
}

#[test]
fn tabs_in_header_values() {
    for server in servers::every("tabs_in_header_values") {
        for way in Way::ALL {
            for note in ["a\tb", "a \t b", "\ta\t\tb c\t"] {
                let put = Message::new(Method::PUT, server.object("tab")).body("content");
                let put = put.header("x-amz-meta-note", note);
                let answer = way.send(&server.signer(), &put).unwrap();
                assert_eq!(answer.status, 200, "{}, {way:?}, {note:?}: {answer}", server.name);
                let got = server.get(way, "tab");
                let kept = got.headers["x-amz-meta-note"].to_str().unwrap().to_owned();
                assert_eq!(
                    kept,
                    note.split_ascii_whitespace().collect::<Vec<_>>().join(" "),
                    "{}",
                    server.name
                );
            }
        }
    }
}

/// `a/./k` is another object than `a/k` where keys are no paths of a file system.
#[test]
fn keys_with_dot_segments() {
    for server in servers::every("keys_with_dot_segments") {
        assert_eq!(server.put(Way::Ureq, "a/k", "the plain one").status, 200);
        for way in [Way::Hyper, Way::Ureq, Way::UreqMiddleware] {
            for key in ["a/./k", "a/b/../k", "./k", "a/."] {
                let context = format!("{}, {way:?}, {key}", server.name);
                let put = server.put(way, key, &context);
                // Who cannot store it says so, but of the signature nothing.
                assert_ne!(put.status, 403, "{context}: {put}");
                if !matches!(server.name, "swift" | "rgw") {
                    continue;
                }
                assert_eq!(put.status, 200, "{context}: {put}");
                assert_eq!(server.get(way, key).text(), context);
                assert_eq!(server.get(way, "a/k").text(), "the plain one", "{context}");

                let get = Request::get(server.object(key)).body(Bytes::new()).unwrap();
                let link = server.signer().presign_blocking(&get, MINUTE).unwrap();
                let lone = |segment| matches!(segment, "." | "..");
                assert!(!link.url.path().split('/').any(lone), "{context}: {}", link.url.path());
                assert_eq!(way.follow(&link, &[], "").unwrap().text(), context);
                assert_eq!(raw_get(&link.url).1, context);
            }
        }
        for way in [Way::Reqwest, Way::ReqwestMiddleware] {
            let bucket = server.bucket().parse().unwrap();
            let refused = awsauth_reqwest::object_url(&bucket, "a/./k");
            assert!(matches!(refused, Err(awsauth_reqwest::Error::DotSegment)), "{way:?}: {refused:?}");
        }
    }
}

/// What the caller set on the request to be presigned has to come with it.
#[test]
fn presigned_headers() {
    for server in servers::every("presigned_headers") {
        for way in Way::ALL {
            let context = format!("{}, {way:?}", server.name);
            let key = format!("{way:?}");
            let signer = server.signer();
            let _ = way.send(&signer, &Message::new(Method::DELETE, server.object(&key))).unwrap();
            let put = Message::new(Method::PUT, server.object(&key))
                .header("if-none-match", "*")
                .header("content-length", "7")
                .header("content-type", "text/plain");
            let link = signer.presign_blocking(&put.builder().body(put.bytes()).unwrap(), MINUTE).unwrap();
            for name in ["if-none-match", "content-length", "content-type"] {
                assert!(link.headers.contains_key(name), "{context}: {name}");
            }
            for (name, value, body) in [
                ("if-none-match", None, "content"),
                ("content-type", Some("text/html"), "content"),
                ("content-type", None, "content"),
                ("content-length", Some("8"), "content+"),
            ] {
                let answer = way.follow(&link, &[(name, value)], body).unwrap();
                assert_eq!(answer.code().0, 403, "{context}, {name}: {value:?}: {answer}");
                assert_eq!(server.get(way, &key).status, 404, "{context}, {name}: {value:?}");
            }
            let answer = way.follow(&link, &[], "content").unwrap();
            assert_eq!(answer.status, 200, "{context}: {answer}");
            assert_eq!(server.get(way, &key).text(), "content", "{context}");
            // rclone does not look at it.
            if server.name != "rclone" {
                let again = way.follow(&link, &[], "content").unwrap();
                assert_eq!(again.status, 412, "{context}: {again}");
            }
        }
    }
}

#[test]
fn wrong_secrets() {
    for server in servers::every("wrong_secrets") {
        let [_, _, id, ..] = server.parts();
        let wrong = server.signer_of(Credentials::new(id, "wrong"));
        for way in Way::ALL {
            let context = format!("{}, {way:?}", server.name);
            let object = server.object("unseen");
            let put = Message::new(Method::PUT, object.clone()).body("content");
            let answer = way.send(&wrong, &put).unwrap();
            assert_eq!(answer.code(), (403, "SignatureDoesNotMatch".to_owned()), "{context}");
            let request = Request::put(&object).body(Bytes::new()).unwrap();
            let link = wrong.presign_blocking(&request, MINUTE).unwrap();
            let answer = way.follow(&link, &[], "content").unwrap();
            assert_eq!(answer.code(), (403, "SignatureDoesNotMatch".to_owned()), "{context}");
            assert_eq!(server.get(way, "unseen").status, 404, "{context}");
        }
    }
}

/// S3 itself reads the first only, so they are refused before they are sent, unless the caller knows better. Then they go
/// out in the caller's order, while they are signed in canonical order: not every server sorts for itself.
#[test]
fn repeated_parameters() {
    for server in servers::every("repeated_parameters") {
        for way in Way::ALL {
            for (canonical, query) in [(true, "prefix=a&prefix=b"), (false, "prefix=b&prefix=a")] {
                let context = format!("{}, {way:?}, {query}", server.name);
                let list = Message::new(Method::GET, format!("{}?{query}", server.bucket()));
                let refused = way.send(&server.signer(), &list).unwrap_err().to_string();
                let expected = Error::from(CoreError::RepeatedParameter).to_string();
                assert!(refused.contains(&expected), "{context}: {refused}");

                let signer = server.signer().repeated_parameters(RepeatedParameters::Allowed);
                let answer = way.send(&signer, &list).unwrap();
                let expected = match (server.name, canonical) {
                    // It takes none.
                    ("s3s", true) => (400, "InvalidRequest"),
                    ("rclone", true) => (200, ""),
                    // Swift keeps the first only, the others verify them as they come.
                    ("s3s" | "rclone", false) | ("swift", _) => (403, "SignatureDoesNotMatch"),
                    // Which of them it keeps is its version's business.
                    _ => continue,
                };
                let (status, code) = answer.code();
                assert_eq!((status, &*code), expected, "{context}: {answer}");
            }
        }
    }
}

/// S3's scheme before Signature Version 4, where the server has it.
#[test]
fn the_older_scheme() {
    for server in servers::every("the_older_scheme") {
        for way in Way::ALL {
            let context = format!("{}, {way:?}", server.name);
            let signer = server.signer().scheme(Scheme::S3Legacy);
            let object = server.object(KEYS[1]);
            let put = Message::new(Method::PUT, object.clone()).header("content-type", "text/plain");
            let answer = way.send(&signer, &put.body(&context)).unwrap();
            if server.name == "rclone" {
                assert_eq!(answer.code(), (400, "UnsupportedAlgorithm".to_owned()), "{context}");
                continue;
            }
            assert_eq!(answer.status, 200, "{context}: {answer}");
            let get = Request::get(&object).body(Bytes::new()).unwrap();
            let link = signer.presign_blocking(&get, MINUTE).unwrap();
            let answer = way.follow(&link, &[], "").unwrap();
            assert_eq!((answer.status, answer.text()), (200, context));
        }
    }
}

/// As somebody sends it whose client does nothing to a URL.
fn raw_get(uri: &http::Uri) -> (u16, String) {
    let host = uri.authority().unwrap().as_str();
    let target = uri.path_and_query().unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

fn escaped(value: &str) -> String {
    let mut escaped = Vec::new();
    awsauth_http::awsauth_core::encode_path(value.as_bytes(), &mut |run: &[u8]| {
        escaped.extend_from_slice(run)
    });
    String::from_utf8(escaped).unwrap().replace('/', "%2F")
}
