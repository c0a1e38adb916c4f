//! Verification of requests as a server receives them, with reasons.

use core::fmt;
use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

pub use awsauth_core::verify::Refusal;
use awsauth_core::verify::{ChunkVerifier, Claim, EventVerifier, Policy, VerifyingKey};
use awsauth_core::{
    CredentialScope, Date, Header, HmacKey, PayloadHash, Request, Signature, SigningKey, Timestamp, sha256,
};
use http::header::HOST;

use crate::signer::timestamp;
use crate::{BodyBytes, Error, RequestHead};

/// Verifies a request whose body has been read. `lookup` finds the secret access key, or the day's [`HmacKey`], of whom
/// the claim names; what that can be is said at [`Claim::access_key_id`].
///
/// ```
/// # use std::time::SystemTime;
/// use awsauth_http::{Credentials, Policy, Signer, verify};
///
/// # let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
/// # let mut request = http::Request::get("https://sqs.eu-west-1.amazonaws.com/?Action=ListQueues").body("")?;
/// # signer.sign_blocking(&mut request)?;
/// let policy = Policy::new("sqs", "eu-west-1");
/// let answer = verify(&request, &policy, SystemTime::now(), |claim| match claim.access_key_id() {
///     "AKIDEXAMPLE" => Some("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
///     _ => None,
/// });
/// assert_eq!(answer?.access_key_id(), "AKIDEXAMPLE");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A refusal does not hold what was compared. To show it to clients as S3 does, keep the canonical request and the string to
/// sign of the [`Claim`] in `lookup`, as the example `explain` does: a client's signature doctor goes by them.
///
/// # Errors
/// [`Refusal`]: what to answer.
pub fn verify<B: BodyBytes, K: VerifyingKey>(
    request: &http::Request<B>,
    policy: &Policy<'_>,
    now: SystemTime,
    lookup: impl FnOnce(&Claim<'_>) -> Option<K>,
) -> Result<Verified, Refusal> {
    verify_head(request, Some(sha256(request.body().body_bytes())), policy, now, lookup)
}

/// As [`verify`], for keys that take time to find, as in a database.
///
/// # Errors
/// [`Refusal`]: what to answer.
pub async fn verify_async<B: BodyBytes, K: VerifyingKey>(
    request: &http::Request<B>,
    policy: &Policy<'_>,
    now: SystemTime,
    lookup: impl AsyncFnOnce(&Claim<'_>) -> Option<K>,
) -> Result<Verified, Refusal> {
    let received = Received::of(request)?;
    let body_sha256 = sha256(request.body().body_bytes());
    let claim = policy.claim(&received.request(), Some(body_sha256), timestamp_of(now)?)?;
    let key = lookup(&claim).await.ok_or(Refusal::UnknownAccessKeyId)?;
    Ok(Verified::of(&claim.verify(&key)?))
}

/// Verifies any request, or `http::request::Parts`, by the SHA-256 of its body. With `None` the body is still to come:
/// check it with [`Verified::check_body`] or [`Verified::chunks`].
///
/// # Errors
/// [`Refusal`]: what to answer; [`Refusal::PayloadHashNeeded`] if the request does not say what the body's hash is.
pub fn verify_head<K: VerifyingKey>(
    head: &impl RequestHead,
    body_sha256: Option<[u8; 32]>,
    policy: &Policy<'_>,
    now: SystemTime,
    lookup: impl FnOnce(&Claim<'_>) -> Option<K>,
) -> Result<Verified, Refusal> {
    let received = Received::of(head)?;
    let verified = policy.verify(&received.request(), body_sha256, timestamp_of(now)?, lookup)?;
    Ok(Verified::of(&verified))
}

/// Who signed a request, when and for what; it borrows nothing of it.
///
/// It goes well into a request's extensions. `Debug` shows neither the token nor the signature.
#[derive(Clone)]
pub struct Verified {
    access_key_id: Box<str>,
    date: Date,
    region: Box<str>,
    service: Box<str>,
    key: HmacKey,
    time: Timestamp,
    expires: Option<u32>,
    payload_hash: PayloadHash,
    signature: Signature,
    signed_headers: Vec<Box<str>>,
    session_token: Option<Box<str>>,
}

impl Verified {
    fn of(verified: &awsauth_core::verify::Verified<'_>) -> Self {
        let (claim, scope) = (verified.claim(), verified.scope());
        Self {
            access_key_id: claim.access_key_id().into(),
            date: scope.date(),
            region: scope.region().unwrap_or_default().into(),
            service: scope.service().into(),
            key: verified.signing_key().hmac_key().clone(),
            time: claim.time(),
            expires: claim.expires(),
            payload_hash: claim.payload_hash(),
            signature: verified.signature(),
            signed_headers: claim.signed_headers().map(|name| name.to_string().into()).collect(),
            session_token: claim.session_token().map(|token| token.to_string().into()),
        }
    }

    /// Who signed.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// The region that it was signed for.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The service that it was signed for, by its signing name.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.service
    }

    /// When it was signed.
    #[must_use]
    pub fn time(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(self.time.unix_seconds())
    }

    /// When a presigned URL expires; `None` if it is not one.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.time().checked_add(Duration::from_secs(self.expires?.into()))
    }

    /// The session token, which whoever issued it must check.
    #[must_use]
    pub fn session_token(&self) -> Option<&str> {
        self.session_token.as_deref()
    }

    /// The names of the signed headers: lower-case and sorted.
    pub fn signed_headers(&self) -> impl Iterator<Item = &str> {
        self.signed_headers.iter().map(AsRef::as_ref)
    }

    /// What the signature says of the body.
    #[must_use]
    pub fn payload_hash(&self) -> PayloadHash {
        self.payload_hash
    }

    /// The day's signing key: a [`VerifyingKey`] to cache by access key ID, day, region and service.
    #[must_use]
    pub fn hmac_key(&self) -> &HmacKey {
        &self.key
    }

    /// Checks a body that was read after the headers, by its SHA-256. One that is unsigned or signed in chunks passes.
    ///
    /// # Errors
    /// [`Refusal::PayloadMismatch`].
    pub fn check_body(&self, sha256: &[u8; 32]) -> Result<(), Refusal> {
        match self.payload_hash {
            PayloadHash::Sha256(signed) if signed != *sha256 => Err(Refusal::PayloadMismatch),
            _ => Ok(()),
        }
    }

    /// A verifier of the body's chunks; `None` if they are not signed.
    #[must_use]
    pub fn chunks(&self) -> Option<ChunkVerifier<'_>> {
        if !matches!(self.payload_hash, PayloadHash::StreamingSigned | PayloadHash::StreamingSignedTrailer) {
            return None;
        }
        let scope = CredentialScope::new(self.date, &self.region, &self.service).ok()?;
        let key = SigningKey::from_hmac_key(self.key.clone(), scope);
        ChunkVerifier::new(key, self.time, self.signature).ok()
    }

    /// A verifier of the messages of the event stream that it opens; `None` if it opens none. Each wants the key of its own
    /// day: [`hmac_key`](Self::hmac_key) is that of the request's.
    #[must_use]
    pub fn events<'p>(&self, policy: &Policy<'p>) -> Option<EventVerifier<'p>> {
        let opens = self.payload_hash == PayloadHash::StreamingEvents;
        opens.then(|| EventVerifier::new(*policy, self.signature))
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("access_key_id", &self.access_key_id)
            .field("region", &self.region)
            .field("service", &self.service)
            .field("time", &self.time)
            .field("expires", &self.expires)
            .field("signed_headers", &self.signed_headers)
            .finish_non_exhaustive()
    }
}

/// The core's view of a request.
struct Received<'r> {
    headers: Vec<Header<'r>>,
    request: Request<'r>,
}

impl<'r> Received<'r> {
    fn of(head: &'r impl RequestHead) -> Result<Self, Refusal> {
        let malformed = |_| Refusal::Uncanonical(awsauth_core::Error::MalformedTarget);
        let host = || Some(head.headers().get(HOST)?.to_str().ok());
        let host = host().unwrap_or_else(|| head.authority()).ok_or(awsauth_core::Error::MissingHost)?;
        let query = head.query().unwrap_or_default();
        Ok(Self {
            headers: head
                .headers()
                .iter()
                .map(|(name, value)| Header::new(name.as_str(), value.as_bytes()))
                .collect(),
            request: Request::from_parts(head.method(), head.path(), query, host)
                .protocol(head.protocol().map_err(malformed)?.unwrap_or_default()),
        })
    }

    fn request(&self) -> Request<'_> {
        self.request.headers(&self.headers)
    }
}

fn timestamp_of(now: SystemTime) -> Result<Timestamp, Refusal> {
    timestamp(now).map_err(|error| match error {
        Error::Request(error) => error.into(),
        _ => awsauth_core::Error::TimeOutOfRange.into(),
    })
}
