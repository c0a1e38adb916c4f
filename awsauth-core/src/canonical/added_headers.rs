use super::header_name::HeaderName;

/// A header that the signer adds, and signs, in the order of the names. `host` comes before all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignerHeader {
    ContentSha256,
    Date,
    RegionSet,
    S3SessionToken,
    SecurityToken,
}

impl SignerHeader {
    pub(crate) const ALL: [Self; 5] =
        [Self::ContentSha256, Self::Date, Self::RegionSet, Self::S3SessionToken, Self::SecurityToken];

    #[allow(clippy::indexing_slicing, reason = "there are as many names as variants, and one more")]
    pub(crate) const fn name(self) -> &'static str {
        TEXTS[self as usize + 1]
    }
}

/// The values of the added headers, in their order.
pub(crate) type AddedValues<'v> = [&'v [u8]; SignerHeader::ALL.len()];

/// The number of these headers, and `host`.
pub(super) const COUNT: usize = 1 + SignerHeader::ALL.len();

/// The names of `host` and these headers, in order.
#[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
pub(super) const NAMES: [HeaderName<'_>; COUNT] = {
    let mut names = [HeaderName::literal(""); COUNT];
    let mut at = 0;
    while at < COUNT {
        names[at] = HeaderName::literal(TEXTS[at]);
        at += 1;
    }
    names
};
const TEXTS: [&str; COUNT] = [
    "host",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-region-set",
    "x-amz-s3session-token",
    "x-amz-security-token",
];
