use awsauth_core::PayloadHash;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::render::{RenderedHeader, Scratch, bytes};
use crate::error::Error;

/// How many headers signing may add. All but the last are those of an old signature too.
const PLACES: usize = 7;
const AUTHORIZATION_PLACE: usize = 0;
const S3SESSION_TOKEN: usize = 3;
const SECURITY_TOKEN: usize = 4;
const CONTENT_SHA256: usize = 6;
/// The bit that no place has.
const OLD_HASH: u8 = 1 << PLACES;

/// The longest value that is put together on the stack: an `authorization` of ordinary length.
const INLINE_VALUE: usize = 640;

/// The headers to add, each in the place of its name.
#[derive(Default)]
pub(crate) struct AddedHeaders {
    values: [Option<HeaderValue>; PLACES],
    /// Those that the request has already.
    old: Places,
}

/// Some of the headers that signing adds: a bit for each place, and [`OLD_HASH`].
#[derive(Clone, Copy, Default)]
pub(crate) struct Places(u8);

impl Places {
    /// Takes note of this one, if signing adds it.
    #[inline]
    pub(crate) fn note(&mut self, name: &str) {
        if let Some(place) = place_of(name) {
            self.0 |= 1 << place;
        }
    }

    /// Whether `x-amz-content-sha256` is among them.
    pub(crate) fn have_hash(self) -> bool {
        self.have(CONTENT_SHA256)
    }

    /// Whether an `authorization` is among them, and an `x-amz-content-sha256` that may have come with it.
    #[inline]
    pub(crate) fn may_have_old_hash(self) -> bool {
        const BOTH: u8 = 1 << AUTHORIZATION_PLACE | 1 << CONTENT_SHA256;
        self.0 & BOTH == BOTH
    }

    /// Takes note that the `x-amz-content-sha256` is of an old signature, as all the others are.
    pub(crate) fn note_old_hash(&mut self) {
        self.0 |= OLD_HASH;
    }

    pub(crate) fn have_old_hash(self) -> bool {
        self.0 & OLD_HASH != 0
    }

    fn have(self, place: usize) -> bool {
        self.0 >> place & 1 == 1
    }

    /// Whether the header is here, of an old signature.
    fn have_old(self, place: usize) -> bool {
        self.have(place) && (place != CONTENT_SHA256 || self.have_old_hash())
    }
}

impl AddedHeaders {
    /// Replaces these of the request's.
    pub(crate) fn replacing(&mut self, old: Places) {
        self.old = old;
    }

    /// Adds these, rendered.
    pub(crate) fn add<R: RenderedHeader>(&mut self, headers: impl Iterator<Item = (&'static str, R)>) {
        self.add_unless_at_hand(headers, |_| None);
    }

    /// Adds these of either version 4, without rendering what is at hand.
    pub(crate) fn add_v4<R: RenderedHeader>(
        &mut self,
        headers: impl Iterator<Item = (&'static str, R)>,
        payload: PayloadHash,
        token: impl Fn() -> Option<HeaderValue>,
    ) {
        self.add_unless_at_hand(headers, |place| match place {
            CONTENT_SHA256 => payload_value(payload),
            S3SESSION_TOKEN | SECURITY_TOKEN => token(),
            _ => None,
        });
    }

    /// Makes room for those that are not there already, and so many others.
    pub(crate) fn make_room(&self, headers: &mut HeaderMap, others: usize) -> Result<(), Error> {
        let new = (0..).zip(&self.values).filter(|(place, value)| value.is_some() && !self.old.have(*place));
        Ok(headers.try_reserve(new.count() + others).map_err(|_| awsauth_core::Error::TooManyHeaders)?)
    }

    /// Puts them in, and takes out what is left of an old signature.
    pub(crate) fn replace(&mut self, headers: &mut HeaderMap) {
        for (place, value) in self.values.iter_mut().enumerate() {
            match value.take() {
                Some(value) => {
                    headers.insert(name_at(place), value);
                }
                None if self.old.have_old(place) => {
                    headers.remove(name_at(place));
                }
                None => {}
            }
        }
    }

    fn add_unless_at_hand<R: RenderedHeader>(
        &mut self,
        headers: impl Iterator<Item = (&'static str, R)>,
        at_hand: impl Fn(usize) -> Option<HeaderValue>,
    ) {
        let mut scratch = Scratch::<INLINE_VALUE>::new();
        for (name, value) in headers {
            let Some(place) = place_of(name) else { continue };
            let Some(added) = self.values.get_mut(place) else { continue };
            if let Some(value) = at_hand(place) {
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

fn place_of(name: &str) -> Option<usize> {
    Some(match name {
        "authorization" => AUTHORIZATION_PLACE,
        "x-amz-date" => 1,
        "x-amz-region-set" => 2,
        "x-amz-s3session-token" => S3SESSION_TOKEN,
        "x-amz-security-token" => SECURITY_TOKEN,
        "x-amzn-authorization" => 5,
        "x-amz-content-sha256" => CONTENT_SHA256,
        _ => return None,
    })
}

fn name_at(place: usize) -> HeaderName {
    match place {
        AUTHORIZATION_PLACE => AUTHORIZATION,
        1 => const { HeaderName::from_static("x-amz-date") },
        2 => const { HeaderName::from_static("x-amz-region-set") },
        S3SESSION_TOKEN => const { HeaderName::from_static("x-amz-s3session-token") },
        SECURITY_TOKEN => const { HeaderName::from_static("x-amz-security-token") },
        5 => const { HeaderName::from_static("x-amzn-authorization") },
        _ => const { HeaderName::from_static("x-amz-content-sha256") },
    }
}

/// What needs no allocation.
fn payload_value(payload: PayloadHash) -> Option<HeaderValue> {
    const OF_NOTHING: HeaderValue =
        HeaderValue::from_static("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    match payload {
        PayloadHash::EMPTY => Some(OF_NOTHING),
        other => other.literal().map(HeaderValue::from_static),
    }
}
