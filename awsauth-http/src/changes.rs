use awsauth_core::PayloadHash;
use awsauth_credentials::Credentials;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::render::{RenderedHeader, Scratch, exactly};
use crate::{Error, RequestHead};

/// The headers that signing adds. All but the last are those of an old signature too.
static NAMES: [HeaderName; 7] = [
    AUTHORIZATION,
    HeaderName::from_static("x-amz-date"),
    HeaderName::from_static("x-amz-region-set"),
    HeaderName::from_static("x-amz-s3session-token"),
    HeaderName::from_static("x-amz-security-token"),
    HeaderName::from_static("x-amzn-authorization"),
    HeaderName::from_static("x-amz-content-sha256"),
];
const S3SESSION_TOKEN: usize = 3;
const SECURITY_TOKEN: usize = 4;
const CONTENT_SHA256: usize = 6;

/// The longest `authorization` header that is put together on the stack.
const INLINE_VALUE: usize = 512;

/// What signing changes of a request: all of it is known before anything is changed.
#[derive(Default)]
pub(crate) struct Changes {
    /// Path and query, if they differ.
    pub(crate) target: Option<String>,
    /// The headers to set.
    pub(crate) headers: AddedHeaders,
    /// The form to send in place of the body.
    pub(crate) form: Option<Bytes>,
}

/// Values by the places of their names in [`NAMES`].
#[derive(Default)]
pub(crate) struct AddedHeaders([Option<HeaderValue>; 7]);

impl Changes {
    pub(crate) fn apply(
        &mut self,
        head: &mut impl RequestHead,
        signed_host: Option<&str>,
    ) -> Result<(), Error> {
        let host = match signed_host {
            Some(host) => Some(HeaderValue::from_str(host).map_err(|_| awsauth_core::Error::MalformedHost)?),
            None => None,
        };
        let old = self.headers.make_room(head.headers_mut())?;
        // The last step that can fail, and the first that changes anything.
        if let Some(target) = self.target.take() {
            head.set_target_owned(target)?;
        }
        let headers = head.headers_mut();
        self.headers.replace(&old, headers);
        if let Some(host) = host {
            headers.insert(HOST, host);
        }
        if let Some(form) = &self.form {
            let content_type = HeaderValue::from_static(awsauth_core::sigv2::FORM_CONTENT_TYPE);
            headers.insert(CONTENT_TYPE, content_type);
            if headers.contains_key(CONTENT_LENGTH) {
                headers.insert(CONTENT_LENGTH, form.len().into());
            }
        }
        Ok(())
    }
}

impl AddedHeaders {
    /// Keeps these headers, rendered.
    pub(crate) fn add<R: RenderedHeader>(&mut self, headers: impl Iterator<Item = (&'static str, R)>) {
        self.add_unless_at_hand(headers, |_| None);
    }

    /// Keeps these headers of either version 4, without rendering what is at hand.
    pub(crate) fn add_v4<R: RenderedHeader>(
        &mut self,
        headers: impl Iterator<Item = (&'static str, R)>,
        payload: PayloadHash,
        credentials: &Credentials,
    ) {
        self.add_unless_at_hand(headers, |place| match place {
            CONTENT_SHA256 => payload_value(payload),
            S3SESSION_TOKEN | SECURITY_TOKEN => token_value(credentials),
            _ => None,
        });
    }

    fn add_unless_at_hand<R: RenderedHeader>(
        &mut self,
        headers: impl Iterator<Item = (&'static str, R)>,
        at_hand: impl Fn(usize) -> Option<HeaderValue>,
    ) {
        let mut scratch = Scratch::<INLINE_VALUE>::new();
        for (name, value) in headers {
            let Some(place) = place_of(name) else { continue };
            let Some(added) = self.0.get_mut(place) else { continue };
            *added = at_hand(place).or_else(|| {
                let mut header: HeaderValue = exactly(&value, &mut scratch)?;
                header.set_sensitive(value.is_sensitive());
                Some(header)
            });
        }
    }

    /// Which of these headers are there already; for the others there is room then.
    fn make_room(&self, headers: &mut HeaderMap) -> Result<[bool; 7], Error> {
        let mut old = [false; 7];
        for name in headers.keys() {
            if let Some(old) = place_of(name.as_str()).and_then(|place| old.get_mut(place)) {
                *old = true;
            }
        }
        let new = self.0.iter().zip(old).filter(|(value, old)| value.is_some() && !old).count();
        headers.try_reserve(new).map_err(|_| awsauth_core::Error::TooManyHeaders)?;
        Ok(old)
    }

    fn replace(&mut self, old: &[bool; 7], headers: &mut HeaderMap) {
        for (place, ((name, value), old)) in NAMES.iter().zip(&mut self.0).zip(old).enumerate() {
            match value.take() {
                Some(value) => {
                    headers.insert(name, value);
                }
                None if *old && place != CONTENT_SHA256 => {
                    headers.remove(name);
                }
                None => {}
            }
        }
    }
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

/// What needs no allocation.
fn payload_value(payload: PayloadHash) -> Option<HeaderValue> {
    const OF_NOTHING: HeaderValue =
        HeaderValue::from_static("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    match payload {
        PayloadHash::EMPTY => Some(OF_NOTHING),
        other => other.literal().map(HeaderValue::from_static),
    }
}

fn token_value(credentials: &Credentials) -> Option<HeaderValue> {
    let mut token = HeaderValue::from_str(credentials.session_token()?).ok()?;
    token.set_sensitive(true);
    Some(token)
}
