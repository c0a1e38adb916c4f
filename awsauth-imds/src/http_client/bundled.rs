use core::time::Duration;

use awsauth_credentials::Environment;

use super::{HttpClient, HttpError, HttpFuture, Request, Response};

/// The clients this build brings: one per feature. What is not built answers with the name of its feature.
#[derive(Debug)]
pub(crate) struct BundledClient {
    #[cfg(feature = "async")]
    asynchronous: super::reqwest::AsyncClient,
    #[cfg(feature = "blocking")]
    blocking: super::ureq::BlockingClient,
}

/// Whether requests leave the machine's own network.
#[cfg_attr(not(any(feature = "async", feature = "blocking")), allow(dead_code, reason = "nothing is sent"))]
#[derive(Debug, Clone)]
pub(crate) enum Reach {
    /// Instance metadata and containers: never through a proxy, which would be given credentials.
    LinkLocal,
    /// Public endpoints: through the proxy that this environment names, if it names one.
    Internet(Environment),
}

impl BundledClient {
    pub(crate) fn link_local() -> Self {
        Self::new(&Reach::LinkLocal)
    }

    pub(crate) fn internet(environment: &Environment) -> Self {
        Self::new(&Reach::Internet(environment.clone()))
    }

    fn new(reach: &Reach) -> Self {
        #[cfg(not(any(feature = "async", feature = "blocking")))]
        let _ = reach;
        Self {
            #[cfg(feature = "async")]
            asynchronous: super::reqwest::AsyncClient::new(reach.clone()),
            #[cfg(feature = "blocking")]
            blocking: super::ureq::BlockingClient::new(reach.clone()),
        }
    }
}

#[cfg(any(feature = "async", feature = "blocking"))]
impl Reach {
    /// The proxy for this URL.
    pub(super) fn proxy(&self, url: &http::Uri) -> Result<Option<String>, HttpError> {
        match self {
            Self::LinkLocal => Ok(None),
            Self::Internet(environment) => super::proxy::of(environment, url),
        }
    }
}

impl HttpClient for BundledClient {
    #[cfg(feature = "async")]
    fn send(&self, request: Request, timeout: Duration) -> HttpFuture<'_> {
        self.asynchronous.send(request, timeout)
    }

    #[cfg(not(feature = "async"))]
    fn send(&self, _: Request, _: Duration) -> HttpFuture<'_> {
        Box::pin(async { Err(not_built("async")) })
    }

    #[cfg(feature = "blocking")]
    fn send_blocking(&self, request: Request, timeout: Duration) -> Result<Response, HttpError> {
        self.blocking.send_blocking(request, timeout)
    }

    #[cfg(not(feature = "blocking"))]
    fn send_blocking(&self, _: Request, _: Duration) -> Result<Response, HttpError> {
        Err(not_built("blocking"))
    }
}

#[cfg(not(all(feature = "async", feature = "blocking")))]
fn not_built(feature: &str) -> HttpError {
    let detail = format!("for {feature} callers enable the feature `{feature}` of awsauth-imds");
    HttpError::new(super::HttpErrorKind::Unsupported, detail)
}

/// How long connecting may take, so that a timeout while connecting is told from one while waiting for the response.
#[cfg(any(feature = "async", feature = "blocking"))]
pub(super) fn connect_limit(timeout: Duration) -> Duration {
    timeout.saturating_mul(3) / 4
}

/// Why plain http is the only scheme a driver without TLS carries.
#[cfg(any(feature = "async", feature = "blocking"))]
pub(super) fn no_tls(client: &str) -> HttpError {
    let detail = format!(
        "https needs TLS: enable the feature `rustls` of awsauth-imds, or a TLS feature of {client} in your own \
         Cargo.toml, or set an HttpClient of your own"
    );
    HttpError::new(super::HttpErrorKind::Unsupported, detail)
}

#[cfg(test)]
mod tests {
    #[cfg(not(feature = "blocking"))]
    #[test]
    fn a_style_that_is_not_built_names_its_feature() {
        use super::*;

        let error = BundledClient::link_local()
            .send_blocking(Request::new(Vec::new()), Duration::from_secs(1))
            .unwrap_err();
        assert_eq!(error.kind(), crate::http_client::HttpErrorKind::Unsupported);
        assert!(error.detail().contains("feature `blocking`"), "{error}");
    }
}
