use core::fmt;
use std::collections::HashSet;

use awsauth_core::verify::{
    Claim, MissingPayloadHash, Refusal, StreamingPayload, UnsignedPayload, VerifyPolicy,
};
use awsauth_core::{CredentialScope, Date, Header, Request, Signature, SigningKey, StringToSign, Timestamp};
use awsauth_credentials::Credentials;
use http::header::{AUTHORIZATION, HOST};

use super::body_digests::BodyDigests;
use super::canonical::Canonical;
use super::text;
use crate::request::body::BodyBytes;
use crate::request::head::RequestHead;

/// A record of a signed request, from which an error response can be explained: what was signed, and with which credentials.
///
/// `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Trace {
    pub(super) credentials: Credentials,
    /// The signature in the request and what it covers, or why it cannot be read.
    pub(super) signed: Result<SignedParts, Refusal>,
    /// The names of `x-amz-*` headers that are not signed.
    pub(super) unsigned: Vec<String>,
    /// The host and port of its URL.
    pub(super) authority: Option<String>,
    pub(super) body: Option<BodyDigests>,
}

/// The canonical form of the request as it is, and its signature.
#[derive(Clone)]
pub(super) struct SignedParts {
    pub(super) date: String,
    pub(super) region: String,
    pub(super) service: String,
    pub(super) time: Timestamp,
    pub(super) expires: Option<u32>,
    pub(super) has_token: bool,
    pub(super) canonical: Canonical,
    pub(super) signature: Signature,
}

impl Trace {
    /// How many bytes of a response's body are read to explain it. S3 returns its canonical request as text and as hex: at
    /// least four bytes for each byte of a head that has at most 16 KB (8 KB of headers, and as much of a URL).
    pub const BODY_LIMIT: usize = 256 * 1024;

    /// Records a request that was signed with these credentials. Call it last, right before the request is sent.
    pub fn of<B: BodyBytes>(request: &http::Request<B>, credentials: &Credentials) -> Self {
        Self::of_head(request, Some(request.body().body_bytes()), credentials)
    }

    /// Records any request, or `http::request::Parts`, like [`of`](Self::of) does. `body` is `None` for a body that streams.
    pub fn of_head(head: &impl RequestHead, body: Option<&[u8]>, credentials: &Credentials) -> Self {
        let body = body.map(BodyDigests::of);
        let (signed, unsigned) = read(head, body.as_ref());
        let authority = head.authority().map(str::to_owned);
        Self { credentials: credentials.clone(), signed, unsigned, authority, body }
    }

    /// What a diagnosis must not show, in every form in which it is sent.
    pub(super) fn secrets(&self) -> Vec<String> {
        let token = self.credentials.session_token();
        let signature = self.signed.as_ref().ok().map(|signed| signed.signature.to_string());
        let own = [Some(self.credentials.secret_access_key()), token, signature.as_deref()];
        let forms = own.into_iter().flatten().flat_map(|secret| {
            let once = text::encode(secret.as_bytes());
            let twice = text::encode(once.as_bytes());
            [secret.to_owned(), once, twice]
        });
        forms.collect()
    }
}

impl SignedParts {
    pub(super) fn scope(&self) -> String {
        format!("{}/{}/{}/aws4_request", self.date, self.region, self.service)
    }

    /// The signing key of this scope; `None` if the scope is malformed.
    pub(super) fn key(&self, secret: &str) -> Option<SigningKey<'_>> {
        let scope = CredentialScope::new(Date::parse(&self.date).ok()?, &self.region, &self.service).ok()?;
        Some(SigningKey::derive(secret, scope))
    }

    /// Whether the signature that was sent is that of a canonical request with this hash.
    pub(super) fn is_of(&self, canonical_sha256: [u8; 32], key: &SigningKey<'_>) -> bool {
        let text = StringToSign::new("AWS4-HMAC-SHA256", self.time, key.scope(), canonical_sha256);
        key.sign(&text) == self.signature
    }

    fn of(claim: &Claim<'_>, signature: Signature) -> Option<Self> {
        let mut canonical_request = Vec::new();
        claim.canonical_request().write_to(&mut |run: &[u8]| canonical_request.extend_from_slice(run));
        let scope = claim.scope();
        Some(Self {
            date: scope.date().to_string(),
            region: scope.region()?.to_owned(),
            service: scope.service().to_owned(),
            time: claim.time(),
            expires: claim.expires(),
            has_token: claim.session_token().is_some(),
            canonical: Canonical::parse(&canonical_request)?,
            signature,
        })
    }
}

