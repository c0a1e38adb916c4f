use core::pin::pin;
use core::task::{Context, Poll, Waker};

use awsauth_core::PayloadHash;
use bytes::Buf;
use http_body::Body;

use crate::BodyBytes;

/// How a layer gets at the bodies of requests: to hash them, and to send them again.
pub trait ReadBody<B> {
    /// The body's hash; `None` if it streams.
    fn payload(&self, body: &B) -> Option<PayloadHash>;

    /// The same body once more; `None` if there is only one.
    fn again(&self, body: &B) -> Option<B>;
}

/// Bodies of http clients, read through a clone: they must be such that a clone gives the same bytes, at once.
#[derive(Debug, Clone, Copy, Default)]
pub struct HttpBody;

/// Bodies that are bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct BytesBody;

/// Bodies of any type, that are left alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct AnyBody;

impl<B: Body + Clone> ReadBody<B> for HttpBody {
    fn payload(&self, body: &B) -> Option<PayloadHash> {
        let mut body = pin!(body.clone());
        let mut context = Context::from_waker(Waker::noop());
        let mut bytes = Vec::new();
        loop {
            match body.as_mut().poll_frame(&mut context) {
                Poll::Ready(None) => return Some(PayloadHash::of(&bytes)),
                Poll::Ready(Some(Ok(frame))) => {
                    let mut data = frame.into_data().ok()?;
                    // Mostly the only frame.
                    if bytes.is_empty() && data.chunk().len() == data.remaining() && body.is_end_stream() {
                        return Some(PayloadHash::of(data.chunk()));
                    }
                    while data.has_remaining() {
                        let run = data.chunk();
                        bytes.extend_from_slice(run);
                        let length = run.len();
                        data.advance(length);
                    }
                }
                Poll::Ready(Some(Err(_))) | Poll::Pending => return None,
            }
        }
    }

    fn again(&self, body: &B) -> Option<B> {
        Some(body.clone())
    }
}

impl<B: BodyBytes + Clone> ReadBody<B> for BytesBody {
    fn payload(&self, body: &B) -> Option<PayloadHash> {
        Some(PayloadHash::of(body.body_bytes()))
    }

    fn again(&self, body: &B) -> Option<B> {
        Some(body.clone())
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
