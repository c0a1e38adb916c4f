//! `aws-chunked` uploads to a store that verifies them: what it must take, and what it must refuse.

use std::io::{self, Read};

use awsauth_http::http::{Method, Request, Response};
use awsauth_http::{AwsChunked, Checksum, Credentials, Signer};
use awsauth_ureq::ureq::{self, Agent, Body, SendBody};

pub(crate) const CHUNK: u64 = 64 * 1024;

/// A bucket in a store.
pub(crate) struct Bucket {
    url: String,
    signer: Signer,
    agent: Agent,
}

/// Bytes without end, such that no two chunks are the same.
#[derive(Default)]
pub(crate) struct Pattern(u64);

impl Read for Pattern {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        for place in &mut *buffer {
            *place = (self.0 % 251) as u8;
            self.0 += 1;
        }
        Ok(buffer.len())
    }
}

/// Fails where it ends.
pub(crate) struct Broken<R>(pub(crate) R);

impl<R: Read> Read for Broken<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::ErrorKind::ConnectionReset.into()),
            read => Ok(read),
        }
    }
}

/// Every kind of payload, with a name for messages and keys.
pub(crate) fn kinds() -> [(&'static str, AwsChunked); 6] {
    [
        ("signed", AwsChunked::signed()),
        ("signed-crc32", AwsChunked::signed().checksum(Checksum::Crc32)),
        ("signed-crc32c", AwsChunked::signed().checksum(Checksum::Crc32c)),
        ("signed-crc64nvme", AwsChunked::signed().checksum(Checksum::Crc64Nvme)),
        ("signed-sha256", AwsChunked::signed().checksum(Checksum::Sha256)),
        ("unsigned-crc32c", AwsChunked::unsigned().checksum(Checksum::Crc32c)),
    ]
}

impl Bucket {
    pub(crate) fn create(
        endpoint: &str,
        region: &str,
        access_key_id: &str,
        secret: &str,
        name: &str,
    ) -> Self {
        let signer =
            Signer::new(Credentials::new(access_key_id, secret)).service("s3").region(region.to_owned());
        // A store may close the connection on which it refused a body.
        let config = Agent::config_builder().http_status_as_error(false).max_idle_connections(0);
        let agent = config.max_redirects(0).build().into();
        let bucket = Self { url: format!("{endpoint}/{name}"), signer, agent };
        let status = bucket.send(Method::PUT, "").status().as_u16();
        assert!(matches!(status, 200 | 409), "creating the bucket: {status}");
        bucket
    }

    pub(crate) fn put(
        &self,
        key: &str,
        data: impl Read + 'static,
        length: u64,
        chunked: &AwsChunked,
    ) -> Result<Response<Body>, ureq::Error> {
        let request = Request::put(self.url(key)).body(data).unwrap();
        self.agent.run(awsauth_ureq::sign_chunked(&self.signer, request, length, chunked).unwrap())
    }

    /// Puts a body after `tamper` has changed it.
    pub(crate) fn put_tampered(
        &self,
        key: &str,
        length: u64,
        chunked: &AwsChunked,
        tamper: impl FnOnce(&mut Vec<u8>),
    ) -> Result<Response<Body>, ureq::Error> {
        let (mut parts, ()) = Request::put(self.url(key)).body(()).unwrap().into_parts();
        let payload = self.signer.sign_chunked_blocking(&mut parts, length, chunked).unwrap();
        let mut wire = Vec::new();
        payload.reader(Pattern::default().take(length)).read_to_end(&mut wire).unwrap();
        let before = wire.clone();
        tamper(&mut wire);
        assert!(wire != before && wire.len() == before.len());
        let body = SendBody::from_owned_reader(io::Cursor::new(wire));
        self.agent.run(Request::from_parts(parts, body))
    }

    pub(crate) fn exists(&self, key: &str) -> bool {
        match self.send(Method::HEAD, key).status().as_u16() {
            200 => true,
            404 => false,
            status => panic!("{key}: {status}"),
        }
    }

    pub(crate) fn delete(&self, key: &str) {
        assert_eq!(self.send(Method::DELETE, key).status(), 204, "{key}");
    }

    /// Whether the object is the first `length` bytes of the pattern.
    pub(crate) fn holds(&self, key: &str, length: u64) -> bool {
        let reply = self.send(Method::GET, key);
        assert_eq!(reply.status(), 200, "{key}");
        let mut stored = reply.into_body().into_with_config().limit(u64::MAX).reader();
        let mut expected = Pattern::default();
        let (mut got, mut want, mut seen) = (vec![0; 1 << 16], vec![0; 1 << 16], 0_u64);
        loop {
            let read = stored.read(&mut got).unwrap();
            if read == 0 {
                return seen == length;
            }
            expected.read_exact(&mut want[..read]).unwrap();
            if got[..read] != want[..read] {
                return false;
            }
            seen += read as u64;
        }
    }

    fn send(&self, method: Method, key: &str) -> Response<Body> {
        let request = Request::builder().method(&method).uri(self.url(key));
        let mut request = request.body(()).unwrap();
        self.signer.sign_blocking(&mut request).unwrap();
        match method {
            // With the length of its empty body, which stores ask for.
            Method::PUT => self.agent.run(request.map(|()| "")).unwrap(),
            _ => self.agent.run(request).unwrap(),
        }
    }

    fn url(&self, key: &str) -> String {
        if key.is_empty() { self.url.clone() } else { format!("{}/{key}", self.url) }
    }
}

/// Puts each of these kinds in each of these sizes, and reads it back.
pub(crate) fn roundtrip(bucket: &Bucket, kinds: &[(&str, AwsChunked)], sizes: &[u64]) {
    for (kind, chunked) in kinds {
        for &size in sizes {
            let key = format!("{kind}-{size}");
            let mut reply = bucket.put(&key, Pattern::default().take(size), size, chunked).unwrap();
            let status = reply.status();
            assert_eq!(status, 200, "{key}: {:?}", reply.body_mut().read_to_string());
            assert!(bucket.holds(&key, size), "{key} came back otherwise");
            bucket.delete(&key);
            assert!(!bucket.exists(&key), "{key}");
        }
    }
}

/// Where what is sent is changed: after this text, by so many bytes, and the kind of body. Those of plain chunks are first.
pub(crate) const CHANGES: [(&str, &str, usize, Kind); 6] = [
    ("data byte", "\r\n", 1000, Kind::Chunks),
    ("chunk signature", "chunk-signature=", 0, Kind::Chunks),
    ("last chunk signature", "\r\n0;chunk-signature=", 0, Kind::SignedTrailer),
    ("trailer value", "x-amz-checksum-crc32c:", 0, Kind::SignedTrailer),
    ("trailer signature", "x-amz-trailer-signature:", 0, Kind::SignedTrailer),
    ("unsigned data byte", "\r\n", 1000, Kind::UnsignedTrailer),
];

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Chunks,
    SignedTrailer,
    UnsignedTrailer,
}

