use core::time::Duration;

use awsauth_credentials::Environment;

use super::connect::Reach;
use super::error::HttpError;
use super::transport::{HttpClient, HttpFuture, Request, Response};

/// The clients of this build, one per feature. Where one is not built, the error names its feature.
#[derive(Debug)]
pub(crate) struct BundledClient {
    #[cfg(feature = "async")]
    asynchronous: super::reqwest::AsyncClient,
    #[cfg(feature = "blocking")]
    blocking: super::ureq::BlockingClient,
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
    HttpError::new(super::error::HttpErrorKind::Unsupported, detail)
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
        assert_eq!(error.kind(), crate::http_client::error::HttpErrorKind::Unsupported);
        assert!(error.detail().contains("feature `blocking`"), "{error}");
    }
}
