use crate::schemes::sigv4::CredentialScope;
use crate::text::sink::ByteSink;
use crate::vocabulary::time::AsciiText;

/// Who signed, as the form says it.
#[derive(Clone, Copy)]
pub(super) enum Authentication<'a> {
    Sigv4 {
        algorithm: &'static str,
        access_key_id: &'a str,
        scope: CredentialScope<'a>,
        date: AsciiText<16>,
        token: Option<(&'static str, &'a str)>,
    },
    #[cfg(feature = "s3-legacy")]
    S3Legacy { access_key_id: &'a str, token: Option<(&'static str, &'a str)> },
}

impl<'a> Authentication<'a> {
    /// What the policy demands of the fields, besides the signature.
    pub(super) fn conditions(&self) -> impl Iterator<Item = (&'static str, Part<'a>)> {
        let (parts, token) = match *self {
            Self::Sigv4 { algorithm, access_key_id, scope, date, token } => {
                let parts = [
                    ("x-amz-algorithm", Part::Text(algorithm)),
                    ("x-amz-credential", Part::Credential(access_key_id, scope)),
                    ("x-amz-date", Part::Date(date)),
                ];
                (Some(parts), token)
            }
            #[cfg(feature = "s3-legacy")]
            Self::S3Legacy { token, .. } => (None, token),
        };
        let token = token.map(|(name, token)| (name, Part::Text(token)));
        parts.into_iter().flatten().chain(token)
    }

    pub(super) fn signature_field(&self) -> &'static str {
        match self {
            Self::Sigv4 { .. } => "x-amz-signature",
            #[cfg(feature = "s3-legacy")]
            Self::S3Legacy { .. } => "signature",
        }
    }
}

#[derive(Clone, Copy)]
pub(super) enum Part<'a> {
    Credential(&'a str, CredentialScope<'a>),
    Date(AsciiText<16>),
    Text(&'a str),
}

impl Part<'_> {
    pub(super) fn write_to(&self, sink: &mut impl ByteSink) {
        match self {
            Self::Credential(access_key_id, scope) => {
                sink.put(access_key_id.as_bytes());
                sink.put(b"/");
                scope.write_to(sink);
            }
            Self::Date(text) => sink.put(text.as_bytes()),
            Self::Text(text) => sink.put(text.as_bytes()),
        }
    }
}
