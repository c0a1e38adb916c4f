use crate::canonical::host::{CanonicalHost, write_lower};
use crate::text::sink::ByteSink;
use crate::vocabulary::error::Error;
use crate::vocabulary::request::Request;

/// Where the bucket is named. It is signed before the path, unless it is in the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Bucket<'a> {
    /// The host names it: with S3's own hosts it is the labels before `s3`, if any; with others the whole host, a CNAME
    /// with the name of its bucket. An IP address, or a host without a dot, names none.
    #[default]
    ByHost,
    /// The path names it, whatever the host: path-style requests to a store's own host.
    InPath,
    /// It is this one, and not in the path: for a host that serves a bucket of another name. Write it as it is signed.
    Named(&'a str),
}

/// The bucket that is signed before the path, if any.
#[derive(Clone, Copy)]
pub(super) struct HostBucket<'a> {
    name: &'a [u8],
    lower: bool,
}

impl<'a> HostBucket<'a> {
    pub(super) fn of(bucket: Bucket<'a>, request: &Request<'a>) -> Result<Option<Self>, Error> {
        let host = CanonicalHost::of(request, None)?;
        match bucket {
            Bucket::InPath => Ok(None),
            Bucket::Named("") => Err(Error::MissingBucket),
            Bucket::Named(name) if name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/') => {
                Ok(Some(Self { name: name.as_bytes(), lower: false }))
            }
            Bucket::Named(_) => Err(Error::MalformedBucket),
            Bucket::ByHost => {
                let name = from_host(host.text())?;
                // An escape would be signed as what a path has in the bucket's place, and mean something else there.
                let valid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
                if !name.unwrap_or_default().iter().copied().all(valid) {
                    return Err(Error::MalformedHost);
                }
                Ok(name.map(|name| Self { name, lower: true }))
            }
        }
    }

    pub(super) fn write_to(&self, sink: &mut impl ByteSink) {
        sink.put(b"/");
        write_lower(self.name, !self.lower, sink);
    }
}

fn from_host(host: &[u8]) -> Result<Option<&[u8]>, Error> {
    if host.starts_with(b"[") {
        return Ok(None);
    }
    let name = host.split(|byte| *byte == b':').next().unwrap_or_default();
    let name = name.strip_suffix(b".").unwrap_or(name);
    for domain in ["amazonaws.com", "amazonaws.com.cn"] {
        if let Some(labels) = before(name, domain) {
            return from_s3_host(labels);
        }
    }
    let is_address = name.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    Ok((name.contains(&b'.') && !is_address).then_some(name))
}

/// Matched from the right: a bucket may be called `s3` or `us-west-2`.
fn from_s3_host(labels: &[u8]) -> Result<Option<&[u8]>, Error> {
    let (mut rest, mut label) = split_last(labels);
    for _ in 0..3 {
        if is_service(label) {
            return Ok((!rest.is_empty()).then_some(rest));
        }
        // A Region, `dualstack`.
        (rest, label) = split_last(rest);
    }
    Err(Error::NotAnS3Host)
}

/// `s3`, `s3-us-west-2`, `s3-external-1`, `s3-accelerate`, `s3-fips`.
fn is_service(label: &[u8]) -> bool {
    label.eq_ignore_ascii_case(b"s3")
        || label.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(b"s3-"))
}

/// The labels before the last one, and that one.
fn split_last(labels: &[u8]) -> (&[u8], &[u8]) {
    match labels.iter().rposition(|byte| *byte == b'.').and_then(|dot| labels.split_at_checked(dot)) {
        Some((rest, last)) => (rest, last.get(1..).unwrap_or_default()),
        None => (b"", labels),
    }
}

/// The labels before `domain`, in any case.
fn before<'a>(name: &'a [u8], domain: &str) -> Option<&'a [u8]> {
    let (labels, tail) = name.split_at_checked(name.len().checked_sub(domain.len())?)?;
    tail.eq_ignore_ascii_case(domain.as_bytes()).then(|| labels.strip_suffix(b"."))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        for (host, bucket) in [
            ("s3.amazonaws.com", None),
            ("S3-us-west-2.amazonaws.com", None),
            ("s3.eu-west-1.amazonaws.com", None),
            ("s3.dualstack.eu-west-1.amazonaws.com", None),
            ("s3.cn-north-1.amazonaws.com.cn", None),
            ("a-b.s3.amazonaws.com", Some("a-b")),
            ("a-b.s3.amazonaws.com.", Some("a-b")),
            ("Upper.s3.amazonaws.com:8080", Some("upper")),
            ("my.dotted.bucket.s3-us-west-2.amazonaws.com", Some("my.dotted.bucket")),
            ("b.s3.dualstack.eu-west-1.amazonaws.com", Some("b")),
            ("b.s3-accelerate.amazonaws.com", Some("b")),
            ("b.s3-accelerate.dualstack.amazonaws.com", Some("b")),
            ("us-west-2.s3.amazonaws.com", Some("us-west-2")),
            ("s3.s3.eu-west-1.amazonaws.com", Some("s3")),
            ("my.s3.s3.amazonaws.com", Some("my.s3")),
            ("www.JohnSmith.net", Some("www.johnsmith.net")),
            ("www.johnsmith.net:8080", Some("www.johnsmith.net")),
            ("notamazonaws.com", Some("notamazonaws.com")),
            ("localhost:9000", None),
            ("127.0.0.1:9000", None),
            ("[::1]:9000", None),
        ] {
            let request = Request::get("/", host);
            let found = HostBucket::of(Bucket::ByHost, &request).unwrap();
            let mut text = std::vec::Vec::new();
            found.inspect(|bucket| bucket.write_to(&mut |run: &[u8]| text.extend_from_slice(run)));
            let expected = bucket.map(|bucket| std::format!("/{bucket}")).unwrap_or_default();
            assert_eq!(text, expected.as_bytes(), "{host}");
        }
        for host in ["ec2.us-east-1.amazonaws.com", "a.b.c.d.amazonaws.com", "x.amazonaws.com"] {
            let found = HostBucket::of(Bucket::ByHost, &Request::get("/", host));
            assert_eq!(found.err(), Some(Error::NotAnS3Host), "{host}");
        }
        for host in ["a%2fb.s3.amazonaws.com", "a%62.example.com", "a;b.s3.amazonaws.com"] {
            let found = HostBucket::of(Bucket::ByHost, &Request::get("/", host));
            assert_eq!(found.err(), Some(Error::MalformedHost), "{host}");
        }
        let request = Request::get("/", "files.example.com");
        let refused = |bucket| HostBucket::of(bucket, &request).err();
        assert_eq!(refused(Bucket::Named("")), Some(Error::MissingBucket));
        assert_eq!(refused(Bucket::Named("a/b")), Some(Error::MalformedBucket));
        assert_eq!(refused(Bucket::Named("a\nb")), Some(Error::MalformedBucket));
    }
}
