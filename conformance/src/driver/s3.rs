//! S3's scheme before SigV4: header and presigned query.

use awsauth_core::s3_legacy::{Bucket, Signed};
use awsauth_core::{DateHeader, S3Legacy, Timestamp};

use super::v4::Parts;
use super::{Outcome, Refused, credentials};
use crate::vectors::{self, Case};

pub(super) fn header(case: &Case) -> Result<Outcome, Refused> {
    let parts = Parts::of(case);
    let headers = parts.headers();
    let signed = signer(case)?.sign(&parts.request(&headers), Timestamp::parse(&case.time)?)?;
    Ok(outcome(&signed))
}

pub(super) fn query(case: &Case) -> Result<Outcome, Refused> {
    let parts = Parts::of(case);
    let headers = parts.headers();
    let now = Timestamp::parse(&case.time)?;
    let expires = case.options.expires_epoch.unwrap_or_default().saturating_sub(now.unix_seconds());
    let signed = signer(case)?.presign(&parts.request(&headers), now, u32::try_from(expires)?)?;
    Ok(outcome(&signed))
}

fn signer(case: &Case) -> Result<S3Legacy<'_>, Refused> {
    let date_header = match case.options.date_header.unwrap_or_default() {
        vectors::DateHeader::Date => DateHeader::Date,
        vectors::DateHeader::Both | vectors::DateHeader::XAmzDate => DateHeader::XAmzDate,
    };
    // The vectors have buckets in upper case, whose hosts cannot tell.
    let bucket = case.options.bucket_vhost.as_deref().map_or(Bucket::ByHost, Bucket::Named);
    Ok(S3Legacy::new(credentials(case)?).bucket(bucket).date_header(date_header))
}

fn outcome(signed: &Signed<'_>) -> Outcome {
    Outcome {
        signature: Some(signed.signature().to_string()),
        string_to_sign: Some(signed.string_to_sign().to_string()),
        authorization: signed
            .headers()
            .find(|(name, _)| *name == "authorization")
            .map(|(_, value)| value.to_string()),
        ..Outcome::default()
    }
}
