use core::{fmt, mem};

use super::authentication::begin_authorization;
use super::chunk::ChunkSigner;
use super::signature::Signature;
use super::signing_key::{ALGORITHM, SigningKey};
use super::string_to_sign::StringToSign;
use crate::hash;
use crate::text::ascii;
use crate::text::hex;
use crate::text::percent;
use crate::text::sink::{ByteSink, print_what_is_written};
use crate::text::writer::{Writer, gather};
use crate::vocabulary::credentials::{check_access_key_id, check_session_token};
use crate::vocabulary::error::Error;
use crate::vocabulary::payload::PayloadHash;
use crate::vocabulary::request::{Header, Protocol, Request};
use crate::vocabulary::time::AsciiText;
use crate::vocabulary::time::Timestamp;

/// [Signature Version 4](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html)
/// for requests that are canonical as they stand. It refuses others, where [`Sigv4`](crate::Sigv4) would canonicalise
/// them: so it is half the size, for firmware that writes its requests itself.
///
/// - The method is in upper case.
/// - The path begins with a slash, consists of `A-Z a-z 0-9 - . _ ~ /` alone, and contains neither `//` nor `/.`.
/// - The query's parameters are `name=value`, in the order of their names, each name once (parameters of one name are
///   sent in one order and signed in another); all but `A-Z a-z 0-9 - . _ ~` is escaped, in upper case. No name begins
///   with `X-Amz-`, as those of presigned URLs do.
/// - The host consists of `a-z 0-9 - .` alone, optionally with a port that is not the protocol's default.
/// - The headers, without `host` and those that signing adds (`authorization`, `x-amz-content-sha256`, `x-amz-date`
///   and, with a session token, `x-amz-security-token`), are in the order of their names, each once; names are `a-z 0-9
///   - .`, and values have no controls, no spaces at their ends and no two in a row.
///
/// All headers of the [`Request`] are signed: put `content-type` and every `x-amz-*` into it, and send headers that
/// proxies may change, such as `user-agent`, without putting them into it. A token with another header name, such as S3
/// Express's `x-amz-s3session-token`, goes into the request as a header, without setting a session token here. Send
/// path and query as they are.
///
/// `x-amz-content-sha256` is sent to every service. For other [`SigningOptions`](crate::SigningOptions) and for
/// presigned URLs use [`Sigv4`](crate::Sigv4).
///
/// ```
/// use awsauth_core::{CredentialScope, Header, PayloadHash, Request, SigningKey, Timestamp, Verbatim};
/// use core::fmt::Write;
///
/// let now = Timestamp::from_unix(1_440_938_160)?;
/// let scope = CredentialScope::new(now.date(), "eu-central-1", "s3")?;
/// let key = SigningKey::derive("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", scope);
///
/// let headers = [Header::new("content-type", b"text/plain")];
/// let host = "bucket.s3.eu-central-1.amazonaws.com";
/// let request = Request::put("/telemetry/42", host).headers(&headers);
/// let signed = Verbatim::new("AKIDEXAMPLE", &key).sign(&request, PayloadHash::of(b"21.5"), now)?;
///
/// let mut tx = String::from("PUT /telemetry/42 HTTP/1.1\r\ncontent-type: text/plain\r\ncontent-length: 4\r\n");
/// write!(tx, "host: {host}\r\n")?;
/// for (name, value) in signed.headers() {
///     write!(tx, "{name}: {value}\r\n")?;
/// }
/// # assert!(tx.contains("SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, Signature="));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
#[doc(alias = "firmware")]
#[doc(alias = "embedded")]
pub struct Verbatim<'a> {
    access_key_id: &'a str,
    key: &'a SigningKey<'a>,
    session_token: Option<&'a str>,
}

/// A request that was signed as it stands: the headers to add.
#[derive(Clone)]
pub struct SignedVerbatim<'a> {
    signer: Verbatim<'a>,
    request: &'a Request<'a>,
    time: Timestamp,
    /// The time as it is sent: to render it anew at each use takes more flash.
    basic: AsciiText<16>,
    payload: PayloadHash,
    signature: Signature,
}

impl<'a> Verbatim<'a> {
    /// Creates a signer with this key.
    #[must_use]
    #[inline(always)]
    pub const fn new(access_key_id: &'a str, key: &'a SigningKey<'a>) -> Self {
        Self { access_key_id, key, session_token: None }
    }

    /// Sets the session token of temporary credentials, which is sent and signed as `x-amz-security-token`.
    #[must_use]
    #[inline(always)]
    pub const fn session_token(mut self, token: &'a str) -> Self {
        self.session_token = Some(token);
        self
    }

