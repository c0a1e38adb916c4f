use core::time::Duration;
use std::sync::Arc;

use awsauth_credentials::{CredentialsError, Environment, ErrorKind};

use crate::configuration::Configuration;
use crate::http_client::bundled::BundledClient;
use crate::http_client::transport::HttpClient;
use crate::region::is_region;
use crate::text::printable;

/// Where and how STS is called. What is not set is looked up in the environment and the profile it selects.
#[derive(Debug, Clone)]
pub(super) struct StsSettings {
    pub(super) client: Arc<dyn HttpClient>,
    /// Whether the application has set `client`, which then replaces the bundled one whatever the environment.
    has_own_client: bool,
    duration: Option<Duration>,
    endpoint: Option<String>,
    environment: Environment,
    /// The profile to read instead of the one that the environment selects.
    profile: Option<String>,
    region: Option<String>,
    session_name: Option<String>,
}

impl StsSettings {
    pub(super) fn new(environment: Environment) -> Self {
        Self {
            client: Arc::new(BundledClient::internet(&environment)),
            has_own_client: false,
            duration: None,
            endpoint: None,
            environment,
            profile: None,
            region: None,
            session_name: None,
        }
    }

    pub(super) fn var(&self, name: &str) -> Option<String> {
        self.environment.var(name)
    }

    /// The region and the endpoint's URL.
    pub(super) fn endpoint(&self, source: &str) -> Result<(String, String), CredentialsError> {
        let configuration = Configuration::new(&self.environment, self.profile.as_deref());
        let region = match &self.region {
            Some(region) => Some(region.clone()),
            None => match self.environment.var("AWS_REGION") {
                Some(region) => Some(region),
                None => configuration.setting("AWS_DEFAULT_REGION", "region")?,
            },
        };
        let Some(region) = region else {
            let detail =
                "the region of STS is missing: set AWS_REGION, or `region` in the profile or in code";
            return Err(CredentialsError::new(source.to_owned(), ErrorKind::Incomplete, detail));
        };
        if !is_region(&region) {
            let detail = printable(&format!("`{region}` is not a region such as eu-central-1"));
            return Err(CredentialsError::new(source.to_owned(), ErrorKind::Malformed, detail));
        }
        let endpoint = match &self.endpoint {
            Some(endpoint) => Some(endpoint.clone()),
            None => self.configured_endpoint(&configuration)?,
        };
        let endpoint = endpoint.unwrap_or_else(|| regional_endpoint(&region));
        Ok((region, endpoint))
    }

    /// By https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html.
    fn configured_endpoint(
        &self,
        configuration: &Configuration<'_>,
    ) -> Result<Option<String>, CredentialsError> {
        let ignored = configuration
            .setting("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls")?;
        if ignored.is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return Ok(None);
        }
        let variable = |name| self.environment.var(name);
        if let Some(endpoint) = variable("AWS_ENDPOINT_URL_STS").or_else(|| variable("AWS_ENDPOINT_URL")) {
            return Ok(Some(endpoint));
        }
        match configuration.service_setting("sts", "endpoint_url")? {
            Some(endpoint) => Ok(Some(endpoint)),
            None => configuration.setting("AWS_ENDPOINT_URL", "endpoint_url"),
        }
    }

    /// The parameters that both operations take.
    pub(super) fn parameters(
        &self,
        role_arn: &str,
        default_session_name: Option<String>,
    ) -> Vec<(&'static str, String)> {
        let session_name = self.session_name.clone().or(default_session_name);
        let session_name = session_name.unwrap_or_else(|| "awsauth".to_owned());
        let mut parameters = vec![("RoleArn", role_arn.to_owned()), ("RoleSessionName", session_name)];
        if let Some(duration) = self.duration {
            parameters.push(("DurationSeconds", duration.as_secs().to_string()));
        }
        parameters
    }

    pub(super) fn set_client(&mut self, client: Arc<dyn HttpClient>) {
        self.client = client;
        self.has_own_client = true;
    }

    pub(super) fn set_duration(&mut self, duration: Duration) {
        self.duration = Some(duration);
    }

    pub(super) fn set_endpoint(&mut self, url: String) {
        self.endpoint = Some(url);
    }

    /// The proxy comes out of the environment too, so the bundled client is replaced.
    pub(super) fn set_environment(&mut self, environment: Environment) {
        if !self.has_own_client {
            self.client = Arc::new(BundledClient::internet(&environment));
        }
        self.environment = environment;
    }

    pub(super) fn set_profile(&mut self, name: &str) {
        self.profile = Some(name.to_owned());
    }

    pub(super) fn set_region(&mut self, region: String) {
        self.region = Some(region);
    }

    pub(super) fn set_session_name(&mut self, name: String) {
        self.session_name = Some(name);
    }
}

