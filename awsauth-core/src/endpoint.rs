//! Finds out which service, region, partition and scheme a host stands for.
//!
//! [`Endpoint::resolve`] reads a host and returns what a signer needs to know. It follows the tables of AWS's own SDKs
//! (see [AWS service endpoints](https://docs.aws.amazon.com/general/latest/gr/rande.html)) and the naming rules that
//! those tables share; it does not use the network.
//!
//! What a host does not say is an error that names the setter to call, never a guess: a host outside AWS (a CNAME, a
//! tunnel, an S3-compatible store) needs `.service(..)` and `.region(..)`.
//!
//! | host | signing name | region | scheme |
//! |---|---|---|---|
//! | `sqs.eu-west-1.amazonaws.com`, `lambda.eu-west-1.api.aws` (dual-stack) | by table: `email` is `ses`, `bedrock-runtime` is `bedrock` | label | SigV4 |
//! | `kms-fips.us-west-2.amazonaws.com`, `fips.eks.us-east-1.amazonaws.com` | the same service | label | SigV4 |
//! | `123456789012.ddb.us-east-1.amazonaws.com`, `id.data.mediastore.us-west-2.amazonaws.com` | the service in the rightmost labels | label | SigV4 |
//! | `vpce-1a2b-3c4d.ec2.us-east-1.vpce.amazonaws.com` | the same service | label | SigV4 |
//! | `ec2.cn-north-1.amazonaws.com.cn`, `….amazonaws.eu`, `….c2s.ic.gov`, `….sc2s.sgov.gov`, `….cloud.adc-e.uk`, `….csp.hci.ic.gov` and their dual-stack domains | the same service | label | SigV4 |
//! | `bucket.s3.eu-west-1.amazonaws.com`, `s3.dualstack.…`, `s3-fips.…`, `s3-eu-west-1.…`, `bucket.s3.amazonaws.com` | `s3` | label, else `us-east-1` | SigV4 |
//! | `ap-123456789012.s3-accesspoint.…`, `123456789012.s3-control.…`, `bucket.vpce-1a2b.s3.us-east-1.vpce.…` | `s3` | label | SigV4 |
//! | `….s3-object-lambda.…`, `….op-1.s3-outposts.…`, `s3tables.…`, `s3vectors.…` | `s3-object-lambda`, and so on | label | SigV4 |
//! | `b--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com`, `s3express-control.…` | `s3express` | label | SigV4 |
//! | `bucket.s3-accelerate.amazonaws.com` | `s3` | not in the host | SigV4 |
//! | `mrap.accesspoint.s3-global.amazonaws.com` | `s3` | set `*` | SigV4A |
//! | `bucket.s3-website-us-east-1.amazonaws.com` | `s3` | label | anonymous |
//! | `id.execute-api.us-east-1.amazonaws.com`, `participant.connect.…` | `execute-api` | label | SigV4 |
//! | `id.lambda-url.us-east-1.on.aws`, `id.dsql.us-east-1.on.aws`, `….vpc-lattice-svcs.us-east-1.on.aws` | `lambda`, `dsql`, `vpc-lattice-svcs` | label | SigV4 |
//! | `search-d.us-east-1.es.amazonaws.com`, `d.aos.us-east-1.on.aws`, `id.us-east-1.aoss.amazonaws.com` | `es`, `aoss` | label | SigV4 |
//! | `db.hash.us-east-1.rds.amazonaws.com` (a database, for IAM authentication) | `rds-db` | label | SigV4 |
//! | `id-ats.iot.us-east-1.amazonaws.com`; the same with the path `/mqtt` | `iotdata`; `iotdevicegateway` | label | SigV4 |
//! | `maps.geo.us-east-1.amazonaws.com`; the same with a `/maps/v0/…` path | `geo-maps`; `geo` | label | SigV4 |
//! | `iam.amazonaws.com`, `sts.amazonaws.com`, `iam.us-gov.amazonaws.com`, `global.health.amazonaws.com.cn` | the service | the partition's | SigV4 |
//! | `id.endpoint.events.amazonaws.com`, `id.cloudfront-kvs.global.api.aws` | `events`, `cloudfront-keyvaluestore` | set `*` | SigV4A |
//! | `sdb.eu-west-1.amazonaws.com`, `importexport.amazonaws.com` | `sdb`, `IngestionService` | label, else the partition's | SigV2 |