    /// Signs a request at `now`. The signature is the one that [`Sigv4::sign`](crate::Sigv4::sign) makes, if that signs
    /// the same headers.
    ///
    /// # Errors
    /// [`Error::NotCanonicalMethod`], [`Error::NotCanonicalPath`], [`Error::NotCanonicalQuery`],
    /// [`Error::NotCanonicalHost`], [`Error::NotCanonicalHeaders`] if a part of the request is not as [`Verbatim`] says;
    /// [`Error::KeyOfAnotherDay`] if the key is not of the day of `now`; [`Error::MalformedAccessKeyId`],
    /// [`Error::MalformedSessionToken`].
    pub fn sign(
        &self,
        request: &'a Request<'a>,
        payload: PayloadHash,
        now: Timestamp,
    ) -> Result<SignedVerbatim<'a>, Error> {
        let basic = now.basic();
        let parts = Parts { signer: self, request, time: &basic, payload: &payload };
        parts.check()?;
        let signature = parts.signature();
        Ok(SignedVerbatim { signer: *self, request, time: now, basic, payload, signature })
    }
}

impl<'a> SignedVerbatim<'a> {
    /// Returns the headers to add, in the order of their names except that `authorization` is last.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, VerbatimHeader<'_, 'a>)> {
        let mut next = 0;
        core::iter::from_fn(move || {
            if next == 2 && self.signer.session_token.is_none() {
                next = 3;
            }
            let name = *ADDED.get(next)?;
            next += 1;
            Some((name, VerbatimHeader { signed: self, at: next - 1 }))
        })
    }

    /// Returns the signature.
    #[must_use]
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Returns the payload hash, which is sent as `x-amz-content-sha256`.
    #[must_use]
    pub fn payload_hash(&self) -> PayloadHash {
        self.payload
    }

    /// Returns a signer for the chunks of this request's body;
    /// [`Framing::verbatim_encoder`](crate::streaming::aws_chunked::Framing::verbatim_encoder) puts them on the wire.
    #[must_use]
    pub fn chunks(&self) -> ChunkSigner<&'a SigningKey<'a>> {
        ChunkSigner::of_checked(self.signer.key, self.time, self.signature)
    }

    /// Writes the canonical request, as AWS shows it in `<CanonicalRequest>`.
    pub fn write_canonical_request(&self, sink: &mut impl ByteSink) {
        gather(sink, |writer| self.parts().render(writer));
    }

    /// Returns the string to sign, computed anew.
    #[must_use]
    pub fn string_to_sign(&self) -> StringToSign<'a> {
        self.parts().string_to_sign(self.parts().sha256())
    }

    fn parts(&self) -> Parts<'_, 'a> {
        Parts { signer: &self.signer, request: self.request, time: &self.basic, payload: &self.payload }
    }

    fn write_authorization(&self, writer: &mut Writer<'_>) {
        let Verbatim { access_key_id, key, .. } = self.signer;
        begin_authorization(ALGORITHM, access_key_id, key.scope(), writer);
        self.parts().write_names(writer);
        writer.put(b", Signature=");
        hex::write(self.signature.as_bytes(), writer);
    }
}

/// The value of a header that signing adds. It prints as it is sent, including tokens.
pub struct VerbatimHeader<'s, 'a> {
    signed: &'s SignedVerbatim<'a>,
    /// In [`ADDED`].
    at: usize,
}

impl VerbatimHeader<'_, '_> {
    /// Writes its bytes: printable ASCII.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        let signed = self.signed;
        match self.at {
            0 => signed.payload.write_to(sink),
            1 => sink.put(signed.basic.as_bytes()),
            3 => gather(sink, |writer| signed.write_authorization(writer)),
            _ => sink.put(signed.signer.session_token.unwrap_or_default().as_bytes()),
        }
    }

    /// Returns whether the value must stay out of logs: a session token, or `authorization`.
    #[must_use]
    pub fn is_sensitive(&self) -> bool {
        self.at >= 2
    }
}

/// The names of the headers that are added, in the order in which they are given.
const ADDED: [&str; 4] = ["x-amz-content-sha256", "x-amz-date", "x-amz-security-token", "authorization"];

/// All that is signed.
struct Parts<'f, 'a> {
    signer: &'f Verbatim<'a>,
    request: &'a Request<'a>,
    time: &'f AsciiText<16>,
    payload: &'f PayloadHash,
}

