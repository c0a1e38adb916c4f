use core::time::Duration;

use awsauth_credentials::{Environment, ErrorKind};

use super::error::ImdsError;
use crate::configuration::Configuration;
use crate::text::printable;

const IPV4: &str = "http://169.254.169.254";
const IPV6: &str = "http://[fd00:ec2::254]";
const DISABLED: &str = "AWS_EC2_METADATA_DISABLED";

/// The settings of one fetch.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) allow_v1: bool,
    pub(super) attempts: u32,
    pub(super) endpoint: String,
    pub(super) instance_profile_name: Option<String>,
    pub(super) timeout: Duration,
    pub(super) v1_disabled: bool,
}

/// The settings that the application has set in code.
#[derive(Debug, Clone, Default)]
pub(super) struct Overrides {
    pub(super) allow_v1: bool,
    pub(super) attempts: Option<u32>,
    pub(super) endpoint: Option<String>,
    pub(super) instance_profile_name: Option<String>,
    pub(super) ipv6: Option<bool>,
    pub(super) timeout: Option<Duration>,
}

impl Settings {
    pub(super) fn read(environment: &Environment, overrides: &Overrides) -> Result<Self, ImdsError> {
        let disabled = environment.var(DISABLED);
        if is_true(disabled.as_deref()) {
            let detail = format!("turned off by {DISABLED}=true");
            return Err(ImdsError::new(ErrorKind::NotConfigured, detail));
        }
        let configuration = Configuration::new(environment, None);
        let setting = |variable: &str, key: &str| {
            let value = configuration.setting(variable, key);
            value.map_err(|error| {
                ImdsError::new(error.kind(), format!("{}: {}", error.source_name(), error.detail()))
            })
        };
        let v1_disabled = setting("AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled")?;
        let attempts = match overrides.attempts {
            Some(attempts) => attempts,
            None => {
                let variable = "AWS_METADATA_SERVICE_NUM_ATTEMPTS";
                let value = setting(variable, "metadata_service_num_attempts")?;
                value.map_or(Ok(1), |value| number(variable, &value, "a number of attempts"))?
            }
        };
        let timeout = match overrides.timeout {
            Some(timeout) => timeout,
            None => {
                let variable = "AWS_METADATA_SERVICE_TIMEOUT";
                let value = setting(variable, "metadata_service_timeout")?;
                value.map_or(Ok(Duration::from_secs(1)), |value| seconds(variable, &value))?
            }
        };
        let endpoint = match &overrides.endpoint {
            Some(endpoint) => Some(endpoint.clone()),
            None => setting("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint")?,
        };
        let endpoint = match endpoint {
            Some(endpoint) => checked_endpoint(&endpoint)?,
            None => {
                let variable = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
                let mode = setting(variable, "ec2_metadata_service_endpoint_mode")?;
                let ipv6 = match overrides.ipv6 {
                    Some(ipv6) => ipv6,
                    None => mode.map_or(Ok(false), |mode| is_ipv6(variable, &mode))?,
                };
                if ipv6 { IPV6 } else { IPV4 }.to_owned()
            }
        };
        let name = match &overrides.instance_profile_name {
            Some(name) => Some(name.clone()),
            None => setting("AWS_EC2_INSTANCE_PROFILE_NAME", "ec2_instance_profile_name")?,
        };
        if let Some(name) = name.as_deref().filter(|name| !is_role_name(name)) {
            return Err(malformed(
                "AWS_EC2_INSTANCE_PROFILE_NAME",
                name,
                "a name of letters, digits and _+=,.@-",
            ));
        }
        Ok(Self {
            allow_v1: overrides.allow_v1,
            attempts: attempts.max(1),
            endpoint,
            instance_profile_name: name,
            timeout,
            v1_disabled: is_true(v1_disabled.as_deref()),
        })
    }
}

/// IAM's alphabet for names, which needs no escaping in a path.
pub(super) fn is_role_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    (1..=128).contains(&name.len()) && name.bytes().all(allowed) && name.bytes().any(|byte| byte != b'.')
}

