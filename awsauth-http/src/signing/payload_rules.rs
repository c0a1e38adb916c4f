//! What services accept as the payload hash of Signature Version 4 and 4A.

use awsauth_core::{Endpoint, PayloadHash, Scheme};
use http::HeaderMap;

use crate::error::Error;
use crate::request::borrowed::CONTENT_SHA256;

/// Refuses a payload hash that the service does not accept.
#[inline]
pub(crate) fn check_payload(payload: PayloadHash, service: &str) -> Result<(), Error> {
    use PayloadHash::{StreamingSigned, StreamingSignedTrailer, StreamingUnsignedTrailer};
    match payload {
        PayloadHash::Unsigned if !accepts_unsigned_payload(service) => Err(Error::UnsignedPayload),
        StreamingSigned | StreamingSignedTrailer | StreamingUnsignedTrailer if !is_s3_family(service) => {
            Err(Error::ChunkedPayload)
        }
        _ => Ok(()),
    }
}

/// The payload hash of a presigned URL: the one that the caller states, because services read it from there, or the
/// service's usual one. A body that is still to come is empty.
#[inline]
pub(crate) fn presigned_payload(
    stated: Option<PayloadHash>,
    service: &str,
    body: &[u8],
) -> Result<PayloadHash, Error> {
    let Some(stated) = stated else { return Ok(usual_payload(service, body)) };
    check_payload(stated, service)?;
    if matches!(stated, PayloadHash::Sha256(_)) && !body.is_empty() && stated != PayloadHash::of(body) {
        return Err(awsauth_core::Error::PayloadHashContradicts.into());
    }
    Ok(stated)
}

/// Whether a presigned URL of this scheme, for this service and to be sent with these headers, is valid for one body only.
pub(crate) fn presigned_url_covers_body(scheme: Scheme, service: &str, headers: &HeaderMap) -> bool {
    if !matches!(scheme, Scheme::Sigv4 | Scheme::Sigv4a) {
        return false;
    }
    let stated =
        headers.get(CONTENT_SHA256).and_then(|value| PayloadHash::parse(value.to_str().ok()?.trim()).ok());
    matches!(stated.unwrap_or_else(|| usual_payload(service, b"")), PayloadHash::Sha256(_))
}

fn usual_payload(service: &str, body: &[u8]) -> PayloadHash {
    if is_s3_family(service) { PayloadHash::Unsigned } else { PayloadHash::of(body) }
}

/// Whether the service is of S3's family, which has rules of its own.
fn is_s3_family(service: &str) -> bool {
    matches!(service, "s3" | "s3express" | "s3-object-lambda" | "s3-outposts")
}

/// Whether the service accepts `UNSIGNED-PAYLOAD` over https: S3's family, services with operations that AWS models so, and
/// services that are not AWS's, whose rules only their servers know.
fn accepts_unsigned_payload(service: &str) -> bool {
    is_s3_family(service)
        || matches!(service, "ebs" | "lex" | "mediastore" | "omics" | "vpc-lattice-svcs")
        || !Endpoint::is_signing_name(service)
}
