//! Why a host could not be resolved.

use core::fmt;

/// Why a host does not resolve to an [`Endpoint`](super::Endpoint).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EndpointError {
    /// The text is not a host name with an optional port: it is empty or too long, or has a user, a scheme, a path or a
    /// character that host names cannot have. Pass the host alone.
    InvalidHost,
    /// The host names a service but no region (`bucket.s3-accelerate.amazonaws.com`). Set the region.
    RegionNotInHost,
    /// The host is not one of AWS's: a CNAME, a tunnel, an address, an S3-compatible store. Set the
    /// service and the region.
    UnknownHost,
    /// The host is AWS's, but its service is not in the table. Set the service, and also the region if
    /// [`RegionName::in_host`](super::RegionName::in_host) returns `None`.
    UnknownService,
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidHost => "not a host name: pass the host, with or without a port, and nothing else",
            Self::RegionNotInHost => "the host does not name the region: set it with .region(..)",
            Self::UnknownHost => {
                "not an AWS host: set the service with .service(..) and the region with .region(..)"
            }
            Self::UnknownService => {
                "an AWS host of an unknown service: set it with .service(..), and the region with .region(..)"
            }
        })
    }
}

impl core::error::Error for EndpointError {}
