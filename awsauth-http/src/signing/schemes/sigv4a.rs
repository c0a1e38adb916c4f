//! One request signed with Signature Version 4A.

use core::time::Duration;

use awsauth_core::{PayloadHash, Scheme};
use awsauth_sigv4a::{Sigv4a, Sigv4aSignature};

use super::sigv4::{changed_values, check_payload, presigned_payload, signed_headers};
use super::{Body, Context};
use crate::error::Error;
use crate::request::changes::Changes;
use crate::request::lent::Lent;
use crate::request::token;
use crate::signing::presigned::Presigned;
use crate::signing::signed::{Decided, Signature};

pub(super) fn sign(context: &Context<'_>, body: Body<'_>, changes: &mut Changes) -> Result<Decided, Error> {
    let Context { settings, credentials, now, lent, .. } = context;
    let destination = context.destination()?;
    let (service, region_set) = (destination.service, destination.region()?);
    let payload = body.hash();
    check_payload(payload, service)?;
    check_pieces(payload)?;
    let key = context.keys.sigv4a().get(credentials)?;
    let request = lent.request();
    let signed = Sigv4a::new(credentials.access_key_id(), &key, service, region_set)
        .options(settings.options(credentials))
        .sign(&request, payload, *now)?;
    changes.target = lent.changed_target_v4(&signed.target());
    changes.headers.add_v4(signed.headers(), payload, || token::copied(credentials));
    changes.values.extend(changed_values(&signed));
    Ok(context.signed_4a(*signed.signature()))
}

pub(super) fn presign(context: &Context<'_>, body: &[u8], expires: Duration) -> Result<Presigned, Error> {
    let Context { settings, credentials, now, lent, .. } = context;
    let destination = context.destination()?;
    let (service, region_set) = (destination.service, destination.region()?);
    let payload = presigned_payload(context, service, body)?;
    check_pieces(payload)?;
    let validity = context.validity(expires)?;
    let key = context.keys.sigv4a().get(credentials)?;
    let request = lent.request();
    let signed = Sigv4a::new(credentials.access_key_id(), &key, service, region_set)
        .options(settings.options(credentials))
        .presign(&request, payload, *now, validity.seconds)?;
    let headers = signed_headers(context, &signed);
    let target = Lent::path_and_query(&signed.target())?;
    context.presigned(context.signed_4a(*signed.signature()), target, headers, &validity)
}

/// The chunks of these bodies, and the messages, are signed with Signature Version 4 alone.
fn check_pieces(payload: PayloadHash) -> Result<(), Error> {
    match payload {
        PayloadHash::StreamingSigned | PayloadHash::StreamingSignedTrailer | PayloadHash::StreamingEvents => {
            Err(Error::PayloadNotForScheme(Scheme::Sigv4a))
        }
        _ => Ok(()),
    }
}

impl Context<'_> {
    fn signed_4a(&self, signature: Sigv4aSignature) -> Decided {
        self.signed(Scheme::Sigv4a, Some(Signature::Sigv4a(signature)))
    }
}
