use core::fmt;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use awsauth_core::{CredentialScope, Header, PayloadHash, Protocol, SigningKey, Sigv4, Timestamp};
use awsauth_credentials::{
    Clock, Credentials, CredentialsError, CredentialsFuture, Environment, ErrorKind, ProvideCredentials,
    SharedProvider, SystemClock,
};
use http::HeaderValue;

use super::protocol;
use super::settings::{StsSettings, sts_setters};
use crate::exchange::{Once, SendResult, drive, drive_blocking};
use crate::http_client::transport::Request;

/// A provider of the credentials of a role, assumed with the credentials of another provider.
///
/// It calls [`AssumeRole`](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html) of AWS STS, signed with
/// Signature Version 4, and follows AWS's [assume role credential provider](https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html).
/// Region and endpoint are those of the setters, else those of the [`environment`](Self::environment), as for
/// [`WebIdentity`](crate::WebIdentity). Without an environment no variable is read, not even for a proxy, and the region must
/// be set.
///
/// STS needs https: see the [crate's documentation](crate#drivers-and-tls), also for proxies. Each of three attempts may take
/// 5 s. The provider caches nothing: wrap it in a `CachedProvider`.
///
/// ```
/// use awsauth_credentials::{CachedProvider, Credentials, StaticProvider};
/// use awsauth_imds::AssumeRole;
///
/// let base = StaticProvider::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
/// let role = AssumeRole::new(base, "arn:aws:iam::123456789012:role/demo")
///     .region("eu-central-1")
///     .session_name("nightly-report");
/// let credentials = CachedProvider::new(role);
/// ```
#[derive(Clone)]
#[doc(alias = "STS")]
pub struct AssumeRole {
    source: SharedProvider,
    role_arn: String,
    external_id: Option<String>,
    settings: StsSettings,
    clock: Arc<dyn Clock>,
}

impl AssumeRole {
    /// Returns a provider that assumes a role, such as `arn:aws:iam::123456789012:role/demo`, with the credentials of
    /// `source`.
    pub fn new(source: impl ProvideCredentials + 'static, role_arn: impl Into<String>) -> Self {
        Self::with_shared(Arc::new(source), role_arn.into())
    }

    pub(crate) fn with_shared(source: SharedProvider, role_arn: String) -> Self {
        Self {
            source,
            role_arn,
            external_id: None,
            settings: StsSettings::new(Environment::from_fn(|_| None)),
            clock: Arc::new(SystemClock::new()),
        }
    }

    /// Sets the clock that dates the signature. Default: the operating system's.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sets the environment that the proxy is read from and, with the profile that it selects, the region and endpoint
    /// where no setter specifies them. Default: an empty environment.
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.settings.set_environment(environment);
        self
    }

    /// Sets the external ID that the role's trust policy requires.
    #[must_use]
    pub fn external_id(mut self, id: impl Into<String>) -> Self {
        self.external_id = Some(id.into());
        self
    }

    fn source_name(&self) -> String {
        format!("role {}", crate::text::printable(&self.role_arn))
    }

    /// A role without credentials to assume it is an incomplete configuration: a chain must not fall through to another
    /// identity.
    fn classify(&self, error: CredentialsError) -> CredentialsError {
        match error.kind() {
            ErrorKind::NotConfigured => {
                CredentialsError::new(self.source_name(), ErrorKind::Incomplete, error.to_string())
            }
            _ => error,
        }
    }

    /// All attempts send the same request: they are over long before the signature's five minutes.
    fn exchange(&self, base: &Credentials) -> Result<Once, CredentialsError> {
        let source_name = self.source_name();
        let (region, endpoint) = self.settings.endpoint(&source_name)?;
        let mut parameters = self.settings.parameters(&self.role_arn, None);
        if let Some(external_id) = &self.external_id {
            parameters.push(("ExternalId", external_id.clone()));
        }
        let mut request = protocol::request(&source_name, &endpoint, "AssumeRole", &parameters)?;
        sign(&mut request, &region, base, self.clock.as_ref()).map_err(|error| {
            let detail = format!("the request to STS cannot be signed: {error}");
            CredentialsError::new(source_name, ErrorKind::Malformed, detail)
        })?;
        Ok(protocol::exchange(request))
    }

    fn finish(&self, base: &Credentials, outcome: SendResult) -> Result<Credentials, CredentialsError> {
        let result = protocol::read(&self.source_name(), outcome);
        if result.as_ref().is_err_and(|error| error.detail().contains("ExpiredToken")) {
            self.source.invalidate(base);
        }
        result
    }
}

sts_setters!(AssumeRole);