impl<'f, 'a> Parts<'f, 'a> {
    #[inline(never)]
    fn check(&self) -> Result<(), Error> {
        let Verbatim { access_key_id, key, session_token } = *self.signer;
        let Request { method, host, path, query, headers, .. } = *self.request;
        if self.time.as_bytes().first_chunk() != Some(key.scope().date().as_bytes()) {
            return Err(Error::KeyOfAnotherDay);
        }
        check_access_key_id(access_key_id)?;
        session_token.map_or(Ok(()), check_session_token)?;
        if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(Error::NotCanonicalMethod);
        }
        if !path.starts_with('/') || !ascii::is_resolved_path(path.as_bytes()) {
            return Err(Error::NotCanonicalPath);
        }
        if !is_canonical_query(query.as_bytes()) {
            return Err(Error::NotCanonicalQuery);
        }
        if !is_canonical_host(host.as_bytes(), self.request.protocol) {
            return Err(Error::NotCanonicalHost);
        }
        let is_canonical = |header: &Header<'_>| {
            let name = header.name.as_bytes();
            // An `authorization` would be sent beside ours. To compare by `==` links `memcmp`.
            ascii::is_lower_name(name)
                && ascii::is_tidy(header.value)
                && (ascii::is_before(name, b"authorization") || ascii::is_before(b"authorization", name))
        };
        let mut canonical = headers.iter().all(is_canonical);
        let mut previous: &[u8] = b"";
        self.each_header(b"", &mut |name, _| {
            canonical &= ascii::is_before(mem::replace(&mut previous, name), name)
        });
        if canonical { Ok(()) } else { Err(Error::NotCanonicalHeaders) }
    }

    #[inline]
    fn signature(&self) -> Signature {
        self.signer.key.sign_rendered(|writer| self.render(writer), |digest| self.string_to_sign(digest))
    }

    fn sha256(&self) -> [u8; 32] {
        hash::sha256_of(|hasher| self.render(hasher))
    }

    fn string_to_sign(&self, canonical_request: [u8; 32]) -> StringToSign<'a> {
        StringToSign::at(ALGORITHM, *self.time, self.signer.key.scope(), canonical_request)
    }

    fn render(&self, writer: &mut Writer<'_>) {
        let Request { method, path, query, .. } = *self.request;
        for part in [method, path, query] {
            writer.put(part.as_bytes());
            writer.put_byte(b'\n');
        }
        writer.advance();
        let mut digits = [0; 64];
        let payload = self.payload.text(&mut digits);
        self.each_header(payload, &mut |name, value| writer.put_line(name, value));
        writer.put_byte(b'\n');
        self.write_names(writer);
        writer.put_byte(b'\n');
        writer.put(payload);
    }

    fn write_names(&self, writer: &mut Writer<'_>) {
        let mut separate = false;
        self.each_header(b"", &mut |name, _| {
            if separate {
                writer.put_byte(b';');
            }
            separate = true;
            writer.put(name);
        });
    }

    /// The signed headers in the order of their names, if those of the caller are. Of two with one name, the caller's is first.
    #[inline(never)]
    fn each_header<'v>(&self, payload: &'v [u8], take: &mut dyn FnMut(&'v [u8], &'v [u8]))
    where
        'f: 'v,
    {
        let token = self.signer.session_token;
        let [content_sha256, date, security_token, _] = ADDED;
        let added = [
            Header::new("host", self.request.host.as_bytes()),
            Header::new(content_sha256, payload),
            Header::new(date, self.time.as_bytes()),
            Header::new(security_token, token.unwrap_or_default().as_bytes()),
        ];
        let mut added = added.get(..3 + usize::from(token.is_some())).unwrap_or_default();
        let mut callers = self.request.headers;
        loop {
            let from = match (callers, added) {
                ([caller, ..], [first, ..])
                    if ascii::is_before(first.name.as_bytes(), caller.name.as_bytes()) =>
                {
                    &mut added
                }
                ([], _) => &mut added,
                _ => &mut callers,
            };
            let Some((first, rest)) = from.split_first() else { return };
            take(first.name.as_bytes(), first.value);
            *from = rest;
        }
    }
}

/// Whether this is a name in lower case, perhaps with another port than the protocol's own.
fn is_canonical_host(host: &[u8], protocol: Protocol) -> bool {
    let end = host.iter().position(|byte| *byte == b':').unwrap_or(host.len());
    let (name, port) = host.split_at_checked(end).unwrap_or_default();
    let is_canonical_port = match port {
        [] => true,
        [_, digits @ ..] => {
            !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) && !protocol.is_default_port(digits)
        }
    };
    ascii::is_lower_name(name) && is_canonical_port
}

/// Whether the parameters are `name=value`, encoded, each name once and in order, and none is of a presigned signature.
fn is_canonical_query(query: &[u8]) -> bool {
    let mut previous: &[u8] = b"";
    query.is_empty()
        || query.split(|byte| *byte == b'&').all(|parameter| {
            let name = parameter.split(|byte| *byte == b'=').next().unwrap_or_default();
            let ascends = ascii::is_before(previous, name);
            previous = name;
            // A server would take them for another signature, which Sigv4 removes.
            let is_signature = parameter.first_chunk() == Some(b"X-Amz-");
            match parameter.get(name.len()..) {
                Some([b'=', value @ ..]) => {
                    ascends && !is_signature && percent::is_encoded(name) && percent::is_encoded(value)
                }
                _ => false,
            }
        })
}

print_what_is_written!(VerbatimHeader);

impl fmt::Debug for Verbatim<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verbatim")
            .field("access_key_id", &self.access_key_id)
            .field("key", &self.key)
            .field("session_token", &self.session_token.map(|_| ".."))
            .finish()
    }
}

impl fmt::Debug for SignedVerbatim<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedVerbatim")
            .field("signer", &self.signer)
            .field("request", self.request)
            .field("time", &self.time)
            .field("payload", &self.payload)
            .field("signature", &self.signature)
            .finish()
    }
}
