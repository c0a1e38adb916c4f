//! Signs, verifies and explains AWS requests. `no_std`, no heap, no `unsafe`, no clock, no I/O, no panic.
//!
//! The caller passes a borrowed [`Request`], a [`PayloadHash`], a [`SigningKey`] and a [`Timestamp`]. Signing returns a
//! [`Signed`]: the target to send and the headers to add, each of which prints into any writer.
//!
//! ```
//! use awsauth_core::{CredentialScope, PayloadHash, Request, SigningKey, Sigv4, Timestamp};
//! use core::fmt::Write;
//!
//! let now = Timestamp::from_unix(1_440_938_160)?; // from SNTP, a GPS, the cloud's own `Date` header
//! let scope = CredentialScope::new(now.date(), "eu-central-1", "s3")?;
//! let key = SigningKey::derive("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", scope); // once a day
//! let body = b"21.5";
//!
//! let host = "bucket.s3.eu-central-1.amazonaws.com";
//! let request = Request::put("/telemetry/42", host);
//! let signed = Sigv4::new("AKIDEXAMPLE", &key).sign(&request, PayloadHash::of(body), now)?;
//!
//! let mut tx = String::new(); // a UART, a socket
//! write!(tx, "PUT {} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {}\r\n", signed.target(), body.len())?;
//! for (name, value) in signed.headers() {
//!     write!(tx, "{name}: {value}\r\n")?;
//! }
//! write!(tx, "\r\n")?; // and then the body
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! Besides Signature Version 4 there are [`sigv2`], [`sigv3`], forms for uploads from a browser in [`post_policy`] and,
//! with the feature `s3-legacy`, S3's original scheme in `s3_legacy`. The module [`verify`] checks what others have
//! signed.
//!
//! Firmware that writes its requests in canonical form can sign them with [`Verbatim`], which is half the size. The
//! module [`embedded`] shows firmware with an async network stack that gets its time from SNTP.
//!
//! Lengths are unlimited. A request may have 64 headers and 64 query parameters; the feature `alloc` lifts that limit.

#![no_std]
#![cfg_attr(test, allow(clippy::indexing_slicing, clippy::cast_possible_truncation))]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(test)]
extern crate std;

mod canonical;
pub mod endpoint;
mod hash;
mod schemes;
mod streaming;
mod text;
pub mod verify;
mod vocabulary;

#[doc = include_str!("../docs/embedded.md")]
pub mod embedded {}

pub use canonical::header_selection::is_authentication_header;
pub use canonical::header_value::CanonicalHeaderValue;
pub use canonical::host::CanonicalHost;
#[cfg(feature = "alloc")]
pub use canonical::owned_signed_headers::OwnedSignedHeaders;
pub use canonical::path::PathRule;
pub use canonical::signed_headers::SignedHeaders;
pub use endpoint::{Endpoint, EndpointError, EndpointRegion, Partition};
pub use hash::{HmacKey, sha256};
#[cfg(feature = "s3-legacy")]
pub use schemes::s3_legacy;
pub use schemes::{post_policy, sigv2, sigv3};
pub use streaming::aws_chunked;
#[cfg(feature = "event-stream")]
pub use streaming::event_stream;

pub use schemes::legacy::{DateHeader, LegacyHeader, LegacySignature};
pub use schemes::post_policy::PostPolicy;
#[cfg(feature = "s3-legacy")]
pub use schemes::s3_legacy::S3Legacy;
pub use schemes::sigv2::Sigv2;
pub use schemes::sigv3::Sigv3;
#[cfg(feature = "alloc")]
pub use schemes::sigv4::OwnedSigningKey;
pub use schemes::sigv4::{
    AddedHeader, CanonicalRequest, ChainedStringToSign, ChunkKey, ChunkSigner, ChunkVerifyingKey,
    CredentialScope, EventSigner, Identity, RepeatedParameters, Signature, SignatureText, Signed,
    SignedVerbatim, SigningKey, SigningOptions, SigningSpace, Sigv4, StringToSign, Target, TokenPlacement,
    Trailers, Unsigned, Verbatim, VerbatimHeader,
};
pub use text::percent::{PlusSign, encode_path};
pub use text::sink::ByteSink;
#[cfg(feature = "md5")]
pub use vocabulary::content_md5::content_md5;
pub use vocabulary::credentials::Credentials;
pub use vocabulary::error::Error;
pub use vocabulary::payload::PayloadHash;
pub use vocabulary::request::{Header, Protocol, Request};
pub use vocabulary::scheme::Scheme;
pub use vocabulary::time::{AsciiText, Date, Timestamp};
