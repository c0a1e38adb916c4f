//! Requests of S3's first scheme and of Signature Version 2: signed, changed on the way, and verified.

use std::fmt::Write;

use awsauth_core::s3_legacy::Bucket;
use awsauth_core::verify::{Refusal, VerifyPolicy};
use awsauth_core::{
    Credentials, DateHeader, Error, Header, PlusSign, Request, S3Legacy, Sigv2, Timestamp,
    is_authentication_header,
};

use crate::{
    ACCESS_KEY_ID, Change, ChangeKind as Kind, NOW, OlderScheme as Scheme, SECRET_ACCESS_KEY, SESSION_TOKEN,
    Tampered,
};

/// A request on the wire.
#[derive(Clone, Debug)]
pub struct Wire {
    pub method: String,
    pub host: String,
    pub target: String,
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

impl Tampered<'_> {
    /// The request as its client sends it.
    pub fn sign(&self) -> Result<Wire, Error> {
        let now = Timestamp::parse(NOW)?;
        let credentials = Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY)?;
        let credentials = if self.token { credentials.session_token(SESSION_TOKEN)? } else { credentials };
        let headers = self.message.headers();
        let request = self.message.request(&headers);
        let s3 = S3Legacy::new(credentials).plus_sign(self.plus_sign());
        let sigv2 = Sigv2::new(credentials).plus_sign(self.plus_sign());
        let mut wire = Wire {
            method: self.message.method.into(),
            host: self.message.host.into(),
            target: String::new(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        let mut added = Vec::new();
        match self.scheme {
            Scheme::S3Date | Scheme::S3XAmzDate => {
                let date =
                    if self.scheme == Scheme::S3Date { DateHeader::Date } else { DateHeader::XAmzDate };
                let signed = s3.date_header(date).sign(&request, now)?;
                wire.target = signed.target().to_string();
                added.extend(signed.headers().map(|(name, value)| (name, value.to_string())));
            }
            Scheme::S3Presigned => wire.target = s3.presign(&request, now, 60)?.target().to_string(),
            Scheme::Sigv2 => wire.target = sigv2.sign(&request, now)?.target().to_string(),
            Scheme::Sigv2Form => {
                let signed = sigv2.sign_form(&request, self.message.body, now)?;
                wire.target = signed.target().to_string();
                wire.body = signed.body().to_string().into_bytes();
            }
        }
        let replaced = |name: &str| added.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
        for (name, value) in &self.message.headers {
            if !is_authentication_header(name) && !replaced(name) {
                wire.headers.push(((*name).to_owned(), value.to_vec()));
            }
        }
        wire.headers.extend(added.into_iter().map(|(name, value)| (name.to_owned(), value.into_bytes())));
        Ok(wire)
    }

    /// Verifies a request as its server.
    pub fn verify(&self, wire: &Wire) -> Result<(), Refusal> {
        let mut policy = VerifyPolicy::DEFAULT;
        policy.plus_sign = self.plus_sign();
        let headers: Vec<_> = wire.headers.iter().map(|(name, value)| Header::new(name, value)).collect();
        let request = Request::new(&wire.method, &wire.target, &wire.host).headers(&headers);
        let now = Timestamp::parse(NOW)?;
        let secret = |id: &str| (id == ACCESS_KEY_ID).then_some(SECRET_ACCESS_KEY);
        match self.scheme {
            Scheme::S3Date | Scheme::S3Presigned | Scheme::S3XAmzDate => {
                policy.verify_s3_legacy(&request, Bucket::ByHost, now, secret).map(|_| ())
            }
            Scheme::Sigv2 => policy.verify_sigv2(&request, None, now, secret).map(|_| ()),
            Scheme::Sigv2Form => policy.verify_sigv2(&request, Some(&wire.body), now, secret).map(|_| ()),
        }
    }

    pub fn plus_sign(&self) -> PlusSign {
        if self.literal_plus { PlusSign::Literal } else { PlusSign::Space }
    }
}

impl Wire {
    /// What somebody makes of it who has no key.
    pub fn change(&mut self, Change { kind, at, with }: Change) {
        let (at, with) = (usize::from(at), usize::from(with));
        match kind {
            Kind::AddHeader => {
                let (name, value) = HEADERS[with % HEADERS.len()];
                let at = at % (self.headers.len() + 1);
                self.headers.insert(at, (name.into(), value.into()));
            }
            Kind::AddParameter => {
                let pair = PAIRS[with % PAIRS.len()];
                if at.is_multiple_of(2) {
                    let separator = if self.target.contains('?') { '&' } else { '?' };
                    let _ = write!(self.target, "{separator}{pair}");
                } else {
                    let path = self.target.find('?').unwrap_or(self.target.len());
                    let rest = self.target.split_off(path);
                    let _ = write!(self.target, "?{pair}&{}", rest.get(1..).unwrap_or_default());
                }
            }
            Kind::Body => {
                self.body.splice(at % (self.body.len() + 1).., PAIRS[with % PAIRS.len()].bytes());
            }
            Kind::CopyToQuery => {
                let Some((name, value)) = self.headers.get(at % self.headers.len().max(1)) else { return };
                let value: String = value.iter().map(|byte| format!("%{byte:02X}")).collect();
                let _ = write!(self.target, "&{name}={value}");
            }
            Kind::Delete => {
                let start = self.boundary(at);
                let end = self.boundary(at.saturating_add(with)).max(start);
                self.target.replace_range(start..end, "");
            }
            Kind::Flip => self.flip(at, with),
            Kind::Host => self.host = HOSTS[with % HOSTS.len()].into(),
            Kind::Insert => {
                let at = self.boundary(at);
                self.target.insert_str(at, PIECES[with % PIECES.len()]);
            }
            Kind::Method => self.method = ["GET", "PUT", "POST", "DELETE", "HEAD"][with % 5].into(),
            Kind::MoveBucket => self.move_bucket(),
            Kind::MoveToHeader => {
                let Some((path, query)) = self.target.split_once('?') else { return };
                let mut pairs: Vec<_> = query.split('&').collect();
                let pair = pairs.remove(at % pairs.len());
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                self.headers.push((name.into(), value.into()));
                self.target = format!("{path}?{}", pairs.join("&"));
            }
            Kind::Recode if with % 4 == 0 => self.recode(self.boundary(at)),
            Kind::Recode => {
                let reserved = |(_, byte): &(usize, u8)| b"%&+/:;=?".contains(byte);
                let places: Vec<_> = self.target.bytes().enumerate().filter(reserved).collect();
                self.recode(places.get(at % places.len().max(1)).map_or(0, |(at, _)| *at));
            }
            Kind::RemoveHeader => {
                if !self.headers.is_empty() {
                    self.headers.remove(at % self.headers.len());
                }
            }
            Kind::RepeatHeader => {
                if let Some(header) = self.headers.get(at % self.headers.len().max(1)).cloned() {
                    self.headers.insert(with % self.headers.len(), header);
                }
            }
        }
    }

