/// The HMAC of Signature Version 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SignatureMethod {
    /// `HmacSHA256`.
    #[default]
    HmacSha256,
    /// `HmacSHA1`, for servers that know no other.
    #[cfg(feature = "sha1")]
    HmacSha1,
}
