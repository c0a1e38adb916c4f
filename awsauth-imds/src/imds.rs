use core::fmt;
use core::time::Duration;
use std::sync::{Arc, Mutex, PoisonError};

use awsauth_credentials::{
    Clock, Credentials, CredentialsError, CredentialsFuture, Environment, ErrorKind, ProvideCredentials,
    SystemClock,
};

use crate::document;
use crate::exchange::{drive, drive_blocking};
use crate::http_client::bundled::BundledClient;
use crate::http_client::transport::HttpClient;

pub(crate) mod error;
pub(crate) mod identity;
mod session;
mod settings;

use error::{ImdsError, SOURCE_NAME};
use identity::InstanceIdentity;
use session::{Fetch, FetchResult, Goal, Session};
use settings::{Overrides, Settings};

const REGION_PATH: &str = "/latest/meta-data/placement/region";
const IDENTITY_PATH: &str = "/latest/dynamic/instance-identity/document";

/// A provider of the credentials of an EC2 instance's role, from the instance metadata service (IMDSv2), which returns any
/// other metadata too.
///
/// It follows AWS's [instance metadata service](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html)
/// and [IMDS credential provider](https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html):
///
/// - One token authenticates all requests. It is renewed 120 s before its 6 hours are over, and at once after a 401.
/// - The role's name is remembered, and looked up again when its credentials no longer exist (404).
/// - `security-credentials-extended`, which includes the account, is tried before `security-credentials`. The one that the
///   instance serves is remembered.
/// - Requests go directly to a link-local address, never through a proxy.
/// - A request may take 1 s and is tried once, so that a machine outside EC2 has the error within a second.
///
/// The value of a setter takes precedence over the variable, and that over the selected profile of the shared config file:
///
/// | setter | variable | profile key |
/// |---|---|---|
/// | [`allow_v1`](Self::allow_v1) | `AWS_EC2_METADATA_V1_DISABLED` (forbids) | `ec2_metadata_v1_disabled` |
/// | [`attempts`](Self::attempts) | `AWS_METADATA_SERVICE_NUM_ATTEMPTS` | `metadata_service_num_attempts` |
/// | [`endpoint`](Self::endpoint) | `AWS_EC2_METADATA_SERVICE_ENDPOINT` | `ec2_metadata_service_endpoint` |
/// | [`ipv6`](Self::ipv6) | `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE` (`IPv4`, `IPv6`) | `ec2_metadata_service_endpoint_mode` |
/// | [`instance_profile_name`](Self::instance_profile_name) | `AWS_EC2_INSTANCE_PROFILE_NAME` | `ec2_instance_profile_name` |
/// | [`timeout`](Self::timeout) | `AWS_METADATA_SERVICE_TIMEOUT` (seconds) | `metadata_service_timeout` |
/// | | `AWS_EC2_METADATA_DISABLED` (`true`: no request is sent) | |
///
/// Clones share the token and the role's name. Credentials are not cached: wrap the provider in a `CachedProvider`. It
/// returns what IMDS returns, even expired credentials, which AWS still accepts during an outage.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use awsauth_credentials::CachedProvider;
/// use awsauth_imds::Imds;
///
/// let imds = Imds::from_env();
/// let region = imds.region().await?;
/// let credentials = CachedProvider::new(imds);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[doc(alias = "InstanceMetadataService")]
#[doc(alias = "instance profile")]
pub struct Imds {
    environment: Environment,
    overrides: Overrides,
    client: Arc<dyn HttpClient>,
    clock: Arc<dyn Clock>,
    session: Arc<Mutex<Session>>,
}

impl Imds {
    /// Returns a provider that reads its settings from the environment of this process and the profile that it selects, at
    /// each fetch.
    #[must_use]
    pub fn from_env() -> Self {
        Self::new(Environment::from_process())
    }

    /// Returns a provider that reads its settings from `environment` and the profile that it selects, at each fetch. With an
    /// empty environment, no variable and no file is used.
    #[must_use]
    pub fn new(environment: Environment) -> Self {
        Self {
            environment,
            overrides: Overrides::default(),
            client: Arc::new(BundledClient::link_local()),
            clock: Arc::new(SystemClock::new()),
            session: Arc::default(),
        }
    }

    /// Sets whether to fall back to IMDSv1, which sends no token, where v2 is not offered (403, 404, 405) or its response is
    /// lost to a hop limit. Whoever can make a process of the instance send a GET request can then read the credentials.
    /// Default: `false`.
    #[must_use]
    pub fn allow_v1(mut self, allow: bool) -> Self {
        self.overrides.allow_v1 = allow;
        self
    }

