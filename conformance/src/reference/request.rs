//! What is signed, by whom, and what comes out.

use super::Refusal;
use super::encoding::refuse_controls;
use crate::vectors::Secret;

/// A request as it would go on the wire.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Request {
    /// HTTP method; case matters.
    pub method: String,
    /// `http` or `https`: decides which port is dropped from the host.
    pub scheme: String,
    /// Host, with a port where there is one. A `Host` header goes before it.
    pub authority: String,
    /// Path; `/` when empty.
    pub path: Vec<u8>,
    /// Query without its `?`; empty where there is none.
    pub query: Vec<u8>,
    /// Header names and values, in the order sent.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Request {
    /// Splits a URL of the wire into a request without headers or body; nothing is decoded.
    ///
    /// # Errors
    /// [`Refusal::BadUrl`]: give an absolute URL without a fragment, which no client sends.
    pub fn from_url(method: &str, url: &str) -> Result<Self, Refusal> {
        let (scheme, rest) = url.split_once("://").ok_or(Refusal::BadUrl)?;
        if rest.contains('#') {
            return Err(Refusal::BadUrl);
        }
        let (before_query, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = match before_query.find('/') {
            Some(slash) => before_query.split_at(slash),
            None => (before_query, ""),
        };
        Ok(Self {
            method: method.into(),
            scheme: scheme.to_ascii_lowercase(),
            authority: authority.into(),
            path: path.into(),
            query: query.into(),
            headers: Vec::new(),
            body: Vec::new(),
        })
    }

    /// The method, where it is a token.
    pub(super) fn checked_method(&self) -> Result<&str, Refusal> {
        if is_token(&self.method) { Ok(&self.method) } else { Err(Refusal::BadMethod) }
    }
}

/// Whether the text is a token of RFC 9110, section 5.6.2.
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Who signs.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Credentials {
    /// Access key ID.
    pub access_key_id: String,
    /// Secret access key.
    pub secret_access_key: Secret,
    /// Session token, where the credentials are temporary.
    pub session_token: Option<String>,
}

impl Credentials {
    /// Long-term credentials.
    pub fn new(access_key_id: &str, secret_access_key: &str) -> Self {
        Self {
            access_key_id: access_key_id.into(),
            secret_access_key: Secret(secret_access_key.into()),
            session_token: None,
        }
    }

    /// The secret's bytes, the key of every chain.
    pub(super) fn secret(&self) -> &[u8] {
        self.secret_access_key.0.as_bytes()
    }

    /// Refuses what could break a line that it is written into.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        refuse_controls(self.access_key_id.as_bytes())?;
        refuse_controls(self.session_token.as_deref().unwrap_or_default().as_bytes())
    }
}

/// Where a SigV4 or SigV4A signature is good.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Scope {
    /// Region; the region set in SigV4A.
    pub region: String,
    /// Signing name of the service.
    pub service: String,
}

impl Scope {
    /// A scope.
    pub fn new(region: &str, service: &str) -> Self {
        Self { region: region.into(), service: service.into() }
    }

    /// Refuses what could break a line that it is written into.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        refuse_controls(self.region.as_bytes())?;
        refuse_controls(self.service.as_bytes())
    }
}

/// A signature and the steps to it. What a scheme does not have is `None` or empty.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Answer {
    /// Value of the `Authorization` header (`X-Amzn-Authorization` in SigV3).
    pub authorization: Option<String>,
    /// Body to send in place of the request's: chunked, or a signed form.
    pub body: Option<Vec<u8>>,
    /// The canonical request.
    pub canonical_request: Option<Vec<u8>>,
    /// Signatures of the chunks, hex, the zero chunk last.
    pub chunk_signatures: Vec<String>,
    /// The credential scope, without the access key ID.
    pub credential_scope: Option<String>,
    /// Headers that the signer adds, `authorization` apart.
    pub headers: Vec<(String, Vec<u8>)>,
    /// SigV4A private key, hex.
    pub private_key: Option<Secret>,
    /// SigV4A public key, the hex of both coordinates.
    pub public_key: Option<String>,
    /// Query to send in place of the request's, signature included.
    pub query: Option<String>,
    /// Signature of the request that precedes the chunks, hex.
    pub seed_signature: Option<String>,
    /// The signature: hex in SigV4 and SigV4A, base64 elsewhere; the last one of a stream.
    pub signature: String,
    /// Signatures of the events, hex.
    pub signatures: Vec<String>,
    /// Names of the signed headers, joined by `;`.
    pub signed_headers: Option<String>,
    /// The string to sign; of a stream, the one of the request that precedes it.
    pub string_to_sign: Option<Vec<u8>>,
    /// Signature of the trailers, hex.
    pub trailer_signature: Option<String>,
    /// String to sign of the trailers.
    pub trailer_string_to_sign: Option<String>,
}
