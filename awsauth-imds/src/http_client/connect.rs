//! What both drivers need to connect: proxy, time limit and TLS.

use core::time::Duration;

use awsauth_credentials::Environment;

use super::error::{HttpError, HttpErrorKind};
use super::proxy;

/// Whether requests leave the machine's own network.
#[derive(Debug, Clone)]
pub(crate) enum Reach {
    /// Instance metadata and containers: never through a proxy, which would see credentials.
    LinkLocal,
    /// Public endpoints: through the proxy that this environment names, if any.
    Internet(Environment),
}

impl Reach {
    /// The proxy for this URL.
    pub(super) fn proxy(&self, url: &http::Uri) -> Result<Option<String>, HttpError> {
        match self {
            Self::LinkLocal => Ok(None),
            Self::Internet(environment) => proxy::of(environment, url),
        }
    }
}

/// How long connecting may take. It is less than the whole timeout, so that a timeout while connecting differs from one while
/// waiting for the response.
pub(super) fn connect_limit(timeout: Duration) -> Duration {
    timeout.saturating_mul(3) / 4
}

/// The error for https in a build without TLS.
pub(super) fn no_tls(client: &str) -> HttpError {
    let detail = format!(
        "https needs TLS: enable the feature `rustls` of awsauth-imds, or a TLS feature of {client} in your own \
         Cargo.toml, or set an HttpClient of your own"
    );
    HttpError::new(HttpErrorKind::Unsupported, detail)
}