fn is_true(value: Option<&str>) -> bool {
    value.is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

fn is_ipv6(variable: &str, mode: &str) -> Result<bool, ImdsError> {
    if mode.eq_ignore_ascii_case("ipv6") {
        Ok(true)
    } else if mode.eq_ignore_ascii_case("ipv4") {
        Ok(false)
    } else {
        Err(malformed(variable, mode, "IPv4 or IPv6"))
    }
}

fn checked_endpoint(endpoint: &str) -> Result<String, ImdsError> {
    let uri = endpoint.parse::<http::Uri>().ok();
    let whole = uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some() && uri.query().is_none()
    });
    if whole {
        Ok(endpoint.trim_end_matches('/').to_owned())
    } else {
        Err(malformed("AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint, "a URL such as http://169.254.169.254"))
    }
}

fn number(variable: &str, value: &str, what: &str) -> Result<u32, ImdsError> {
    value.parse().map_err(|_| malformed(variable, value, what))
}

fn seconds(variable: &str, value: &str) -> Result<Duration, ImdsError> {
    let seconds = value.parse::<f64>().ok().filter(|seconds| *seconds > 0.0);
    let timeout = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    timeout.ok_or_else(|| malformed(variable, value, "a number of seconds above 0"))
}

fn malformed(variable: &str, value: &str, expected: &str) -> ImdsError {
    let detail = format!("{variable} (or its setter or profile key) is `{value}`: it must be {expected}");
    ImdsError::new(ErrorKind::Malformed, printable(&detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Settings, ImdsError> {
        Settings::read(&Environment::from_vars(variables.iter().copied()), &Overrides::default())
    }

    #[test]
    fn defaults() {
        let settings = read(&[]).unwrap();
        assert_eq!((settings.endpoint.as_str(), settings.attempts), (IPV4, 1));
        assert_eq!((settings.timeout, settings.instance_profile_name), (Duration::from_secs(1), None));
        assert!(!settings.allow_v1 && !settings.v1_disabled);
    }

    #[test]
    fn variables() {
        let settings = read(&[
            ("AWS_EC2_INSTANCE_PROFILE_NAME", "role"),
            ("AWS_EC2_METADATA_DISABLED", "false"),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1338/"),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6"),
            ("AWS_EC2_METADATA_V1_DISABLED", "TRUE"),
            ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "3"),
            ("AWS_METADATA_SERVICE_TIMEOUT", "2.5"),
        ])
        .unwrap();
        assert_eq!(settings.endpoint, "http://127.0.0.1:1338");
        assert_eq!((settings.attempts, settings.timeout), (3, Duration::from_millis(2_500)));
        assert_eq!(settings.instance_profile_name.as_deref(), Some("role"));
        assert!(settings.v1_disabled);
        assert_eq!(read(&[("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ipv6")]).unwrap().endpoint, IPV6);
        assert_eq!(read(&[("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "0")]).unwrap().attempts, 1);
    }

    #[test]
    fn setters_go_before_variables() {
        let environment = Environment::from_vars([
            ("AWS_EC2_INSTANCE_PROFILE_NAME", ".."),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "nonsense"),
            ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "x"),
            ("AWS_METADATA_SERVICE_TIMEOUT", "x"),
        ]);
        let overrides = Overrides {
            attempts: Some(2),
            endpoint: Some("http://localhost".to_owned()),
            instance_profile_name: Some("mine".to_owned()),
            timeout: Some(Duration::from_secs(3)),
            ..Overrides::default()
        };
        let settings = Settings::read(&environment, &overrides).unwrap();
        assert_eq!((settings.endpoint.as_str(), settings.attempts), ("http://localhost", 2));
        assert_eq!(settings.instance_profile_name.as_deref(), Some("mine"));
        let ipv6 = Overrides { ipv6: Some(true), ..Overrides::default() };
        assert_eq!(Settings::read(&Environment::from_fn(|_| None), &ipv6).unwrap().endpoint, IPV6);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (variable, value) in [
            ("AWS_EC2_INSTANCE_PROFILE_NAME", "../x"),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "169.254.169.254"),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ftp://169.254.169.254"),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv5"),
            ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "-1"),
            ("AWS_METADATA_SERVICE_TIMEOUT", "soon"),
            ("AWS_METADATA_SERVICE_TIMEOUT", "0"),
            ("AWS_METADATA_SERVICE_TIMEOUT", "NaN"),
            ("AWS_METADATA_SERVICE_TIMEOUT", "1e300"),
        ] {
            let error = read(&[(variable, value)]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Malformed);
            assert!(error.detail().contains(variable) && error.detail().contains(value), "{error}");
        }
        let error = read(&[("AWS_EC2_METADATA_DISABLED", "True")]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotConfigured);
    }
}
