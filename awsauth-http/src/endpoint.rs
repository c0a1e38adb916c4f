mod host_cache;

use awsauth_core::endpoint::RegionName;
use awsauth_core::{EndpointError, Scheme};

pub(crate) use host_cache::{HostCache, Resolved};

use crate::Error;
use crate::signer::Settings;

/// Where a request goes, as far as its signature is concerned: what was set, and for the rest what the host says.
pub(crate) enum Destination<'s> {
    Set {
        service: &'s str,
        region: &'s str,
        scheme: Scheme,
    },
    FromHost {
        host: Resolved,
        service: Option<&'s str>,
        region: Option<&'s str>,
    },
    /// A host of AWS's whose service is not known but was set.
    RegionInHost {
        service: &'s str,
        region: RegionName,
    },
}

impl<'s> Destination<'s> {
    #[inline]
    pub(crate) fn find(
        settings: &'s Settings,
        hosts: &HostCache,
        host: &str,
        path: &str,
    ) -> Result<Self, Error> {
        let (service, region) = (settings.service.as_deref(), settings.region.as_deref());
        match (service, region) {
            (Some(service), Some(region)) => {
                let scheme = || scheme_of(service, region, hosts.resolve(host, path));
                Ok(Self::Set { service, region, scheme: settings.scheme.unwrap_or_else(scheme) })
            }
            _ => match hosts.resolve(host, path) {
                Ok(host) => Ok(Self::FromHost { host, service, region }),
                Err(error) => Self::without_endpoint(service, host, error),
            },
        }
    }

    pub(crate) fn service(&self) -> &str {
        match self {
            Self::Set { service, .. } | Self::RegionInHost { service, .. } => service,
            Self::FromHost { host, service, .. } => service.unwrap_or(host.signing_name),
        }
    }

    pub(crate) fn region(&self) -> Result<&str, Error> {
        match self {
            Self::Set { region, .. } => Ok(region),
            Self::FromHost { region: Some(region), .. } => Ok(region),
            Self::FromHost { host, .. } => Ok(host.region_name()?),
            Self::RegionInHost { region, .. } => Ok(region.as_str()),
        }
    }

    #[inline]
    pub(crate) fn scheme(&self) -> Scheme {
        match self {
            Self::Set { scheme, .. } => *scheme,
            Self::FromHost { region: Some(region), .. } if is_region_set(region) => Scheme::Sigv4a,
            Self::FromHost { host, service, .. } => match service {
                // The scheme goes with the service: that of the host's own counts for no other.
                Some(service) if *service != host.signing_name => scheme_of_service(service),
                _ => host.scheme,
            },
            Self::RegionInHost { service, .. } => scheme_of_service(service),
        }
    }

    #[cold]
    fn without_endpoint(service: Option<&'s str>, host: &str, error: EndpointError) -> Result<Self, Error> {
        match (service, error) {
            (Some(service), EndpointError::UnknownService) => match RegionName::in_host(host) {
                Some(region) => Ok(Self::RegionInHost { service, region }),
                None => Err(EndpointError::RegionNotInHost.into()),
            },
            _ => Err(error.into()),
        }
    }
}

/// The scheme where service and region are set: what the host wants if it is that service's, else what the service does.
fn scheme_of(service: &str, region: &str, host: Result<Resolved, EndpointError>) -> Scheme {
    match host {
        Ok(host) if host.signing_name == service => host.scheme,
        _ if is_region_set(region) => Scheme::Sigv4a,
        _ => scheme_of_service(service),
    }
}

fn is_region_set(region: &str) -> bool {
    region.contains(['*', ','])
}

fn scheme_of_service(service: &str) -> Scheme {
    match service {
        "sdb" | "importexport" | "IngestionService" => Scheme::Sigv2,
        _ => Scheme::Sigv4,
    }
}

/// Whether the service is of S3's family, which has rules of its own.
pub(crate) fn is_s3_family(service: &str) -> bool {
    matches!(service, "s3" | "s3express" | "s3-object-lambda" | "s3-outposts")
}

/// Whether the service takes `UNSIGNED-PAYLOAD` over https: S3's family, and those with operations that AWS models so.
pub(crate) fn takes_unsigned_payload(service: &str) -> bool {
    is_s3_family(service) || matches!(service, "ebs" | "lex" | "mediastore" | "omics" | "vpc-lattice-svcs")
}
