use core::time::Duration;
use std::sync::OnceLock;

use super::bundled::{Reach, connect_limit, no_tls};
use super::{HttpClient, HttpError, HttpErrorKind, HttpFuture, MAX_BODY, Request, Response, root_cause};

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
            .pool_max_idle_per_host(0);
        if self.reach == Reach::LinkLocal {
            builder = builder.no_proxy();
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
            let client = self.client(timeout)?;
            let mut request = reqwest::Request::try_from(request)
                .map_err(|error| HttpError::new(HttpErrorKind::Unsupported, root_cause(&error)))?;
            *request.timeout_mut() = Some(timeout);
            let response = client.execute(request).await.map_err(|error| describe(error, https))?;
            read(response).await
        })
    }
}

async fn read(mut response: reqwest::Response) -> Result<Response, HttpError> {
    let status = response.status();
    let headers = core::mem::take(response.headers_mut());
    // With room from the start, growing leaves no copies of a secret behind.
    let expected = response.content_length().and_then(|length| usize::try_from(length).ok());
    let mut body = Vec::with_capacity(expected.unwrap_or(MAX_BODY).min(MAX_BODY));
    while let Some(chunk) = response.chunk().await.map_err(|error| describe(error, false))? {
        if body.len() + chunk.len() > MAX_BODY {
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
