//! A signed request as the `http` crate has it, and what somebody on the way does to it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use arbitrary::Arbitrary;
use awsauth_core::aws_chunked::{Encoder, Framing, Trailer};
use awsauth_core::{
    ChunkSigner, CredentialScope, Header, PayloadHash, Request as CoreRequest, SignedHeaders, SigningKey,
    SigningOptions, Sigv4, Timestamp,
};
use awsauth_http::http::{self, HeaderName, HeaderValue, Method, Request};
use awsauth_http::{MissingPayloadHash, StreamingPayload, UnsignedPayload, VerifyPolicy};

use crate::{ACCESS_KEY_ID, Message, NOW, Pieces, REGION, SECRET_ACCESS_KEY, Service};

/// A request, how it is signed and sent, and what is done to it then.
#[derive(Arbitrary, Clone, Debug)]
pub struct Tampering<'a> {
    pub service: Service,
    pub body: Body,
    pub presign: bool,
    pub http: bool,
    /// It is sent with an absolute target, as over HTTP/2 or to a proxy.
    pub absolute: bool,
    pub all_headers: bool,
    pub edits: [Edit; 3],
    /// Texts for the edits, and then the request.
    pub texts: Texts<'a>,
}

/// What is signed of the body.
#[derive(Arbitrary, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    Hash,
    /// By a hash that the request does not tell.
    Untold,
    Unsigned,
    Chunks,
    ChunksAndTrailer,
    Trailer,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Edit {
    None,
    Method,
    Authority,
    NoAuthority,
    Host,
    AnotherHost,
    TargetInsert(u16),
    TargetRemove(u16),
    TargetReplace(u16),
    TargetSegment(u8, u8),
    Parameter(u8),
    TurnParameters(u8),
    Header(u8, u8),
    HeaderAgain(u8),
    HeaderValue(u8),
    HeaderByte(u8, u16),
    NoHeader(u8),
    OwnHeader,
    Body,
    BodyByte(u16),
    BodyInsert(u16),
    BodyCut(u16),
}

/// Three texts, and a request.
#[derive(Clone, Debug)]
pub struct Texts<'a> {
    pub edits: [&'a str; 3],
    pub message: Message<'a>,
}

impl<'a> Arbitrary<'a> for Texts<'a> {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        let pieces = Pieces::<4>::arbitrary(u)?;
        let [one, two, three, rest] = pieces.0;
        let text = |piece| core::str::from_utf8(piece).map_err(|_| arbitrary::Error::IncorrectFormat);
        let message = Message::arbitrary(&mut arbitrary::Unstructured::new(rest))?;
        Ok(Self { edits: [text(one)?, text(two)?, text(three)?], message })
    }
}

