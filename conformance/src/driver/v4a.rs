//! SigV4A: header and presigned query.

use awsauth_core::Timestamp;
use awsauth_sigv4a::{Sigv4a, Sigv4aKey};

use super::v4::{Parts, options, payload};
use super::{Outcome, Refused};
use crate::vectors::Case;

pub(super) fn header(case: &Case) -> Result<Outcome, Refused> {
    sign(case, None)
}

pub(super) fn query(case: &Case) -> Result<Outcome, Refused> {
    sign(case, Some(u32::try_from(case.options.expires.unwrap_or(3_600))?))
}

fn sign(case: &Case, expires: Option<u32>) -> Result<Outcome, Refused> {
    let now = Timestamp::parse(&case.time)?;
    let key = Sigv4aKey::derive(&case.access_key, &case.secret_key.0)?;
    let parts = Parts::of(case);
    let headers = parts.headers();
    let request = parts.request(&headers);
    let names = parts.signed_names(case);
    let signer =
        Sigv4a::new(&case.access_key, &key, &case.service, &case.region).options(options(case, &names));
    let payload = payload(case)?;
    let signed = match expires {
        Some(expires) => signer.presign(&request, payload, now, expires)?,
        None => signer.sign(&request, payload, now)?,
    };
    key.public_key().verify(&signed.string_to_sign().sha256(), signed.signature())?;
    Ok(Outcome {
        signature: Some(signed.signature().to_string()),
        canonical_request: Some(signed.canonical_request().to_string()),
        string_to_sign: Some(signed.string_to_sign().to_string()),
        authorization: signed
            .headers()
            .find(|(name, _)| *name == "authorization")
            .map(|(_, value)| value.to_string()),
        public_key: Some(key.public_key().to_string()),
        ..Outcome::default()
    })
}
