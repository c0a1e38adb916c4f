//! The `aws-chunked` content encoding, without I/O: bytes in, bytes out, no copy of the data (see [Transferring Payload
//! in Multiple Chunks](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html)).
//!
//! A [`Framing`] describes the body before it is sent: it has the values of the request's headers. After the request is
//! signed, an [`Encoder`] returns the bytes to send before and after each chunk. A signature covers a whole chunk and
//! is sent before it, so the caller keeps one chunk in memory at a time. A [`Decoder`] reads and verifies such a body.
//!
//! ```
//! use awsauth_core::aws_chunked::{Framing, Trailer};
//! use awsauth_core::{CredentialScope, Header, PayloadHash, Request, SigningKey, Sigv4, Timestamp};
//!
//! let now = Timestamp::parse("20130524T000000Z")?;
//! let scope = CredentialScope::new(now.date(), "us-east-1", "s3")?;
//! let key = SigningKey::derive("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", scope);
//! let body = [b'a'; 66_560];
//!
//! let trailers = [Trailer::CRC32C];
//! let framing = Framing::new(PayloadHash::StreamingSignedTrailer, 66_560, &trailers)?;
//! let headers = [
//!     Header::new("content-encoding", b"aws-chunked"),
//!     Header::new("content-length", b"66946"),
//!     Header::new("x-amz-decoded-content-length", b"66560"),
//!     Header::new("x-amz-trailer", b"x-amz-checksum-crc32c"),
//! ];
//! assert_eq!(framing.encoded_length(), 66_946);
//! assert_eq!(framing.trailer_names().to_string(), "x-amz-checksum-crc32c");
//! let request = Request::put("/examplebucket/chunkObject.txt", "s3.amazonaws.com").headers(&headers);
//! let signed = Sigv4::new("AKIAIOSFODNN7EXAMPLE", &key).sign(&request, framing.payload_hash(), now)?;
//!
//! let mut tx = Vec::new(); // a socket
//! let mut encoder = framing.encoder(&signed, &key)?;
//! for data in body.chunks(framing.chunk_size()) {
//!     let frame = encoder.chunk(data)?;
//!     frame.write_head(&mut |bytes: &[u8]| tx.extend_from_slice(bytes));
//!     tx.extend_from_slice(data);
//!     tx.extend_from_slice(frame.tail());
//! }
//! let trailers = [Header::new("x-amz-checksum-crc32c", b"sOO8/Q==")];
//! let last = encoder.finish(&trailers)?;
//! last.write_to(&mut |bytes: &[u8]| tx.extend_from_slice(bytes));
//! assert_eq!(tx.len(), 66_946);
//! # Ok::<(), awsauth_core::Error>(())
//! ```

mod announced;
mod decoder;
mod encoder;
mod framing;
mod wire;

pub use decoder::{DecodeError, Decoder, Step};
pub use encoder::{Encoder, Frame, LastFrame};
pub use framing::{DEFAULT_CHUNK_SIZE, Framing, MAX_CHUNK_SIZE, MIN_CHUNK_SIZE, Trailer, TrailerNames};
