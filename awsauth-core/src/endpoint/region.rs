//! Region names, kept in lower case as they are signed, whatever the case of the host.

use core::fmt;

use super::labels::{cut, cut_last};
use super::partition::Partition;
use super::table::DEFAULT_REGIONS;

/// Room for a region name. The longest today has 15 bytes: `us-isof-south-1`.
const CAPACITY: usize = 24;

/// The region, or set of regions, in which a signature for an endpoint is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EndpointRegion {
    /// One region.
    Named(RegionName),
    /// The host serves every region and does not name the one that holds the resource: set it.
    NotInHost,
    /// A region set, for the `x-amz-region-set` header of SigV4A: `*`.
    Set(&'static str),
}

/// The name of a region, in lower case: `eu-west-1`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RegionName {
    // ASCII, padded with zeros.
    bytes: [u8; CAPACITY],
}

impl RegionName {
    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let length = self.bytes.iter().position(|&b| b == 0).unwrap_or(CAPACITY);
        let text = self.bytes.get(..length).unwrap_or_default();
        core::str::from_utf8(text).unwrap_or_default() // always ASCII: see `parse` and `from_table`
    }

    /// Parses a label that has the shape of a region name, and returns its partition too.
    ///
    /// By shape, not by a list: a region that opens tomorrow needs no new release.
    pub(super) fn parse(label: &str) -> Option<(Self, Partition)> {
        let (words, number) = cut_last(label, b'-')?;
        let is_number = matches!(number.len(), 1 | 2) && number.bytes().all(|b| b.is_ascii_digit());
        let (area, place) = cut(words, b'-')?;
        let (zone, compass) = match cut(place, b'-') {
            Some((zone, compass)) => (Some(zone), compass),
            None => (None, place),
        };
        let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
        if !is_number || !is_word(area) || !is_word(compass) {
            return None;
        }
        let partition = match (area, zone) {
            ("cn", None) => Partition::AwsCn,
            ("eu", Some("isoe")) => Partition::AwsIsoE,
            ("eusc", Some(country)) if is_word(country) => Partition::AwsEusc,
            ("us", Some("gov")) => Partition::AwsUsGov,
            ("us", Some("iso")) => Partition::AwsIso,
            ("us", Some("isob")) => Partition::AwsIsoB,
            ("us", Some("isof")) => Partition::AwsIsoF,
            (_, None) if area.len() == 2 => Partition::Aws,
            _ => return None,
        };
        Some((Self::copy(label)?, partition))
    }

    /// As [`parse`](Self::parse), of a label as it is written.
    pub(super) fn parse_any_case(label: &str) -> Option<Self> {
        let mut bytes = [0; CAPACITY];
        let lower = bytes.get_mut(..label.len())?;
        lower.copy_from_slice(label.as_bytes());
        lower.make_ascii_lowercase();
        Self::parse(core::str::from_utf8(lower).ok()?).map(|(name, _)| name)
    }

    /// A name of the table's, which needs no check.
    pub(super) fn from_table(name: &'static str) -> Option<Self> {
        Self::copy(name)
    }

    fn copy(text: &str) -> Option<Self> {
        let mut bytes = [0; CAPACITY];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Self { bytes })
    }
}

impl Partition {
    /// The region that the partition's global services sign for.
    pub(super) fn default_region(self) -> EndpointRegion {
        DEFAULT_REGIONS
            .iter()
            .find(|(partition, _)| *partition == self)
            .and_then(|(_, name)| RegionName::from_table(name))
            .map_or(EndpointRegion::NotInHost, EndpointRegion::Named)
    }
}

impl AsRef<str> for RegionName {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Debug for RegionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for RegionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
