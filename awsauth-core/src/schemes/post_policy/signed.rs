use core::fmt;
use core::iter;

use super::json;
use super::policy::{Key, PostPolicy};
use crate::schemes::sigv4::{CredentialScope, Signature, SignatureText};
use crate::text::base64::Base64;
use crate::text::sink::{FormatterSink, Sink, print_what_is_written};
use crate::vocabulary::time::Text;

/// A signed policy, and the form that it allows.
#[derive(Clone, Copy)]
pub struct SignedPolicy<'a, S = Signature> {
    policy: PostPolicy<'a>,
    authentication: Authentication<'a>,
    signature: S,
}

/// What tells S3 who signed.
#[derive(Clone, Copy)]
pub(super) enum Authentication<'a> {
    Sigv4 {
        algorithm: &'static str,
        access_key_id: &'a str,
        scope: CredentialScope<'a>,
        date: Text<16>,
        token: Option<(&'static str, &'a str)>,
    },
    #[cfg(feature = "s3-legacy")]
    S3Legacy { access_key_id: &'a str, token: Option<(&'static str, &'a str)> },
}

impl<'a, S: SignatureText> SignedPolicy<'a, S> {
    pub(super) fn new(
        policy: PostPolicy<'a>,
        authentication: Authentication<'a>,
        sign: impl FnOnce(EncodedPolicy<'_, 'a>) -> S,
    ) -> Self {
        let signature = sign(EncodedPolicy(PolicyJson { policy: &policy, authentication: &authentication }));
        Self { policy, authentication, signature }
    }

    /// The form's fields, in the order in which they are sent. Those that the user fills in follow, and `file` is last.
    ///
    /// Escape the values where they go into HTML.
    pub fn fields(&self) -> impl Iterator<Item = (&'a str, FieldValue<'_, 'a, S>)> {
        let key = match self.policy.key {
            Key::Exactly(key) => Value::Text(key),
            Key::StartsWith(prefix) => Value::KeyPrefix(prefix),
        };
        let fields = self.policy.fields.iter().map(|field| (field.name, Value::Text(field.value)));
        iter::once(("key", key))
            .chain(fields)
            .chain(self.authentication.fields())
            .chain([
                ("policy", Value::Policy(self.encoded_policy())),
                (self.authentication.signature_field(), Value::Signature(&self.signature)),
            ])
            .map(|(name, value)| (name, FieldValue(value)))
    }

    /// The signature.
    #[must_use]
    pub fn signature(&self) -> &S {
        &self.signature
    }

    /// The policy document in base64, which is both the field `policy` and the string to sign.
    #[must_use]
    pub fn encoded_policy(&self) -> EncodedPolicy<'_, 'a> {
        EncodedPolicy(self.json())
    }

    /// The policy document.
    #[must_use]
    pub fn json(&self) -> PolicyJson<'_, 'a> {
        PolicyJson { policy: &self.policy, authentication: &self.authentication }
    }
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

    fn fields<'s, S>(&self) -> impl Iterator<Item = (&'a str, Value<'s, 'a, S>)>
    where
        'a: 's,
        S: 's,
    {
        let legacy = match *self {
            Self::Sigv4 { .. } => None,
            #[cfg(feature = "s3-legacy")]
            Self::S3Legacy { access_key_id, .. } => Some(("AWSAccessKeyId", Value::Text(access_key_id))),
        };
        legacy.into_iter().chain(self.conditions().map(|(name, part)| (name, Value::Part(part))))
    }

    fn signature_field(&self) -> &'static str {
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
    Date(Text<16>),
    Text(&'a str),
}

impl Part<'_> {
    pub(super) fn write_to(&self, sink: &mut impl Sink) {
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

/// The value of a field of the form. It prints as it is sent, tokens and all, without HTML's escapes.
pub struct FieldValue<'s, 'a, S = Signature>(Value<'s, 'a, S>);

enum Value<'s, 'a, S> {
    KeyPrefix(&'a str),
    Part(Part<'a>),
    Policy(EncodedPolicy<'s, 'a>),
    Signature(&'s S),
    Text(&'a str),
}

impl<S: SignatureText> FieldValue<'_, '_, S> {
    /// Writes its bytes: UTF-8.
    pub fn write_to(&self, sink: &mut impl Sink) {
        match &self.0 {
            Value::KeyPrefix(prefix) => {
                sink.put(prefix.as_bytes());
                sink.put(b"${filename}");
            }
            Value::Part(part) => part.write_to(sink),
            Value::Policy(policy) => policy.write_to(sink),
            Value::Signature(signature) => signature.write_to(sink),
            Value::Text(text) => sink.put(text.as_bytes()),
        }
    }
}

/// The policy document: it prints as JSON, in ASCII.
#[derive(Clone, Copy)]
pub struct PolicyJson<'s, 'a> {
    policy: &'s PostPolicy<'a>,
    authentication: &'s Authentication<'a>,
}

impl PolicyJson<'_, '_> {
    /// Writes its bytes.
    pub fn write_to(&self, sink: &mut impl Sink) {
        json::write(self.policy, self.authentication, sink);
    }
}

/// The policy document in base64, in one line.
#[derive(Clone, Copy)]
pub struct EncodedPolicy<'s, 'a>(PolicyJson<'s, 'a>);

impl EncodedPolicy<'_, '_> {
    /// Writes its bytes, which are what is signed.
    pub fn write_to(&self, sink: &mut impl Sink) {
        Base64::encode(sink, |encoder| self.0.write_to(encoder));
    }
}

impl<S: SignatureText> fmt::Display for FieldValue<'_, '_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatterSink::render(f, |sink| self.write_to(sink))
    }
}

impl<S> fmt::Debug for FieldValue<'_, '_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FieldValue(..)")
    }
}

impl<S> fmt::Debug for SignedPolicy<'_, S> {
    /// The policy without who signed: that may hold a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedPolicy").field("policy", &self.policy).finish_non_exhaustive()
    }
}

print_what_is_written!(EncodedPolicy, PolicyJson);
