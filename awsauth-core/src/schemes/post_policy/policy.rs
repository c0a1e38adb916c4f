use core::fmt;

use crate::vocabulary::time::Timestamp;

/// What a form may upload, where to and until when (see [POST
/// Policy](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html)).
///
/// S3 refuses a form with a field that no condition names, so each of [`fields`](Self::fields) becomes a condition.
/// Fields that the user fills in need [`conditions`](Self::conditions).
#[derive(Debug, Clone, Copy)]
#[doc(alias = "presigned post")]
#[doc(alias = "form upload")]
pub struct PostPolicy<'a> {
    pub(super) bucket: &'a str,
    pub(super) key: Key<'a>,
    pub(super) expires_at: Timestamp,
    pub(super) fields: &'a [Field<'a>],
    pub(super) conditions: &'a [Condition<'a>],
    pub(super) content_length_range: Option<(u64, u64)>,
}

/// A field of the form, which is sent with exactly this value.
///
/// `Debug` shows its name alone: values may be tokens and signatures.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Field<'a> {
    /// The name, such as `acl`, `Content-Type`, `success_action_redirect` or `x-amz-meta-tag`.
    pub name: &'a str,
    /// The value, without control characters.
    pub value: &'a str,
}

/// A condition on a field of the form.
///
/// `Debug` shows the field's name alone.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Condition<'a> {
    /// The field has exactly this value.
    Equals {
        /// The field's name, without `$`.
        name: &'a str,
        /// Its value.
        value: &'a str,
    },
    /// The field begins like this.
    StartsWith {
        /// The field's name, without `$`.
        name: &'a str,
        /// What it begins with; `""` allows anything.
        prefix: &'a str,
    },
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Key<'a> {
    Exactly(&'a str),
    StartsWith(&'a str),
}

impl<'a> PostPolicy<'a> {
    /// Creates a policy for an upload to one object, until `expires_at`.
    #[must_use]
    pub const fn key(bucket: &'a str, key: &'a str, expires_at: Timestamp) -> Self {
        Self::new(bucket, Key::Exactly(key), expires_at)
    }

    /// Creates a policy for an upload to any object whose key begins with `prefix`, until `expires_at`. The form's
    /// `key` is the prefix and `${filename}`, which S3 replaces by the name of the file; a form may send any other key
    /// with this prefix.
    #[must_use]
    pub const fn key_prefix(bucket: &'a str, prefix: &'a str, expires_at: Timestamp) -> Self {
        Self::new(bucket, Key::StartsWith(prefix), expires_at)
    }

    /// Sets the fields of the form, each of which must be sent as it is.
    #[must_use]
    pub const fn fields(mut self, fields: &'a [Field<'a>]) -> Self {
        self.fields = fields;
        self
    }

    /// Sets conditions on further fields.
    #[must_use]
    pub const fn conditions(mut self, conditions: &'a [Condition<'a>]) -> Self {
        self.conditions = conditions;
        self
    }

    /// Sets the size of the file, in bytes: `minimum` to `maximum`.
    #[must_use]
    pub const fn content_length_range(mut self, minimum: u64, maximum: u64) -> Self {
        self.content_length_range = Some((minimum, maximum));
        self
    }

    const fn new(bucket: &'a str, key: Key<'a>, expires_at: Timestamp) -> Self {
        Self { bucket, key, expires_at, fields: &[], conditions: &[], content_length_range: None }
    }
}

impl<'a> Field<'a> {
    /// Creates a field.
    #[must_use]
    pub const fn new(name: &'a str, value: &'a str) -> Self {
        Self { name, value }
    }
}

impl<'a> Condition<'a> {
    /// Creates the condition that the field `name` is `value`.
    #[must_use]
    pub const fn equals(name: &'a str, value: &'a str) -> Self {
        Self::Equals { name, value }
    }

    /// Creates the condition that the field `name` begins with `prefix`; `""` allows anything.
    #[must_use]
    pub const fn starts_with(name: &'a str, prefix: &'a str) -> Self {
        Self::StartsWith { name, prefix }
    }

    pub(super) const fn name(&self) -> &'a str {
        match self {
            Self::Equals { name, .. } | Self::StartsWith { name, .. } => name,
        }
    }
}

impl fmt::Debug for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field").field("name", &self.name).finish_non_exhaustive()
    }
}

impl fmt::Debug for Condition<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, name) = match self {
            Self::Equals { name, .. } => ("Equals", name),
            Self::StartsWith { name, .. } => ("StartsWith", name),
        };
        f.debug_struct(kind).field("name", name).finish_non_exhaustive()
    }
}
