use core::fmt;
use core::future::poll_fn;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::collections::VecDeque;

use bytes::Buf;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};

use super::error_response::ErrorResponse;

/// The body of a response whose beginning may have been read ahead. It yields all of its frames, trailers and errors as they
/// came.
pub struct InspectedBody<B: Body> {
    /// Frames that were read ahead.
    buffered: VecDeque<Result<Frame<B::Data>, B::Error>>,
    rest: Pin<Box<B>>,
    /// Whether `rest` has ended or failed.
    ended: bool,
}

impl<B: Body> InspectedBody<B> {
    /// Wraps a body of which nothing has been read.
    #[must_use]
    pub fn new(body: B) -> Self {
        Self { buffered: VecDeque::new(), rest: Box::pin(body), ended: false }
    }

    /// Reads an error response, and leaves the body complete: it reads ahead the first 64 KiB, or as many bytes as come
    /// before the end or an error. `None`, with nothing read, if the status is not one that
    /// [`ErrorResponse`] reads ([`is_possible`](ErrorResponse::is_possible)).
    pub async fn error_response(
        &mut self,
        status: http::StatusCode,
        headers: &HeaderMap,
    ) -> Option<ErrorResponse> {
        if !ErrorResponse::is_possible(status) {
            return None;
        }
        let start = self.read_ahead(ErrorResponse::BODY_LIMIT).await;
        ErrorResponse::read(status, headers, &start)
    }

    /// The first bytes, at most `limit`: what has been read ahead before, and what comes before the end or an error.
    pub(crate) async fn read_ahead(&mut self, limit: usize) -> Vec<u8> {
        let mut start = Vec::new();
        for frame in &self.buffered {
            copy(frame, &mut start, limit);
        }
        while start.len() < limit && !self.ended {
            match poll_fn(|context| self.rest.as_mut().poll_frame(context)).await {
                None => self.ended = true,
                Some(frame) => {
                    self.ended = frame.is_err();
                    copy(&frame, &mut start, limit);
                    self.buffered.push_back(frame);
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
        match body.buffered.pop_front() {
            Some(frame) => Poll::Ready(Some(frame)),
            None if body.ended => Poll::Ready(None),
            None => body.rest.as_mut().poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.buffered.is_empty() && (self.ended || self.rest.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        let buffered: u64 = self
            .buffered
            .iter()
            .filter_map(|frame| frame.as_ref().ok()?.data_ref())
            .map(|data| data.remaining() as u64)
            .sum();
        if self.ended {
            return SizeHint::with_exact(buffered);
        }
        let rest = self.rest.size_hint();
        let mut hint = SizeHint::new();
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper.saturating_add(buffered));
        }
        hint.set_lower(rest.lower().saturating_add(buffered));
        hint
    }
}

// The inner body is pinned in its box, and the buffered frames are never pinned.
impl<B: Body> Unpin for InspectedBody<B> {}

impl<B: Body> fmt::Debug for InspectedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InspectedBody").field("frames", &self.buffered.len()).finish_non_exhaustive()
    }
}
