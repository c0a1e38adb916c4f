use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::sync::{Arc, OnceLock};

use super::connect::{Reach, connect_limit, no_tls};
use super::error::{HttpError, HttpErrorKind, MAX_RESPONSE_BYTES};
use super::proxy;
use super::transport::{HttpClient, HttpFuture, Request, Response};

/// The async driver's client, built when first used and with the timeout of that use.
#[derive(Debug)]
pub(super) struct AsyncClient {
    reach: Reach,
    client: OnceLock<reqwest::Client>,
}

impl AsyncClient {
    pub(super) const fn new(reach: Reach) -> Self {
        Self { reach, client: OnceLock::new() }
    }

    fn client(&self, timeout: Duration) -> Result<&reqwest::Client, HttpError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(connect_limit(timeout))
            // A kept connection belongs to the runtime that opened it, which may be gone at the next refresh.
            .pool_max_idle_per_host(0)
            // The client reads the environment of the process, and by other rules than AWS's.
            .no_proxy();
        if matches!(self.reach, Reach::Internet(_)) {
            let reach = self.reach.clone();
            builder = builder.proxy(reqwest::Proxy::custom(move |url| {
                // A malformed proxy was reported before the request was sent.
                reach.proxy(&url.as_str().parse().ok()?).ok().flatten()
            }));
        }
        let built = builder
            .build()
            .map_err(|error| HttpError::new(HttpErrorKind::Unsupported, root_cause(&error)))?;
        Ok(self.client.get_or_init(|| built))
    }
}

impl HttpClient for AsyncClient {
    fn send(&self, request: Request, timeout: Duration) -> HttpFuture<'_> {
        Box::pin(async move {
            let https = request.uri().scheme() == Some(&http::uri::Scheme::HTTPS);
            if let Some(proxy) = self.reach.proxy(request.uri())? {
                reqwest::Proxy::all(proxy).map_err(|_| proxy::malformed())?;
                if https && !has_tls().await {
                    return Err(no_tls("reqwest"));
                }
            }
            let client = self.client(timeout)?;
            let mut request = reqwest::Request::try_from(request)
                .map_err(|error| HttpError::new(HttpErrorKind::Unsupported, root_cause(&error)))?;
            *request.timeout_mut() = Some(timeout);
            let response = client.execute(request).await.map_err(|error| describe(error, https))?;
            read(response).await
        })
    }
}

/// Whether this crate or another has enabled a TLS backend of reqwest. Where none is, a request of https that goes through a
/// proxy would be sent to it in the clear.
///
/// reqwest has no API for this, so it is tried, without a byte on the network: a connector without TLS refuses https before
/// it resolves the host.
async fn has_tls() -> bool {
    let resolver_called = Arc::new(AtomicBool::new(false));
    let client =
        reqwest::Client::builder().no_proxy().dns_resolver(NoHosts(Arc::clone(&resolver_called))).build();
    if let Ok(client) = client {
        let _ = client.get("https://tls.invalid/").send().await;
    }
    resolver_called.load(Ordering::Relaxed)
}

/// Resolves no host, and records whether it was called.
struct NoHosts(Arc<AtomicBool>);

impl reqwest::dns::Resolve for NoHosts {
    fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
        self.0.store(true, Ordering::Relaxed);
        Box::pin(async { Err("no host is resolved".into()) })
    }
}

async fn read(mut response: reqwest::Response) -> Result<Response, HttpError> {
    let status = response.status();
    let headers = core::mem::take(response.headers_mut());
    // With room from the start, growing leaves no copies of a secret behind.
    let expected = response.content_length().and_then(|length| usize::try_from(length).ok());
    let mut body = Vec::with_capacity(expected.unwrap_or(MAX_RESPONSE_BYTES).min(MAX_RESPONSE_BYTES));
    while let Some(chunk) = response.chunk().await.map_err(|error| describe(error, false))? {
        if body.len() + chunk.len() > MAX_RESPONSE_BYTES {
            return Err(HttpError::new(HttpErrorKind::TooLarge, ""));
        }
        body.extend_from_slice(&chunk);
    }
    let mut whole = Response::new(body);
    *whole.status_mut() = status;
    *whole.headers_mut() = headers;
    Ok(whole)
}

fn describe(error: reqwest::Error, https: bool) -> HttpError {
    let cause = root_cause(&error);
    if error.is_connect() {
        // The connector refuses the scheme in these words where no TLS backend is compiled in.
        if https && cause.contains("scheme is not http") {
            return no_tls("reqwest");
        }
        return HttpError::new(HttpErrorKind::Connect, cause);
    }
    let kind = if error.is_timeout() { HttpErrorKind::TimedOut } else { HttpErrorKind::Broken };
    HttpError::new(kind, cause)
}

/// The innermost cause of an error, which is the most specific one, such as `Connection refused (os error 111)`.
fn root_cause(error: &dyn core::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
