//! Signature Version 2: query string and form post.

use awsauth_core::{Sigv2, Timestamp};

use super::v4::Parts;
use super::{Outcome, Refused, credentials};
use crate::vectors::Case;

pub(super) fn query(case: &Case) -> Result<Outcome, Refused> {
    let parts = Parts::of(case);
    let headers = parts.headers();
    let signed =
        Sigv2::new(credentials(case)?).sign(&parts.request(&headers), Timestamp::parse(&case.time)?)?;
    Ok(Outcome {
        signature: Some(signed.signature().to_string()),
        string_to_sign: Some(signed.string_to_sign().to_string()),
        ..Outcome::default()
    })
}

pub(super) fn form(case: &Case) -> Result<Outcome, Refused> {
    let parts = Parts::of(case);
    let headers = parts.headers();
    let now = Timestamp::parse(&case.time)?;
    let signed = Sigv2::new(credentials(case)?).sign_form(&parts.request(&headers), &case.body, now)?;
    Ok(Outcome {
        signature: Some(signed.signature().to_string()),
        string_to_sign: Some(signed.string_to_sign().to_string()),
        ..Outcome::default()
    })
}
