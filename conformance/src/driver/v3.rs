//! Signature Version 3: `AWS3-HTTPS` and `AWS3`.

use awsauth_core::sigv3::Signed;
use awsauth_core::{Sigv3, Timestamp};

use super::v4::Parts;
use super::{Outcome, Refused, credentials};
use crate::vectors::Case;

pub(super) fn https(case: &Case) -> Result<Outcome, Refused> {
    let parts = Parts::of(case);
    let headers = parts.headers();
    let signer = Sigv3::new(credentials(case)?);
    let signed = signer.sign_https(&parts.request(&headers), Timestamp::parse(&case.time)?)?;
    Ok(outcome(&signed))
}

pub(super) fn signed_body(case: &Case) -> Result<Outcome, Refused> {
    let parts = Parts::of(case);
    let headers = parts.headers();
    let signer = Sigv3::new(credentials(case)?);
    let signed = signer.sign(&parts.request(&headers), &case.body, Timestamp::parse(&case.time)?)?;
    Ok(outcome(&signed))
}

fn outcome(signed: &Signed<'_>) -> Outcome {
    Outcome {
        signature: Some(signed.signature().to_string()),
        string_to_sign: Some(signed.string_to_sign().to_string()),
        authorization: signed
            .headers()
            .find(|(name, _)| *name == "x-amzn-authorization")
            .map(|(_, value)| value.to_string()),
        ..Outcome::default()
    }
}
