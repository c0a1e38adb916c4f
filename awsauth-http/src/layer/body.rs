use core::pin::pin;
use core::task::{Context, Poll, Waker};

use awsauth_core::PayloadHash;
use bytes::{Buf, BufMut, Bytes, BytesMut};
use http_body::Body;

use crate::request::body::BodyBytes;

/// How a layer gets at the bodies of requests: to hash them, and to send them again.
pub trait ReadBody<B> {
    /// The body's hash; `None` if it streams.
    fn payload(&self, body: &B) -> Option<PayloadHash>;

    /// The same body once more; `None` if there is only one.
    fn again(&self, body: &B) -> Option<B>;

    /// All of the body's bytes, for checksums and for schemes that sign these themselves; `None` if it streams.
    fn bytes(&self, body: &B) -> Option<Bytes> {
        let _ = body;
        None
    }

    /// Whether the body is known to have no bytes: then its length is told.
    fn is_empty(&self, body: &B) -> bool {
        let _ = body;
        false
    }

    /// A body that holds `form`, if it can: Signature Version 2 signs in the form that is posted.
    fn replaced_by(&self, form: Bytes) -> Option<B> {
        let _ = form;
        None
    }
}

/// Bodies of http clients, read through a clone: they must be such that a clone gives the same bytes, at once.
#[derive(Debug, Clone, Copy, Default)]
pub struct HttpBody;

/// As [`HttpBody`], of bodies that can be made from bytes, such as `Full<Bytes>`.
#[derive(Debug, Clone, Copy, Default)]
pub struct FormBody;

/// Bodies that are bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct BytesBody;

/// Bodies of any type, that are left alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct AnyBody;

impl<B: Body + Clone> ReadBody<B> for HttpBody {
    fn payload(&self, body: &B) -> Option<PayloadHash> {
        read(body).map(|bytes| PayloadHash::of(&bytes))
    }

    fn again(&self, body: &B) -> Option<B> {
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
    fn payload(&self, body: &B) -> Option<PayloadHash> {
        HttpBody.payload(body)
    }

    fn again(&self, body: &B) -> Option<B> {
        HttpBody.again(body)
    }

    fn bytes(&self, body: &B) -> Option<Bytes> {
        HttpBody.bytes(body)
    }

    fn is_empty(&self, body: &B) -> bool {
        HttpBody.is_empty(body)
    }

    fn replaced_by(&self, form: Bytes) -> Option<B> {
        Some(form.into())
    }
}

impl<B: BodyBytes + Clone> ReadBody<B> for BytesBody {
    fn payload(&self, body: &B) -> Option<PayloadHash> {
        Some(PayloadHash::of(body.body_bytes()))
    }

    fn again(&self, body: &B) -> Option<B> {
        Some(body.clone())
    }

    fn bytes(&self, body: &B) -> Option<Bytes> {
        Some(Bytes::copy_from_slice(body.body_bytes()))
    }

    fn is_empty(&self, body: &B) -> bool {
        body.body_bytes().is_empty()
    }

    fn replaced_by(&self, form: Bytes) -> Option<B> {
        B::from_form(form)
    }
}

impl<B> ReadBody<B> for AnyBody {
    fn payload(&self, _: &B) -> Option<PayloadHash> {
        None
    }

    fn again(&self, _: &B) -> Option<B> {
        None
    }
}

/// Through a clone, if it is all there.
fn read<B: Body + Clone>(body: &B) -> Option<Bytes> {
    let mut body = pin!(body.clone());
    let mut context = Context::from_waker(Waker::noop());
    let mut bytes = BytesMut::new();
    loop {
        match body.as_mut().poll_frame(&mut context) {
            Poll::Ready(None) => return Some(bytes.freeze()),
            Poll::Ready(Some(Ok(frame))) => {
                let mut data = frame.into_data().ok()?;
                // Mostly the only frame, and `Bytes`: no byte of those is copied.
                if bytes.is_empty() && body.is_end_stream() {
                    return Some(data.copy_to_bytes(data.remaining()));
                }
                bytes.put(data);
            }
            Poll::Ready(Some(Err(_))) | Poll::Pending => return None,
        }
    }
}
