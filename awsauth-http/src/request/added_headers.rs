use awsauth_core::PayloadHash;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::render::{RenderedHeader, Scratch, bytes};
use crate::error::Error;

/// How many headers signing may add. All but the last belong to an old signature, too.
const SLOTS: usize = 7;
const AUTHORIZATION_SLOT: usize = 0;
const S3SESSION_TOKEN: usize = 3;
const SECURITY_TOKEN: usize = 4;
const CONTENT_SHA256: usize = 6;
/// The bit that no slot has.
const OLD_HASH: u8 = 1 << SLOTS;

/// Longest value that is rendered on the stack: an `authorization` of ordinary length.
const INLINE_VALUE: usize = 640;

/// The headers to add, each in the slot of its name.
#[derive(Default)]
pub(crate) struct AddedHeaders {
    values: [Option<HeaderValue>; SLOTS],
    /// The ones that the request has already.
    old: HeaderSet,
}

/// Some of the headers that signing adds: a bit for each slot, and [`OLD_HASH`].
#[derive(Clone, Copy, Default)]
pub(crate) struct HeaderSet(u8);

impl HeaderSet {
    /// Adds this header, if it is one that signing adds.
    #[inline]
    pub(crate) fn insert(&mut self, name: &str) {
        if let Some(slot) = slot_of(name) {
            self.0 |= 1 << slot;
        }
    }

    /// Whether `x-amz-content-sha256` is one of them.
    pub(crate) fn has_hash(self) -> bool {
        self.contains(CONTENT_SHA256)
    }

    /// Whether there are an `authorization`, and an `x-amz-content-sha256` that may belong to it.
    #[inline]
    pub(crate) fn may_have_old_hash(self) -> bool {
        const BOTH: u8 = 1 << AUTHORIZATION_SLOT | 1 << CONTENT_SHA256;
        self.0 & BOTH == BOTH
    }

    /// Records that the `x-amz-content-sha256` belongs to an old signature, as all the others do.
    pub(crate) fn insert_old_hash(&mut self) {
        self.0 |= OLD_HASH;
    }

    pub(crate) fn has_old_hash(self) -> bool {
        self.0 & OLD_HASH != 0
    }

    fn contains(self, slot: usize) -> bool {
        self.0 >> slot & 1 == 1
    }

    /// Whether the header is present and belongs to an old signature.
    fn contains_old(self, slot: usize) -> bool {
        self.contains(slot) && (slot != CONTENT_SHA256 || self.has_old_hash())
    }
}

impl AddedHeaders {
    /// Sets which of them the request has already.
    pub(crate) fn set_old(&mut self, old: HeaderSet) {
        self.old = old;
    }

    /// Renders and adds these headers.
    pub(crate) fn add<R: RenderedHeader>(&mut self, headers: impl Iterator<Item = (&'static str, R)>) {
        self.add_with(headers, |_| None);
    }

    /// Adds the headers of Signature Version 4 or 4A, without rendering values that exist already.
    pub(crate) fn add_v4<R: RenderedHeader>(
        &mut self,
        headers: impl Iterator<Item = (&'static str, R)>,
        payload: PayloadHash,
        token: impl Fn() -> Option<HeaderValue>,
    ) {
        self.add_with(headers, |slot| match slot {
            CONTENT_SHA256 => payload_value(payload),
            S3SESSION_TOKEN | SECURITY_TOKEN => token(),
            _ => None,
        });
    }

    /// Reserves room for the headers that are new, and for so many others.
    pub(crate) fn make_room(&self, headers: &mut HeaderMap, others: usize) -> Result<(), Error> {
        let new =
            (0..).zip(&self.values).filter(|(slot, value)| value.is_some() && !self.old.contains(*slot));
        Ok(headers.try_reserve(new.count() + others).map_err(|_| awsauth_core::Error::TooManyHeaders)?)
    }

    /// Inserts the headers, and removes those that are left of an old signature.
    pub(crate) fn replace(&mut self, headers: &mut HeaderMap) {
        for (slot, value) in self.values.iter_mut().enumerate() {
            match value.take() {
                Some(value) => {
                    headers.insert(name_of(slot), value);
                }
                None if self.old.contains_old(slot) => {
                    headers.remove(name_of(slot));
                }
                None => {}
            }
        }
    }

    fn add_with<R: RenderedHeader>(
        &mut self,
        headers: impl Iterator<Item = (&'static str, R)>,
        existing: impl Fn(usize) -> Option<HeaderValue>,
    ) {
        let mut scratch = Scratch::<INLINE_VALUE>::new();
        for (name, value) in headers {
            let Some(slot) = slot_of(name) else { continue };
            let Some(added) = self.values.get_mut(slot) else { continue };
            if let Some(value) = existing(slot) {
                *added = Some(value);
                continue;
            }
            let is_sensitive = value.is_sensitive();
            let value = match scratch.render(&value) {
                Ok(rendered) => HeaderValue::from_bytes(rendered),
                Err(length) => HeaderValue::try_from(bytes(&value, length)),
            };
            // What the core renders is printable ASCII.
            if let Ok(mut value) = value {
                value.set_sensitive(is_sensitive);
                *added = Some(value);
            }
        }
    }
}

fn slot_of(name: &str) -> Option<usize> {
    Some(match name {
        "authorization" => AUTHORIZATION_SLOT,
        "x-amz-date" => 1,
        "x-amz-region-set" => 2,
        "x-amz-s3session-token" => S3SESSION_TOKEN,
        "x-amz-security-token" => SECURITY_TOKEN,
        "x-amzn-authorization" => 5,
        "x-amz-content-sha256" => CONTENT_SHA256,
        _ => return None,
    })
}

fn name_of(slot: usize) -> HeaderName {
    match slot {
        AUTHORIZATION_SLOT => AUTHORIZATION,
        1 => const { HeaderName::from_static("x-amz-date") },
        2 => const { HeaderName::from_static("x-amz-region-set") },
        S3SESSION_TOKEN => const { HeaderName::from_static("x-amz-s3session-token") },
        SECURITY_TOKEN => const { HeaderName::from_static("x-amz-security-token") },
        5 => const { HeaderName::from_static("x-amzn-authorization") },
        _ => const { HeaderName::from_static("x-amz-content-sha256") },
    }
}

/// Values that need no allocation.
fn payload_value(payload: PayloadHash) -> Option<HeaderValue> {
    const OF_NOTHING: HeaderValue =
        HeaderValue::from_static("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    match payload {
        PayloadHash::EMPTY => Some(OF_NOTHING),
        other => other.literal().map(HeaderValue::from_static),
    }
}
