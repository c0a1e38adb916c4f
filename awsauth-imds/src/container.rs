use core::fmt;
use core::net::IpAddr;
use core::time::Duration;
use std::sync::Arc;

use awsauth_credentials::{
    Credentials, CredentialsError, CredentialsFuture, Environment, ErrorKind, ProvideCredentials, SystemClock,
};
use http::{HeaderValue, Uri, header};
use zeroize::Zeroizing;

use crate::exchange::{Once, SendResult, drive, drive_blocking};
use crate::http_client::bundled::BundledClient;
use crate::http_client::transport::{HttpClient, Request};
use crate::{document, text, token_file};

const SOURCE_NAME: &str = "container endpoint";
const RELATIVE_URI: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const FULL_URI: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
/// Where Amazon ECS serves relative URIs.
const ECS: &str = "http://169.254.170.2";
const TIMEOUT: Duration = Duration::from_secs(2);
const ATTEMPTS: u32 = 3;

/// A provider of the credentials that Amazon ECS, EKS Pod Identity, AWS Greengrass and CloudShell offer to containers.
///
/// It follows AWS's [container credential provider](https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html) and reads these variables at each
/// fetch:
///
/// | variable | value |
/// |---|---|
/// | `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` | a path on `169.254.170.2`; takes precedence |
/// | `AWS_CONTAINER_CREDENTIALS_FULL_URI` | a URL: of any host over https; over http only `localhost`, a loopback address, `169.254.170.2`, `169.254.170.23` or `fd00:ec2::23` |
/// | `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` | a file that holds the value of the `Authorization` header, trimmed; takes precedence |
/// | `AWS_CONTAINER_AUTHORIZATION_TOKEN` | that value itself |
///
/// Each of three attempts may take 2 s. No proxy is used. The provider caches nothing: wrap it in a `CachedProvider`.
#[derive(Clone)]
pub struct Container {
    environment: Environment,
    client: Arc<dyn HttpClient>,
}

impl Container {
    /// Returns a provider that reads the variables of this process.
    #[must_use]
    pub fn from_env() -> Self {
        Self::new(Environment::from_process())
    }

    /// Returns a provider that reads the variables of `environment`.
    #[must_use]
    pub fn new(environment: Environment) -> Self {
        Self { environment, client: Arc::new(BundledClient::link_local()) }
    }

    /// Sets the HTTP client that calls the endpoint. It should use no proxy. Default: the client of this crate's features.
    #[must_use]
    pub fn http_client(mut self, client: impl HttpClient + 'static) -> Self {
        self.client = Arc::new(client);
        self
    }

    fn exchange(&self) -> Result<Once, CredentialsError> {
        Ok(Once {
            request: self.request()?,
            timeout: TIMEOUT,
            attempts: ATTEMPTS,
            is_transient: |response| response.status().is_server_error(),
        })
    }

    fn request(&self) -> Result<Request, CredentialsError> {
        let url = self.url()?;
        let mut request = http::Request::get(url).header(header::ACCEPT, "application/json");
        if let Some(authorization) = self.authorization()? {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        request.body(Vec::new()).map_err(|_| malformed(FULL_URI, "is not a URL"))
    }

    fn url(&self) -> Result<Uri, CredentialsError> {
        if let Some(path) = self.environment.var(RELATIVE_URI) {
            if !path.starts_with('/') {
                return Err(malformed(RELATIVE_URI, "must be a path that begins with `/`"));
            }
            return format!("{ECS}{path}").parse().map_err(|_| malformed(RELATIVE_URI, "is not a path"));
        }
        let Some(url) = self.environment.var(FULL_URI) else {
            let detail = format!("neither {RELATIVE_URI} nor {FULL_URI} is set");
            return Err(CredentialsError::new(SOURCE_NAME, ErrorKind::NotConfigured, detail));
        };
        let url: Uri = url.parse().map_err(|_| malformed(FULL_URI, "is not a URL"))?;
        let Some(host) = url.host() else { return Err(malformed(FULL_URI, "names no host")) };
        if url.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err(malformed(FULL_URI, "must not hold a user name"));
        }
        match url.scheme_str() {
            Some("https") => Ok(url),
            Some("http") if may_be_plain(host) => Ok(url),
            Some("http") => Err(malformed(
                FULL_URI,
                "may use http only for localhost, a loopback address, 169.254.170.2, 169.254.170.23 or fd00:ec2::23: \
                 use https for any other host",
            )),
            _ => Err(malformed(FULL_URI, "must begin with http:// or https://")),
        }
    }

    /// The token file is read each time, as its writer renews it.
    fn authorization(&self) -> Result<Option<HeaderValue>, CredentialsError> {
        let (variable, token) = if let Some(path) = self.environment.var(TOKEN_FILE) {
            (TOKEN_FILE, token_file::read(SOURCE_NAME, TOKEN_FILE, &path)?)
        } else if let Some(token) = self.environment.var(TOKEN) {
            (TOKEN, Zeroizing::new(token))
        } else {
            return Ok(None);
        };
        let mut value = HeaderValue::from_str(token.trim())
            .map_err(|_| malformed(variable, "holds a token with line breaks or control characters"))?;
        value.set_sensitive(true);
        Ok(Some(value))
    }

    fn finish(&self, outcome: SendResult) -> Result<Credentials, CredentialsError> {
        let response = outcome.map_err(|error| {
            CredentialsError::new(SOURCE_NAME, error.credentials_kind(), text::printable(&error.to_string()))
        })?;
        let status = response.status();
        let body = Zeroizing::new(response.into_body());
        if status == http::StatusCode::OK {
            return document::parse(SOURCE_NAME, &body);
        }
        let message = document::error_of(&body).unwrap_or_else(|| text::describe_body(&body));
        let detail = format!("HTTP {}: {message}", status.as_u16());
        Err(CredentialsError::new(SOURCE_NAME, ErrorKind::Refused, detail))
    }
}

impl ProvideCredentials for Container {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async { self.finish(drive(&*self.client, &SystemClock::new(), self.exchange()?).await) })
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        self.finish(drive_blocking(&*self.client, &SystemClock::new(), self.exchange()?))
    }
}

impl fmt::Debug for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Container").finish_non_exhaustive()
    }
}

/// Names other than `localhost` are refused even if they resolve to loopback: the next look-up may return another address.
fn may_be_plain(host: &str) -> bool {
    const ALLOWED: [&str; 3] = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"];
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    match host.parse::<IpAddr>() {
        Ok(address) => address.is_loopback() || ALLOWED.iter().any(|allowed| allowed.parse() == Ok(address)),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

fn malformed(variable: &str, what: &str) -> CredentialsError {
    CredentialsError::new(SOURCE_NAME, ErrorKind::Malformed, format!("{variable} {what}"))
}

#[cfg(test)]
mod tests;
