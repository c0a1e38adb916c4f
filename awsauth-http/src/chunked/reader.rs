use core::fmt;
use core::ops::Range;
use std::io::{self, Read};

use awsauth_core::Error;

use super::chunks::Chunks;
use super::error::ChunkedError;

/// Room for what is sent before a chunk: its length and its signature.
const HEAD: usize = 192;
const CRLF: &[u8] = b"\r\n";

/// A body with the content encoding `aws-chunked`, read from the caller's data chunk by chunk. It holds one chunk.
///
/// Errors of the data are returned unchanged, and reading may go on after one, such as
/// [`Interrupted`](io::ErrorKind::Interrupted). If the data is shorter or longer than was declared, reading fails with an
/// error of the kind [`InvalidData`](io::ErrorKind::InvalidData) around a [`ChunkedError`] before the last bytes are read.
pub struct ChunkedReader<R> {
    data: R,
    chunks: Chunks,
    /// Head, data and CR LF of a chunk; the head ends where the data begins, at `HEAD`.
    frame: Vec<u8>,
    /// The part of the frame that is still to be read.
    ready: Range<usize>,
    /// How many bytes of the next chunk's data are in the frame.
    gathered: usize,
    state: State,
}

#[derive(Clone, Copy)]
enum State {
    Data,
    Done,
    Failed(Error),
}

impl<R> ChunkedReader<R> {
    pub(super) fn new(data: R, chunks: Chunks) -> Self {
        Self { data, chunks, frame: Vec::new(), ready: 0..0, gathered: 0, state: State::Data }
    }

    /// Returns the data that has not been read yet.
    pub fn into_inner(self) -> R {
        self.data
    }
}

impl<R: Read> Read for ChunkedReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while self.ready.is_empty() {
            match self.state {
                State::Data => self.advance()?,
                State::Done => return Ok(0),
                State::Failed(error) => return Err(ChunkedError::Payload(error).into()),
            }
        }
        let ready = self.frame.get(self.ready.clone()).unwrap_or_default();
        let given = ready.iter().zip(&*buffer).len();
        if let (Some(place), Some(bytes)) = (buffer.get_mut(..given), ready.get(..given)) {
            place.copy_from_slice(bytes);
        }
        self.ready.start += given;
        Ok(given)
    }
}

impl<R: Read> ChunkedReader<R> {
    /// Reads once, or makes a frame.
    fn advance(&mut self) -> io::Result<()> {
        let size = self.chunks.next_chunk_size();
        let made = if size == 0 {
            // Too much data must be detected before the body is complete.
            match self.data.read(&mut [0])? {
                0 => self.last_frame(),
                _ => Err(Error::BodyTooLong),
            }
        } else if self.gathered < size {
            self.frame.resize(HEAD + size + CRLF.len(), 0);
            let place = self.frame.get_mut(HEAD + self.gathered..HEAD + size).unwrap_or_default();
            let expected = place.len();
            match self.data.read(place)? {
                0 => Err(Error::BodyTooShort),
                read => {
                    self.gathered += read.min(expected);
                    Ok(())
                }
            }
        } else {
            self.frame_chunk(size)
        };
        if let Err(error) = made {
            self.state = State::Failed(error);
        }
        Ok(())
    }

    fn frame_chunk(&mut self, size: usize) -> Result<(), Error> {
        let mut head = Vec::with_capacity(HEAD);
        let data = self.frame.get(HEAD..HEAD + size).unwrap_or_default();
        self.chunks.chunk(data, &mut head)?;
        let start = HEAD.saturating_sub(head.len());
        let places = [(start..HEAD, &*head), (HEAD + size..HEAD + size + CRLF.len(), CRLF)];
        for (range, bytes) in places {
            if let Some(place) = self.frame.get_mut(range).filter(|place| place.len() == bytes.len()) {
                place.copy_from_slice(bytes);
            }
        }
        self.ready = start..HEAD + size + CRLF.len();
        self.gathered = 0;
        Ok(())
    }

    fn last_frame(&mut self) -> Result<(), Error> {
        self.frame.clear();
        self.chunks.finish(&mut self.frame)?;
        self.ready = 0..self.frame.len();
        self.state = State::Done;
        Ok(())
    }
}

impl<R> fmt::Debug for ChunkedReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChunkedReader(..)")
    }
}