/// A request in parts that can be edited.
#[derive(Clone, Debug)]
pub struct Sent {
    pub method: String,
    pub scheme: &'static str,
    pub authority: Option<String>,
    pub target: String,
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

const NAMES: [&str; 16] = [
    "x-amz-content-sha256",
    "x-amz-decoded-content-length",
    "x-amz-trailer",
    "x-amz-date",
    "x-amz-acl",
    "x-amz-security-token",
    "x-amz-checksum-sha256",
    "x-amz-meta-a",
    "authorization",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "host",
    "transfer-encoding",
    "x-forwarded-host",
];

const VALUES: [&str; 16] = [
    "UNSIGNED-PAYLOAD",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
    "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
    "STREAMING-AWS4-HMAC-SHA256-EVENTS",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "aws-chunked",
    "x-amz-meta-a",
    "20150830T123600Z",
    "0",
    "",
    "a,b",
    "other.example.com",
    "example.com:443",
];

const SEGMENTS: [&str; 12] =
    ["/..", "/.", "/", "%2F", "%2e%2e", "%2E", "//", "/%2e/", "/../a", "%00", "/a/../", "\\"];

const PARAMETERS: [&str; 14] = [
    "&X-Amz-Signature=0",
    "&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD",
    "&X-Amz-Content-Sha256=STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "&X-Amz-Expires=60",
    "&X-Amz-SignedHeaders=host",
    "&x-amz-acl=public-read",
    "&x-id=DeleteObject",
    "&",
    "&&",
    "&=",
    "&acl",
    "&acl=",
    "&a=1&a=2",
    "&%61=+",
];

impl Tampering<'_> {
    /// The request as it is sent; `None` if it cannot be signed.
    pub fn sent(&self) -> Option<Sent> {
        let message = &self.texts.message;
        let now = Timestamp::parse(NOW).ok()?;
        let key = SigningKey::derive(
            SECRET_ACCESS_KEY,
            CredentialScope::new(now.date(), REGION, self.service_name()).ok()?,
        );
        let length = message.body.len().to_string();
        let mut headers = message.headers();
        // What the caller says of the body, and of the host, he says by what he chose.
        headers.retain(|header| {
            !NAMES[..3].iter().chain(&["host"]).any(|name| header.name.eq_ignore_ascii_case(name))
        });
        let payload = self.payload();
        if matches!(self.body, Body::Chunks | Body::ChunksAndTrailer | Body::Trailer) {
            headers.push(Header::new("x-amz-decoded-content-length", length.as_bytes()));
        }
        if matches!(self.body, Body::ChunksAndTrailer | Body::Trailer) {
            headers.push(Header::new("x-amz-trailer", b"x-amz-meta-a"));
        }
        let stated = payload.to_string();
        // A presigned URL that does not state it leaves the body unsigned in S3, and covers it elsewhere.
        let is_stated =
            matches!(self.service, Service::S3) || !matches!(self.body, Body::Hash | Body::Untold);
        if self.presign && is_stated {
            headers.push(Header::new("x-amz-content-sha256", stated.as_bytes()));
        }
        let request = CoreRequest::from_parts(message.method, message.path, message.query, message.host)
            .protocol(self.protocol())
            .headers(&headers);
        let mut options = SigningOptions::DEFAULT;
        options.content_sha256_header = self.body != Body::Untold;
        if self.all_headers {
            options.signed_headers = SignedHeaders::AllButHopByHop;
        }
        let signer = Sigv4::new(ACCESS_KEY_ID, &key).options(options);
        let signed = match self.presign {
            true => signer.presign(&request, payload, now, 900),
            false => signer.sign(&request, payload, now),
        };
        let signed = signed.ok()?;
        let added: Vec<_> =
            signed.headers().map(|(name, value)| (name.to_owned(), value.to_string().into_bytes())).collect();
        let mut sent: Vec<_> = headers
            .iter()
            .map(|header| (header.name.to_ascii_lowercase(), header.value.to_vec()))
            .filter(|(name, _)| !added.iter().any(|(other, _)| other == name))
            .filter(|(name, _)| !awsauth_core::is_authentication_header(name))
            .collect();
        sent.extend(added);
        let target = signed.target().to_string();
        let seed = *signed.signature();
        if !self.absolute {
            sent.push(("host".to_owned(), message.host.as_bytes().to_vec()));
        }
        Some(Sent {
            method: message.method.to_owned(),
            scheme: if self.http { "http" } else { "https" },
            authority: self.absolute.then(|| message.host.to_owned()),
            target,
            headers: sent,
            body: self.framed(ChunkSigner::new(&key, now, seed).ok()?)?,
        })
    }

    /// The same as somebody made it.
    pub fn edited(&self, sent: &Sent) -> Sent {
        let mut edited = sent.clone();
        for (edit, text) in self.edits.into_iter().zip(self.texts.edits) {
            edited.apply(edit, text);
        }
        edited
    }

    pub fn policy(&self) -> VerifyPolicy<'static> {
        let mut policy = VerifyPolicy::new(self.service_name(), REGION);
        policy.streaming_payload = StreamingPayload::Allowed;
        policy.missing_payload_hash = MissingPayloadHash::Allowed;
        policy.unsigned_payload = match self.body {
            Body::Hash | Body::Untold | Body::Chunks | Body::ChunksAndTrailer => UnsignedPayload::Refused,
            Body::Unsigned | Body::Trailer => UnsignedPayload::Allowed,
        };
        policy
    }

    pub fn now() -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_440_938_160)
    }

    fn framed(&self, signer: ChunkSigner<&SigningKey<'_>>) -> Option<Vec<u8>> {
        let body = self.texts.message.body;
        let trailers: &[Trailer<'_>] = match self.body {
            Body::Hash | Body::Untold | Body::Unsigned => return Some(body.to_vec()),
            Body::Chunks => &[],
            Body::ChunksAndTrailer | Body::Trailer => &[Trailer::new("x-amz-meta-a", 3)],
        };
        let framing = Framing::new(self.payload(), body.len() as u64, trailers).ok()?;
        let framing = framing.with_any_chunk_size(16).ok()?;
        let mut encoder = match self.body {
            Body::Trailer => Encoder::unsigned(&framing).ok()?,
            _ => Encoder::signed(&framing, signer).ok()?,
        };
        let mut wire = Vec::new();
        for data in body.chunks(16) {
            let frame = encoder.chunk(data).ok()?;
            frame.write_head(&mut |run: &[u8]| wire.extend_from_slice(run));
            wire.extend_from_slice(data);
            wire.extend_from_slice(frame.tail());
        }
        let values = [Header::new("x-amz-meta-a", b"end")];
        let last = encoder.finish(&values[..trailers.len()]).ok()?;
        last.write_to(&mut |run: &[u8]| wire.extend_from_slice(run));
        Some(wire)
    }

    fn payload(&self) -> PayloadHash {
        match self.body {
            Body::Hash | Body::Untold => PayloadHash::of(self.texts.message.body),
            Body::Unsigned => PayloadHash::Unsigned,
            Body::Chunks => PayloadHash::StreamingSigned,
            Body::ChunksAndTrailer => PayloadHash::StreamingSignedTrailer,
            Body::Trailer => PayloadHash::StreamingUnsignedTrailer,
        }
    }

    fn service_name(&self) -> &'static str {
        match self.service {
            Service::S3 => "s3",
            Service::Sqs => "sqs",
        }
    }

    fn protocol(&self) -> awsauth_core::Protocol {
        // An origin's target does not tell it.
        match self.http && self.absolute {
            true => awsauth_core::Protocol::Http,
            false => awsauth_core::Protocol::Https,
        }
    }
}