impl ProvideCredentials for AssumeRole {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async {
            let base = self.source.provide().await.map_err(|error| self.classify(error))?;
            let exchange = self.exchange(&base)?;
            self.finish(&base, drive(&*self.settings.client, &*self.clock, exchange).await)
        })
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        let base = self.source.provide_blocking().map_err(|error| self.classify(error))?;
        let exchange = self.exchange(&base)?;
        self.finish(&base, drive_blocking(&*self.settings.client, &*self.clock, exchange))
    }
}

impl fmt::Debug for AssumeRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AssumeRole")
            .field("role_arn", &self.role_arn)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

/// Adds the headers of Signature Version 4 to a request that is complete without them.
fn sign(
    request: &mut Request,
    region: &str,
    credentials: &Credentials,
    clock: &dyn Clock,
) -> Result<(), awsauth_core::Error> {
    let since_epoch = clock.wall().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = Timestamp::from_unix(since_epoch.as_secs())?;
    let scope = CredentialScope::new(now.date(), region, "sts")?;
    let (access_key_id, secret_access_key) = (credentials.access_key_id(), credentials.secret_access_key());
    // Deriving takes a secret as it is, even a spoiled one.
    awsauth_core::Credentials::new(access_key_id, secret_access_key)?;
    let key = SigningKey::derive(secret_access_key, scope);
    let mut signer = Sigv4::new(access_key_id, &key);
    if let Some(token) = credentials.session_token() {
        signer = signer.session_token(token);
    }
    let headers: Vec<_> =
        request.headers().iter().map(|(name, value)| Header::new(name.as_str(), value.as_bytes())).collect();
    let uri = request.uri();
    let host = uri.authority().map_or("", |authority| authority.as_str());
    let plain = uri.scheme() == Some(&http::uri::Scheme::HTTP);
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let parts = awsauth_core::Request::post(target, host)
        .protocol(if plain { Protocol::Http } else { Protocol::Https })
        .headers(&headers);
    let signed = signer.sign(&parts, PayloadHash::of(request.body()), now)?;
    let added: Vec<_> = signed.headers().map(|(name, value)| (name, value.to_string())).collect();
    for (name, value) in added {
        let mut value = HeaderValue::from_str(&value).map_err(|_| awsauth_core::Error::ControlInHeader)?;
        value.set_sensitive(true);
        request.headers_mut().insert(name, value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use core::time::Duration;
    use std::time::SystemTime;

    use super::*;

    #[derive(Debug)]
    struct Fixed;

    impl Clock for Fixed {
        /// 2026-01-02T03:04:05Z
        fn wall(&self) -> SystemTime {
            UNIX_EPOCH + Duration::from_secs(1_767_323_045)
        }

        fn monotonic(&self) -> Duration {
            Duration::ZERO
        }
    }

    /// The signature of botocore 1.34.162 for the same request.
    #[test]
    fn the_signature_is_that_of_botocore() {
        let base = Credentials::new("ASIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        let role = AssumeRole::new(
            awsauth_credentials::StaticProvider::new(base.clone()),
            "arn:aws:iam::123456789012:role/demo",
        )
        .region("eu-central-1")
        .clock(Fixed);
        let request = role.exchange(&base).unwrap().request;
        assert_eq!(request.uri(), "https://sts.eu-central-1.amazonaws.com/");
        assert_eq!(
            request.headers()["authorization"],
            "AWS4-HMAC-SHA256 Credential=ASIAIOSFODNN7EXAMPLE/20260102/eu-central-1/sts/aws4_request, \
             SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, \
             Signature=b959b58069ebc5abea1a511f56d2843444226be20403f32c6f82081be94c3707"
        );
        assert_eq!(request.headers()["x-amz-date"], "20260102T030405Z");

        let temporary = base.with_session_token("AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT");
        let request = role.exchange(&temporary).unwrap().request;
        assert_eq!(
            request.headers()["authorization"],
            "AWS4-HMAC-SHA256 Credential=ASIAIOSFODNN7EXAMPLE/20260102/eu-central-1/sts/aws4_request, \
             SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, \
             Signature=d15cbf1a2b274570c4cc4d3196e4180212491a5b7b9ae4998d1b3dbcb63ba82b"
        );
        assert!(!format!("{request:?}").contains("AQoEXAMPLE"));
    }

    #[test]
    fn credentials_that_cannot_be_sent_are_a_typed_error() {
        let base = Credentials::new("bad\nid", "secret");
        let source = awsauth_credentials::StaticProvider::new(base.clone());
        let role = AssumeRole::new(source, "arn:aws:iam::123456789012:role/demo").region("eu-central-1");
        let error = role.exchange(&base).err().map(|error| error.kind());
        assert_eq!(error, Some(ErrorKind::Malformed));
    }
}
