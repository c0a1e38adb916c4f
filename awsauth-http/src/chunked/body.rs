use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::collections::VecDeque;

use awsauth_core::Error;
use bytes::{Buf, BufMut, Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};

use super::chunks::Chunks;
use super::error::ChunkedError;

/// A body with the content encoding `aws-chunked`, made from the caller's body chunk by chunk. It holds one chunk besides the
/// last piece of the caller's body, and does not copy data that comes in pieces of a chunk or more.
///
/// If the data is shorter or longer than was declared, the body ends with a [`ChunkedError`] before the last bytes are sent;
/// likewise if the caller's body has trailers, which [`AwsChunked`](crate::AwsChunked) must declare.
pub struct ChunkedBody<B: Body> {
    data: Pin<Box<B>>,
    chunks: Chunks,
    /// What is left of the last piece of `data`.
    piece: Option<B::Data>,
    /// The beginning of the next chunk.
    gathered: BytesMut,
    /// The frames to yield next.
    ready: VecDeque<Bytes>,
    remaining: u64,
    state: State,
}

#[derive(Clone, Copy)]
enum State {
    First,
    Later,
    Done,
    Failed(Error),
}

impl<B: Body> ChunkedBody<B> {
    pub(super) fn new(data: B, chunks: Chunks, encoded_length: u64) -> Self {
        Self {
            data: Box::pin(data),
            chunks,
            piece: None,
            gathered: BytesMut::new(),
            ready: VecDeque::with_capacity(2),
            remaining: encoded_length,
            state: State::First,
        }
    }
}

// The body is pinned in its box, and nothing else is.
impl<B: Body> Unpin for ChunkedBody<B> {}

impl<B: Body> Body for ChunkedBody<B>
where
    B::Error: Into<Box<dyn core::error::Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = ChunkedError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ChunkedError>>> {
        let this = self.get_mut();
        loop {
            if let Some(bytes) = this.ready.pop_front() {
                this.remaining = this.remaining.saturating_sub(bytes.len() as u64);
                return Poll::Ready(Some(Ok(Frame::data(bytes))));
            }
            match this.state {
                State::First | State::Later => {}
                State::Done => return Poll::Ready(None),
                State::Failed(error) => return Poll::Ready(Some(Err(error.into()))),
            }
            match ready!(this.poll_advance(context)) {
                Ok(()) => {}
                Err(ChunkedError::Payload(error)) => this.state = State::Failed(error),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.state, State::Done) && self.ready.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.remaining)
    }
}

impl<B: Body> ChunkedBody<B>
where
    B::Error: Into<Box<dyn core::error::Error + Send + Sync>>,
{
    /// Takes in a piece, or makes a frame.
    fn poll_advance(&mut self, context: &mut Context<'_>) -> Poll<Result<(), ChunkedError>> {
        let size = self.chunks.next_chunk_size();
        let has_piece = self.piece.as_ref().is_some_and(Buf::has_remaining);
        if size > 0 && self.gathered.len() == size {
            let chunk = self.gathered.split().freeze();
            return Poll::Ready(self.frame_chunk(chunk));
        }
        if let Some(piece) = self.piece.as_mut().filter(|_| has_piece) {
            let missing = size - self.gathered.len().min(size);
            if size == 0 {
                // Too much data must be detected before the body is complete.
                return Poll::Ready(Err(Error::BodyTooLong.into()));
            }
            if missing == size && piece.remaining() >= size {
                let chunk = piece.copy_to_bytes(size);
                return Poll::Ready(self.frame_chunk(chunk));
            }
            self.gathered.reserve(missing);
            self.gathered.put(piece.take(missing));
            return Poll::Ready(Ok(()));
        }
        match ready!(self.data.as_mut().poll_frame(context)) {
            Some(Ok(frame)) => {
                self.piece = Some(frame.into_data().map_err(|_| Error::TrailerNotDeclared)?);
                Poll::Ready(Ok(()))
            }
            Some(Err(error)) => Poll::Ready(Err(ChunkedError::Body(error.into()))),
            None if size > 0 => Poll::Ready(Err(Error::BodyTooShort.into())),
            None => Poll::Ready(self.last_frame()),
        }
    }

    fn frame_chunk(&mut self, chunk: Bytes) -> Result<(), ChunkedError> {
        let mut head = self.after_previous();
        self.chunks.chunk(&chunk, &mut head)?;
        self.state = State::Later;
        self.ready.push_back(head.into());
        self.ready.push_back(chunk);
        Ok(())
    }

    fn last_frame(&mut self) -> Result<(), ChunkedError> {
        let mut last = self.after_previous();
        self.chunks.finish(&mut last)?;
        self.state = State::Done;
        self.ready.push_back(last.into());
        Ok(())
    }

    /// CR LF after the previous chunk, if there is one, in one piece with what comes next.
    fn after_previous(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(192);
        if !matches!(self.state, State::First) {
            bytes.extend_from_slice(b"\r\n");
        }
        bytes
    }
}

impl<B: Body> fmt::Debug for ChunkedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChunkedBody").field("remaining", &self.remaining).finish_non_exhaustive()
    }
}
