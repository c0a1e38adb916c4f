//! Parses a host of AWS's: its domain, and the labels before it.

use super::error::EndpointError;
use super::labels::{cut, split, split_last};
use super::partition::Partition;
use super::region::RegionName;
use super::table::DOMAINS;

/// The length of the longest DNS name in text, without the dot of the root.
const MAX_HOST: usize = 253;
const MAX_LABEL: usize = 63;

/// Domains at which consoles accept sign-in requests, after the region: `us-east-1.signin.aws.amazon.com`.
const SIGN_IN_DOMAINS: &[(&str, Partition)] = &[
    ("oauth.signin.aws", Partition::Aws),
    ("signin-fips.amazonaws-us-gov.com", Partition::AwsUsGov),
    ("signin.amazonaws-eusc.eu", Partition::AwsEusc),
    ("signin.amazonaws-us-gov.com", Partition::AwsUsGov),
    ("signin.amazonaws.cn", Partition::AwsCn),
    ("signin.aws.amazon.com", Partition::Aws),
    ("signin.c2shome.ic.gov", Partition::AwsIso),
    ("signin.csphome.adc-e.uk", Partition::AwsIsoE),
    ("signin.csphome.hci.ic.gov", Partition::AwsIsoF),
    ("signin.sc2shome.sgov.gov", Partition::AwsIsoB),
];

/// A host under one of AWS's domains.
pub(super) struct AwsHost {
    /// The domain, such as `amazonaws.com` or `api.aws`.
    pub(super) domain: &'static str,
    /// The domain's partition. GovCloud shares the domains of [`Partition::Aws`].
    pub(super) domain_partition: Partition,
    /// The domain is one of [`SIGN_IN_DOMAINS`].
    pub(super) is_sign_in: bool,
    /// The labels before the domain in lower case, without FIPS and dual-stack markers.
    bytes: [u8; MAX_HOST],
    length: usize,
}

impl AwsHost {
    pub(super) fn parse(authority: &str) -> Result<Self, EndpointError> {
        let (labels, domain, domain_partition, is_sign_in) = split_domain(authority)?;
        let mut host = Self { domain, domain_partition, is_sign_in, bytes: [0; MAX_HOST], length: 0 };
        for label in split(labels, b'.').map(without_fips) {
            if !is_marker(label) {
                host.push(label);
            }
        }
        Ok(host)
    }

    /// The labels before the domain: `bucket.s3.us-east-1`.
    pub(super) fn labels(&self) -> &str {
        let text = self.bytes.get(..self.length).unwrap_or_default();
        core::str::from_utf8(text).unwrap_or_default() // always ASCII: `host_name` lets nothing else in
    }

    /// The labels before the region, and the region with its partition.
    ///
    /// Between region and domain, VPC endpoints have a label of their own, and so have hosts that serve a
    /// whole partition. The partition is the region's: some services name it under a commercial domain.
    pub(super) fn split_region(&self) -> (&str, Option<(RegionName, Partition)>) {
        let labels = self.labels();
        let between = [".global", ".us-gov", ".vpce"];
        let labels = between.iter().find_map(|label| labels.strip_suffix(label)).unwrap_or(labels);
        let (front, last) = split_last(labels);
        match RegionName::parse(last) {
            Some(region) => (front, Some(region)),
            None => (labels, None),
        }
    }

    /// The region, wherever it stands: before the domain, or before the last label (`id.us-east-1.es`), which S3's hosts
    /// have for their buckets.
    pub(super) fn region(&self) -> Option<RegionName> {
        let (labels, region) = self.split_region();
        if let Some((name, _)) = region {
            return Some(name);
        }
        let (front, last) = split_last(labels);
        match last.starts_with("s3") {
            true => None,
            false => RegionName::parse(split_last(front).1).map(|(name, _)| name),
        }
    }

    /// The partition of a host that names no region.
    pub(super) fn partition(&self) -> Partition {
        match split_last(self.labels()).1 {
            "us-gov" => Partition::AwsUsGov,
            _ => self.domain_partition,
        }
    }

    fn push(&mut self, label: &str) {
        let dot = if self.length == 0 { "" } else { "." };
        for byte in dot.bytes().chain(label.bytes()) {
            if let Some(slot) = self.bytes.get_mut(self.length) {
                *slot = byte.to_ascii_lowercase();
                self.length += 1;
            }
        }
    }
}

