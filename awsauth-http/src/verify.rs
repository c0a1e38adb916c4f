//! Verification of requests as a server receives them, with reasons.
//!
//! | the body | call | gives |
//! |---|---|---|
//! | has been read, and is no other than it was sent | [`verify`] | [`Verified`] |
//! | has been read, and may be `aws-chunked` | [`verify_and_decode`] | the request with its data for a body, and [`Verified`] |
//! | is still to come | [`verify_head`] | a [`PendingBody`], which yields [`Verified`] when the body has been checked |
//!
//! A body of a streaming kind is never taken for its data: [`verify`] refuses it, and of the others there is no [`Verified`]
//! before every chunk, message and trailer has been checked. The `host` header and the authority of the target, where there
//! are both, must be the same host; route by [`Verified::host`].
//!
//! Every call has its like for keys that take time to find, as in a database: `_async`.

mod chunks;
mod pending;
mod received;
mod verified;

use std::time::SystemTime;

pub use awsauth_core::aws_chunked::{DecodeError, Step};
use awsauth_core::sha256;
use awsauth_core::verify::{Claim, VerifyPolicy, VerifyingKey};
pub use awsauth_core::verify::{Event, Refusal};
use bytes::Bytes;

pub use chunks::PendingChunks;
pub use pending::{PendingBody, PendingEvents, PendingHash};
use received::{Received, timestamp_of};
pub use verified::Verified;

use crate::chunked::undeclare;
use crate::request::body::BodyBytes;
use crate::request::head::RequestHead;

