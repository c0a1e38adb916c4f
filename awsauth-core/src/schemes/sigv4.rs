//! [AWS Signature Version 4](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html).

pub(crate) mod authentication;
mod canonical_request;
mod chunk;
pub(crate) mod event;
mod identity;
mod options;
#[cfg(feature = "alloc")]
mod owned_key;
mod presigned;
mod scope;
mod signature;
mod signed;
mod signer;
mod signing_key;
mod string_to_sign;
mod unsigned;
mod verbatim;

pub use canonical_request::CanonicalRequest;
pub use chunk::{ChainedStringToSign, ChunkKey, ChunkSigner, ChunkVerifyingKey, Trailers};
pub use event::EventSigner;
pub use identity::Identity;
pub use options::{RepeatedParameters, SigningOptions, TokenPlacement};
#[cfg(feature = "alloc")]
pub use owned_key::OwnedSigningKey;
pub use scope::CredentialScope;
pub use signature::{Signature, SignatureText};
pub use signed::{AddedHeader, Signed, Target};
pub use signer::{SigningSpace, Sigv4};
pub(crate) use signing_key::ALGORITHM;
pub use signing_key::SigningKey;
pub use string_to_sign::StringToSign;
pub use unsigned::Unsigned;
pub use verbatim::{SignedVerbatim, Verbatim, VerbatimHeader};
