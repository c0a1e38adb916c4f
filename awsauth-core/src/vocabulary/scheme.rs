//! The signing schemes.

/// A way to sign a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scheme {
    /// No signature: S3 website endpoints, which serve public objects only and refuse signed requests.
    Anonymous,
    /// S3's legacy scheme, HMAC-SHA1: S3-compatible stores, and S3 itself for old buckets.
    S3Legacy,
    /// Signature Version 2, in the query or a form: SimpleDB and AWS Import/Export.
    Sigv2,
    /// `AWS3`, over the host and the `x-amz-*` headers: no AWS service accepts it today.
    Sigv3,
    /// `AWS3-HTTPS`, over the date: no AWS service accepts it today.
    Sigv3Https,
    /// Signature Version 4, bound to one region: every service but the few that need another scheme.
    Sigv4,
    /// Asymmetric Signature Version 4, bound to a set of regions: multi-Region endpoints.
    Sigv4a,
}
