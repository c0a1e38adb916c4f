//! Verifies requests as a server receives them, and says why it refuses one.
//!
//! | the body | function | returns |
//! |---|---|---|
//! | has been read, exactly as it was sent | [`verify`] | [`Verified`] |
//! | has been read, and may be `aws-chunked` | [`verify_and_decode`] | the request with its decoded body, and [`Verified`] |
//! | has not been read yet | [`verify_head`] | a [`PendingBody`], which returns [`Verified`] once the body has been checked |
//!
//! A framed body is never mistaken for its data: [`verify`] refuses it, and the others return [`Verified`] only after every
//! chunk, message and trailer has been checked. If a request has both a `host` header and an authority in its target, they
//! must be the same host; route by [`Verified::host`].
//!
//! Each function has a variant for keys that take time to look up, as in a database, named `.._async`. After [`verify_head`],
//! [`PendingBody::decode`] takes a body of any kind but an event stream.

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
use received::{ReceivedRequest, timestamp_of};
pub use verified::Verified;

use crate::chunked::declare_decoded_body;
use crate::request::body::BodyBytes;
use crate::request::head::RequestHead;

/// Verifies a request whose body has been read, and is the one whose hash the signature covers. `lookup` returns the secret
/// access key, or the day's [`HmacKey`](awsauth_core::HmacKey), for the access key ID of the claim; see
/// [`Claim::access_key_id`] for what that may be. If it returns `None`, the request is refused.
///
/// ```
/// # use std::time::SystemTime;
/// use awsauth_http::{Credentials, VerifyPolicy, Signer, verify};
///
/// # let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
/// # let mut request = http::Request::get("https://sqs.eu-west-1.amazonaws.com/?Action=ListQueues").body("")?;
/// # signer.sign_blocking(&mut request)?;
/// let policy = VerifyPolicy::new("sqs", "eu-west-1");
/// let result = verify(&request, &policy, SystemTime::now(), |claim| match claim.access_key_id() {
///     "AKIDEXAMPLE" => Some("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
///     _ => None,
/// });
/// assert_eq!(result?.access_key_id(), "AKIDEXAMPLE");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A [`Refusal`] does not hold what was compared. To return that to clients, as S3 does, keep the canonical request and the
/// string to sign of the [`Claim`] in `lookup`, as the example `explain` does: clients can explain the refusal by them.
///
/// # Errors
/// [`Refusal`]: what to respond. [`Refusal::StreamingPayloadRefused`] if the body is `aws-chunked` or an event stream,
/// whatever the policy.
pub fn verify<B: BodyBytes, K: VerifyingKey>(
    request: &http::Request<B>,
    policy: &VerifyPolicy<'_>,
    now: SystemTime,
    lookup: impl FnOnce(&Claim<'_>) -> Option<K>,
) -> Result<Verified, Refusal> {
    let received = ReceivedRequest::of(request)?;
    let body_sha256 = Some(sha256(request.body().body_bytes()));
    let verified = policy.verify(&received.request(), body_sha256, timestamp_of(now)?, lookup)?;
    Ok(Verified::of(&verified))
}

/// Does what [`verify`] does, for keys that take time to look up.
///
/// # Errors
/// As for [`verify`].
pub async fn verify_async<B: BodyBytes, K: VerifyingKey>(
    request: &http::Request<B>,
    policy: &VerifyPolicy<'_>,
    now: SystemTime,
    lookup: impl AsyncFnOnce(&Claim<'_>) -> Option<K>,
) -> Result<Verified, Refusal> {
    let received = ReceivedRequest::of(request)?;
    let body_sha256 = sha256(request.body().body_bytes());
    let claim = policy.claim(&received.request(), Some(body_sha256), timestamp_of(now)?)?;
    let key = lookup(&claim).await.ok_or(Refusal::UnknownAccessKeyId)?;
    Ok(Verified::of(&claim.verify(&key)?))
}

/// Verifies a request whose body has been read, and returns it with the decoded body. An `aws-chunked` body is decoded with
/// every signature, checksum and length checked, and the headers become those of the data (`content-encoding`,
/// `content-length`). Policies for S3 and its family accept such bodies, others if
/// [`streaming_payload`](VerifyPolicy::streaming_payload) says so.
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
/// [`Refusal`]: what to respond.
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

/// Does what [`verify_and_decode`] does, for keys that take time to look up.
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

/// Verifies the head of any request, or `http::request::Parts`, before its body is read. The result returns [`Verified`] once
/// the body has been checked. The simplest case is a body of which only the hash is needed:
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
/// Some requests do not state the hash of their body, such as those of curl to services other than S3. Of these everything but
/// the signature is checked, and the signature once the hash of the body is known.
///
/// # Errors
/// [`Refusal`]: what to respond.
pub fn verify_head<K: VerifyingKey>(
    head: &impl RequestHead,
    policy: &VerifyPolicy<'_>,
    now: SystemTime,
    lookup: impl FnOnce(&Claim<'_>) -> Option<K>,
) -> Result<PendingBody, Refusal> {
    let received = ReceivedRequest::of(head)?;
    let pending = policy.verify_head(&received.request(), timestamp_of(now)?, lookup)?;
    PendingBody::of(pending, policy, head.headers())
}

/// Does what [`verify_head`] does, for keys that take time to look up.
///
/// # Errors
/// As for [`verify_head`].
pub async fn verify_head_async<K: VerifyingKey>(
    head: &impl RequestHead,
    policy: &VerifyPolicy<'_>,
    now: SystemTime,
    lookup: impl AsyncFnOnce(&Claim<'_>) -> Option<K>,
) -> Result<PendingBody, Refusal> {
    let received = ReceivedRequest::of(head)?;
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
        declare_decoded_body(&mut parts.headers, body.len());
    }
    Ok((http::Request::from_parts(parts, body), verified))
}
