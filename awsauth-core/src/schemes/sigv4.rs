//! Signature Version 4 (AWS: "AWS Signature Version 4 for API requests").

pub(crate) mod authentication;
mod canonical_request;
mod chunk;
pub(crate) mod event;
mod options;
#[cfg(feature = "alloc")]
mod owned_key;
#[cfg(feature = "alloc")]
mod owned_signed_headers;
mod prepare;
mod presigned;
mod scope;
mod signed;
mod signer;
mod signing_key;
mod string_to_sign;
mod verbatim;

pub use canonical_request::CanonicalRequest;
pub use chunk::{ChainedStringToSign, ChunkKey, ChunkSigner, ChunkVerifyingKey, Trailers};
pub use event::EventSigner;
pub use options::{RepeatedParameters, SignedHeaders, SigningOptions, TokenPlacement};
#[cfg(feature = "alloc")]
pub use owned_key::OwnedSigningKey;
#[cfg(feature = "alloc")]
pub use owned_signed_headers::OwnedSignedHeaders;
pub use prepare::{Identity, Unsigned};
pub(crate) use prepare::{check_access_key_id, check_session_token};
pub use scope::CredentialScope;
pub use signed::{AddedHeader, SignatureText, Signed, Target};
pub use signer::{SigningSpace, Sigv4};
pub use signing_key::{Signature, SigningKey};
pub use string_to_sign::StringToSign;
pub use verbatim::{SignedVerbatim, Verbatim, VerbatimHeader};

/// The algorithm's name in string to sign, header and query.
pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";
