use super::policy::VerifyPolicy;
use super::refusal::Refusal;
use crate::canonical::path::is_s3;

/// Whether a request that is signed in its headers may come without `x-amz-content-sha256`: it is then signed with the hash of
/// its body, which must be read first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum MissingPayloadHash {
    /// In all services but S3 and its family, which ask for the header (AWS: "Signature Calculations for the Authorization
    /// Header", common request headers).
    #[default]
    ByService,
    /// Yes: S3 clients that leave it out, such as curl 7.88.
    Allowed,
    /// No.
    Refused,
}

impl VerifyPolicy<'_> {
    /// Checks a request that is signed in its headers and does not tell its body's hash.
    pub(super) fn check_missing_payload_hash(&self, service: &str) -> Result<(), Refusal> {
        let is_refused = match self.missing_payload_hash {
            MissingPayloadHash::ByService => is_s3(service),
            MissingPayloadHash::Allowed => false,
            MissingPayloadHash::Refused => true,
        };
        if is_refused { Err(Refusal::MissingPayloadHash) } else { Ok(()) }
    }
}
