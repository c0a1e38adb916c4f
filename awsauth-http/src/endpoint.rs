use awsauth_core::{Endpoint, Scheme};

use crate::Error;
use crate::signer::Settings;

/// Where a request goes, as far as its signature is concerned: what was set, and for the rest what the host says.
pub(crate) enum Destination<'s> {
    Set { service: &'s str, region: &'s str },
    FromHost { endpoint: Endpoint, service: Option<&'s str>, region: Option<&'s str> },
}

impl<'s> Destination<'s> {
    pub(crate) fn find(settings: &'s Settings, host: &str, path: &str) -> Result<Self, Error> {
        let (service, region) = (settings.service.as_deref(), settings.region.as_deref());
        match (service, region) {
            (Some(service), Some(region)) => Ok(Self::Set { service, region }),
            _ => Ok(Self::FromHost { endpoint: Endpoint::resolve(host, path)?, service, region }),
        }
    }

    pub(crate) fn service(&self) -> &str {
        match self {
            Self::Set { service, .. } => service,
            Self::FromHost { endpoint, service, .. } => service.unwrap_or(endpoint.signing_name()),
        }
    }

    pub(crate) fn region(&self) -> Result<&str, Error> {
        match self {
            Self::Set { region, .. } => Ok(region),
            Self::FromHost { region: Some(region), .. } => Ok(region),
            Self::FromHost { endpoint, .. } => Ok(endpoint.region_name()?),
        }
    }

    pub(crate) fn scheme(&self) -> Scheme {
        match self {
            Self::Set { .. } => Scheme::Sigv4,
            Self::FromHost { endpoint, .. } => Scheme::for_endpoint(endpoint),
        }
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
