use super::authentication::{Authentication, Place, Presigned};
use super::options::TokenPlacement;
use super::scope::CredentialScope;
use crate::canonical::headers::CanonicalHeaders;
use crate::canonical::query::Merge;
use crate::text::ascii;
use crate::text::decimal;
use crate::text::percent;
use crate::text::sink::ByteSink;
use crate::text::writer::Writer;
use crate::vocabulary::error::Error;

/// Places a signature in the URL, which is then good for `expires` seconds.
///
/// # Errors
/// [`Error::ExpiryOutOfRange`] if that is not in 1..=604800.
pub(super) fn place(expires: u32, access_key_id: &str, scope: CredentialScope<'_>) -> Result<Place, Error> {
    if !(1..=604_800).contains(&expires) {
        return Err(Error::ExpiryOutOfRange);
    }
    let parts = [access_key_id, scope.region().unwrap_or_default(), scope.service()];
    let plain = parts.iter().all(|part| ascii::is_unreserved(part.as_bytes()));
    Ok(Place::Query(Presigned { expires, plain, write_query }))
}

impl Presigned {
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
    authentication: &Authentication<'_>,
    headers: &CanonicalHeaders<'_>,
    mut query: Merge<'_, '_>,
    writer: &mut Writer<'_>,
) {
    let Some(presigned) = authentication.presigned() else { return };
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
    headers.write_encoded_names(writer);
    query.finish(writer);
}
