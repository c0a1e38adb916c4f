use core::future::{Future, poll_fn};
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll};

use awsauth_core::PayloadHash;
use http::header::HOST;
use http::{Request, Response};
use http_body::Body;
use tower_service::Service;

use super::body::ReadBody;
use super::error::SigningError;
use crate::error::Error;
use crate::request::content_length::declare_empty_body;
use crate::request::snapshot::SignedSnapshot;
use crate::response::attempt::{Attempt, RetryAction};
use crate::response::follow_redirects::FollowRedirects;
use crate::response::inspected_body::InspectedBody;
use crate::response::redirect::Redirect;
use crate::response::retries::Retries;
use crate::signing::signed::Signed;
use crate::signing::signer::Signer;
use crate::signing::signing_override::SigningOverride;

/// A service whose requests are signed: made by [`SigningLayer`](crate::SigningLayer).
#[derive(Debug, Clone)]
pub struct SigningService<S, R> {
    inner: S,
    signer: Signer,
    body: R,
    options: Options,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Options {
    pub(super) stream_payload: Option<PayloadHash>,
    pub(super) redirects: FollowRedirects,
}

impl<S, R> SigningService<S, R> {
    pub(super) fn new(inner: S, signer: Signer, body: R, options: Options) -> Self {
        Self { inner, signer, body, options }
    }

    /// Returns the inner service.
    pub fn inner(&self) -> &S {
        &self.inner
    }

    /// Returns the signer.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }
}

impl<S, R, B, A> Service<Request<B>> for SigningService<S, R>
where
    S: Service<Request<B>, Response = Response<A>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
    R: ReadBody<B> + Clone + Send + Sync + 'static,
    B: Send + 'static,
    A: Body + Send + 'static,
    A::Data: Send,
    A::Error: Send,
{
    type Response = Response<InspectedBody<A>>;
    type Error = SigningError<S::Error>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context).map_err(SigningError::Service)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let mut service = self.clone();
        // The inner service that was polled ready must take the request.
        mem::swap(&mut self.inner, &mut service.inner);
        Box::pin(service.send(request))
    }
}

impl<S, R> SigningService<S, R> {
    async fn send<B, A>(
        mut self,
        mut request: Request<B>,
    ) -> Result<Response<InspectedBody<A>>, SigningError<S::Error>>
    where
        S: Service<Request<B>, Response = Response<A>>,
        R: ReadBody<B>,
        A: Body,
    {
        let overrides = request.extensions().get::<SigningOverride>().cloned().unwrap_or_default();
        if overrides.is_unsigned() {
            let response = self.inner.call(request).await.map_err(SigningError::Service)?;
            return Ok(response.map(InspectedBody::new));
        }
        if overrides.wants_checksum() {
            let body = self.body.bytes(request.body());
            overrides.insert_checksums(request.headers_mut(), body.as_deref())?;
        }
        if self.body.is_empty(request.body()) {
            declare_empty_body(&mut request);
        }
        let payload = overrides.payload_hash().or_else(|| self.body.payload_hash(request.body()));
        let payload = payload.or(self.options.stream_payload).ok_or(Error::UnhashedBody)?;
        let mut retries = Retries::new(overrides.apply(&self.signer), self.options.redirects.clone());
        loop {
            let copy = if retries.needs_copy() { self.copy(&request) } else { None };
            let signed = match retries.signer().sign_head(&mut request, payload).await {
                Err(error @ Error::BodyNotInMemory(_)) if overrides.payload_hash().is_none() => {
                    sign_body(retries.signer(), &self.body, &mut request).await?.ok_or(error)?
                }
                signed => signed?,
            };
            if cfg!(debug_assertions)
                && let Some(snapshot) = SignedSnapshot::of(&request)
            {
                request.extensions_mut().insert(snapshot);
            }
            let mut attempt = Attempt::start(retries.signer(), signed, &request);
            let response = self.inner.call(request).await.map_err(SigningError::Service)?;
            attempt.record_response(response.headers());
            let (head, body) = response.into_parts();
            let mut body = InspectedBody::new(body);
            let error = body.error_response(head.status, &head.headers).await;
            let mut response = Response::from_parts(head, body);
            let Some(error) = error else { return Ok(response) };
            request = match (retries.after(&attempt, &error, copy.as_ref()), copy) {
                (RetryAction::SignAgain, Some(copy)) => copy,
                (RetryAction::FollowRedirect(redirect), Some(copy)) => redirected(copy, &redirect)?,
                _ => {
                    response.extensions_mut().insert(error);
                    return Ok(response);
                }
            };
            poll_fn(|context| self.inner.poll_ready(context)).await.map_err(SigningError::Service)?;
        }
    }

    /// A copy of the unsigned request, if its body can be sent again.
    fn copy<B>(&self, request: &Request<B>) -> Option<Request<B>>
    where
        R: ReadBody<B>,
    {
        let mut copy = Request::new(self.body.try_clone(request.body())?);
        copy.method_mut().clone_from(request.method());
        copy.uri_mut().clone_from(request.uri());
        *copy.version_mut() = request.version();
        copy.headers_mut().clone_from(request.headers());
        copy.extensions_mut().clone_from(request.extensions());
        Some(copy)
    }
}

/// Signs with a scheme that signs the body itself. `None` if the body is not in memory.
async fn sign_body<R: ReadBody<B>, B>(
    signer: &Signer,
    reader: &R,
    request: &mut Request<B>,
) -> Result<Option<Signed>, Error> {
    let Some(body) = reader.bytes(request.body()) else { return Ok(None) };
    let (signed, form) = signer.sign_body(request, &body).await?;
    if let Some(form) = form {
        *request.body_mut() = reader.form_body(form).ok_or(Error::BodyNotReplaceable)?;
    }
    Ok(Some(signed))
}

fn redirected<B>(mut request: Request<B>, redirect: &Redirect) -> Result<Request<B>, Error> {
    *request.uri_mut() = redirect.url().parse().map_err(|_| Error::Rewritten)?;
    request.headers_mut().remove(HOST);
    Ok(request)
}
