use super::options::TokenPlacement;
use super::scope::CredentialScope;
use crate::canonical::added_headers::SignerHeader;
use crate::canonical::headers::CanonicalHeaders;
use crate::canonical::query::Merge;
use crate::text::sink::ByteSink;
use crate::text::writer::Writer;
use crate::vocabulary::time::AsciiText;

/// What a signer adds to the request, as headers or as parameters.
#[derive(Clone, Copy)]
pub(crate) struct Authentication<'a> {
    pub(crate) algorithm: &'static str,
    pub(crate) access_key_id: &'a str,
    pub(crate) scope: CredentialScope<'a>,
    pub(crate) time: AsciiText<16>,
    pub(crate) place: Place,
    pub(crate) content_sha256_header: bool,
    pub(crate) token_placement: TokenPlacement,
    pub(crate) region_set: Option<&'a str>,
    pub(crate) session_token: Option<&'a str>,
}

/// Where the signature goes, and what depends on that.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// Headers.
    Headers,
    /// The URL.
    Query(Presigned),
    /// It is there already: the request came with it.
    Received,
}

/// That a signature goes into the URL.
///
/// It has a pointer to the one function that only presigning needs, so that an image that never presigns does not
/// include that.
#[derive(Clone, Copy)]
pub(crate) struct Presigned {
    pub(super) expires: u32,
    /// Nothing in the credential is to be encoded.
    pub(super) plain: bool,
    pub(super) write_query: fn(&Authentication<'_>, &CanonicalHeaders<'_>, Merge<'_, '_>, &mut Writer<'_>),
}

impl<'a> Authentication<'a> {
    /// Nothing to add.
    #[inline(always)]
    pub(crate) const fn received() -> Self {
        Self {
            algorithm: "",
            access_key_id: "",
            scope: CredentialScope::BLANK,
            time: AsciiText::BLANK,
            place: Place::Received,
            content_sha256_header: false,
            token_placement: TokenPlacement::Signed,
            region_set: None,
            session_token: None,
        }
    }

    pub(crate) fn in_headers(&self) -> bool {
        matches!(self.place, Place::Headers)
    }

    pub(crate) fn presigned(&self) -> Option<Presigned> {
        match self.place {
            Place::Query(presigned) => Some(presigned),
            _ => None,
        }
    }

    /// Whether this header is added, and signed.
    pub(crate) fn adds(&self, kind: SignerHeader) -> bool {
        self.in_headers()
            && match kind {
                SignerHeader::ContentSha256 => self.content_sha256_header,
                SignerHeader::Date => true,
                SignerHeader::RegionSet => self.region_set.is_some(),
                SignerHeader::S3SessionToken => self.token_at(TokenPlacement::S3Express).is_some(),
                SignerHeader::SecurityToken => self.token_at(TokenPlacement::Signed).is_some(),
            }
    }

    /// The value of an added header, unless it is the payload's.
    #[inline]
    pub(crate) fn value(&self, kind: SignerHeader) -> Option<&[u8]> {
        let text = match kind {
            SignerHeader::ContentSha256 => return None,
            SignerHeader::Date => return Some(self.time.as_bytes()),
            SignerHeader::RegionSet => self.region_set,
            SignerHeader::S3SessionToken | SignerHeader::SecurityToken => self.session_token,
        };
        Some(text.unwrap_or_default().as_bytes())
    }

    /// The token that is sent, but not signed.
    pub(crate) fn unsigned_token(&self) -> Option<&'a str> {
        self.token_at(TokenPlacement::AppendedUnsigned)
    }

    /// The token, if this is its place.
    pub(crate) fn token_at(&self, place: TokenPlacement) -> Option<&'a str> {
        if self.token_placement == place { self.session_token } else { None }
    }
}

/// Begins the value of an `authorization` header, up to the signed headers, which `, Signature=` and the digits follow.
#[inline(always)]
pub(super) fn begin_authorization(
    algorithm: &str,
    access_key_id: &str,
    scope: CredentialScope<'_>,
    writer: &mut Writer<'_>,
) {
    writer.put(algorithm.as_bytes());
    writer.put_literal(b" Credential=");
    writer.put(access_key_id.as_bytes());
    writer.put_byte(b'/');
    scope.write_to(writer);
    writer.put_literal(b", SignedHeaders=");
}
