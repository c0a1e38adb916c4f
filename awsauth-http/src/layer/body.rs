use core::pin::pin;
use core::task::{Context, Poll, Waker};

use awsauth_core::PayloadHash;
use bytes::{Buf, BufMut, Bytes, BytesMut};
use http_body::Body;

use crate::request::body::BodyBytes;

/// How a layer reads the bodies of requests, to hash them and to send them again. [`SigningLayer::read_body`] takes an
/// application's own.
///
/// [`SigningLayer::read_body`]: crate::SigningLayer::read_body
#[diagnostic::on_unimplemented(
    message = "this layer cannot read bodies of the type `{B}`",
    label = "cannot read `{B}`",
    note = "`SigningLayer::new` takes bodies that are `http_body::Body + Clone`, `.for_bytes()` those that are `BodyBytes`, and \
            `.for_any()` takes any body, with its payload hash given by `.stream_payload(..)`"
)]
pub trait ReadBody<B> {
    /// Returns the body's hash, or `None` if it streams.
    fn payload_hash(&self, body: &B) -> Option<PayloadHash>;

    /// Returns a copy of the body to send again, or `None` if it can be sent only once.
    fn try_clone(&self, body: &B) -> Option<B>;

    /// Returns all of the body's bytes, for checksums and for schemes that sign the bytes themselves, or `None` if it streams.
    fn bytes(&self, body: &B) -> Option<Bytes> {
        let _ = body;
        None
    }

    /// Returns whether the body is known to be empty, so that its length is stated.
    fn is_empty(&self, body: &B) -> bool {
        let _ = body;
        false
    }

    /// Returns a body that holds `form`, if the type can: Signature Version 2 signs in the form that is posted.
    fn form_body(&self, form: Bytes) -> Option<B> {
        let _ = form;
        None
    }
}

/// Reads any [`Body`] through a clone, which must yield the same bytes without waiting.
#[derive(Debug, Clone, Copy, Default)]
pub struct HttpBody;

/// Reads bodies like [`HttpBody`] does that can also be made from bytes, such as `Full<Bytes>`.
#[derive(Debug, Clone, Copy, Default)]
pub struct FormBody;

/// Reads bodies that are bytes: [`BodyBytes`].
#[derive(Debug, Clone, Copy, Default)]
pub struct BytesBody;

/// Accepts bodies of any type, and does not read them.
#[derive(Debug, Clone, Copy, Default)]
pub struct AnyBody;

impl<B: Body + Clone> ReadBody<B> for HttpBody {
    fn payload_hash(&self, body: &B) -> Option<PayloadHash> {
        read(body).map(|bytes| PayloadHash::of(&bytes))
    }

    fn try_clone(&self, body: &B) -> Option<B> {
        Some(body.clone())
    }

    fn bytes(&self, body: &B) -> Option<Bytes> {
        read(body)
    }

    fn is_empty(&self, body: &B) -> bool {
        body.is_end_stream()
    }
}

impl<B: Body + Clone + From<Bytes>> ReadBody<B> for FormBody {
    fn payload_hash(&self, body: &B) -> Option<PayloadHash> {
        HttpBody.payload_hash(body)
    }

    fn try_clone(&self, body: &B) -> Option<B> {
        HttpBody.try_clone(body)
    }

    fn bytes(&self, body: &B) -> Option<Bytes> {
        HttpBody.bytes(body)
    }

    fn is_empty(&self, body: &B) -> bool {
        HttpBody.is_empty(body)
    }

    fn form_body(&self, form: Bytes) -> Option<B> {
        Some(form.into())
    }
}

impl<B: BodyBytes + Clone> ReadBody<B> for BytesBody {
    fn payload_hash(&self, body: &B) -> Option<PayloadHash> {
        Some(PayloadHash::of(body.body_bytes()))
    }

    fn try_clone(&self, body: &B) -> Option<B> {
        Some(body.clone())
    }

    fn bytes(&self, body: &B) -> Option<Bytes> {
        Some(Bytes::copy_from_slice(body.body_bytes()))
    }

    fn is_empty(&self, body: &B) -> bool {
        body.body_bytes().is_empty()
    }

    fn form_body(&self, form: Bytes) -> Option<B> {
        B::from_form(form)
    }
}

impl<B> ReadBody<B> for AnyBody {
    fn payload_hash(&self, _: &B) -> Option<PayloadHash> {
        None
    }

    fn try_clone(&self, _: &B) -> Option<B> {
        None
    }
}

/// Reads the body through a clone, if all of it is there.
fn read<B: Body + Clone>(body: &B) -> Option<Bytes> {
    let mut body = pin!(body.clone());
    let mut context = Context::from_waker(Waker::noop());
    let mut bytes = BytesMut::new();
    loop {
        match body.as_mut().poll_frame(&mut context) {
            Poll::Ready(None) => return Some(bytes.freeze()),
            Poll::Ready(Some(Ok(frame))) => {
                let mut data = frame.into_data().ok()?;
                // Mostly it is the only frame and `Bytes`, which are not copied.
                if bytes.is_empty() && body.is_end_stream() {
                    return Some(data.copy_to_bytes(data.remaining()));
                }
                bytes.put(data);
            }
            Poll::Ready(Some(Err(_))) | Poll::Pending => return None,
        }
    }
}
