//! Signs cases of the vectors through the public API of the published crates alone. It never looks at `expected`.

mod chunked;
mod event;
mod post;
mod s3;
mod v2;
mod v3;
mod v4;
mod v4a;

use awsauth_core::Credentials;
use serde::Serialize;

use crate::vectors::{Case, Scheme};

/// What came of one case: the keys that apply to its scheme, or `error`.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The case's name.
    pub id: String,
    /// The signature: hex in SigV4 and SigV4A, base64 elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// The canonical request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical_request: Option<String>,
    /// The string to sign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub string_to_sign: Option<String>,
    /// The `authorization` header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization: Option<String>,
    /// SigV4A public key, the hex of both coordinates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
    /// The signature of the request before its chunks, hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed_signature: Option<String>,
    /// The chunks' signatures, hex, the empty last chunk's included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chunk_signatures: Option<Vec<String>>,
    /// The trailer's signature, hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trailer_signature: Option<String>,
    /// The event messages' signatures, hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signatures: Option<Vec<String>>,
    /// Bytes of the chunked body, as framed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wire_body_len: Option<usize>,
    /// SHA-256 of the chunked body, as framed, hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wire_body_sha256: Option<String>,
    /// `<variant>: <text>`, where the library refuses the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Why a case has no signature.
pub(crate) struct Refused(String);

impl<E: core::fmt::Debug + core::fmt::Display> From<E> for Refused {
    fn from(error: E) -> Self {
        Self(format!("{error:?}: {error}"))
    }
}

/// The credentials of a case, for the schemes that sign with the secret itself.
fn credentials(case: &Case) -> Result<Credentials<'_>, awsauth_core::Error> {
    let credentials = Credentials::new(&case.access_key, &case.secret_key.0)?;
    match &case.session_token {
        Some(token) => credentials.session_token(token),
        None => Ok(credentials),
    }
}

/// Signs one case.
#[must_use]
pub fn sign(case: &Case) -> Outcome {
    let signed = match case.scheme {
        Scheme::S3 => s3::header(case),
        Scheme::S3Post => post::s3_legacy(case),
        Scheme::S3Query => s3::query(case),
        Scheme::V2Post => v2::form(case),
        Scheme::V2Query => v2::query(case),
        Scheme::V3 => v3::signed_body(case),
        Scheme::V3Https => v3::https(case),
        Scheme::V4 => v4::header(case),
        Scheme::V4Chunked => chunked::body(case),
        Scheme::V4Event => event::stream(case),
        Scheme::V4Post => post::sigv4(case),
        Scheme::V4Query => v4::query(case),
        Scheme::V4a => v4a::header(case),
        Scheme::V4aQuery => v4a::query(case),
    };
    let outcome =
        signed.unwrap_or_else(|Refused(error)| Outcome { error: Some(error), ..Outcome::default() });
    Outcome { id: case.id.clone(), ..outcome }
}
