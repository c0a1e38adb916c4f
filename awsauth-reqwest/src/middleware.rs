//! Middleware that signs every request of a client.

use async_trait::async_trait;
use awsauth_http::http::{Extensions, header::HOST};
use awsauth_http::{
    Attempt, ErrorResponse, FollowRedirects, Redirect, Retries, RetryAction, Signed, SignedSnapshot,
    SigningOverride, declare_empty_body,
};
use reqwest::{Request, Response, Url};
use reqwest_middleware::{Middleware, Next};
use url::Position;

use crate::error::Error;
use crate::head::Head;
use crate::inspected_response::InspectedResponse;
use crate::sign;
use crate::signer::Signer;

/// Middleware that signs every attempt of every request. Install it after middleware that retries, and last except for
/// [`UnchangedMiddleware`].
///
/// ```
/// use awsauth_reqwest::{Credentials, Signer, SigningMiddleware};
/// use reqwest::redirect::Policy;
/// use reqwest_middleware::ClientBuilder;
///
/// # fn example() -> Result<(), reqwest::Error> {
/// let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
/// let client = reqwest::Client::builder().redirect(Policy::none()).build()?;
/// let client = ClientBuilder::new(client)
///     // .with(retries)
///     .with(SigningMiddleware::new(signer))
///     .build();
/// # Ok(())
/// # }
/// ```
///
/// - **Bodies** are signed as by [`Signer::sign`]; set how those that stream are signed with [`Signer::stream_payload`].
/// - **Settings for one request:** add a [`SigningOverride`] with `RequestBuilder::with_extension`; also to add a checksum.
/// - **Error responses** are put into the response's extensions as an [`ErrorResponse`], and the response's body is
///   unchanged. With the feature `explain` and `explain_errors`, a `Diagnosis` beside it says why the service refused.
/// - **Expired credentials** are reported to the provider: the next request, or a retry, gets fresh ones.
/// - **A wrong clock:** if the signer has a [`ClockSkew`](crate::ClockSkew), the request is signed and sent once more,
///   unless its body streams. Then the error response is returned, and later requests are right.
/// - **Redirects:** build the client with `Policy::none()`, as above. reqwest itself sends the old headers along to the new
///   host, a session token included; [`Error::Redirected`] reports that it did, but too late. To follow S3's redirects with
///   a new signature, use [`follow_redirects`](Self::follow_redirects).
///
/// Errors come as [`reqwest_middleware::Error::Middleware`] with an [`Error`] inside.
#[derive(Debug, Clone)]
pub struct SigningMiddleware {
    signer: Signer,
    redirects: FollowRedirects,
    #[cfg(feature = "explain")]
    explains_errors: bool,
}

/// Middleware that checks in debug builds that a request is sent as it was signed. Install it last. A request whose signed
/// headers, method, path or query were changed after signing is not sent, and fails with
/// [`ChangedHeader`](awsauth_http::Error::ChangedHeader) or [`ChangedTarget`](awsauth_http::Error::ChangedTarget). In
/// release builds it does nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct UnchangedMiddleware;

impl SigningMiddleware {
    /// Returns a middleware that signs with this signer.
    #[must_use]
    pub fn new(signer: Signer) -> Self {
        Self {
            signer,
            redirects: FollowRedirects::default(),
            #[cfg(feature = "explain")]
            explains_errors: false,
        }
    }

    /// Sets which of S3's redirects are followed. The default is [`FollowRedirects::Never`].
    #[must_use]
    pub fn follow_redirects(mut self, follow: FollowRedirects) -> Self {
        self.redirects = follow;
        self
    }

    /// Puts a [`Diagnosis`](crate::Diagnosis) of each error response into the response's extensions, beside the
    /// [`ErrorResponse`]: it says why the service refused. For that each request's headers are copied and its body is hashed
    /// once more. The diagnosis is made on a thread of its own.
    ///
    /// ```
    /// use awsauth_reqwest::{Diagnosis, SigningMiddleware};
    ///
    /// # async fn example(signer: awsauth_reqwest::Signer, url: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// # let direct = reqwest::Client::new();
    /// let signing = SigningMiddleware::new(signer).explain_errors();
    /// let client = reqwest_middleware::ClientBuilder::new(direct).with(signing).build();
    /// let response = client.get(url).send().await?;
    /// if let Some(diagnosis) = response.extensions().get::<Diagnosis>() {
    ///     eprintln!("{diagnosis}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "explain")]
    #[must_use]
    pub fn explain_errors(mut self) -> Self {
        self.explains_errors = true;
        self
    }