    /// Sets how many times each request is tried, without a pause; 0 counts as 1. Default: 1.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.overrides.attempts = Some(attempts);
        self
    }

    /// Sets the URL of the service. Default: `http://169.254.169.254`.
    #[must_use]
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.overrides.endpoint = Some(url.into());
        self
    }

    /// Sets whether to use `http://[fd00:ec2::254]` if no [`endpoint`](Self::endpoint) is set. Default: `false`.
    #[must_use]
    pub fn ipv6(mut self, ipv6: bool) -> Self {
        self.overrides.ipv6 = Some(ipv6);
        self
    }

    /// Sets the name of the role whose credentials are fetched. Default: the first that the instance lists.
    #[must_use]
    pub fn instance_profile_name(mut self, name: impl Into<String>) -> Self {
        self.overrides.instance_profile_name = Some(name.into());
        self
    }

    /// Sets how long each request may take, from connecting to the last byte. Default: 1 s.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.overrides.timeout = Some(timeout);
        self
    }

    /// Sets the HTTP client. It should use no proxy, and distinguish a failure to connect from a timeout after it. Default:
    /// the client of this crate's features.
    #[must_use]
    pub fn http_client(mut self, client: impl HttpClient + 'static) -> Self {
        self.client = Arc::new(client);
        self
    }

    /// Sets the clock that measures the token's age. Default: the operating system's.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Returns the document at `path`, such as `/latest/meta-data/instance-id`, of at most 64 KiB.
    ///
    /// # Errors
    /// By [`ImdsError::kind`]:
    /// - [`ErrorKind::Malformed`] if the path does not begin with `/`, a setting is malformed, or the document is longer
    ///   than 64 KiB or not UTF-8: correct the path or the setting.
    /// - [`ErrorKind::NotConfigured`] if `AWS_EC2_METADATA_DISABLED` is `true`: unset it.
    /// - [`ErrorKind::Refused`] if there is no such document, or the service refuses the request: check the path and the
    ///   instance's metadata options.
    /// - [`ErrorKind::TimedOut`] if there is no response in time: in a container, raise the instance's hop limit to 2.
    /// - [`ErrorKind::Unreachable`] outside EC2, or if metadata is turned off for the instance.
    /// - [`ErrorKind::Unsupported`] if this build has no driver for this kind of caller: enable the feature that the
    ///   detail names.
    pub async fn get(&self, path: &str) -> Result<String, ImdsError> {
        let fetch = self.fetch(Goal::path(path)?)?;
        into_text(&self.keep(drive(&*self.client, &*self.clock, fetch).await)?)
    }

    /// Does the same as [`get`](Self::get), for blocking callers.
    ///
    /// # Errors
    /// The same as for [`get`](Self::get).
    pub fn get_blocking(&self, path: &str) -> Result<String, ImdsError> {
        let fetch = self.fetch(Goal::path(path)?)?;
        into_text(&self.keep(drive_blocking(&*self.client, &*self.clock, fetch))?)
    }

    /// Returns the region of the instance, such as `eu-central-1`.
    ///
    /// # Errors
    /// The same as for [`get`](Self::get).
    pub async fn region(&self) -> Result<String, ImdsError> {
        identity::read_region(&self.get(REGION_PATH).await?)
    }

    /// Does the same as [`region`](Self::region), for blocking callers.
    ///
    /// # Errors
    /// The same as for [`get`](Self::get).
    pub fn region_blocking(&self) -> Result<String, ImdsError> {
        identity::read_region(&self.get_blocking(REGION_PATH)?)
    }

    /// Returns the instance identity document.
    ///
    /// # Errors
    /// The same as for [`get`](Self::get); [`ErrorKind::Malformed`] also if the response is not an identity document.
    pub async fn instance_identity(&self) -> Result<InstanceIdentity, ImdsError> {
        InstanceIdentity::parse(self.get(IDENTITY_PATH).await?)
    }

    /// Does the same as [`instance_identity`](Self::instance_identity), for blocking callers.
    ///
    /// # Errors
    /// The same as for [`instance_identity`](Self::instance_identity).
    pub fn instance_identity_blocking(&self) -> Result<InstanceIdentity, ImdsError> {
        InstanceIdentity::parse(self.get_blocking(IDENTITY_PATH)?)
    }

    fn fetch(&self, goal: Goal) -> Result<Fetch, ImdsError> {
        let settings = Settings::read(&self.environment, &self.overrides)?;
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(Fetch::new(settings, session, goal))
    }

    /// If two fetches run at once, the session of the one that ends later is kept: losing a token does no harm.
    fn keep(&self, (session, result): FetchResult) -> Result<session::Body, ImdsError> {
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = session;
        result
    }

    fn read_credentials(&self, fetched: FetchResult) -> Result<Credentials, CredentialsError> {
        document::parse(SOURCE_NAME, &self.keep(fetched)?)
    }
}

impl ProvideCredentials for Imds {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async {
            let fetch = self.fetch(Goal::Credentials)?;
            self.read_credentials(drive(&*self.client, &*self.clock, fetch).await)
        })
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        let fetch = self.fetch(Goal::Credentials)?;
        self.read_credentials(drive_blocking(&*self.client, &*self.clock, fetch))
    }
}

impl fmt::Debug for Imds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Imds").field("overrides", &self.overrides).finish_non_exhaustive()
    }
}

fn into_text(body: &[u8]) -> Result<String, ImdsError> {
    core::str::from_utf8(body).map(str::to_owned).map_err(|_| {
        ImdsError::new(ErrorKind::Malformed, format!("got {}, not UTF-8", crate::text::describe_body(body)))
    })
}
