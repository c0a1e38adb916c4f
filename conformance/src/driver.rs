//! Signs cases of the vectors through the public API of the published crates alone. It never looks at `expected`.

mod chunked;
mod event;
mod v4;
mod v4a;

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

/// Signs one case.
#[must_use]
pub fn sign(case: &Case) -> Outcome {
    let signed = match case.scheme {
        Scheme::V4 => v4::header(case),
        Scheme::V4Chunked => chunked::body(case),
        Scheme::V4Event => event::stream(case),
        Scheme::V4Query => v4::query(case),
        Scheme::V4a => v4a::header(case),
        Scheme::V4aQuery => v4a::query(case),
        _ => Err(Refused(format!("Unsupported: scheme {:?}", case.scheme))),
    };
    let outcome =
        signed.unwrap_or_else(|Refused(error)| Outcome { error: Some(error), ..Outcome::default() });
    Outcome { id: case.id.clone(), ..outcome }
}