mod error;
mod host;
mod labels;
mod partition;
mod path;
mod region;
mod resolved;
mod s3;
mod service;
mod sign_in;
#[rustfmt::skip] // written by conformance/src/bin/generate-endpoint-table.rs
mod table;

pub use error::EndpointError;
pub use partition::Partition;
pub use region::{EndpointRegion, RegionName};
pub use resolved::Endpoint;

use host::AwsHost;
use path::RequestPath;

impl Endpoint {
    /// Resolves a host, as it is written in a URL or a `Host` header, and the path of the request.
    ///
    /// Case, a port and a trailing dot make no difference. `path` is the path without the query; only a few services
    /// depend on it (AWS IoT, Amazon Location, Amazon Transcribe). Pass `""` for any path.
    ///
    /// # Errors
    ///
    /// - [`InvalidHost`](EndpointError::InvalidHost): pass a host name, without user, scheme or path.
    /// - [`UnknownHost`](EndpointError::UnknownHost): the host is not one of AWS's; set the service and the region.
    /// - [`UnknownService`](EndpointError::UnknownService): the host is AWS's, but its service is not in the table; set
    ///   the service, and take the region from [`RegionName::in_host`] or set it as well.
    ///   [`service_label`](Self::service_label) returns the service's label.
    pub fn resolve(host: &str, path: &str) -> Result<Self, EndpointError> {
        Self::resolve_by(host, &RequestPath::new(path))
    }

    /// Resolves a host as [`resolve`](Self::resolve) does, and returns whether the result depends on the path, for
    /// caches: where it is `false`, this host resolves to the same result with any path.
    ///
    /// ```
    /// use awsauth_core::endpoint::Endpoint;
    ///
    /// let (bucket, by_path) = Endpoint::resolve_noting_path("bucket.s3.eu-west-1.amazonaws.com", "/key");
    /// assert!(bucket.is_ok() && !by_path);
    /// let (device, by_path) = Endpoint::resolve_noting_path("id-ats.iot.us-east-1.amazonaws.com", "/mqtt");
    /// assert!(device.is_ok() && by_path);
    /// ```
    pub fn resolve_noting_path(host: &str, path: &str) -> (Result<Self, EndpointError>, bool) {
        let path = RequestPath::new(path);
        (Self::resolve_by(host, &path), path.was_read())
    }

    /// Returns the label in which a host of AWS's names its service, in the case in which it is written: what to show
    /// for a host that is [`UnknownService`](EndpointError::UnknownService). It has at most 63 bytes: letters, digits,
    /// `-` and `_`.
    ///
    /// ```
    /// use awsauth_core::endpoint::Endpoint;
    ///
    /// assert_eq!(Endpoint::service_label("brand-new.eu-north-1.api.aws:443"), Some("brand-new"));
    /// assert_eq!(Endpoint::service_label("files.example.com"), None);
    /// ```
    #[must_use]
    pub fn service_label(host: &str) -> Option<&str> {
        host::service_label(host)
    }

    /// Returns whether `name` is the signing name of a service in the table.
    ///
    /// ```
    /// use awsauth_core::endpoint::Endpoint;
    ///
    /// assert!(Endpoint::is_signing_name("ses") && !Endpoint::is_signing_name("email"));
    /// ```
    #[must_use]
    pub fn is_signing_name(name: &str) -> bool {
        service::is_signing_name(name)
    }

    fn resolve_by(host: &str, path: &RequestPath<'_>) -> Result<Self, EndpointError> {
        let host = AwsHost::parse(host)?;
        let endpoint = match host.is_sign_in {
            true => sign_in::resolve(&host),
            false => s3::resolve(&host).or_else(|| service::resolve(&host, path)),
        };
        endpoint.ok_or(EndpointError::UnknownService)
    }
}