    async fn send(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<Response> {
        let overrides = extensions.get::<SigningOverride>().cloned().unwrap_or_default();
        if overrides.is_unsigned() {
            extensions.remove::<SignedSnapshot>();
            return next.run(request, extensions).await;
        }
        sign::beside_body(&mut request, |headers, body| overrides.insert_checksums(headers, body))
            .map_err(error)?;
        if sign::bytes(request.body()).is_some_and(<[u8]>::is_empty) {
            declare_empty_body(&mut Head(&mut request));
        }
        let signer = overrides.apply(self.signer.inner());
        let mut retries = Retries::new(signer, self.redirects.clone());
        loop {
            let mut copy = if retries.needs_copy() { request.try_clone() } else { None };
            let signed = self.sign(retries.signer(), &overrides, &mut request).await.map_err(error)?;
            if cfg!(debug_assertions)
                && let Some(snapshot) = SignedSnapshot::of(&Head(&mut request))
            {
                extensions.insert(snapshot);
            }
            #[cfg(feature = "explain")]
            let trace = self.explains_errors.then(|| self.signer.trace(&request, &signed));
            let url = request.url().clone();
            let mut attempt = Attempt::start(retries.signer(), signed, &Head(&mut request));
            let response = next.clone().run(request, extensions).await?;
            if !is_same(response.url(), &url) {
                return Err(error(Error::Redirected));
            }
            attempt.record_response(response.headers());
            if !ErrorResponse::is_possible(response.status()) {
                return Ok(response);
            }
            let mut response = InspectedResponse::new(response);
            let Some(error_response) = response.error_response().await else {
                return Ok(response.into_response());
            };
            let action = retries.after(&attempt, &error_response, copy.as_mut().map(Head).as_ref());
            request = match (action, copy) {
                (RetryAction::SignAgain, Some(copy)) => copy,
                (RetryAction::FollowRedirect(redirect), Some(copy)) => redirected(copy, &redirect)?,
                _ => {
                    #[cfg(feature = "explain")]
                    if let Some(trace) = trace {
                        let diagnosis = response.explain(&trace).await;
                        response.extensions_mut().insert(diagnosis);
                    }
                    response.extensions_mut().insert(error_response);
                    return Ok(response.into_response());
                }
            };
        }
    }
}

impl SigningMiddleware {
    async fn sign(
        &self,
        signer: &awsauth_http::Signer,
        overrides: &SigningOverride,
        request: &mut Request,
    ) -> Result<Signed, Error> {
        match overrides.payload_hash() {
            Some(payload) => Ok(signer.sign_head(&mut Head(request), payload).await?),
            None => sign::request(signer, self.signer.payload_of_streams(), request).await,
        }
    }
}

fn redirected(mut request: Request, redirect: &Redirect) -> reqwest_middleware::Result<Request> {
    let url: Url = redirect.url().parse().map_err(|_| error(awsauth_http::Error::Rewritten))?;
    // `Url` has rules of its own for what it encodes and resolves.
    if !redirect.url().ends_with(&url[Position::BeforePath..Position::AfterQuery]) {
        return Err(error(awsauth_http::Error::Rewritten));
    }
    *request.url_mut() = url;
    request.headers_mut().remove(HOST);
    Ok(request)
}

#[async_trait]
impl Middleware for SigningMiddleware {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<Response> {
        self.send(request, extensions, next).await
    }
}

#[async_trait]
impl Middleware for UnchangedMiddleware {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<Response> {
        if cfg!(debug_assertions)
            && let Some(snapshot) = extensions.get::<SignedSnapshot>()
        {
            snapshot.check(&Head(&mut request)).map_err(error)?;
        }
        next.run(request, extensions).await
    }
}

/// Whether both are the same without the fragment, which is not sent.
fn is_same(responding: &Url, requested: &Url) -> bool {
    let sent = |url: &Url| url[..Position::AfterQuery].to_owned();
    sent(responding) == sent(requested)
}

fn error(error: impl Into<Error>) -> reqwest_middleware::Error {
    reqwest_middleware::Error::middleware(error.into())
}
