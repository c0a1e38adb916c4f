use awsauth_core::verify::{Claim, Policy, Refusal, VerifiedAsymmetric};
use awsauth_core::{ChunkSigner, PayloadHash, Request, Timestamp};

use crate::{PublicKey, ScopedPublicKey, Sigv4aSignature};

/// Verifies a request that is signed with Signature Version 4A, as it was received, all headers included.
///
/// `body_sha256` is the SHA-256 of its body; `None` says that the body is still to come. `lookup` finds the public key of
/// whom the claim names: a server needs no secret. The policy's region must be one of those that the request is for.
///
/// A body in signed chunks is verified as it comes, by [`verify_chunks`].
///
/// Both signatures (r, s) and (r, n - s) of a request are taken, for AWS's SDKs send either: see [`PublicKey::verify`].
///
/// ```
/// use awsauth_core::verify::Policy;
/// use awsauth_core::{Header, PayloadHash, Request, Timestamp, sha256};
/// use awsauth_sigv4a::{Sigv4a, Sigv4aKey, verify};
///
/// # let key = Sigv4aKey::derive("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
/// # let now = Timestamp::parse("20150830T123600Z")?;
/// # let request = Request::get("/a", "example.com");
/// # let signed = Sigv4a::new("AKIDEXAMPLE", &key, "s3", "us-*").sign(&request, PayloadHash::EMPTY, now)?;
/// # let added: Vec<_> = signed.headers().map(|(name, value)| (name, value.to_string())).collect();
/// # let headers: Vec<_> = added.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
/// # let (public_key, received) = (key.public_key(), request.headers(&headers));
/// let policy = Policy::new("s3", "us-west-2");
/// let verified = verify(&policy, &received, Some(sha256(b"")), now, |claim| match claim.access_key_id() {
///     "AKIDEXAMPLE" => Some(public_key),
///     _ => None,
/// })?;
/// assert!(verified.region_set().has("us-west-2"));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal`]: what to answer.
pub fn verify<'a>(
    policy: &Policy<'a>,
    request: &Request<'a>,
    body_sha256: Option<[u8; 32]>,
    now: Timestamp,
    lookup: impl FnOnce(&Claim<'a>) -> Option<PublicKey>,
) -> Result<VerifiedAsymmetric<'a>, Refusal> {
    let claim = policy.claim_asymmetric(request, body_sha256, now)?;
    let key = lookup(claim.claim()).ok_or(Refusal::UnknownAccessKeyId)?;
    claim.verify_with(|string_to_sign_sha256, digits| {
        Sigv4aSignature::parse(digits)
            .is_ok_and(|signature| key.verify(string_to_sign_sha256, &signature).is_ok())
    })
}

/// A verifier of the chunks of a verified request's body, by the public key that verified the request; `None` if they are not
/// signed. It is for [`Decoder::new`](awsauth_core::aws_chunked::Decoder::new).
#[must_use]
pub fn verify_chunks<'v>(
    verified: &'v VerifiedAsymmetric<'_>,
    key: PublicKey,
) -> Option<ChunkSigner<ScopedPublicKey<'v>>> {
    let claim = verified.claim();
    if !matches!(claim.payload_hash(), PayloadHash::StreamingEcdsa | PayloadHash::StreamingEcdsaTrailer) {
        return None;
    }
    // Neither can fail: both have been looked at to verify the request.
    let seed = Sigv4aSignature::parse(verified.signature_digits()).ok()?;
    ChunkSigner::new(key.scoped(claim.scope()), claim.time(), seed).ok()
}
