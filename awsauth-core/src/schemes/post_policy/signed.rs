use core::fmt;
use core::iter;

use super::authentication::{Authentication, Part};
use super::check::check;
use super::json;
use super::policy::{Key, PostPolicy};
use crate::schemes::sigv4::{Signature, SignatureText, SigningKey, Sigv4, TokenPlacement};
use crate::text::base64;
use crate::text::base64::Base64;
use crate::text::sink::{ByteSink, FormatterSink, print_what_is_written};
use crate::vocabulary::error::Error;
use crate::vocabulary::time::Timestamp;

/// A signed policy, and the form that it allows.
#[derive(Clone, Copy)]
pub struct SignedPolicy<'a, S = Signature> {
    policy: PostPolicy<'a>,
    authentication: Authentication<'a>,
    signature: S,
}

impl<'a> PostPolicy<'a> {
    /// Signs with Signature Version 4. Of the signer's options, only those of the session token matter.
    ///
    /// # Errors
    /// [`Error::ConditionContradicts`], [`Error::ControlInPolicy`], [`Error::EmptyContentLengthRange`],
    /// [`Error::ExpiryInPast`], [`Error::MalformedFieldName`], [`Error::MissingBucket`], [`Error::MissingKey`],
    /// [`Error::RepeatedField`] and [`Error::ReservedField`] say what is wrong with the policy;
    /// [`Error::KeyOfAnotherDay`] if the signing key is not of the day of `now`.
    pub fn sign(&self, signer: &Sigv4<'a>, now: Timestamp) -> Result<SignedPolicy<'a>, Error> {
        let identity = signer.identity();
        let date = now.basic();
        identity.check(date)?;
        check(self, now)?;
        let token_name = match identity.options.token_placement {
            TokenPlacement::S3Express => "x-amz-s3session-token",
            _ => "x-amz-security-token",
        };
        let token = identity.options.session_token.map(|token| (token_name, token));
        let authentication = Authentication::Sigv4 {
            algorithm: identity.algorithm,
            access_key_id: identity.access_key_id,
            scope: identity.scope,
            date,
            token,
        };
        Ok(SignedPolicy::new(*self, authentication, |encoded| {
            signer.key().sign_with(|mac| encoded.write_to(mac))
        }))
    }

    /// Signs with S3's scheme before Signature Version 4. A session token becomes a field and a condition.
    ///
    /// # Errors
    /// As for [`sign`](Self::sign).
    #[cfg(feature = "s3-legacy")]
    pub fn sign_s3_legacy(
        &self,
        credentials: crate::vocabulary::credentials::Credentials<'a>,
        now: Timestamp,
    ) -> Result<SignedPolicy<'a, crate::schemes::legacy::LegacySignature>, Error> {
        check(self, now)?;
        let authentication = Authentication::S3Legacy {
            access_key_id: credentials.access_key_id(),
            token: credentials.token().map(|token| ("x-amz-security-token", token)),
        };
        Ok(SignedPolicy::new(*self, authentication, |encoded| {
            let mac = crate::hash::sha1::hmac_sha1(credentials.secret(), |mac| encoded.write_to(mac));
            crate::schemes::legacy::LegacySignature::sha1(mac)
        }))
    }
}

/// Signs a ready-made policy with Signature Version 4: the base64 of its JSON, without line breaks.
///
/// Its conditions must include `x-amz-algorithm`, `x-amz-credential`, `x-amz-date` and a session token.
///
/// # Errors
/// [`Error::MalformedPolicy`] if it is not base64 in one line.
pub fn sign_policy(key: &SigningKey<'_>, policy: &str) -> Result<Signature, Error> {
    if !base64::is_valid(policy) {
        return Err(Error::MalformedPolicy);
    }
    Ok(key.sign_with(|mac| mac.put(policy.as_bytes())))
}

impl<'a, S: SignatureText> SignedPolicy<'a, S> {
    fn new(
        policy: PostPolicy<'a>,
        authentication: Authentication<'a>,
        sign: impl FnOnce(EncodedPolicy<'_, 'a>) -> S,
    ) -> Self {
        let signature = sign(EncodedPolicy(PolicyJson { policy: &policy, authentication: &authentication }));
        Self { policy, authentication, signature }
    }

    /// Returns the form's fields, in the order in which they are sent. Those that the user fills in follow, and `file`
    /// is last.
    ///
    /// Escape the values when they go into HTML.
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

    /// Returns the signature.
    #[must_use]
    pub fn signature(&self) -> &S {
        &self.signature
    }

    /// Returns the policy document in base64, which is both the field `policy` and the string to sign.
    #[must_use]
    pub fn encoded_policy(&self) -> EncodedPolicy<'_, 'a> {
        EncodedPolicy(self.json())
    }

    /// Returns the policy document.
    #[must_use]
    pub fn json(&self) -> PolicyJson<'_, 'a> {
        PolicyJson { policy: &self.policy, authentication: &self.authentication }
    }
}

impl<'a> Authentication<'a> {
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
}

/// The value of a field of the form. It prints as it is sent, including tokens, without escaping for HTML.
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
    pub fn write_to(&self, sink: &mut impl ByteSink) {
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

/// The policy document. It prints as JSON, in ASCII.
#[derive(Clone, Copy)]
pub struct PolicyJson<'s, 'a> {
    policy: &'s PostPolicy<'a>,
    authentication: &'s Authentication<'a>,
}

impl PolicyJson<'_, '_> {
    /// Writes its bytes.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        json::write(self.policy, self.authentication, sink);
    }
}

/// The policy document in base64, in one line.
#[derive(Clone, Copy)]
pub struct EncodedPolicy<'s, 'a>(PolicyJson<'s, 'a>);

impl EncodedPolicy<'_, '_> {
    /// Writes its bytes, which are what is signed.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
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
