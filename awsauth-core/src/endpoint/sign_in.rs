//! The hosts at which consoles accept sign-in requests.

use super::host::AwsHost;
use super::region::{EndpointRegion, RegionName};
use super::resolved::Endpoint;

/// The endpoint of a host that accepts sign-in requests to a console.
pub(super) fn resolve(host: &AwsHost) -> Option<Endpoint> {
    let (region, partition) = match host.labels() {
        "" => (host.domain_partition.default_region(), host.domain_partition),
        label => {
            RegionName::parse(label).map(|(name, partition)| (EndpointRegion::Named(name), partition))?
        }
    };
    Some(Endpoint::sigv4("signin", region, partition))
}
