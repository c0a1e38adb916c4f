use std::sync::Arc;

/// Where S3's scheme before Signature Version 4 finds the bucket name, which it signs in front of the path. Set it with
/// [`Signer::s3_bucket`](crate::Signer::s3_bucket).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum S3Bucket {
    /// The bucket is in the host name. For S3's own hosts it is the labels before `s3`; any other host is taken as a CNAME
    /// named after its bucket. An IP address, or a host without a dot, names no bucket.
    #[default]
    ByHost,
    /// The bucket is in the path, whatever the host: path-style requests to a store's own host.
    InPath,
    /// The bucket has this name and is not in the path: for a host that serves a bucket with another name.
    Named(Arc<str>),
}
