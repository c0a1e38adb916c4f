//! Resolves the hosts of every service but S3: the signing name for the labels of a host.

use super::host::AwsHost;
use super::labels::{cut, split, split_last};
use super::partition::Partition;
use super::path::RequestPath;
use super::region::{EndpointRegion, RegionName};
use super::resolved::Endpoint;
use super::table::{GLOBAL, GLOBAL_REGIONS, SERVICES};
use crate::vocabulary::scheme::Scheme;

/// Services with hosts that have the region first (`id.us-east-1.es`), without and with a resource in
/// front of it.
const REGION_FIRST: &[(&str, &str, &str)] = &[
    ("aoss", "aoss", "aoss"),
    ("cloudsearch", "cloudsearch", "cloudsearch"),
    ("elasticmapreduce", "elasticmapreduce", "elasticmapreduce"),
    ("es", "es", "es"),
    ("neptune", "neptune-db", "neptune-db"),
    ("queue", "sqs", "sqs"),
    ("rds", "rds", "rds-db"),
];

/// Services that sign for the default region of the commercial partition, whichever of its regions the host
/// names, and the name by which they do.
const ONE_REGION: &[(&str, &str)] =
    &[("importexport", "IngestionService"), ("sustainability", "sustainability")];

/// How the paths of Amazon Transcribe's streaming operations begin.
const TRANSCRIBE_STREAMS: &[&str] =
    &["/call-analytics-stream", "/medical-scribe-stream", "/medical-stream-", "/stream-transcription"];

/// Services that only accept SigV2; all others accept SigV4.
const SIGV2: &[&str] = &["IngestionService", "importexport", "sdb"];

/// The endpoint, if the service is known.
pub(super) fn resolve(host: &AwsHost, path: &RequestPath<'_>) -> Option<Endpoint> {
    let (labels, region) = host.split_region();
    let (signing_name, region, partition) = match region {
        Some((region, partition)) => {
            (find(labels, path)?.signing_name, EndpointRegion::Named(region), partition)
        }
        None => region_first(labels).or_else(|| global(host, labels))?,
    };
    let one_region = ONE_REGION.iter().find(|(service, _)| *service == signing_name);
    let mut endpoint = match one_region {
        Some((_, name)) if partition == Partition::Aws => {
            Endpoint::sigv4(name, partition.default_region(), partition)
        }
        _ => Endpoint::sigv4(signing_name, region, partition),
    };
    if SIGV2.contains(&endpoint.signing_name) {
        endpoint.scheme = Scheme::Sigv2;
    }
    Some(endpoint)
}

/// Signing names that are in none of the tables: of hosts with their own rules, and of tokens.
const OTHERS: &[&str] =
    &["iotdevicegateway", "kafka-cluster", "s3", "s3-object-lambda", "s3-outposts", "s3express", "signin"];

/// Whether one of AWS's services signs by this name.
pub(super) fn is_signing_name(name: &str) -> bool {
    let in_table =
        || split(SERVICES, b' ').any(|entry| cut(entry, b'=').map_or(entry, |(_, name)| name) == name);
    let region_first = || REGION_FIRST.iter().any(|(_, alone, other)| name == *alone || name == *other);
    let one_region = || ONE_REGION.iter().any(|(service, other)| name == *service || name == *other);
    OTHERS.contains(&name) || region_first() || one_region() || in_table()
}

