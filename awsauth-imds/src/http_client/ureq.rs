use core::time::Duration;
use std::io;
use std::sync::OnceLock;

use super::connect::{Reach, connect_limit, no_tls};
use super::error::{HttpError, HttpErrorKind, MAX_RESPONSE_BYTES};
use super::proxy;
use super::transport::{HttpClient, Request, Response};

/// The blocking driver's client, built when first used.
#[derive(Debug)]
pub(super) struct BlockingClient {
    reach: Reach,
    agent: OnceLock<ureq::Agent>,
}

impl BlockingClient {
    pub(super) const fn new(reach: Reach) -> Self {
        Self { reach, agent: OnceLock::new() }
    }

    fn agent(&self) -> &ureq::Agent {
        self.agent.get_or_init(|| {
            ureq::Agent::config_builder()
                .http_status_as_error(false)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .max_idle_connections(0)
                // Each request sets its own: the client reads the environment by other rules than AWS's.
                .proxy(None)
                .build()
                .into()
        })
    }
}

impl HttpClient for BlockingClient {
    fn send_blocking(&self, request: Request, timeout: Duration) -> Result<Response, HttpError> {
        let agent = self.agent();
        let proxy = match self.reach.proxy(request.uri())? {
            Some(proxy) => Some(ureq::Proxy::new(&proxy).map_err(|_| proxy::malformed())?),
            None => None,
        };
        let request = agent
            .configure_request(request)
            .proxy(proxy)
            .timeout_global(Some(timeout))
            .timeout_connect(Some(connect_limit(timeout)))
            .build();
        let response = agent.run(request).map_err(describe)?;
        let (parts, mut body) = response.into_parts();
        let limit = u64::try_from(MAX_RESPONSE_BYTES).unwrap_or(u64::MAX);
        let body = body.with_config().limit(limit).read_to_vec().map_err(describe)?;
        Ok(Response::from_parts(parts, body))
    }
}

fn describe(error: ureq::Error) -> HttpError {
    use ureq::{Error, Timeout};
    let kind = match &error {
        Error::Timeout(Timeout::Resolve | Timeout::Connect)
        | Error::HostNotFound
        | Error::ConnectProxyFailed(_)
        | Error::ConnectionFailed => HttpErrorKind::Connect,
        Error::Timeout(_) => HttpErrorKind::TimedOut,
        Error::BodyExceedsLimit(_) => return HttpError::new(HttpErrorKind::TooLarge, ""),
        Error::Io(error) if never_connected(error) => HttpErrorKind::Connect,
        Error::TlsRequired => return no_tls("ureq"),
        Error::BadUri(_) | Error::Http(_) => {
            return HttpError::new(HttpErrorKind::Unsupported, "malformed URL");
        }
        _ => HttpErrorKind::Broken,
    };
    HttpError::new(kind, error.to_string())
}

fn never_connected(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    matches!(
        error.kind(),
        Kind::ConnectionRefused
            | Kind::HostUnreachable
            | Kind::NetworkUnreachable
            | Kind::AddrNotAvailable
            | Kind::NetworkDown
    ) || error.to_string().starts_with("failed to lookup address") // std has no kind for it
}
