use core::fmt;
use core::future::poll_fn;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::collections::VecDeque;

use bytes::Buf;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};

use super::error_response::ErrorResponse;

/// The body of an answer, whose beginning may have been looked at. It gives all of its frames, trailers and errors as
/// they came.
pub struct InspectedBody<B: Body> {
    seen: VecDeque<Result<Frame<B::Data>, B::Error>>,
    rest: Pin<Box<B>>,
    ended: bool,
}

impl<B: Body> InspectedBody<B> {
    /// A body that has not been looked at.
    #[must_use]
    pub fn new(body: B) -> Self {
        Self { seen: VecDeque::new(), rest: Box::pin(body), ended: false }
    }

    /// Reads the body's first 64 KiB, or what there is of it up to its end or an error, without taking any of it away.
    /// An answer that is none of [those that are read](ErrorResponse::is_possible) is left alone.
    pub async fn refusal(&mut self, status: http::StatusCode, headers: &HeaderMap) -> Option<ErrorResponse> {
        if !ErrorResponse::is_possible(status) {
            return None;
        }
        let start = self.start(ErrorResponse::BODY_LIMIT).await;
        ErrorResponse::read(status, headers, &start)
    }

    /// The first bytes, at most so many: what has been seen before, and what there is up to the end or an error.
    pub(crate) async fn start(&mut self, limit: usize) -> Vec<u8> {
        let mut start = Vec::new();
        for frame in &self.seen {
            copy(frame, &mut start, limit);
        }
        while start.len() < limit && !self.ended {
            match poll_fn(|context| self.rest.as_mut().poll_frame(context)).await {
                None => self.ended = true,
                Some(frame) => {
                    self.ended = frame.is_err();
                    copy(&frame, &mut start, limit);
                    self.seen.push_back(frame);
                }
            }
        }
        start
    }
}

fn copy<D: Buf, E>(frame: &Result<Frame<D>, E>, start: &mut Vec<u8>, limit: usize) {
    if let Some(data) = frame.as_ref().ok().and_then(Frame::data_ref) {
        let missing = limit.saturating_sub(start.len());
        start.extend(data.chunk().iter().take(missing));
    }
}

impl<B: Body> Body for InspectedBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let body = self.get_mut();
        match body.seen.pop_front() {
            Some(frame) => Poll::Ready(Some(frame)),
            None if body.ended => Poll::Ready(None),
            None => body.rest.as_mut().poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.seen.is_empty() && (self.ended || self.rest.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        let seen: u64 = self
            .seen
            .iter()
            .filter_map(|frame| frame.as_ref().ok()?.data_ref())
            .map(|data| data.remaining() as u64)
            .sum();
        if self.ended {
            return SizeHint::with_exact(seen);
        }
        let rest = self.rest.size_hint();
        let mut hint = SizeHint::new();
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper.saturating_add(seen));
        }
        hint.set_lower(rest.lower().saturating_add(seen));
        hint
    }
}

/// What has been seen is behind no pin.
impl<B: Body> Unpin for InspectedBody<B> {}

impl<B: Body> fmt::Debug for InspectedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InspectedBody").field("frames", &self.seen.len()).finish_non_exhaustive()
    }
}