/// Makes each of these changes, and sees that the store refuses it and has no object. `kept` names the changes after which
/// this store has one all the same.
pub(crate) fn refuses_changes(bucket: &Bucket, changes: &[(&str, &str, usize, Kind)], kept: &[&str]) {
    let size = 2 * CHUNK + 17;
    for &(name, after, distance, kind) in changes {
        let chunked = match kind {
            Kind::Chunks => AwsChunked::signed(),
            Kind::SignedTrailer => AwsChunked::signed().checksum(Checksum::Crc32c),
            Kind::UnsignedTrailer => AwsChunked::unsigned().checksum(Checksum::Crc32c),
        };
        let key = format!("changed-{}", name.replace(' ', "-"));
        match bucket.put_tampered(&key, size, &chunked, |wire| change(wire, after, distance)) {
            Ok(mut reply) => {
                let status = reply.status().as_u16();
                let text = reply.body_mut().read_to_string().unwrap_or_default();
                // s3s answers 500 where it finds the fault in the middle of a body.
                assert!(status >= 400, "{name}: {status} {text}");
                println!("{name}: {status} {}", text.split("</Code>").next().unwrap_or_default());
            }
            // It hung up before the end.
            Err(ureq::Error::Io(error)) => println!("{name}: {error}"),
            Err(error) => panic!("{name}: {error}"),
        }
        assert_eq!(bucket.exists(&key), kept.contains(&name), "{name}: whether an object is left");
    }
}

/// What does not come to its end is not there.
pub(crate) fn leaves_nothing_of_broken_bodies(bucket: &Bucket, kinds: &[(&str, AwsChunked)]) {
    let size = 3 * CHUNK;
    for (kind, chunked) in kinds {
        let key = format!("broken-{kind}");
        let half = Broken(Pattern::default().take(size / 2));
        assert!(matches!(bucket.put(&key, half, size, chunked), Err(ureq::Error::Io(_))), "{key}");
        let short = bucket.put(&key, Pattern::default().take(size - 1), size, chunked);
        assert!(matches!(short, Err(ureq::Error::Io(_))), "{key}");
        let long = bucket.put(&key, Pattern::default().take(size + 1), size, chunked);
        assert!(matches!(long, Err(ureq::Error::Io(_))), "{key}");
        assert!(!bucket.exists(&key), "{key}");
    }
}

/// Changes a digit, letter or byte, `distance` bytes behind the first `after`.
fn change(wire: &mut [u8], after: &str, distance: usize) {
    let found = wire.windows(after.len()).position(|window| window == after.as_bytes()).unwrap();
    let byte = &mut wire[found + after.len() + distance];
    *byte = if *byte == b'0' { b'1' } else { b'0' };
}
