//! What holds for the endpoint of any host.

#![allow(clippy::unwrap_used, reason = "a test")]

use awsauth_core::endpoint::{Endpoint, EndpointRegion, RegionName};
use proptest::prelude::*;

proptest! {
    #[test]
    fn any_text_resolves_or_fails(host in any::<String>(), path in any::<String>()) {
        let _ = Endpoint::resolve(&host, &path);
        let _ = RegionName::in_host(&host);
    }

    /// Hosts put together from labels that mean something, in any order, case and number.
    #[test]
    fn what_is_resolved_was_in_the_host(
        labels in proptest::collection::vec(label(), 0..8),
        domain in proptest::sample::select(DOMAINS),
        upper in any::<bool>(),
    ) {
        let mut host: String = labels.iter().map(|label| format!("{label}.")).collect();
        host.push_str(domain);
        if upper {
            host.make_ascii_uppercase();
        }
        if let Ok(endpoint) = Endpoint::resolve(&host, "/") {
            prop_assert!(endpoint.signing_name().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
            match endpoint.region() {
                EndpointRegion::Named(name) => {
                    let named = host.to_ascii_lowercase().contains(name.as_str());
                    prop_assert!(named || DEFAULTS.contains(&name.as_str()), "{} is not in {}", name, host);
                }
                EndpointRegion::Set(set) => prop_assert_eq!(*set, "*"),
                _ => {}
            }
        }
    }

    /// What caches keep for a host is what any path has.
    #[test]
    fn an_unread_path_makes_no_difference(
        labels in proptest::collection::vec(label(), 0..5),
        by_path in proptest::option::of(proptest::sample::select(BY_PATH)),
        domain in proptest::sample::select(DOMAINS),
        path in proptest::sample::select(PATHS),
        other in proptest::sample::select(PATHS),
    ) {
        let labels = labels.iter().map(String::as_str).chain(by_path);
        let host: String = labels.map(|label| format!("{label}.")).chain([domain.to_owned()]).collect();
        let (endpoint, read) = Endpoint::resolve_noting_path(&host, path);
        prop_assert_eq!(endpoint, Endpoint::resolve(&host, path));
        prop_assert!(read || endpoint == Endpoint::resolve(&host, other), "{} {} {}", host, path, other);
    }

    /// No bucket name changes what S3 is asked for.
    #[test]
    fn a_bucket_cannot_name_the_service_or_region(bucket in proptest::collection::vec(label(), 1..4)) {
        let bucket = bucket.join(".");
        for (host, region) in [
            (format!("{bucket}.s3.eu-west-1.amazonaws.com"), "eu-west-1"),
            (format!("{bucket}.s3.dualstack.eu-west-1.amazonaws.com"), "eu-west-1"),
            (format!("{bucket}.s3.amazonaws.com"), "us-east-1"),
            (format!("{bucket}.s3-eu-west-1.amazonaws.com"), "eu-west-1"),
        ] {
            let endpoint = Endpoint::resolve(&host, "/").unwrap();
            prop_assert_eq!((endpoint.signing_name(), endpoint.region_name()), ("s3", Ok(region)), "{}", host);
        }
    }
}

const DOMAINS: &[&str] = &["amazonaws.com", "api.aws", "on.aws", "amazonaws.com.cn", "c2s.ic.gov"];
/// Services that are told from the path as well.
const BY_PATH: &[&str] =
    &["iot.us-east-1", "data.iot.us-east-1", "maps.geo.us-east-1", "transcribestreaming.us-east-1"];
const PATHS: &[&str] = &["", "/", "/mqtt", "/maps/v0/maps/name/tiles/1", "/stream-transcription"];
const DEFAULTS: &[&str] = &["us-east-1", "us-gov-west-1", "cn-north-1", "cn-northwest-1", "us-iso-east-1"];

fn label() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "s3",
        "s3-us-west-2",
        "s3-global",
        "accesspoint",
        "us-west-2",
        "us-gov-west-1",
        "cn-north-1",
        "global",
        "us-gov",
        "vpce",
        "iot",
        "ats",
        "es",
        "queue",
        "rds",
        "fips",
        "dualstack",
        "ec2",
        "ec2-fips",
        "fips-us-east-1",
        "iam",
        "endpoint",
        "events",
        "execute-api",
        "sdb",
        "importexport",
        "cloudfront-kvs",
        "health",
        "s3express-usw2-az1",
    ];
    let known = proptest::sample::select(KNOWN).prop_map(str::to_owned);
    prop_oneof![4 => known, 1 => "[a-z][a-z0-9-]{0,12}"]
}
