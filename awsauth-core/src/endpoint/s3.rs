//! Amazon S3's hosts, read from the right: the labels on the left are a bucket's name, which may be
//! `us-west-2` or `ec2.us-west-2`.

use super::host::AwsHost;
use super::labels::split_last;
use super::partition::Partition;
use super::region::{EndpointRegion, RegionName};
use super::resolved::Endpoint;
use crate::vocabulary::scheme::Scheme;

/// The endpoint, if the host is one of S3's.
pub(super) fn resolve(host: &AwsHost) -> Option<Endpoint> {
    let (labels, region) = host.split_region();
    let (bucket, label) = split_last(labels);
    let suffix = label.strip_prefix("s3")?;

    if let Some((name, partition)) = region {
        let (signing_name, scheme) = regional(suffix)?;
        return Some(Endpoint {
            scheme,
            ..Endpoint::sigv4(signing_name, EndpointRegion::Named(name), partition)
        });
    }
    global(host, bucket, suffix)
}

/// The signing name and scheme for the label `s3…` before a region.
fn regional(suffix: &str) -> Option<(&'static str, Scheme)> {
    match suffix {
        "" | "-accelerate" | "-accesspoint" | "-control" => Some(("s3", Scheme::Sigv4)),
        "-object-lambda" => Some(("s3-object-lambda", Scheme::Sigv4)),
        "-outposts" => Some(("s3-outposts", Scheme::Sigv4)),
        "-website" => Some(("s3", Scheme::Anonymous)),
        // `s3express-control`, `s3express-usw2-az1`
        _ if suffix.starts_with("express-") => Some(("s3express", Scheme::Sigv4)),
        _ => None,
    }
}

/// The endpoint of a host that has no region label of its own.
fn global(host: &AwsHost, bucket: &str, suffix: &str) -> Option<Endpoint> {
    let partition = host.partition();
    let s3 = |region| Endpoint::sigv4("s3", region, partition);

    match suffix.strip_prefix("-") {
        // The global endpoint serves buckets of any region, but takes signatures for its own.
        None if suffix.is_empty() && partition == Partition::Aws => Some(s3(partition.default_region())),
        None if suffix.is_empty() => Some(s3(EndpointRegion::NotInHost)),
        Some("accelerate") => Some(s3(EndpointRegion::NotInHost)),
        Some("external-1") => Some(s3(RegionName::from_table("us-east-1").map(EndpointRegion::Named)?)),
        Some("global") if split_last(bucket).1 == "accesspoint" => Some(s3(EndpointRegion::Set("*"))),
        Some(dash) => {
            let (scheme, place) = match dash.strip_prefix("website-") {
                Some(place) => (Scheme::Anonymous, place),
                None => (Scheme::Sigv4, dash),
            };
            let (name, partition) = RegionName::parse(place.strip_prefix("fips-").unwrap_or(place))?;
            Some(Endpoint { scheme, ..Endpoint::sigv4("s3", EndpointRegion::Named(name), partition) })
        }
        None => None,
    }
}