impl Sent {
    /// As a server has it; `None` if it is no HTTP request.
    pub fn request(&self) -> Option<Request<Vec<u8>>> {
        let uri = match &self.authority {
            Some(authority) => format!("{}://{authority}{}", self.scheme, self.target),
            None => self.target.clone(),
        };
        let mut request = Request::new(self.body.clone());
        *request.method_mut() = Method::from_bytes(self.method.as_bytes()).ok()?;
        *request.uri_mut() = uri.parse::<http::Uri>().ok()?;
        for (name, value) in &self.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            request.headers_mut().append(name, HeaderValue::from_bytes(value).ok()?);
        }
        Some(request)
    }

    fn apply(&mut self, edit: Edit, text: &str) {
        let place = |at: u16| {
            let mut at = usize::from(at) % (self.target.len() + 1);
            while !self.target.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let header = |at: u8, headers: &[(String, Vec<u8>)]| usize::from(at) % headers.len().max(1);
        match edit {
            Edit::None => {}
            Edit::Method => self.method = text.to_owned(),
            Edit::Authority => self.authority = Some(text.to_owned()),
            Edit::NoAuthority => self.authority = None,
            Edit::Host => {
                self.headers.retain(|(name, _)| name != "host");
                self.headers.push(("host".to_owned(), text.into()));
            }
            Edit::AnotherHost => self.headers.push(("host".to_owned(), text.into())),
            Edit::TargetInsert(at) => {
                let at = place(at);
                self.target.insert_str(at, text);
            }
            Edit::TargetRemove(at) => {
                let at = place(at);
                if at < self.target.len() {
                    self.target.remove(at);
                }
            }
            Edit::TargetReplace(at) => {
                let at = place(at);
                if at < self.target.len() {
                    self.target.remove(at);
                    self.target.insert_str(at, text);
                }
            }
            Edit::TargetSegment(at, which) => {
                let slashes: Vec<_> = self.target.match_indices('/').map(|(at, _)| at).collect();
                let at = slashes.get(usize::from(at) % slashes.len().max(1)).copied().unwrap_or_default();
                self.target.insert_str(at, SEGMENTS[usize::from(which) % SEGMENTS.len()]);
            }
            Edit::Parameter(which) => {
                if !self.target.contains('?') {
                    self.target.push('?');
                }
                self.target.push_str(PARAMETERS[usize::from(which) % PARAMETERS.len()]);
            }
            Edit::TurnParameters(by) => {
                if let Some((path, query)) = self.target.split_once('?') {
                    let mut pairs: Vec<_> = query.split('&').collect();
                    let by = usize::from(by) % pairs.len();
                    pairs.rotate_left(by);
                    self.target = format!("{path}?{}", pairs.join("&"));
                }
            }
            Edit::Header(name, value) => {
                let name = NAMES[usize::from(name) % NAMES.len()];
                let value = VALUES[usize::from(value) % VALUES.len()];
                self.headers.push((name.to_owned(), value.into()));
            }
            Edit::HeaderAgain(at) => {
                let at = header(at, &self.headers);
                self.headers.extend(self.headers.get(at).cloned());
            }
            Edit::HeaderValue(at) => {
                let at = header(at, &self.headers);
                if let Some((_, value)) = self.headers.get_mut(at) {
                    *value = text.into();
                }
            }
            Edit::HeaderByte(at, byte) => {
                let at = header(at, &self.headers);
                if let Some((_, value)) = self.headers.get_mut(at) {
                    let byte = usize::from(byte) % (value.len() + 1);
                    value.splice(byte..(byte + 1).min(value.len()), text.bytes());
                }
            }
            Edit::NoHeader(at) => {
                let at = header(at, &self.headers);
                if at < self.headers.len() {
                    self.headers.remove(at);
                }
            }
            Edit::OwnHeader => {
                let (name, value) = text.split_once(':').unwrap_or((text, ""));
                self.headers.push((name.to_owned(), value.into()));
            }
            Edit::Body => self.body = text.into(),
            Edit::BodyByte(at) => {
                let at = usize::from(at) % self.body.len().max(1);
                if let Some(byte) = self.body.get_mut(at) {
                    *byte ^= text.bytes().next().unwrap_or(1);
                }
            }
            Edit::BodyInsert(at) => {
                let at = usize::from(at) % (self.body.len() + 1);
                self.body.splice(at..at, text.bytes());
            }
            Edit::BodyCut(at) => self.body.truncate(usize::from(at)),
        }
    }
}
