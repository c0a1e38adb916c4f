//! Bodies that stream: their length may be known, but not their bytes.

use awsauth_http::http::header::CONTENT_LENGTH;
use awsauth_http::http_body::Body as _;
use awsauth_http::{AwsChunked, Signed};
use reqwest::{Body, Request};

use crate::error::Error;
use crate::head::Head;

/// Signs the request for an `aws-chunked` body, and replaces its own body by that.
pub(crate) async fn sign(
    signer: &awsauth_http::Signer,
    request: &mut Request,
    chunked: &AwsChunked,
) -> Result<Signed, Error> {
    if awsauth_http::is_aws_chunked(request.headers()) {
        return Err(awsauth_http::Error::AlreadyChunked.into());
    }
    let length = length(request).ok_or(awsauth_http::Error::UnknownLength)?;
    let payload = signer.sign_chunked(&mut Head(request), length, chunked).await?;
    let signed = payload.signed().clone();
    let data = request.body_mut().take().unwrap_or_default();
    *request.body_mut() = Some(Body::wrap(payload.body(data)));
    Ok(signed)
}

/// Whether the body states that it is empty.
pub(crate) fn is_empty(body: &Body) -> bool {
    body.size_hint().exact() == Some(0)
}

/// The length that the body states, or else the one in the header `content-length`.
fn length(request: &Request) -> Option<u64> {
    let exact = request.body().and_then(|body| body.size_hint().exact());
    exact.or_else(|| request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok())
}
