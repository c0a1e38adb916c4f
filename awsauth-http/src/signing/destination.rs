use awsauth_core::endpoint::RegionName;
use awsauth_core::{EndpointError, Scheme};

use super::host_cache::{HostCache, HostLookup};
use super::settings::Settings;
use crate::error::Error;

/// What a request is signed for: what was set, and otherwise what the host stands for.
#[derive(Clone, Copy)]
pub(crate) struct Destination<'d> {
    pub(crate) service: &'d str,
    region: Result<&'d str, EndpointError>,
    pub(crate) scheme: Scheme,
}

/// What a host stands for, kept where a [`Destination`] borrows it.
#[derive(Default)]
pub(crate) struct ResolvedHost {
    lookup: HostLookup,
    /// The region of one of AWS's hosts whose service is not known but was set.
    region: Option<RegionName>,
}

impl<'d> Destination<'d> {
    #[inline]
    pub(crate) fn find(
        settings: &'d Settings,
        hosts: &HostCache,
        host: &str,
        path: &str,
        resolved: &'d mut ResolvedHost,
    ) -> Result<Self, EndpointError> {
        let (service, region) = (settings.service.as_deref(), settings.region.as_deref());
        if let (Some(service), Some(region), Some(scheme)) = (service, region, settings.scheme) {
            return Ok(Self { service, region: Ok(region), scheme });
        }
        let ResolvedHost { lookup, region: region_in_host } = resolved;
        hosts.find(host, path, lookup);
        let known = match lookup.facts() {
            Ok(known) => known,
            Err(error) => return Self::without_endpoint(service, region, host, error, region_in_host),
        };
        let scheme = match (service, region) {
            (Some(service), Some(_)) if service == known.signing_name => known.scheme,
            (_, Some(region)) if is_region_set(region) => Scheme::Sigv4a,
            // The scheme goes with the service: that of the host's own service does not count for another.
            (Some(service), _) if service != known.signing_name => scheme_of_service(service),
            _ => known.scheme,
        };
        let service = service.unwrap_or(known.signing_name);
        Ok(Self { service, region: region.map_or(known.region, Ok), scheme })
    }

    pub(crate) fn region(&self) -> Result<&'d str, Error> {
        Ok(self.region?)
    }

    #[cold]
    fn without_endpoint(
        service: Option<&'d str>,
        region: Option<&'d str>,
        host: &str,
        error: EndpointError,
        region_in_host: &'d mut Option<RegionName>,
    ) -> Result<Self, EndpointError> {
        let (service, region) = match (service, region, error) {
            (Some(service), Some(region), _) => (service, region),
            (Some(service), None, EndpointError::UnknownService) => match RegionName::in_host(host) {
                Some(region) => return Ok(Self::of_service(service, region_in_host.insert(region).as_str())),
                None => return Err(EndpointError::RegionNotInHost),
            },
            (Some(_), None, EndpointError::UnknownHost) => return Err(EndpointError::RegionNotInHost),
            _ => return Err(error),
        };
        match is_region_set(region) {
            true => Ok(Self { service, region: Ok(region), scheme: Scheme::Sigv4a }),
            false => Ok(Self::of_service(service, region)),
        }
    }

    /// A destination with the scheme of the service.
    fn of_service(service: &'d str, region: &'d str) -> Self {
        Self { service, region: Ok(region), scheme: scheme_of_service(service) }
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
