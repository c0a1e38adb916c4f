//! Forms with which a browser uploads to S3 by itself, above [`awsauth_core::post_policy`].

use core::fmt;
use core::ops::RangeInclusive;
use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_core::post_policy::{self, Condition, Field, SignedPolicy};
use awsauth_core::{Scheme, SignatureText, Sigv4, Timestamp};
use awsauth_credentials::Credentials;
use http::Uri;

use super::destination::ResolvedHost;
use super::schemes::Context;
#[cfg(feature = "s3-legacy")]
use super::signed::Signature;
use super::signed::{Scope, SignatureDetails, Signed};
use super::signer::Signer;
use crate::error::Error;
use crate::request::borrowed::BorrowedRequest;
use crate::request::render::text;

/// What a form may upload, and where to: see [Browser-Based Uploads Using POST][post]. [`Signer::sign_post`] signs it.
///
/// [post]: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-UsingHTTPPOST.html
///
/// ```
/// use std::time::Duration;
///
/// use awsauth_http::{Credentials, PostPolicy, Signer};
///
/// let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
/// let policy = PostPolicy::key_prefix("bucket", "user/42/")
///     .field("acl", "private")
///     .starts_with("Content-Type", "image/")
///     .content_length_range(1..=10_485_760);
/// let action = "https://bucket.s3.eu-west-1.amazonaws.com/".parse()?;
/// let form = signer.sign_post_blocking(&action, &policy, Duration::from_secs(600))?;
///
/// println!(r#"<form action="{}" method="post" enctype="multipart/form-data">"#, form.action);
/// for (name, value) in &form.fields {
///     println!(r#"<input type="hidden" name="{name}" value="{value}">"#); // with HTML's escapes
/// }
/// println!(r#"<input name="Content-Type" value="image/png"><input type="file" name="file"></form>"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PostPolicy {
    bucket: String,
    key: Key,
    fields: Vec<(String, String)>,
    conditions: Vec<OwnedCondition>,
    content_length_range: Option<RangeInclusive<u64>>,
}

/// A signed form.
///
/// `Debug` leaves out the fields, with which anybody can upload what the policy allows.
#[derive(Clone)]
#[non_exhaustive]
pub struct PostForm {
    /// The URL that the form is sent to, as `multipart/form-data`.
    pub action: Uri,
    /// The fields by name and value, in the order in which they must be sent. The fields that the user fills in come after
    /// them, and `file` comes last. Escape the values in HTML.
    pub fields: Vec<(String, String)>,
    /// When the form stops working: after the requested time, or earlier if the credentials expire before that.
    pub expires_at: SystemTime,
    /// Which scheme, service, region and credentials the form is signed with.
    pub signed: Signed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    Exactly(String),
    StartsWith(String),
}

#[derive(Clone, PartialEq, Eq)]
enum OwnedCondition {
    Equals(String, String),
    StartsWith(String, String),
}

impl PostPolicy {
    /// Returns a policy for an upload to one object.
    pub fn key(bucket: impl Into<String>, key: impl Into<String>) -> Self {
        Self::new(bucket.into(), Key::Exactly(key.into()))
    }

    /// Returns a policy for an upload to any object whose key begins with `prefix`. The form's `key` is the prefix and
    /// `${filename}`, which S3 replaces by the name of the file; a form may send any other key with the prefix.
    pub fn key_prefix(bucket: impl Into<String>, prefix: impl Into<String>) -> Self {
        Self::new(bucket.into(), Key::StartsWith(prefix.into()))
    }

    /// Adds a field to the form, such as `acl` or `success_action_redirect`, which must be sent with this value.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    /// Requires that a field which the user or a script fills in has this value.
    #[must_use]
    pub fn equals(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.conditions.push(OwnedCondition::Equals(name.into(), value.into()));
        self
    }

    /// Requires that a field which the user or a script fills in begins with `prefix`. An empty prefix allows any value.
    #[must_use]
    pub fn starts_with(mut self, name: impl Into<String>, prefix: impl Into<String>) -> Self {
        self.conditions.push(OwnedCondition::StartsWith(name.into(), prefix.into()));
        self
    }

    /// Sets how many bytes the file may have.
    #[must_use]
    pub fn content_length_range(mut self, bytes: RangeInclusive<u64>) -> Self {
        self.content_length_range = Some(bytes);
        self
    }

    fn new(bucket: String, key: Key) -> Self {
        Self { bucket, key, fields: Vec::new(), conditions: Vec::new(), content_length_range: None }
    }

    /// Passes the core's form of the policy to `sign`.
    fn with_core<T>(
        &self,
        expires_at: Timestamp,
        sign: impl FnOnce(post_policy::PostPolicy<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let fields: Vec<_> = self.fields.iter().map(|(name, value)| Field::new(name, value)).collect();
        let conditions: Vec<_> = self.conditions.iter().map(OwnedCondition::to_core).collect();
        let policy = match &self.key {
            Key::Exactly(key) => post_policy::PostPolicy::key(&self.bucket, key, expires_at),
            Key::StartsWith(prefix) => post_policy::PostPolicy::key_prefix(&self.bucket, prefix, expires_at),
        };
        let policy = policy.fields(&fields).conditions(&conditions);
        sign(match &self.content_length_range {
            Some(range) => policy.content_length_range(*range.start(), *range.end()),
            None => policy,
        })
    }
}

impl OwnedCondition {
    fn to_core(&self) -> Condition<'_> {
        match self {
            Self::Equals(name, value) => Condition::equals(name, value),
            Self::StartsWith(name, prefix) => Condition::starts_with(name, prefix),
        }
    }
}