fn read(head: &impl RequestHead, body: Option<&BodyDigests>) -> (Result<SignedParts, Refusal>, Vec<String>) {
    let mut headers: Vec<_> =
        head.headers().iter().map(|(name, value)| Header::new(name.as_str(), value.as_bytes())).collect();
    let listed = listed_headers(head);
    // Unsigned headers do not matter, except those that state time, token and payload hash.
    let is_unsigned =
        |header: &Header<'_>| header.name.starts_with("x-amz-") && !listed.contains(header.name);
    let mut unsigned: Vec<_> =
        headers.iter().filter(|header| is_unsigned(header)).map(|header| header.name.to_owned()).collect();
    unsigned.dedup();
    headers.retain(|header| !is_unsigned(header) || READ_UNSIGNED.contains(&header.name));
    let host = head.headers().get(HOST).and_then(|host| host.to_str().ok()).or(head.authority());
    let query = head.query().unwrap_or_default();
    let request = Request::from_parts(head.method(), head.path(), query, host.unwrap_or_default())
        .protocol(head.protocol().ok().flatten().unwrap_or_default())
        .headers(&headers);
    let mut policy = VerifyPolicy::DEFAULT;
    // Any signature is to be explained: whether it is in time and covers enough is for the service to decide.
    policy.allowed_skew = u32::MAX;
    policy.maximum_expires = u32::MAX;
    policy.unsigned_headers = &READ_UNSIGNED;
    policy.missing_payload_hash = MissingPayloadHash::Allowed;
    policy.streaming_payload = StreamingPayload::Allowed;
    let states_payload =
        head.headers().contains_key("x-amz-content-sha256") || query.contains("X-Amz-Content-Sha256=");
    if states_payload {
        policy.unsigned_payload = UnsignedPayload::Allowed;
    }
    // In the first second of 1970 nothing has expired.
    let claim = Timestamp::from_unix(0).map_err(Refusal::from).and_then(|now| match body {
        Some(body) if !states_payload => policy.claim(&request, Some(body.sent), now),
        _ => match policy.claim_head(&request, now)? {
            claim if claim.awaits_payload_hash() => Err(Refusal::PayloadHashNeeded),
            claim => Ok(claim),
        },
    });
    match claim {
        Ok(claim) => {
            let parts = presented_signature(head).and_then(|signature| SignedParts::of(&claim, signature));
            (parts.ok_or(Refusal::MalformedAuthorization), unsigned)
        }
        Err(refusal) => (Err(refusal), Vec::new()),
    }
}

/// Headers that matter whether or not they are signed.
const READ_UNSIGNED: [&str; 4] =
    ["x-amz-content-sha256", "x-amz-date", "x-amz-s3session-token", "x-amz-security-token"];

/// The names of the headers that the signature states it covers.
fn listed_headers(head: &impl RequestHead) -> HashSet<String> {
    let authorization = head.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let names = |text: &str, end: char| {
        let (_, names) = text.split_once("SignedHeaders=")?;
        Some(names.split(end).next().unwrap_or_default().trim().to_owned())
    };
    let list = match authorization {
        Some(authorization) => names(authorization, ','),
        None => head
            .query()
            .and_then(|query| names(query, '&'))
            .map(|names| text::decode(&names))
            .and_then(|names| String::from_utf8(names).ok()),
    };
    list.unwrap_or_default().split(';').map(str::to_owned).collect()
}

/// Read from the request itself, as a claim does not reveal its signature before it is verified.
fn presented_signature(head: &impl RequestHead) -> Option<Signature> {
    let authorization = head.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (_, digits) = authorization.or(head.query())?.split_once("Signature=")?;
    Signature::parse(digits.get(..64)?).ok()
}

impl fmt::Debug for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trace(..)")
    }
}
