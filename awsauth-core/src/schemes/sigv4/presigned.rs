use super::canonical_request::CanonicalRequest;
use super::options::TokenPlacement;
use super::prepare::Identity;
use crate::canonical::query::Merge;
use crate::text::ascii;
use crate::text::decimal;
use crate::text::percent;
use crate::text::sink::Sink;
use crate::text::writer::Writer;
use crate::vocabulary::error::Error;

/// That a signature goes into the URL.
///
/// It brings the one function that only presigning needs, so that an image that never presigns has none of it.
#[derive(Clone, Copy)]
pub(crate) struct Presigned {
    expires: u32,
    /// Nothing in the credential is to be encoded.
    plain: bool,
    write_query: fn(&CanonicalRequest<'_>, Self, Merge<'_, '_>, &mut Writer<'_>),
}

impl Presigned {
    /// For so many seconds.
    ///
    /// # Errors
    /// [`Error::ExpiryOutOfRange`] if that is not in 1..=604800.
    pub(crate) fn new(expires: u32, identity: &Identity<'_>) -> Result<Self, Error> {
        if !(1..=604_800).contains(&expires) {
            return Err(Error::ExpiryOutOfRange);
        }
        let scope = identity.scope;
        let parts = [identity.access_key_id, scope.region().unwrap_or_default(), scope.service()];
        let plain = parts.iter().all(|part| ascii::is_unreserved(part.as_bytes()));
        Ok(Self { expires, plain, write_query })
    }

    /// Writes the request's query in its order, and what the signature adds to it.
    pub(crate) fn write_query(
        self,
        request: &CanonicalRequest<'_>,
        query: Merge<'_, '_>,
        writer: &mut Writer<'_>,
    ) {
        (self.write_query)(request, self, query, writer);
    }

    /// Writes a part of the credential.
    #[inline]
    fn write_part(self, part: &str, writer: &mut Writer<'_>) {
        if self.plain {
            return writer.put(part.as_bytes());
        }
        percent::encode(part.as_bytes(), writer);
    }
}

fn write_query(
    request: &CanonicalRequest<'_>,
    presigned: Presigned,
    mut query: Merge<'_, '_>,
    writer: &mut Writer<'_>,
) {
    let authentication = &request.authentication;
    query.begin(b"X-Amz-Algorithm=", writer);
    percent::encode(authentication.algorithm.as_bytes(), writer);
    query.begin(b"X-Amz-Credential=", writer);
    presigned.write_part(authentication.access_key_id, writer);
    let scope = authentication.scope;
    let date = scope.date();
    writer.put_literal(b"%2F");
    writer.put_literal(date.as_bytes());
    for part in [scope.region(), Some(scope.service())].into_iter().flatten() {
        writer.put_literal(b"%2F");
        presigned.write_part(part, writer);
    }
    writer.put_literal(b"%2Faws4_request");
    query.begin(b"X-Amz-Date=", writer);
    writer.put_literal(authentication.time.as_bytes());
    query.begin(b"X-Amz-Expires=", writer);
    decimal::write_short(presigned.expires, writer);
    if let Some(region_set) = authentication.region_set {
        query.begin(b"X-Amz-Region-Set=", writer);
        percent::encode(region_set.as_bytes(), writer);
    }
    if let Some(token) = authentication.token_at(TokenPlacement::S3Express) {
        query.begin(b"X-Amz-S3session-Token=", writer);
        percent::encode(token.as_bytes(), writer);
    }
    if let Some(token) = authentication.token_at(TokenPlacement::Signed) {
        query.begin(b"X-Amz-Security-Token=", writer);
        percent::encode(token.as_bytes(), writer);
    }
    query.begin(b"X-Amz-SignedHeaders=", writer);
    request.headers.write_encoded_names(writer);
    query.finish(writer);
}