    fn boundary(&self, at: usize) -> usize {
        let mut at = at % (self.target.len() + 1);
        while !self.target.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    fn flip(&mut self, at: usize, with: usize) {
        let bit = 1 << (with % 7);
        let flip = |text: &mut String| {
            let mut bytes = core::mem::take(text).into_bytes();
            let length = bytes.len().max(1);
            if let Some(byte) = bytes.get_mut(at % length) {
                *byte ^= bit;
            }
            *text = String::from_utf8_lossy(&bytes).into_owned();
        };
        let header = self.headers.len().max(1);
        match with / 7 % 5 {
            0 => flip(&mut self.method),
            1 => flip(&mut self.host),
            2 => flip(&mut self.target),
            3 => {
                if let Some((name, _)) = self.headers.get_mut(at / 7 % header) {
                    flip(name);
                }
            }
            _ => {
                if let Some((_, value)) = self.headers.get_mut(at / 7 % header) {
                    let length = value.len().max(1);
                    if let Some(byte) = value.get_mut(at % length) {
                        *byte ^= bit;
                    }
                }
            }
        }
    }

    /// Escapes a byte of the target, or takes an escape away.
    fn recode(&mut self, at: usize) {
        let bytes = self.target.as_bytes();
        let hex = bytes.get(at + 1..at + 3).and_then(|hex| core::str::from_utf8(hex).ok());
        match (bytes.get(at), hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (Some(b'%'), Some(byte)) if byte.is_ascii() => {
                self.target.replace_range(at..at + 3, char::from(byte).encode_utf8(&mut [0; 4]));
            }
            (Some(byte), _) if byte.is_ascii() => {
                let escape = format!("%{byte:02x}");
                self.target.replace_range(at..at + 1, &escape);
            }
            _ => {}
        }
    }

    /// From the path into the host, or the other way.
    fn move_bucket(&mut self) {
        if let Some(bucket) = self.host.strip_suffix(".s3.amazonaws.com") {
            self.target = format!("/{bucket}{}", self.target);
            self.host = "s3.amazonaws.com".into();
        } else if let Some((bucket, key)) = self.target.get(1..).and_then(|path| path.split_once('/')) {
            self.host = format!("{bucket}.s3.amazonaws.com");
            self.target = format!("/{key}");
        }
    }
}

const HEADERS: [(&str, &str); 18] = [
    ("x-amz-security-token", "t"),
    ("X-Amz-S3session-Token", "t"),
    ("x-amz-region-set", "*"),
    ("x-amz-date", "Sun, 30 Aug 2015 12:36:00 GMT"),
    ("x-amz-acl", "public-read"),
    ("x-amz-meta-a", ""),
    ("x-amz-meta-a", "1"),
    ("x-amz-copy-source", "/c/k"),
    ("x-amz-target", "a"),
    ("x-amz-user-agent", "a"),
    ("content-type", "text/html"),
    ("content-type", "application/x-www-form-urlencoded"),
    ("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg=="),
    ("date", "Sun, 30 Aug 2015 12:36:01 GMT"),
    ("authorization", "AWS AKIDEXAMPLE:AAAA"),
    ("x-amzn-authorization", "AWS3 x"),
    ("host", "c.s3.amazonaws.com"),
    ("range", "bytes=0-1"),
];

const HOSTS: [&str; 8] = [
    "s3.amazonaws.com",
    "b.s3.amazonaws.com",
    "B.S3.eu-west-1.amazonaws.com:443",
    "c.s3.amazonaws.com",
    "b.c",
    "localhost:9000",
    "sdb.amazonaws.com",
    "%62.s3.amazonaws.com",
];

const PAIRS: [&str; 24] = [
    "acl",
    "acl=",
    "ACL",
    "%61cl",
    "versionId=1",
    "partNumber=1%26uploadId%3DX",
    "uploadId=X",
    "encryption",
    "ownershipControls",
    "usage=1",
    "prefix=p",
    "list-type=2",
    "response-content-type=text%2Fhtml",
    "x-amz-acl=public-read",
    "X-Amz-Meta-A=1",
    "x-amz-security-token=t",
    "X-Amz-Signature=0",
    "content-type=text%2Fhtml",
    "AWSAccessKeyId=AKIDEXAMPLE",
    "Expires=1440938999",
    "Signature=AAAA",
    "SecurityToken=t",
    "Timestamp=2015-08-30T12%3A36%3A00Z",
    "Action=Delete",
];

const PIECES: [&str; 20] = [
    "%26acl",
    "%26uploadId%3DX",
    "&acl&",
    "&versionId=",
    "%26",
    "&",
    "%3D",
    "=",
    "%3F",
    "?",
    "%2F",
    "/",
    "%0A",
    "%25",
    "+",
    "%20",
    ".",
    "/../",
    "//",
    "\u{e9}",
];
