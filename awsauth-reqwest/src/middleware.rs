//! Middleware that signs every request of a client.

use async_trait::async_trait;
use awsauth_http::http::{Extensions, header::HOST};
use awsauth_http::{
    Attempt, ErrorResponse, FollowRedirects, Next as Advice, Redirect, Repeats, Signed, SignedSnapshot,
    SigningOverride, declare_empty_body,
};
use reqwest::{Request, Response, Url};
use reqwest_middleware::{Middleware, Next};
use url::Position;

use crate::answer::Answer;
use crate::error::Error;
use crate::head::Head;
use crate::sign;
use crate::signer::Signer;

/// Signs every attempt of every request: install it after middleware that retries, and last but for
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
/// - **Bodies** are signed as [`Signer::sign`] does it; what streams, as [`Signer::stream_payload`] says.
/// - **One request otherwise:** a [`SigningOverride`], by `RequestBuilder::with_extension`; checksums are asked for so, too.
/// - **Refusals** are put into the answer's extensions as [`ErrorResponse`], and the answer's body is as it came. With the
///   feature `explain` and `explain_refusals`, a `Diagnosis` beside it says why the service refused.
/// - **Expired credentials** are reported to the provider: the next request, or a retry, gets fresh ones.
/// - **A wrong clock**, if the signer has a [`ClockSkew`](crate::ClockSkew): the request is signed and sent once more,
///   unless its body streams; then the refusal is handed on, and later requests are right.
/// - **Redirects:** build the client with `Policy::none()`, as above. reqwest itself takes the old headers along to where
///   it is sent, a session token included; that it did is an [`Error::Redirected`], which comes too late. S3's redirects
///   are followed from here, if [`follow_redirects`](Self::follow_redirects) says so.
///
/// Errors come as [`reqwest_middleware::Error::Middleware`] with an [`Error`] inside.
#[derive(Debug, Clone)]
pub struct SigningMiddleware {
    signer: Signer,
    redirects: FollowRedirects,
    #[cfg(feature = "explain")]
    explains: bool,
}

/// Finds out, in debug builds, whether what is sent still is as it was signed: install it last. A request whose signed
/// headers, method, path or query were changed since is not sent, with
/// [`ChangedHeader`](awsauth_http::Error::ChangedHeader) or [`ChangedTarget`](awsauth_http::Error::ChangedTarget). In
/// release builds it does nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct UnchangedMiddleware;

impl SigningMiddleware {
    /// Signs with this signer.
    #[must_use]
    pub fn new(signer: Signer) -> Self {
        Self {
            signer,
            redirects: FollowRedirects::default(),
            #[cfg(feature = "explain")]
            explains: false,
        }
    }

    /// The same, following S3's redirects so.
    #[must_use]
    pub fn follow_redirects(mut self, follow: FollowRedirects) -> Self {
        self.redirects = follow;
        self
    }

    /// The same, putting a [`Diagnosis`](crate::Diagnosis) of each refusal into the answer's extensions, beside the
    /// [`ErrorResponse`]: why the service refused. Each request's headers are copied and its body is hashed once more for that; a
    /// refusal is explained on a thread of its own.
    ///
    /// ```
    /// use awsauth_reqwest::{Diagnosis, SigningMiddleware};
    ///
    /// # async fn example(signer: awsauth_reqwest::Signer, url: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// # let direct = reqwest::Client::new();
    /// let signing = SigningMiddleware::new(signer).explain_refusals();
    /// let client = reqwest_middleware::ClientBuilder::new(direct).with(signing).build();
    /// let answer = client.get(url).send().await?;
    /// if let Some(diagnosis) = answer.extensions().get::<Diagnosis>() {
    ///     eprintln!("{diagnosis}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "explain")]
    #[must_use]
    pub fn explain_refusals(mut self) -> Self {
        self.explains = true;
        self
    }

    async fn answer(
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
        let mut repeats = Repeats::new(signer, self.redirects.clone());
        loop {
            let mut copy = if repeats.wants_copy() { request.try_clone() } else { None };
            let signed = self.sign(repeats.signer(), &overrides, &mut request).await.map_err(error)?;
            if cfg!(debug_assertions)
                && let Some(as_signed) = SignedSnapshot::of(&Head(&mut request))
            {
                extensions.insert(as_signed);
            }
            #[cfg(feature = "explain")]
            let trace = self.explains.then(|| self.signer.trace(&request, &signed));
            let url = request.url().clone();
            let mut attempt = Attempt::start(repeats.signer(), signed, &Head(&mut request));
            let answer = next.clone().run(request, extensions).await?;
            if !is_same(answer.url(), &url) {
                return Err(error(Error::Redirected));
            }
            attempt.answered(answer.headers());
            if !ErrorResponse::is_possible(answer.status()) {
                return Ok(answer);
            }
            let mut answer = Answer::of(answer);
            let Some(refusal) = answer.refusal().await else { return Ok(answer.into_response()) };
            let advice = repeats.after(&attempt, &refusal, copy.as_mut().map(Head).as_ref());
            request = match (advice, copy) {
                (Advice::SignAgain, Some(copy)) => copy,
                (Advice::Follow(redirect), Some(copy)) => redirected(copy, &redirect)?,
                _ => {
                    #[cfg(feature = "explain")]
                    if let Some(trace) = trace {
                        let diagnosis = answer.explain(&trace).await;
                        answer.extensions_mut().insert(diagnosis);
                    }
                    answer.extensions_mut().insert(refusal);
                    return Ok(answer.into_response());
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
            None => sign::request(signer, self.signer.stream(), request).await,
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
        self.answer(request, extensions, next).await
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
            && let Some(as_signed) = extensions.get::<SignedSnapshot>()
        {
            as_signed.check(&Head(&mut request)).map_err(error)?;
        }
        next.run(request, extensions).await
    }
}

/// But for the fragment, which is not sent.
fn is_same(answered: &Url, asked: &Url) -> bool {
    let sent = |url: &Url| url[..Position::AfterQuery].to_owned();
    sent(answered) == sent(asked)
}

fn error(error: impl Into<Error>) -> reqwest_middleware::Error {
    reqwest_middleware::Error::middleware(error.into())
}
