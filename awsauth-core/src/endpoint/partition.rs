//! AWS's [partitions](https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html).

use core::fmt;

/// A group of AWS regions that share accounts, credentials and domains, and share none with the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Partition {
    /// The commercial regions: `amazonaws.com`, `api.aws`.
    Aws,
    /// China: `amazonaws.com.cn`, `api.amazonwebservices.com.cn`.
    AwsCn,
    /// The European Sovereign Cloud: `amazonaws.eu`, `api.amazonwebservices.eu`.
    AwsEusc,
    /// Isolated, United States: `c2s.ic.gov`, `api.aws.ic.gov`.
    AwsIso,
    /// Isolated, United States: `sc2s.sgov.gov`, `api.aws.scloud`.
    AwsIsoB,
    /// Isolated, Europe: `cloud.adc-e.uk`, `api.cloud-aws.adc-e.uk`.
    AwsIsoE,
    /// Isolated, United States: `csp.hci.ic.gov`, `api.aws.hci.ic.gov`.
    AwsIsoF,
    /// GovCloud (US): the domains of `Aws`, regions `us-gov-*`.
    AwsUsGov,
}

impl Partition {
    /// Returns the partition as ARNs write it: `aws`, `aws-cn`, `aws-us-gov`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::AwsCn => "aws-cn",
            Self::AwsEusc => "aws-eusc",
            Self::AwsIso => "aws-iso",
            Self::AwsIsoB => "aws-iso-b",
            Self::AwsIsoE => "aws-iso-e",
            Self::AwsIsoF => "aws-iso-f",
            Self::AwsUsGov => "aws-us-gov",
        }
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
