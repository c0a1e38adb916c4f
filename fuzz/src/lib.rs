//! What the fuzz targets share: inputs, and the ways of signing and verifying them.
//!
//! An input is a few choices, then text in pieces with NUL between them, so that seeds can be written (`examples/seeds.rs`)
//! and findings read.

pub mod chunked;
pub mod exchange;
pub mod meaning;
pub mod naive;
pub mod older;
pub mod older_meaning;
pub mod received;
pub mod signing;
pub mod tampering;

use arbitrary::{Arbitrary, Error, Result, Unstructured};

/// The access key ID of every signature.
pub const ACCESS_KEY_ID: &str = "AKIDEXAMPLE";
/// The secret access key of every signature.
pub const SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
/// The session token of those that have one.
pub const SESSION_TOKEN: &str = "IQoJb3JpZ2luX2Vj//+=";
/// The time of every signature.
pub const NOW: &str = "20150830T123600Z";
/// The region of every signature.
pub const REGION: &str = "us-east-1";

/// A request, and how it is signed.
#[derive(Arbitrary, Clone, Debug)]
pub struct Signing<'a> {
    pub service: Service,
    pub rule: Rule,
    pub token: Token,
    pub unsigned_payload: bool,
    pub content_sha256_header: bool,
    pub all_headers: bool,
    pub literal_plus: bool,
    pub repeats_allowed: bool,
    pub http: bool,
    pub message: Message<'a>,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Service {
    S3,
    Sqs,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Rule {
    OfService,
    Given { double_encode: bool, normalize: bool },
}

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    None,
    Signed,
    AppendedUnsigned,
    S3Express,
}

/// `method`, `host`, `target`, `name:value` for each header, an empty piece, the body; with NUL between them.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    pub method: &'a str,
    pub host: &'a str,
    pub path: &'a str,
    pub query: &'a str,
    pub headers: Vec<(&'a str, &'a [u8])>,
    pub body: &'a [u8],
}

/// A bit of a request.
#[derive(Arbitrary, Clone, Debug)]
pub struct Flip<'a> {
    pub at: u16,
    pub bit: u8,
    pub signing: Signing<'a>,
}

/// A request of a scheme before Signature Version 4, and what is done to it on the way.
#[derive(Arbitrary, Clone, Debug)]
pub struct Tampered<'a> {
    pub scheme: OlderScheme,
    pub token: bool,
    pub literal_plus: bool,
    pub changes: [Change; 3],
    pub message: Message<'a>,
}

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq, Eq)]
pub enum OlderScheme {
    S3Date,
    S3Presigned,
    S3XAmzDate,
    Sigv2,
    Sigv2Form,
}

/// A change to a request: where, and which of its kind.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub struct Change {
    pub kind: ChangeKind,
    pub at: u16,
    pub with: u8,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum ChangeKind {
    AddHeader,
    AddParameter,
    Body,
    CopyToQuery,
    Delete,
    Flip,
    Host,
    Insert,
    Method,
    MoveBucket,
    MoveToHeader,
    Recode,
    RemoveHeader,
    RepeatHeader,
}

/// An `authorization` header as it comes, and one to be put together.
#[derive(Arbitrary, Debug)]
pub struct Authorization<'a> {
    pub blanks: [u8; 4],
    pub order: u8,
    /// Access key ID, region, service, and the header as it comes.
    pub texts: Pieces<'a, 4>,
}

/// A body, and how it is framed and cut.
#[derive(Arbitrary, Debug)]
pub struct Chunked<'a> {
    pub kind: Kind,
    pub chunk_size: u8,
    pub cuts: [u16; 4],
    /// Names and values of two trailers, and the body.
    pub trailers_and_body: Pieces<'a, 5>,
}

/// What comes as a framed body.
#[derive(Arbitrary, Debug)]
pub struct Wire<'a> {
    pub kind: Kind,
    pub decoded_length: u16,
    pub cuts: [u16; 4],
    pub bytes: &'a [u8],
}

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Signed,
    SignedTrailer,
    UnsignedTrailer,
}

/// The responses of an endpoint of credentials, in order.
#[derive(Arbitrary, Debug)]
pub struct Exchange<'a> {
    pub goal: Goal,
    pub allow_v1: bool,
    /// Each begins with a byte that stands for its status.
    pub responses: Pieces<'a, 8>,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Goal {
    InstanceCredentials,
    Region,
    Identity,
    Container,
    AssumeRole,
}

/// `N` pieces with NUL between them; the last is all that is left.
#[derive(Clone, Debug)]
pub struct Pieces<'a, const N: usize>(pub [&'a [u8]; N]);

impl<'a> Arbitrary<'a> for Message<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let text = |piece| core::str::from_utf8(piece).map_err(|_| Error::IncorrectFormat);
        let mut rest = u.bytes(u.len())?;
        let method = text(piece(&mut rest))?;
        let host = text(piece(&mut rest))?;
        let target = text(piece(&mut rest))?;
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers = Vec::new();
        loop {
            let header = piece(&mut rest);
            if header.is_empty() {
                return Ok(Self { method, host, path, query, headers, body: rest });
            }
            let colon = header.iter().position(|byte| *byte == b':').unwrap_or(header.len());
            headers.push((text(&header[..colon])?, header.get(colon + 1..).unwrap_or_default()));
        }
    }
}

impl<'a, const N: usize> Arbitrary<'a> for Pieces<'a, N> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut rest = u.bytes(u.len())?;
        let mut pieces = [&[][..]; N];
        let (last, others) = pieces.split_last_mut().ok_or(Error::IncorrectFormat)?;
        for other in others {
            *other = piece(&mut rest);
        }
        *last = rest;
        Ok(Self(pieces))
    }
}

impl<'a, const N: usize> Pieces<'a, N> {
    /// The pieces, where all of them are UTF-8.
    pub fn texts(&self) -> Option<[&'a str; N]> {
        let mut texts = [""; N];
        for (text, piece) in texts.iter_mut().zip(self.0) {
            *text = core::str::from_utf8(piece).ok()?;
        }
        Some(texts)
    }
}

fn piece<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let end = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
    let (piece, after) = rest.split_at(end);
    *rest = after.get(1..).unwrap_or_default();
    piece
}
