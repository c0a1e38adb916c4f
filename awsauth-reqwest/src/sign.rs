//! Signs a request according to the kind of its body.

#[cfg(any(feature = "checksums", feature = "middleware"))]
use awsauth_http::http::HeaderMap;
use awsauth_http::{Credentials, Payload, PayloadHash, Signed};
use reqwest::{Body, Request};

use crate::error::Error;
use crate::head::Head;
use crate::stream;

pub(crate) async fn request(
    signer: &awsauth_http::Signer,
    stream_payload: &Payload,
    request: &mut Request,
) -> Result<Signed, Error> {
    if bytes(request.body()).is_some() {
        let credentials = credentials(signer).await?;
        return sign_bytes(signer, &credentials, request);
    }
    let payload = match stream_payload {
        Payload::Sha256(sha256) => PayloadHash::Sha256(*sha256),
        Payload::Unsigned => PayloadHash::Unsigned,
        Payload::AwsChunked(chunked) => return stream::sign(signer, request, chunked).await,
        _ => return Err(awsauth_http::Error::UnhashedBody.into()),
    };
    Ok(signer.sign_head(&mut Head(request), payload).await?)
}

/// The body's bytes, or `None` if it streams. A body that states a length of 0 is empty.
pub(crate) fn bytes(body: Option<&Body>) -> Option<&[u8]> {
    match body {
        None => Some(b""),
        Some(body) if stream::is_empty(body) => Some(b""),
        Some(body) => body.as_bytes(),
    }
}

/// Changes the headers of a request, given the bytes of its body, or `None` if that streams.
#[cfg(any(feature = "checksums", feature = "middleware"))]
pub(crate) fn beside_body<T>(
    request: &mut Request,
    change: impl FnOnce(&mut HeaderMap, Option<&[u8]>) -> T,
) -> T {
    let body = request.body_mut().take();
    let changed = change(request.headers_mut(), bytes(body.as_ref()));
    *request.body_mut() = body;
    changed
}

async fn credentials(signer: &awsauth_http::Signer) -> Result<Credentials, Error> {
    match signer.provider().ready() {
        Some(credentials) => Ok(credentials),
        None => Ok(signer.provider().provide().await.map_err(awsauth_http::Error::from)?),
    }
}

/// Signs a request whose body is in memory. Nothing is awaited while the body is taken out of the request, so that a dropped
/// future does not lose it.
fn sign_bytes(
    signer: &awsauth_http::Signer,
    credentials: &Credentials,
    request: &mut Request,
) -> Result<Signed, Error> {
    let body = request.body_mut().take();
    let bytes = bytes(body.as_ref()).unwrap_or_default();
    let result = signer.sign_body_with(credentials, &mut Head(request), bytes);
    let (result, form) = match result {
        Ok((signed, form)) => (Ok(signed), form),
        Err(error) => (Err(error.into()), None),
    };
    // Signature Version 2 signs in the form that is posted.
    *request.body_mut() = form.map(Body::from).or(body);
    result
}
