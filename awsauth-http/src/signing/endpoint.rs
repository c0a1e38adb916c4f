mod host_cache;

use awsauth_core::endpoint::RegionName;
use awsauth_core::{Endpoint, EndpointError, Scheme};

pub(crate) use host_cache::{FoundHost, HostCache};

use super::signer::Settings;
use crate::error::Error;

/// Where a request goes, as far as its signature is concerned: what was set, and for the rest what the host says.
#[derive(Clone, Copy)]
pub(crate) struct Destination<'d> {
    pub(crate) service: &'d str,
    region: Result<&'d str, EndpointError>,
    pub(crate) scheme: Scheme,
}

/// What a host says, kept where a [`Destination`] borrows it.
#[derive(Default)]
pub(crate) struct Found {
    host: FoundHost,
    /// That of a host of AWS's whose service is not known but was set.
    region: Option<RegionName>,
}

impl<'d> Destination<'d> {
    #[inline]
    pub(crate) fn find(
        settings: &'d Settings,
        hosts: &HostCache,
        host: &str,
        path: &str,
        found: &'d mut Found,
    ) -> Result<Self, EndpointError> {
        let (service, region) = (settings.service.as_deref(), settings.region.as_deref());
        if let (Some(service), Some(region), Some(scheme)) = (service, region, settings.scheme) {
            return Ok(Self { service, region: Ok(region), scheme });
        }
        let Found { host: found_host, region: found_region } = found;
        hosts.find(host, path, found_host);
        let known = match found_host.facts() {
            Ok(known) => known,
            Err(error) => return Self::without_endpoint(service, region, host, error, found_region),
        };
        let scheme = match (service, region) {
            (Some(service), Some(_)) if service == known.signing_name => known.scheme,
            (_, Some(region)) if is_region_set(region) => Scheme::Sigv4a,
            // The scheme goes with the service: that of the host's own counts for no other.
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
        found: &'d mut Option<RegionName>,
    ) -> Result<Self, EndpointError> {
        let (service, region) = match (service, region, error) {
            (Some(service), Some(region), _) => (service, region),
            (Some(service), None, EndpointError::UnknownService) => match RegionName::in_host(host) {
                Some(region) => return Ok(Self::of_service(service, found.insert(region).as_str())),
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

    /// With the scheme of the service.
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

/// Whether the service is of S3's family, which has rules of its own.
pub(crate) fn is_s3_family(service: &str) -> bool {
    matches!(service, "s3" | "s3express" | "s3-object-lambda" | "s3-outposts")
}

/// Whether the service takes `UNSIGNED-PAYLOAD` over https: S3's family, those with operations that AWS models so, and
/// those that are not AWS's, of which only their servers know.
pub(crate) fn takes_unsigned_payload(service: &str) -> bool {
    is_s3_family(service)
        || matches!(service, "ebs" | "lex" | "mediastore" | "omics" | "vpc-lattice-svcs")
        || !Endpoint::is_signing_name(service)
}