impl RegionName {
    /// Returns the region that a host of AWS's names, whether or not its service is known: before the domain, or before
    /// the service (`id.eu-north-1.brand-new.amazonaws.com`).
    ///
    /// Use it for a service that [`Endpoint::resolve`](super::Endpoint::resolve) does not know but the caller does.
    ///
    /// ```
    /// use awsauth_core::endpoint::RegionName;
    ///
    /// let region = RegionName::in_host("brand-new.eu-north-1.api.aws").unwrap();
    /// assert_eq!(region.as_str(), "eu-north-1");
    /// assert!(RegionName::in_host("eu-north-1.example.com").is_none());
    /// ```
    #[must_use]
    pub fn in_host(host: &str) -> Option<Self> {
        AwsHost::parse(host).ok()?.region()
    }
}

/// The label in which a host of AWS's names its service, as it is written, whether or not that is known.
pub(super) fn service_label(authority: &str) -> Option<&str> {
    let (mut rest, ..) = split_domain(authority).ok()?;
    let mut region_seen = false;
    while !rest.is_empty() {
        let (front, label) = split_last(rest);
        rest = front;
        let is_between = ["global", "us-gov", "vpce"].iter().any(|other| label.eq_ignore_ascii_case(other));
        let is_region = !region_seen && RegionName::parse_any_case(without_fips(label)).is_some();
        region_seen |= is_region;
        if !is_region && !is_between && !is_marker(label) {
            return Some(label);
        }
    }
    None
}

/// The labels before a domain of AWS's, the domain, its partition, and whether it accepts sign-in requests.
fn split_domain(authority: &str) -> Result<(&str, &'static str, Partition, bool), EndpointError> {
    let name = host_name(authority)?;
    // The domain comes off first: a marker is one in front of the domain only, and
    // `amazonaws.fips.com` is nobody's we know.
    let under = |domains: &'static [(&'static str, Partition)], is_sign_in| {
        domains.iter().find_map(|&(domain, partition)| {
            Some((strip_domain(name, domain)?, domain, partition, is_sign_in))
        })
    };
    under(DOMAINS, false).or_else(|| under(SIGN_IN_DOMAINS, true)).ok_or(EndpointError::UnknownHost)
}

/// Whether a label only says how a host is reached, not what it serves.
fn is_marker(label: &str) -> bool {
    ["", "dualstack", "fips"].iter().any(|marker| label.eq_ignore_ascii_case(marker))
}

/// The host name of an authority: without port and root dot, and only characters that host names can have.
fn host_name(authority: &str) -> Result<&str, EndpointError> {
    let (name, port) = cut(authority, b':').unwrap_or((authority, ""));
    let name = name.strip_suffix(".").unwrap_or(name);
    // An IPv6 address is a host, if not one to find a service in.
    if authority.starts_with("[") {
        return Err(EndpointError::UnknownHost);
    }
    let is_label = |label: &str| {
        (1..=MAX_LABEL).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    if name.len() <= MAX_HOST && split(name, b'.').all(is_label) && port.bytes().all(|b| b.is_ascii_digit()) {
        Ok(name)
    } else {
        Err(EndpointError::InvalidHost)
    }
}

/// The labels before a domain and its dot.
fn strip_domain<'a>(name: &'a str, domain: &str) -> Option<&'a str> {
    let (labels, tail) = name.split_at_checked(name.len().checked_sub(domain.len())?)?;
    match tail.eq_ignore_ascii_case(domain) {
        true if labels.is_empty() => Some(labels),
        true => labels.strip_suffix("."),
        false => None,
    }
}

/// A label without the mark of FIPS endpoints: `kms-fips`, and `fips-us-east-1` of older ones.
fn without_fips(label: &str) -> &str {
    let is = |text: &str, mark: &str| text.eq_ignore_ascii_case(mark);
    let label = match label.split_at_checked("fips-".len()) {
        Some((mark, rest)) if is(mark, "fips-") => rest,
        _ => label,
    };
    match label.split_at_checked(label.len().saturating_sub("-fips".len())) {
        Some((rest, mark)) if is(mark, "-fips") => rest,
        _ => label,
    }
}
