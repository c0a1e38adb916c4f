use super::CanonicalRequest;
use crate::canonical::query::Merge;
use crate::text::decimal;
use crate::text::percent;
use crate::text::writer::Writer;
use crate::{Error, TokenPlacement};

/// That a signature goes into the URL.
///
/// It brings the one function that only presigning needs, so that an image that never presigns has none of it.
#[derive(Clone, Copy)]
pub(crate) struct Presigned {
    expires: u32,
    write_query: fn(&CanonicalRequest<'_>, u32, &mut Writer<'_>),
}

impl Presigned {
    /// For so many seconds.
    ///
    /// # Errors
    /// [`Error::ExpiryOutOfRange`] if that is not in 1..=604800.
    pub(crate) fn new(expires: u32) -> Result<Self, Error> {
        if !(1..=604_800).contains(&expires) {
            return Err(Error::ExpiryOutOfRange);
        }
        Ok(Self { expires, write_query })
    }

    /// Writes the request's query, and what the signature adds to it.
    pub(crate) fn write_query(self, request: &CanonicalRequest<'_>, writer: &mut Writer<'_>) {
        (self.write_query)(request, self.expires, writer);
    }
}

fn write_query(request: &CanonicalRequest<'_>, expires: u32, writer: &mut Writer<'_>) {
    let authentication = &request.authentication;
    let mut query = Merge::into(&request.query);
    query.begin(b"X-Amz-Algorithm=", writer);
    percent::encode(authentication.algorithm.as_bytes(), writer);
    query.begin(b"X-Amz-Credential=", writer);
    percent::encode(authentication.access_key_id.as_bytes(), writer);
    let scope = authentication.scope;
    let date = scope.date();
    writer.put_literal(b"%2F");
    writer.put_literal(date.as_bytes());
    for part in [scope.region(), Some(scope.service())].into_iter().flatten() {
        writer.put_literal(b"%2F");
        percent::encode(part.as_bytes(), writer);
    }
    writer.put_literal(b"%2Faws4_request");
    query.begin(b"X-Amz-Date=", writer);
    writer.put_literal(authentication.time.as_bytes());
    query.begin(b"X-Amz-Expires=", writer);
    decimal::write_short(expires, writer);
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
