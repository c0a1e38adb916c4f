use super::CredentialScope;
use crate::canonical::headers::{Added, Value};
use crate::time::Text;
use crate::{Date, TokenPlacement};

/// What a signer says of itself in the request: in added headers, or in added parameters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Authentication<'a> {
    pub(crate) algorithm: &'static str,
    pub(crate) access_key_id: &'a str,
    pub(crate) scope: CredentialScope<'a>,
    pub(crate) time: Text<16>,
    pub(crate) place: Place,
    pub(crate) content_sha256_header: bool,
    pub(crate) token_placement: TokenPlacement,
    pub(crate) region_set: Option<&'a str>,
    pub(crate) session_token: Option<&'a str>,
}

/// Where the signature goes, and all that it depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Headers.
    Headers,
    /// The URL, for so many seconds.
    Query { expires: u32 },
    /// It is there already: the request came with it.
    Received,
}

/// The value of an added parameter.
pub(crate) enum Parameter<'a> {
    Credential,
    Expires(u32),
    SignedHeaders,
    Text(&'a str),
    Time,
}

impl<'a> Authentication<'a> {
    /// Nothing to add, and so no scope either.
    pub(crate) fn received(date: Date) -> Self {
        Self {
            algorithm: "",
            access_key_id: "",
            scope: CredentialScope::of_checked(date, None, ""),
            time: Text::BLANK,
            place: Place::Received,
            content_sha256_header: false,
            token_placement: TokenPlacement::Signed,
            region_set: None,
            session_token: None,
        }
    }

    pub(crate) fn is_presigned(&self) -> bool {
        matches!(self.place, Place::Query { .. })
    }

    /// Whether this header is added.
    pub(crate) fn adds(&self, kind: Added) -> bool {
        match kind {
            Added::ContentSha256 => self.content_sha256_header,
            kind => self.added(kind).is_some(),
        }
    }

    /// The value of an added header, but for the payload's.
    pub(crate) fn added(&self, kind: Added) -> Option<Value<'a>> {
        if self.place != Place::Headers {
            return None;
        }
        let text = |text: &'a str| Value::Bytes(text.as_bytes());
        match kind {
            Added::ContentSha256 => None,
            Added::Date => Some(Value::Date(self.time)),
            Added::RegionSet => self.region_set.map(text),
            Added::S3SessionToken => self.token_at(TokenPlacement::S3Express).map(text),
            Added::SecurityToken => self.token_at(TokenPlacement::Signed).map(text),
        }
    }

    /// The parameters of a presigned URL, sorted by name.
    #[inline]
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&'static str, Parameter<'_>)> {
        let expires = match self.place {
            Place::Query { expires } => Some(expires),
            _ => None,
        };
        let all = expires.map(|expires| {
            [
                ("X-Amz-Algorithm", Some(Parameter::Text(self.algorithm))),
                ("X-Amz-Credential", Some(Parameter::Credential)),
                ("X-Amz-Date", Some(Parameter::Time)),
                ("X-Amz-Expires", Some(Parameter::Expires(expires))),
                ("X-Amz-Region-Set", self.region_set.map(Parameter::Text)),
                ("X-Amz-S3session-Token", self.token_at(TokenPlacement::S3Express).map(Parameter::Text)),
                ("X-Amz-Security-Token", self.token_at(TokenPlacement::Signed).map(Parameter::Text)),
                ("X-Amz-SignedHeaders", Some(Parameter::SignedHeaders)),
            ]
        });
        all.into_iter().flatten().filter_map(|(name, value)| Some((name, value?)))
    }

    /// The token that is sent, but not signed.
    pub(crate) fn unsigned_token(&self) -> Option<&'a str> {
        self.token_at(TokenPlacement::AppendedUnsigned)
    }

    /// The token, if this is its place.
    fn token_at(&self, place: TokenPlacement) -> Option<&'a str> {
        if self.token_placement == place { self.session_token } else { None }
    }
}
