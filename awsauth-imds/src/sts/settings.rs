use core::time::Duration;

use awsauth_credentials::{CredentialsError, Environment, ErrorKind};

use super::{is_region, regional_endpoint};
use crate::chain::configuration::Configuration;
use crate::text::printable;

/// Where and how STS is called. What is not set is looked up in the environment and its active profile.
#[derive(Debug, Clone)]
pub(crate) struct StsSettings {
    pub(crate) duration: Option<Duration>,
    pub(crate) endpoint: Option<String>,
    pub(crate) environment: Environment,
    /// Instead of the one that the environment selects.
    pub(crate) profile: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) session_name: Option<String>,
}

impl StsSettings {
    pub(crate) fn new(environment: Environment) -> Self {
        Self { duration: None, endpoint: None, environment, profile: None, region: None, session_name: None }
    }

    /// The region and the endpoint's URL.
    pub(crate) fn endpoint(&self, source: &str) -> Result<(String, String), CredentialsError> {
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

    /// "Service-specific endpoints" of the AWS SDKs and Tools Reference Guide.
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
    pub(crate) fn parameters(
        &self,
        role_arn: &str,
        session_name: Option<String>,
    ) -> Vec<(&'static str, String)> {
        let session_name = session_name.unwrap_or_else(|| "awsauth".to_owned());
        let mut parameters = vec![("RoleArn", role_arn.to_owned()), ("RoleSessionName", session_name)];
        if let Some(duration) = self.duration {
            parameters.push(("DurationSeconds", duration.as_secs().to_string()));
        }
        parameters
    }
}
