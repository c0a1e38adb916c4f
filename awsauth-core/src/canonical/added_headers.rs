use super::header_name::HeaderName;

/// The headers that the signer itself adds, and signs, in the order of their names. `host` stands before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Added {
    ContentSha256,
    Date,
    RegionSet,
    S3SessionToken,
    SecurityToken,
}

impl Added {
    pub(crate) const ALL: [Self; 5] =
        [Self::ContentSha256, Self::Date, Self::RegionSet, Self::S3SessionToken, Self::SecurityToken];

    #[allow(clippy::indexing_slicing, reason = "there are as many names as variants, and one more")]
    pub(crate) const fn name(self) -> &'static str {
        TEXTS[self as usize + 1]
    }
}

/// The values of the added headers, in their order.
pub(crate) type AddedValues<'v> = [&'v [u8]; Added::ALL.len()];

/// `host` and the added headers: how many there are.
pub(super) const COUNT: usize = 1 + Added::ALL.len();

/// The names of what is not the caller's, in order.
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
