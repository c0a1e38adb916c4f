//! SigV4: bodies signed in chunks, with or without trailers.

use awsauth_core::aws_chunked::{Framing, Trailer};
use awsauth_core::{CredentialScope, Header, SigningKey, Sigv4, Timestamp};
use sha2::{Digest, Sha256};

use super::v4::{Parts, options, payload};
use super::{Outcome, Refused};
use crate::vectors::Case;

pub(super) fn body(case: &Case) -> Result<Outcome, Refused> {
    let now = Timestamp::parse(&case.time)?;
    let scope = CredentialScope::new(now.date(), &case.region, &case.service)?;
    let key = SigningKey::derive(&case.secret_key.0, scope);
    let parts = Parts::of(case);
    let headers = parts.headers();
    let names = parts.signed_names(case);
    let signed = Sigv4::new(&case.access_key, &key).options(options(case, &names)).sign(
        &parts.request(&headers),
        payload(case)?,
        now,
    )?;

    let trailers: Vec<_> = case
        .options
        .trailers
        .iter()
        .map(|(name, value)| (name.as_str(), value.trim()))
        .map(|(name, value)| (Trailer::new(name, value.len()), Header::new(name, value.as_bytes())))
        .collect();
    let (declared, given): (Vec<_>, Vec<_>) = trailers.into_iter().unzip();
    // Some cases have chunks that S3 itself would refuse as too small.
    let framing = Framing::new(payload(case)?, case.body.len() as u64, &declared)?.with_any_chunk_size(
        case.options.chunk_size.unwrap_or(awsauth_core::aws_chunked::DEFAULT_CHUNK_SIZE),
    )?;

    let mut wire = Vec::new();
    let mut signatures = Vec::new();
    let mut encoder = framing.encoder(&signed, &key)?;
    for data in case.body.chunks(framing.chunk_size()) {
        let frame = encoder.chunk(data)?;
        frame.write_head(&mut |bytes: &[u8]| wire.extend_from_slice(bytes));
        wire.extend_from_slice(data);
        wire.extend_from_slice(frame.tail());
        signatures.extend(frame.signature().map(ToString::to_string));
    }
    let last = encoder.finish(&given)?;
    last.write_to(&mut |bytes: &[u8]| wire.extend_from_slice(bytes));
    signatures.extend(last.signature().map(ToString::to_string));
    if wire.len() as u64 != framing.encoded_length() {
        return Err(Refused(format!("WrongLength: {} is not {}", framing.encoded_length(), wire.len())));
    }

    let trailer_signature = last.trailer_signature().map(ToString::to_string);
    Ok(Outcome {
        signature: trailer_signature.clone().or_else(|| signatures.last().cloned()),
        canonical_request: Some(signed.canonical_request().to_string()),
        string_to_sign: Some(signed.string_to_sign().to_string()),
        seed_signature: Some(signed.signature().to_string()),
        chunk_signatures: Some(signatures),
        trailer_signature,
        wire_body_len: Some(wire.len()),
        wire_body_sha256: Some(Sha256::digest(&wire).iter().map(|byte| format!("{byte:02x}")).collect()),
        ..Outcome::default()
    })
}
