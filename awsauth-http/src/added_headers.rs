use core::mem;
use core::ops::Range;

use awsauth_core::PayloadHash;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::Error;
use crate::render::{RenderedHeader, Scratch, bytes};

/// The places of the headers that signing adds. All but the last are those of an old signature too.
const PLACES: usize = 7;
const S3SESSION_TOKEN: usize = 3;
const SECURITY_TOKEN: usize = 4;
const CONTENT_SHA256: usize = 6;

/// The values that are put together on the stack: date, hash, and an `authorization` of ordinary length.
const INLINE_VALUES: usize = 640;

/// The headers to add, each in the place of its name. Values become allocations only where they are stored.
pub(crate) struct AddedHeaders {
    values: [Added; PLACES],
    scratch: Scratch<INLINE_VALUES>,
}

#[derive(Default)]
enum Added {
    #[default]
    No,
    AtHand(HeaderValue),
    Rendered {
        range: Range<usize>,
        is_sensitive: bool,
    },
}

impl AddedHeaders {
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

    /// Makes room for those that are not there already, and says which ones are: a bit for each place.
    pub(crate) fn make_room(&self, headers: &mut HeaderMap) -> Result<u8, Error> {
        let mut old = 0;
        for place in headers.keys().filter_map(|name| place_of(name.as_str())) {
            old |= 1 << place;
        }
        let is_new = |(place, value): &(usize, &Added)| !matches!(value, Added::No) && !is_in(old, *place);
        let new = self.values.iter().enumerate().filter(is_new).count();
        headers.try_reserve(new).map_err(|_| awsauth_core::Error::TooManyHeaders)?;
        Ok(old)
    }

    /// Puts them in, and takes out what is left of an old signature: `old` is what [`make_room`](Self::make_room) said.
    pub(crate) fn replace(&mut self, old: u8, headers: &mut HeaderMap) {
        for (place, value) in self.values.iter_mut().enumerate() {
            let value = match mem::take(value) {
                Added::AtHand(value) => Ok(value),
                Added::Rendered { range, is_sensitive } => HeaderValue::from_bytes(self.scratch.get(range))
                    .map(|mut value| {
                        value.set_sensitive(is_sensitive);
                        value
                    }),
                Added::No => {
                    if is_in(old, place) && place != CONTENT_SHA256 {
                        headers.remove(name_at(place));
                    }
                    continue;
                }
            };
            // What the core renders is printable ASCII.
            if let Ok(value) = value {
                headers.insert(name_at(place), value);
            }
        }
    }

    fn add_unless_at_hand<R: RenderedHeader>(
        &mut self,
        headers: impl Iterator<Item = (&'static str, R)>,
        at_hand: impl Fn(usize) -> Option<HeaderValue>,
    ) {
        for (name, value) in headers {
            let Some(place) = place_of(name) else { continue };
            let Some(added) = self.values.get_mut(place) else { continue };
            let is_sensitive = value.is_sensitive();
            let value = match at_hand(place) {
                Some(value) => Ok(value),
                None => match self.scratch.add(&value) {
                    Ok(range) => {
                        *added = Added::Rendered { range, is_sensitive };
                        continue;
                    }
                    Err(length) => HeaderValue::try_from(bytes(&value, length)),
                },
            };
            if let Ok(mut value) = value {
                value.set_sensitive(is_sensitive);
                *added = Added::AtHand(value);
            }
        }
    }
}

impl Default for AddedHeaders {
    // In the caller's place for it: it is large.
    #[inline(always)]
    fn default() -> Self {
        Self { values: Default::default(), scratch: Scratch::new() }
    }
}

fn is_in(places: u8, place: usize) -> bool {
    places >> place & 1 == 1
}

fn place_of(name: &str) -> Option<usize> {
    Some(match name {
        "authorization" => 0,
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
        0 => AUTHORIZATION,
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
