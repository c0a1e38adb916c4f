use super::error::EndpointError;
use super::partition::Partition;
use super::region::EndpointRegion;
use crate::vocabulary::scheme::Scheme;

/// The service, region, partition and scheme to sign a request for: what a host stands for.
///
/// ```
/// use awsauth_core::endpoint::{Endpoint, Partition};
/// use awsauth_core::Scheme;
///
/// let endpoint = Endpoint::resolve("Email.EU-West-1.amazonaws.com:443", "/")?;
/// assert_eq!(endpoint.signing_name(), "ses");
/// assert_eq!(endpoint.region_name()?, "eu-west-1");
/// assert_eq!(endpoint.partition(), Partition::Aws);
/// assert_eq!(Scheme::for_endpoint(&endpoint), Scheme::Sigv4);
/// # Ok::<(), awsauth_core::endpoint::EndpointError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(alias = "host")]
pub struct Endpoint {
    pub(super) signing_name: &'static str,
    pub(super) region: EndpointRegion,
    pub(super) partition: Partition,
    pub(super) scheme: Scheme,
}

impl Endpoint {
    /// Returns the signing name, which is the service in the credential scope: `ses` for
    /// `email.us-east-1.amazonaws.com`.
    ///
    /// This name alone decides whether the path rules of the S3 family apply.
    #[must_use]
    pub fn signing_name(&self) -> &'static str {
        self.signing_name
    }

    /// Returns the region of the credential scope, or the region set of a SigV4A signature.
    #[must_use]
    pub fn region(&self) -> &EndpointRegion {
        &self.region
    }

    /// Returns the text of [`region`](Self::region): a region name such as `eu-west-1`, or a region set.
    ///
    /// # Errors
    ///
    /// [`RegionNotInHost`](EndpointError::RegionNotInHost): set the region; hosts such as
    /// `bucket.s3-accelerate.amazonaws.com` do not name one.
    pub fn region_name(&self) -> Result<&str, EndpointError> {
        match &self.region {
            EndpointRegion::Named(name) => Ok(name.as_str()),
            EndpointRegion::Set(set) => Ok(set),
            EndpointRegion::NotInHost => Err(EndpointError::RegionNotInHost),
        }
    }

    /// Returns the partition: a group of regions with accounts, credentials and domains of its own.
    #[must_use]
    pub fn partition(&self) -> Partition {
        self.partition
    }

    /// An endpoint signed with SigV4, or with SigV4A where it has a region set.
    pub(super) fn sigv4(signing_name: &'static str, region: EndpointRegion, partition: Partition) -> Self {
        let scheme = match region {
            EndpointRegion::Set(_) => Scheme::Sigv4a,
            _ => Scheme::Sigv4,
        };
        Self { signing_name, region, partition, scheme }
    }
}

impl Scheme {
    /// Returns the scheme that an endpoint takes: SigV4 wherever that works (so S3 in every region), SigV2 for
    /// SimpleDB and Import/Export, SigV4A where nothing else is accepted.
    #[must_use]
    pub fn for_endpoint(endpoint: &Endpoint) -> Self {
        endpoint.scheme
    }
}
