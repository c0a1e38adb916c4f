use awsauth_core::aws_chunked::DecodeError;
use awsauth_core::verify::{
    BodyDecoder, Claim, PendingAsymmetric, Refusal, RegionSet, VerifiedAsymmetric, VerifyPolicy,
};
use awsauth_core::{Request, Timestamp};

use crate::chunk_keys::ScopedPublicKey;
use crate::public_key::PublicKey;
use crate::signature::Sigv4aSignature;

/// Verifies a request that is signed with Signature Version 4A. Pass it as it was received, with all headers.
///
/// `body_sha256` is the SHA-256 of its body; with `None` only a request with an unsigned body is accepted. `lookup` returns the
/// public key for the access key ID of the claim: a server needs no secret. The policy's region must be in the request's region
/// set.
///
/// For a body that has not been read yet, or comes in chunks, call [`verify_head`].
///
/// Both signatures (r, s) and (r, n - s) of a request are accepted, as AWS's SDKs send either: see [`PublicKey::verify`].
///
/// ```
/// use awsauth_core::verify::VerifyPolicy;
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
/// let policy = VerifyPolicy::new("s3", "us-west-2");
/// let verified = verify(&policy, &received, Some(sha256(b"")), now, |claim| match claim.access_key_id() {
///     "AKIDEXAMPLE" => Some(public_key),
///     _ => None,
/// })?;
/// assert!(verified.region_set().has("us-west-2"));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal`]: why the request is refused, and with which response.
pub fn verify<'a>(
    policy: &VerifyPolicy<'a>,
    request: &Request<'a>,
    body_sha256: Option<[u8; 32]>,
    now: Timestamp,
    lookup: impl FnOnce(&Claim<'a>) -> Option<PublicKey>,
) -> Result<VerifiedAsymmetric<'a>, Refusal> {
    let claim = policy.claim_asymmetric(request, body_sha256, now)?;
    let key = lookup(claim.claim()).ok_or(Refusal::UnknownAccessKeyId)?;
    claim.verify_with(is_valid(&key))
}

/// Verifies the head of such a request, before its body is read. The arguments are those of [`verify`].
///
/// # Errors
/// [`Refusal`]: why the request is refused, and with which response; [`Refusal::PayloadHashNeeded`] if the request does not
/// contain its body's hash: read the body first, then call [`verify`].
pub fn verify_head<'a>(
    policy: &VerifyPolicy<'a>,
    request: &Request<'a>,
    now: Timestamp,
    lookup: impl FnOnce(&Claim<'a>) -> Option<PublicKey>,
) -> Result<PendingBody<'a>, Refusal> {
    let claim = policy.claim_asymmetric_head(request, now)?;
    let key = lookup(claim.claim()).ok_or(Refusal::UnknownAccessKeyId)?;
    Ok(PendingBody { pending: claim.verify_head_with(is_valid(&key))?, key })
}

/// A request whose signature is valid and whose body is not read yet. It becomes a [`VerifiedAsymmetric`] once the body has
/// been verified.
#[derive(Debug)]
#[must_use = "a request is verified only when its body is"]
pub struct PendingBody<'a> {
    pending: PendingAsymmetric<'a>,
    key: PublicKey,
}

impl<'a> PendingBody<'a> {
    /// Returns the claim, which has been verified for the request's head.
    #[must_use]
    pub fn claim(&self) -> &Claim<'a> {
        self.pending.claim()
    }

    /// Returns the Regions that the request is signed for.
    #[must_use]
    pub fn region_set(&self) -> RegionSet<'a> {
        self.pending.region_set()
    }

    /// Verifies a whole body by its SHA-256.
    ///
    /// # Errors
    /// [`Refusal::PayloadMismatch`]; [`Refusal::StreamingPayloadRefused`] if the body comes in chunks, whose
    /// signatures the hash does not verify: call [`decoder`](Self::decoder).
    pub fn verify_body(self, sha256: &[u8; 32]) -> Result<VerifiedAsymmetric<'a>, Refusal> {
        self.pending.verify_body(sha256)
    }

    /// Returns the decoder of an `aws-chunked` body, with the key that verified the request.
    ///
    /// # Errors
    /// [`DecodeError::PayloadOfAnotherKind`] if the body is not of that kind: call [`verify_body`](Self::verify_body).
    pub fn decoder(self) -> Result<BodyDecoder<VerifiedAsymmetric<'a>, ScopedPublicKey<'a>>, DecodeError> {
        let Self { pending, key } = self;
        let seed = Sigv4aSignature::parse(pending.signature_digits());
        // It was parsed to verify the request.
        let seed = seed.map_err(|_| DecodeError::ChunkSignatureMismatch)?;
        pending.decoder(|scope| ScopedPublicKey::new(key, scope), seed)
    }
}

fn is_valid(key: &PublicKey) -> impl FnMut(&[u8; 32], &str) -> bool {
    |string_to_sign_sha256, digits| {
        Sigv4aSignature::parse(digits)
            .is_ok_and(|signature| key.verify(string_to_sign_sha256, &signature).is_ok())
    }
}