/// The setters that both providers of roles have, over their field `settings`.
macro_rules! sts_setters {
    ($provider:ident) => {
        impl $provider {
            /// Sets how long the credentials shall live: 15 minutes to 12 hours, and at most as long as the role's maximum
            /// session duration. Default: one hour.
            #[must_use]
            pub fn duration(mut self, duration: core::time::Duration) -> Self {
                self.settings.set_duration(duration);
                self
            }

            /// Sets the URL of STS, such as `https://sts.example.com`. Default: the endpoint that the configuration names,
            /// else the regional one.
            #[must_use]
            pub fn endpoint(mut self, url: impl Into<String>) -> Self {
                self.settings.set_endpoint(url.into());
                self
            }

            /// Sets the HTTP client that calls STS. Default: the client of this crate's features.
            #[must_use]
            pub fn http_client(
                self,
                client: impl crate::http_client::transport::HttpClient + 'static,
            ) -> Self {
                self.shared_http_client(std::sync::Arc::new(client))
            }

            /// Sets the region whose STS is called, such as `eu-central-1`. Default: the region that the configuration
            /// names.
            #[must_use]
            pub fn region(mut self, region: impl Into<String>) -> Self {
                self.settings.set_region(region.into());
                self
            }

            /// Sets the name of the session, which CloudTrail shows: 2 to 64 letters, digits and `_+=,.@-`. Default:
            /// `awsauth`.
            #[must_use]
            pub fn session_name(mut self, name: impl Into<String>) -> Self {
                self.settings.set_session_name(name.into());
                self
            }

            pub(crate) fn profile(mut self, name: &str) -> Self {
                self.settings.set_profile(name);
                self
            }

            pub(crate) fn shared_http_client(
                mut self,
                client: std::sync::Arc<dyn crate::http_client::transport::HttpClient>,
            ) -> Self {
                self.settings.set_client(client);
                self
            }
        }
    };
}

pub(super) use sts_setters;

/// The regional endpoint of STS.
fn regional_endpoint(region: &str) -> String {
    // The DNS suffixes of "AWS partitions", as in the partitions file of AWS's endpoint rules.
    const SUFFIXES: [(&str, &str); 6] = [
        ("cn-", "amazonaws.com.cn"),
        ("eusc-", "amazonaws.eu"),
        ("eu-isoe-", "cloud.adc-e.uk"),
        ("us-iso-", "c2s.ic.gov"),
        ("us-isob-", "sc2s.sgov.gov"),
        ("us-isof-", "csp.hci.ic.gov"),
    ];
    let known = SUFFIXES.iter().find(|(prefix, _)| region.starts_with(prefix));
    format!("https://sts.{region}.{}", known.map_or("amazonaws.com", |(_, suffix)| suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_of_the_partitions() {
        for (region, endpoint) in [
            ("eu-central-1", "https://sts.eu-central-1.amazonaws.com"),
            ("us-gov-west-1", "https://sts.us-gov-west-1.amazonaws.com"),
            ("cn-north-1", "https://sts.cn-north-1.amazonaws.com.cn"),
            ("us-iso-east-1", "https://sts.us-iso-east-1.c2s.ic.gov"),
            ("us-isob-east-1", "https://sts.us-isob-east-1.sc2s.sgov.gov"),
            ("us-isof-south-1", "https://sts.us-isof-south-1.csp.hci.ic.gov"),
            ("eu-isoe-west-1", "https://sts.eu-isoe-west-1.cloud.adc-e.uk"),
            ("eusc-de-east-1", "https://sts.eusc-de-east-1.amazonaws.eu"),
        ] {
            assert_eq!(regional_endpoint(region), endpoint);
        }
    }
}
