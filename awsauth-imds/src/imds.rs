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
use session::{Fetch, Fetched, Goal, Session};
use settings::{Override, Settings};

const REGION_PATH: &str = "/latest/meta-data/placement/region";
const IDENTITY_PATH: &str = "/latest/dynamic/instance-identity/document";

/// Credentials of the instance's role, and any other metadata, from the EC2 instance metadata service (IMDSv2).
///
/// It follows "Use the Instance Metadata Service to access instance metadata" of the Amazon EC2 User Guide and "IMDS
/// credential provider" of the AWS SDKs and Tools Reference Guide:
///
/// - One token serves all requests; it is renewed 120 s before its 6 hours are over, and at once after a 401.
/// - The role's name is kept, and looked up again when its credentials are gone (404).
/// - `security-credentials-extended`, which names the account too, goes before `security-credentials`; which of the two
///   the instance serves is remembered.
/// - Requests go straight to a link-local address: no proxy is ever used.
/// - A request may take 1 s and is tried once, so that a machine off EC2 knows within a second.
///
/// Every setting is taken from the setter here, else from the variable, else from the active profile of the shared
/// config file:
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
/// Clones share the token and the role's name. Credentials are not kept: wrap it in a `CachedProvider`. It hands out
/// what IMDS does, even if expired, for AWS goes on accepting such credentials during an outage.
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
pub struct Imds {
    environment: Environment,
    overrides: Override,
    client: Arc<dyn HttpClient>,
    clock: Arc<dyn Clock>,
    session: Arc<Mutex<Session>>,
}

impl Imds {
    /// Takes settings from the environment of this process and the profile it names, at each fetch.
    #[must_use]
    pub fn from_env() -> Self {
        Self::new(Environment::from_process())
    }

    /// Takes settings from this environment and the profile it names, at each fetch. With `Environment::from_vars` of
    /// nothing, no variable and no file counts.
    #[must_use]
    pub fn new(environment: Environment) -> Self {
        Self {
            environment,
            overrides: Override::default(),
            client: Arc::new(BundledClient::link_local()),
            clock: Arc::new(SystemClock::new()),
            session: Arc::default(),
        }
    }

    /// Falls back to IMDSv1, which sends no token, where v2 is not offered (403, 404, 405) or its answer is lost to a hop
    /// limit. Any process that can be talked into a GET request can then read the credentials: default `false`.
    #[must_use]
    pub fn allow_v1(mut self, allow: bool) -> Self {
        self.overrides.allow_v1 = allow;
        self
    }

    /// How often each request is tried, at least once; without a pause. Default 1.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.overrides.attempts = Some(attempts);
        self
    }

    /// The service's URL, instead of `http://169.254.169.254`.
    #[must_use]
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.overrides.endpoint = Some(url.into());
        self
    }

    /// Whether to use `http://[fd00:ec2::254]`, unless there is an endpoint. Default `false`.
    #[must_use]
    pub fn ipv6(mut self, ipv6: bool) -> Self {
        self.overrides.ipv6 = Some(ipv6);
        self
    }

    /// The role to take, instead of the first that the instance lists.
    #[must_use]
    pub fn instance_profile_name(mut self, name: impl Into<String>) -> Self {
        self.overrides.instance_profile_name = Some(name.into());
        self
    }

    /// How long each request may take, from connecting to the last byte. Default 1 s.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.overrides.timeout = Some(timeout);
        self
    }

    /// Sends through this HTTP client. It should use no proxy, and tell a failure to connect from a timeout after.
    #[must_use]
    pub fn http_client(mut self, client: impl HttpClient + 'static) -> Self {
        self.client = Arc::new(client);
        self
    }

    /// Measures the token's age by this clock.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The document at `path`, such as `/latest/meta-data/instance-id`, of at most 64 KiB.
    ///
    /// # Errors
    /// See [`ImdsError::kind`]: [`ErrorKind::NotConfigured`] where `AWS_EC2_METADATA_DISABLED` is `true`,
    /// [`ErrorKind::Refused`] for a path that is not there, [`ErrorKind::Malformed`] for a path that does not begin with
    /// `/` and for a document that is not UTF-8.
    pub async fn get(&self, path: &str) -> Result<String, ImdsError> {
        let fetch = self.fetch(Goal::path(path)?)?;
        into_text(&self.keep(drive(&*self.client, &*self.clock, fetch).await)?)
    }

    /// [`get`](Self::get) for blocking callers.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn get_blocking(&self, path: &str) -> Result<String, ImdsError> {
        let fetch = self.fetch(Goal::path(path)?)?;
        into_text(&self.keep(drive_blocking(&*self.client, &*self.clock, fetch))?)
    }

    /// The region the instance runs in, such as `eu-central-1`.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn region(&self) -> Result<String, ImdsError> {
        identity::read_region(&self.get(REGION_PATH).await?)
    }

    /// [`region`](Self::region) for blocking callers.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn region_blocking(&self) -> Result<String, ImdsError> {
        identity::read_region(&self.get_blocking(REGION_PATH)?)
    }

    /// The instance identity document.
    ///
    /// # Errors
    /// As [`get`](Self::get); [`ErrorKind::Malformed`] also for what is no identity document.
    pub async fn instance_identity(&self) -> Result<InstanceIdentity, ImdsError> {
        InstanceIdentity::parse(self.get(IDENTITY_PATH).await?)
    }

    /// [`instance_identity`](Self::instance_identity) for blocking callers.
    ///
    /// # Errors
    /// As [`instance_identity`](Self::instance_identity).
    pub fn instance_identity_blocking(&self) -> Result<InstanceIdentity, ImdsError> {
        InstanceIdentity::parse(self.get_blocking(IDENTITY_PATH)?)
    }

    fn fetch(&self, goal: Goal) -> Result<Fetch, ImdsError> {
        let settings = Settings::read(&self.environment, &self.overrides)?;
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(Fetch::new(settings, session, goal))
    }

    /// Of two fetches at once, the later to end decides what is remembered; a token more or less does no harm.
    fn keep(&self, (session, result): Fetched) -> Result<session::Body, ImdsError> {
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = session;
        result
    }

    fn read_credentials(&self, fetched: Fetched) -> Result<Credentials, CredentialsError> {
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
        ImdsError::new(ErrorKind::Malformed, format!("{} came", crate::text::describe_body(body)))
    })
}