/// What the scope of a signature is made of.
type Scope = (&'static str, EndpointRegion, Partition);

/// `id.region.service.domain`
fn region_first(labels: &str) -> Option<Scope> {
    let (front, label) = split_last(labels);
    let (_, alone, with_resource) = REGION_FIRST.iter().find(|(service, ..)| *service == label)?;
    let (resource, region) = split_last(front);
    let (region, partition) = RegionName::parse(region)?;
    let signing_name = if resource.is_empty() { alone } else { with_resource };
    Some((signing_name, EndpointRegion::Named(region), partition))
}

/// `service.domain`: a host without a region, which serves a whole partition or several regions.
fn global(host: &AwsHost, labels: &str) -> Option<Scope> {
    let partition = host.partition();
    let labels = labels.strip_prefix("global.").unwrap_or(labels);
    let Service { label, signing_name } = find(labels, &RequestPath::new(""))?;

    // SigV4A only: key value stores `account.cloudfront-kvs`, event buses `id.endpoint.events`.
    if signing_name == "cloudfront-keyvaluestore" || labels.ends_with(".endpoint.events") {
        return Some((signing_name, EndpointRegion::Set("*"), partition));
    }
    if label != labels {
        return None;
    }
    let is_exception = |&&(service, domain, _): &&(&str, &str, &str)| {
        service == label && domain == host.domain && partition == host.domain_partition
    };
    if let Some((.., region)) = GLOBAL_REGIONS.iter().find(is_exception) {
        let (region, partition) = RegionName::parse(region)?;
        return Some((signing_name, EndpointRegion::Named(region), partition));
    }
    let region = match GLOBAL.contains(&label) {
        true => partition.default_region(),
        false => EndpointRegion::NotInHost,
    };
    Some((signing_name, region, partition))
}

struct Service {
    label: &'static str,
    signing_name: &'static str,
}

/// The service in the rightmost labels; those before them are a resource, an account or a VPC endpoint.
fn find(labels: &str, path: &RequestPath<'_>) -> Option<Service> {
    let mut tail = labels;
    let service = loop {
        match look_up(tail) {
            Some(service) => break service,
            None => (_, tail) = cut(tail, b'.')?,
        }
    };
    let front = labels.strip_suffix(tail)?;
    let front = front.strip_suffix(".").unwrap_or(front);
    let signing_name = match (service.label, service.signing_name) {
        ("iot", _) if !front.is_empty() => iot_device(front, path)?,
        (_, "iotdata") => iot_device("data-ats", path)?,
        // The first version of Amazon Location has the same hosts: `/maps/v0/maps/{name}/tiles/..`.
        ("maps.geo" | "places.geo" | "routes.geo", _) if split(path.read(), b'/').nth(2) == Some("v0") => {
            "geo"
        }
        // A service of its own in botocore's endpoints.json, while the operations sign as `transcribe`.
        ("transcribestreaming", _) if !TRANSCRIBE_STREAMS.iter().any(|p| path.read().starts_with(p)) => {
            return None;
        }
        (_, signing_name) => signing_name,
    };
    Some(Service { signing_name, ..service })
}

/// What an account's own host for its IoT devices signs as: `front` is the text before `.iot`.
fn iot_device(front: &str, path: &RequestPath<'_>) -> Option<&'static str> {
    let account = front.strip_suffix(".ats").unwrap_or(front); // China has `id.ats.iot`
    // `id.credentials.iot` wants a client certificate instead of a signature.
    if cut(account, b'.').is_some() {
        return None;
    }
    Some(if path.read() == "/mqtt" { "iotdevicegateway" } else { "iotdata" })
}

/// A binary search in [`SERVICES`], which is text because a slice of `&str` would be twice the size.
fn look_up(label: &str) -> Option<Service> {
    let mut text = SERVICES;
    while !text.is_empty() {
        let (left, right) = text.split_at_checked(text.len() / 2)?;
        let start = left.bytes().rposition(|b| b == b' ').map_or(0, |space| space + 1);
        let end = left.len() + right.bytes().position(|b| b == b' ').unwrap_or(right.len());
        let entry = text.get(start..end)?;
        let (key, signing_name) = cut(entry, b'=').unwrap_or((entry, entry));
        text = match label.cmp(key) {
            core::cmp::Ordering::Less => text.get(..start.saturating_sub(1))?,
            core::cmp::Ordering::Equal => return Some(Service { label: key, signing_name }),
            core::cmp::Ordering::Greater => text.get(end + 1..).unwrap_or(""),
        };
    }
    None
}