impl Signer {
    /// Signs a form that posts to `action`, the bucket's URL, until `expires` from now, in whole seconds.
    ///
    /// The scheme is Signature Version 4, or [`Scheme::S3Legacy`] if that is set.
    ///
    /// # Errors
    /// [`Error::Request`] with what is wrong in the policy, such as
    /// [`ConditionContradicts`](awsauth_core::Error::ConditionContradicts) or
    /// [`ExpiryInPast`](awsauth_core::Error::ExpiryInPast); [`Error::NotPresignable`] if any other scheme is set;
    /// [`Error::ExpiredCredentials`] if the credentials have expired; otherwise as for [`sign`](Self::sign).
    pub async fn sign_post(
        &self,
        action: &Uri,
        policy: &PostPolicy,
        expires: Duration,
    ) -> Result<PostForm, Error> {
        let credentials = self.credentials().await?;
        self.sign_post_with(&credentials, action, policy, expires)
    }

    /// Does what [`sign_post`](Self::sign_post) does, for blocking callers.
    ///
    /// # Errors
    /// As for [`sign_post`](Self::sign_post).
    pub fn sign_post_blocking(
        &self,
        action: &Uri,
        policy: &PostPolicy,
        expires: Duration,
    ) -> Result<PostForm, Error> {
        let credentials = self.credentials_blocking()?;
        self.sign_post_with(&credentials, action, policy, expires)
    }

    /// Does what [`sign_post`](Self::sign_post) does, with these credentials in place of the provider's.
    ///
    /// # Errors
    /// As for [`sign_post`](Self::sign_post), except those of the provider.
    pub fn sign_post_with(
        &self,
        credentials: &Credentials,
        action: &Uri,
        policy: &PostPolicy,
        expires: Duration,
    ) -> Result<PostForm, Error> {
        let request = http::Request::post(action).body(()).map_err(|_| Error::NoHost)?;
        let now = self.now(&request)?;
        BorrowedRequest::with(&request, self.settings().signed_host.as_deref(), |request| {
            let mut resolved = ResolvedHost::default();
            let context =
                Context::new(self.settings(), self.caches(), credentials, now, request, &mut resolved);
            let validity = context.validity(expires)?;
            let since_1970 = validity.expires_at.duration_since(UNIX_EPOCH).unwrap_or_default();
            let until = Timestamp::from_unix(since_1970.as_secs())?;
            let (fields, details) = policy.with_core(until, |policy| match context.scheme()? {
                Scheme::Sigv4 => sign_sigv4(&context, &policy),
                #[cfg(feature = "s3-legacy")]
                Scheme::S3Legacy => sign_s3_legacy(&context, &policy),
                #[cfg(not(feature = "s3-legacy"))]
                Scheme::S3Legacy => Err(Error::SchemeNotBuilt(Scheme::S3Legacy)),
                scheme => Err(Error::NotPresignable(scheme)),
            })?;
            let signed = details.with_credentials(credentials.clone());
            Ok(PostForm { action: action.clone(), fields, expires_at: validity.expires_at, signed })
        })
    }
}

type Fields = Vec<(String, String)>;

fn sign_sigv4(
    context: &Context<'_>,
    policy: &post_policy::PostPolicy<'_>,
) -> Result<(Fields, SignatureDetails), Error> {
    let Context { settings, credentials, now, .. } = context;
    let destination = context.destination()?;
    let key = context.caches.keys.get(credentials, *now, destination.region()?, destination.service)?;
    let signing_key = key.signing_key();
    let signer = Sigv4::new(credentials.access_key_id(), &signing_key).options(settings.options(credentials));
    let form = policy.sign(&signer, *now)?;
    let (fields, signature) = (owned_fields(&form), *form.signature());
    Ok((fields, context.details_v4(Scope::Key(key.clone()), signature)))
}

#[cfg(feature = "s3-legacy")]
fn sign_s3_legacy(
    context: &Context<'_>,
    policy: &post_policy::PostPolicy<'_>,
) -> Result<(Fields, SignatureDetails), Error> {
    let form = policy.sign_s3_legacy(context.core_credentials()?, context.now)?;
    let signature = Some(Signature::Base64(*form.signature()));
    Ok((owned_fields(&form), context.details(Scheme::S3Legacy, signature)))
}

fn owned_fields<S: SignatureText>(form: &SignedPolicy<'_, S>) -> Fields {
    form.fields().map(|(name, value)| (name.to_owned(), text(&value))).collect()
}

/// Leaves out the values of fields and conditions, which may be tokens.
impl fmt::Debug for PostPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<_> = self.fields.iter().map(|(name, _)| name).collect();
        let conditions: Vec<_> = self.conditions.iter().map(OwnedCondition::name).collect();
        f.debug_struct("PostPolicy")
            .field("bucket", &self.bucket)
            .field("key", &self.key)
            .field("fields", &fields)
            .field("conditions", &conditions)
            .field("content_length_range", &self.content_length_range)
            .finish_non_exhaustive()
    }
}

impl OwnedCondition {
    fn name(&self) -> &str {
        match self {
            Self::Equals(name, _) | Self::StartsWith(name, _) => name,
        }
    }
}

impl fmt::Debug for PostForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostForm")
            .field("action", &self.action.path())
            .field("expires_at", &self.expires_at)
            .field("signed", &self.signed)
            .finish_non_exhaustive()
    }
}
