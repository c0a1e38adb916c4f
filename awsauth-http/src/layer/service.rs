use core::future::{Future, poll_fn};
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll};

use http::header::HOST;
use http::{Request, Response};
use http_body::Body;
use tower_service::Service;

use super::{Options, ReadBody, SigningError};
use crate::{
    AsSigned, Attempt, Error, FollowRedirects, Next, Peeked, Redirect, Refusal, Signer, SigningOverride,
};

/// S3 may send a request on to where it is sent on once more.
const MOST_REDIRECTS: u32 = 3;

/// What [`SigningLayer`](super::SigningLayer) makes of a service.
#[derive(Debug, Clone)]
pub struct SigningService<S, R> {
    inner: S,
    signer: Signer,
    body: R,
    options: Options,
}

impl<S, R> SigningService<S, R> {
    pub(super) fn new(inner: S, signer: Signer, body: R, options: Options) -> Self {
        Self { inner, signer, body, options }
    }

    /// The service inside.
    pub fn inner(&self) -> &S {
        &self.inner
    }

    /// The signer.
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
    type Response = Response<Peeked<A>>;
    type Error = SigningError<S::Error>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context).map_err(SigningError::Service)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let mut service = self.clone();
        // The one that has said it is ready does the work.
        mem::swap(&mut self.inner, &mut service.inner);
        Box::pin(service.answer(request))
    }
}

impl<S, R> SigningService<S, R> {
    async fn answer<B, A>(
        mut self,
        mut request: Request<B>,
    ) -> Result<Response<Peeked<A>>, SigningError<S::Error>>
    where
        S: Service<Request<B>, Response = Response<A>>,
        R: ReadBody<B>,
        A: Body,
    {
        let overrides = request.extensions().get::<SigningOverride>().cloned().unwrap_or_default();
        if overrides.is_unsigned() {
            let answer = self.inner.call(request).await.map_err(SigningError::Service)?;
            return Ok(answer.map(Peeked::new));
        }
        let mut signer = overrides.apply(&self.signer);
        let payload = overrides.payload_hash().or_else(|| self.body.payload(request.body()));
        let payload = payload.or(self.options.payload).ok_or(Error::UnhashedBody)?;
        let (mut clock_repeats, mut redirects) = (1, self.redirects_left());
        loop {
            let corrects_clock = clock_repeats > 0 && signer.settings().clock_skew.is_some();
            let mut spare = match corrects_clock || redirects > 0 {
                true => self.once_more(&request),
                false => None,
            };
            let signed = signer.sign_head(&mut request, payload).await?;
            if cfg!(debug_assertions)
                && let Some(as_signed) = AsSigned::of(&request)
            {
                request.extensions_mut().insert(as_signed);
            }
            let attempt = Attempt::start(&signer, signed);
            let answer = self.inner.call(request).await.map_err(SigningError::Service)?;
            attempt.answered(answer.headers());
            let mut answer = answer.map(Peeked::new);
            let (status, headers) = (answer.status(), answer.headers().clone());
            let Some(refusal) = answer.body_mut().refusal(status, &headers).await else { return Ok(answer) };
            let next = attempt.refused(&refusal);
            let again = match (next, &mut spare) {
                (Next::SignAgain, Some(_)) if clock_repeats > 0 => {
                    clock_repeats -= 1;
                    true
                }
                (_, Some(spare)) if redirects > 0 => {
                    redirects -= 1;
                    self.redirect(spare, &refusal, &mut signer)
                }
                _ => false,
            };
            match spare {
                Some(spare) if again => request = spare,
                _ => {
                    answer.extensions_mut().insert(refusal);
                    return Ok(answer);
                }
            }
            poll_fn(|context| self.inner.poll_ready(context)).await.map_err(SigningError::Service)?;
        }
    }

    /// None where another host is signed than the one connected to: where that leads, the application knows.
    fn redirects_left(&self) -> u32 {
        match self.options.redirects {
            FollowRedirects::Never => 0,
            _ if self.signer.settings().signed_host.is_some() => 0,
            _ => MOST_REDIRECTS,
        }
    }

    /// The unsigned request as it came.
    fn once_more<B>(&self, request: &Request<B>) -> Option<Request<B>>
    where
        R: ReadBody<B>,
    {
        let mut copy = Request::new(self.body.again(request.body())?);
        copy.method_mut().clone_from(request.method());
        copy.uri_mut().clone_from(request.uri());
        *copy.version_mut() = request.version();
        copy.headers_mut().clone_from(request.headers());
        copy.extensions_mut().clone_from(request.extensions());
        Some(copy)
    }

    /// Sends the request there, if that is wanted.
    fn redirect<B>(&self, request: &mut Request<B>, refusal: &Refusal, signer: &mut Signer) -> bool {
        let Some(redirect) = Redirect::of(request, refusal) else { return false };
        let Ok(uri) = redirect.url().parse() else { return false };
        if !self.options.redirects.follows(&redirect) {
            return false;
        }
        *request.uri_mut() = uri;
        request.headers_mut().remove(HOST);
        if let Some(region) = redirect.region() {
            *signer = signer.clone().region(region);
        }
        true
    }
}