/// Verifies a request whose body has been read, and is the one that the signature covers by its hash. `lookup` finds the
/// secret access key, or the day's [`HmacKey`](awsauth_core::HmacKey), of whom the claim names; what that can be is said at
/// [`Claim::access_key_id`].
///
/// ```
/// # use std::time::SystemTime;
/// use awsauth_http::{Credentials, VerifyPolicy, Signer, verify};
///
/// # let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
/// # let mut request = http::Request::get("https://sqs.eu-west-1.amazonaws.com/?Action=ListQueues").body("")?;
/// # signer.sign_blocking(&mut request)?;
/// let policy = VerifyPolicy::new("sqs", "eu-west-1");
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
/// [`Refusal`]: what to answer; [`Refusal::StreamingPayloadRefused`] if the body is `aws-chunked`, whatever the policy is, or
/// opens an event stream.
pub fn verify<B: BodyBytes, K: VerifyingKey>(
    request: &http::Request<B>,
    policy: &VerifyPolicy<'_>,
    now: SystemTime,
    lookup: impl FnOnce(&Claim<'_>) -> Option<K>,
) -> Result<Verified, Refusal> {
    let received = Received::of(request)?;
    let body_sha256 = Some(sha256(request.body().body_bytes()));
    let verified = policy.verify(&received.request(), body_sha256, timestamp_of(now)?, lookup)?;
    Ok(Verified::of(&verified))
}

/// As [`verify`], for keys that take time to find.
///
/// # Errors
/// As for [`verify`].
pub async fn verify_async<B: BodyBytes, K: VerifyingKey>(
    request: &http::Request<B>,
    policy: &VerifyPolicy<'_>,
    now: SystemTime,
    lookup: impl AsyncFnOnce(&Claim<'_>) -> Option<K>,
) -> Result<Verified, Refusal> {
    let received = Received::of(request)?;
    let body_sha256 = sha256(request.body().body_bytes());
    let claim = policy.claim(&received.request(), Some(body_sha256), timestamp_of(now)?)?;
    let key = lookup(&claim).await.ok_or(Refusal::UnknownAccessKeyId)?;
    Ok(Verified::of(&claim.verify(&key)?))
}

/// Verifies a request whose body has been read, and gives it back with its data for a body: an `aws-chunked` one is decoded,
/// with every signature, checksum and length checked, and its headers are those of the data (`content-encoding`,
/// `content-length`). Policies take that in S3 and its family, or by
/// [`streaming_payload`](VerifyPolicy::streaming_payload).
///
/// ```
/// # use std::time::SystemTime;
/// use awsauth_http::{Credentials, VerifyPolicy, Signer, verify_and_decode};
/// # use awsauth_http::AwsChunked;
/// # use std::io::Read;
///
/// # let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
/// # let signer = Signer::new(Credentials::new("AKIDEXAMPLE", secret));
/// # let mut request = http::Request::put("https://bucket.s3.eu-west-1.amazonaws.com/key").body(())?;
/// # let chunked = signer.sign_chunked_blocking(&mut request, 5, &AwsChunked::signed())?;
/// # let mut body = Vec::new();
/// # chunked.reader(&b"hello"[..]).read_to_end(&mut body)?;
/// # let received = request.map(|()| body);
/// let policy = VerifyPolicy::new("s3", "eu-west-1");
/// let (request, verified) = verify_and_decode(received, &policy, SystemTime::now(), |_| Some(secret))?;
/// assert_eq!((verified.access_key_id(), &request.body()[..]), ("AKIDEXAMPLE", &b"hello"[..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal`]: what to answer.
pub fn verify_and_decode<B: Into<Bytes>, K: VerifyingKey>(
    request: http::Request<B>,
    policy: &VerifyPolicy<'_>,
    now: SystemTime,
    lookup: impl FnOnce(&Claim<'_>) -> Option<K>,
) -> Result<(http::Request<Bytes>, Verified), Refusal> {
    let (parts, body) = request.into_parts();
    let pending = verify_head(&parts, policy, now, lookup)?;
    decode(parts, body.into(), pending)
}

/// As [`verify_and_decode`], for keys that take time to find.
///
/// # Errors
/// As for [`verify_and_decode`].
pub async fn verify_and_decode_async<B: Into<Bytes>, K: VerifyingKey>(
    request: http::Request<B>,
    policy: &VerifyPolicy<'_>,
    now: SystemTime,
    lookup: impl AsyncFnOnce(&Claim<'_>) -> Option<K>,
) -> Result<(http::Request<Bytes>, Verified), Refusal> {
    let (parts, body) = request.into_parts();
    let pending = verify_head_async(&parts, policy, now, lookup).await?;
    decode(parts, body.into(), pending)
}

/// Verifies the head of any request, or `http::request::Parts`, whose body is still to come: it yields [`Verified`] when the
/// body has been checked. A body that nothing needs to be known of but its hash is the simplest:
///
/// ```
/// # use std::time::SystemTime;
/// use awsauth_http::{Credentials, VerifyPolicy, Signer, verify_head};
/// use awsauth_http::awsauth_core::sha256;
///
/// # let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
/// # let signer = Signer::new(Credentials::new("AKIDEXAMPLE", secret)).service("notes").region("eu-west-1");
/// # let mut request = http::Request::post("https://notes.example.com/").body("hello")?;
/// # signer.sign_blocking(&mut request)?;
/// let (parts, body) = request.into_parts();
/// let policy = VerifyPolicy::new("notes", "eu-west-1");
/// let pending = verify_head(&parts, &policy, SystemTime::now(), |_| Some(secret))?; // before `100 Continue` is sent
/// let verified = pending.verify_body(&sha256(body.as_bytes()))?;
/// # assert_eq!(verified.access_key_id(), "AKIDEXAMPLE");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Where the request does not tell its body's hash, as curl does not off S3, all of the head is checked but the signature, with
/// the key at hand, and the body's hash decides.
///
/// # Errors
/// [`Refusal`]: what to answer.
pub fn verify_head<K: VerifyingKey>(
    head: &impl RequestHead,
    policy: &VerifyPolicy<'_>,
    now: SystemTime,
    lookup: impl FnOnce(&Claim<'_>) -> Option<K>,
) -> Result<PendingBody, Refusal> {
    let received = Received::of(head)?;
    let pending = policy.verify_head(&received.request(), timestamp_of(now)?, lookup)?;
    PendingBody::of(pending, policy, head.headers())
}

/// As [`verify_head`], for keys that take time to find.
///
/// # Errors
/// As for [`verify_head`].
pub async fn verify_head_async<K: VerifyingKey>(
    head: &impl RequestHead,
    policy: &VerifyPolicy<'_>,
    now: SystemTime,
    lookup: impl AsyncFnOnce(&Claim<'_>) -> Option<K>,
) -> Result<PendingBody, Refusal> {
    let received = Received::of(head)?;
    let claim = policy.claim_head(&received.request(), timestamp_of(now)?)?;
    let key = lookup(&claim).await.ok_or(Refusal::UnknownAccessKeyId)?;
    PendingBody::of(claim.verify_head(&key)?, policy, head.headers())
}

fn decode(
    mut parts: http::request::Parts,
    body: Bytes,
    pending: PendingBody,
) -> Result<(http::Request<Bytes>, Verified), Refusal> {
    let framed = matches!(pending, PendingBody::Chunked(_));
    let (body, verified) = pending.decode(body)?;
    if framed {
        undeclare(&mut parts.headers, body.len());
    }
    Ok((http::Request::from_parts(parts, body), verified))
}
