use core::fmt;

use awsauth_core::verify::{Claim, Policy, Refusal, StreamingPayload, UnsignedPayload};
use awsauth_core::{
    CredentialScope, Date, Header, Request, Signature, SigningKey, StringToSign, Timestamp, TokenPlacement,
    sha256,
};
use awsauth_credentials::Credentials;
use http::header::{AUTHORIZATION, HOST};
use http::{HeaderMap, StatusCode};

use super::answer::Answer;
use super::canonical::Canonical;
use super::{Diagnosis, codes, compare};
use crate::{BodyBytes, RequestHead};

/// A signed request, kept to be explained: what was signed, and with what. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Trace {
    pub(super) credentials: Credentials,
    /// What stands in the request; or why that is no signature.
    pub(super) signed: Result<SignedParts, Refusal>,
    /// The names of `x-amz-*` headers that are not signed.
    pub(super) unsigned: Vec<String>,
    /// The host and port of its URL.
    pub(super) authority: Option<String>,
    pub(super) body: Option<BodyDigests>,
}

/// The canonical form of the request as it is, and the signature that it has.
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

/// The hashes of a body, and of what clients make of it.
#[derive(Clone)]
pub(super) struct BodyDigests {
    pub(super) sent: [u8; 32],
    pub(super) other_newlines: Vec<[u8; 32]>,
}

/// Longer bodies are not searched for changed newlines.
const LONGEST_SEARCHED: usize = 1 << 20;

impl Trace {
    /// The bytes of an answer's body that whoever reads one has to keep: S3 gives its canonical request as text and as
    /// hex, four bytes and more for each byte of a head that has at most 16 KB (8 KB of headers, as much of a URL).
    pub const ANSWER_LIMIT: usize = 256 * 1024;

    /// Of a request that was signed with these credentials, before it is sent.
    pub fn new<B: BodyBytes>(request: &http::Request<B>, credentials: &Credentials) -> Self {
        Self::of_head(request, Some(request.body().body_bytes()), credentials)
    }

    /// Of any request, or `http::request::Parts`; `None` for a body that streams.
    pub fn of_head(head: &impl RequestHead, body: Option<&[u8]>, credentials: &Credentials) -> Self {
        let body = body.map(BodyDigests::of);
        let (signed, unsigned) = read(head, body.as_ref());
        let authority = head.authority().map(str::to_owned);
        Self { credentials: credentials.clone(), signed, unsigned, authority, body }
    }

    /// What is wrong, going by the service's answer.
    pub fn explain<B: BodyBytes>(&self, response: &http::Response<B>) -> Diagnosis {
        self.explain_parts(response.status(), response.headers(), response.body().body_bytes())
    }

    /// As [`explain`](Self::explain), for other clients' responses.
    #[must_use]
    pub fn explain_parts(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Diagnosis {
        let answer = Answer::read(status, headers, body);
        codes::by_code(self, &answer).unwrap_or_else(|| compare::by_comparison(self, &answer))
    }
}

impl SignedParts {
    pub(super) fn scope(&self) -> String {
        format!("{}/{}/{}/aws4_request", self.date, self.region, self.service)
    }

    /// The signing key of this scope; `None` if the scope cannot be.
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

impl BodyDigests {
    fn of(body: &[u8]) -> Self {
        let mut other_newlines = Vec::new();
        if body.len() <= LONGEST_SEARCHED {
            let mut changed = body.to_vec();
            changed.push(b'\n');
            other_newlines.push(sha256(&changed));
            changed.insert(body.len(), b'\r');
            other_newlines.push(sha256(&changed));
            other_newlines.push(sha256(body.trim_ascii_end()));
            if let Some(shorter) = body.strip_suffix(b"\n") {
                other_newlines.push(sha256(shorter));
            }
            let unix: Vec<u8> = body.iter().copied().filter(|byte| *byte != b'\r').collect();
            other_newlines.push(sha256(&unix));
            let dos: Vec<u8> = unix
                .iter()
                .flat_map(|byte| if *byte == b'\n' { &b"\r\n"[..] } else { core::slice::from_ref(byte) })
                .copied()
                .collect();
            other_newlines.push(sha256(&dos));
        }
        let sent = sha256(body);
        other_newlines.retain(|digest| *digest != sent);
        Self { sent, other_newlines }
    }
}

fn read(head: &impl RequestHead, body: Option<&BodyDigests>) -> (Result<SignedParts, Refusal>, Vec<String>) {
    let headers: Vec<_> =
        head.headers().iter().map(|(name, value)| Header::new(name.as_str(), value.as_bytes())).collect();
    let amz: Vec<&str> =
        headers.iter().map(|header| header.name).filter(|name| name.starts_with("x-amz-")).collect();
    let host = head.headers().get(HOST).and_then(|host| host.to_str().ok()).or(head.authority());
    let query = head.query().unwrap_or_default();
    let request = Request::from_parts(head.method(), head.path(), query, host.unwrap_or_default())
        .protocol(head.protocol().ok().flatten().unwrap_or_default())
        .headers(&headers);
    let mut policy = Policy::DEFAULT;
    // Whatever was signed is to be explained: the service decides whether it is in time, and what it covers.
    policy.allowed_skew = u32::MAX;
    policy.maximum_expires = u32::MAX;
    policy.unsigned_headers = &amz;
    policy.streaming_payload = StreamingPayload::Allowed;
    let states_payload =
        head.headers().contains_key("x-amz-content-sha256") || query.contains("X-Amz-Content-Sha256=");
    if states_payload {
        policy.unsigned_payload = UnsignedPayload::Allowed;
    }
    if query.contains("iotdevicegateway") {
        policy.token_placement = TokenPlacement::AppendedUnsigned;
    }
    // At the first second of all, nothing has expired.
    let claim = Timestamp::from_unix(0).map_err(Refusal::from).and_then(|now| match body {
        Some(body) if !states_payload => policy.claim(&request, Some(body.sent), now),
        _ => match policy.claim_head(&request, now)? {
            claim if claim.awaits_payload_hash() => Err(Refusal::PayloadHashNeeded),
            claim => Ok(claim),
        },
    });
    match claim {
        Ok(claim) => {
            let unsigned =
                amz.iter().filter(|name| !claim.is_signed(name)).map(ToString::to_string).collect();
            let parts = presented_signature(head).and_then(|signature| SignedParts::of(&claim, signature));
            (parts.ok_or(Refusal::MalformedAuthorization), unsigned)
        }
        Err(refusal) => (Err(refusal), Vec::new()),
    }
}

/// A claim does not give its signature away before it is verified.
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
