//! SigV4: the messages of an event stream.

use awsauth_core::{CredentialScope, EventSigner, Signature, SigningKey, Timestamp, sha256};

use super::{Outcome, Refused};
use crate::vectors::Case;

pub(super) fn stream(case: &Case) -> Result<Outcome, Refused> {
    let mut events = EventSigner::new(Signature::parse(case.options.seed.as_deref().unwrap_or_default())?);
    let mut signatures = Vec::new();
    for event in &case.options.events {
        let time = Timestamp::parse(&event.time)?;
        let scope = CredentialScope::new(time.date(), &case.region, &case.service)?;
        let key = SigningKey::derive(&case.secret_key.0, scope);
        signatures.push(events.sign(&key, time, &sha256(&event.payload))?.to_string());
    }
    Ok(Outcome { signature: signatures.last().cloned(), signatures: Some(signatures), ..Outcome::default() })
}
