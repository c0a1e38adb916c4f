//! `aws-chunked` bodies of async clients give what the blocking ones give, however the data comes.
#![cfg(feature = "http-body")]
#![allow(clippy::unwrap_used)]

use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;
use std::collections::VecDeque;
use std::io::Read;
use std::time::UNIX_EPOCH;

use awsauth_http::awsauth_core::Error as CoreError;
use awsauth_http::http_body::{Body, Frame, SizeHint};
use awsauth_http::{AwsChunked, ChunkedError, ChunkedPayload, Credentials, Signer};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use http_body_util::BodyExt;
use proptest::collection::vec;
use proptest::prelude::*;

const CRC32C: HeaderName = HeaderName::from_static("x-amz-checksum-crc32c");

fn payload(length: usize, chunked: &AwsChunked) -> ChunkedPayload {
    let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "secret"))
        .clock(|| UNIX_EPOCH + Duration::from_secs(1_369_353_600))
        .region("us-east-1");
    let (mut parts, ()) = Request::put("https://bucket.s3.amazonaws.com/key").body(()).unwrap().into_parts();
    signer.sign_chunked_blocking(&mut parts, length as u64, chunked).unwrap()
}

/// Gives these frames, and says "not yet" before each.
struct Frames(VecDeque<Result<Frame<Bytes>, &'static str>>, bool);

impl Frames {
    fn of(frames: impl IntoIterator<Item = Result<Frame<Bytes>, &'static str>>) -> Self {
        Self(frames.into_iter().collect(), false)
    }

    fn data(pieces: &[Vec<u8>]) -> Self {
        Self::of(pieces.iter().map(|piece| Ok(Frame::data(Bytes::copy_from_slice(piece)))))
    }
}

impl Body for Frames {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        self.1 = !self.1;
        if self.1 {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(self.0.pop_front())
    }
}

/// All of the body, or the bytes until it failed. The size hint must hold all the way.
async fn collect<B: Body<Data = Bytes, Error = ChunkedError> + Unpin>(
    mut body: B,
) -> (Vec<u8>, Option<ChunkedError>) {
    let whole = SizeHint::exact(&body.size_hint()).unwrap();
    let mut wire = Vec::new();
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => wire.extend_from_slice(&frame.into_data().unwrap()),
            Err(error) => {
                assert!(!body.is_end_stream());
                assert!(body.size_hint().exact().unwrap() > 0, "it must not look complete");
                return (wire, Some(error));
            }
        }
        assert_eq!(body.size_hint().exact().unwrap(), whole - wire.len() as u64);
    }
    assert!(body.is_end_stream());
    (wire, None)
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

proptest! {
    #[test]
    fn is_the_same_as_the_reader(
        pieces in vec(vec(any::<u8>(), 0..3000), 0..12),
        chunk_size in 1..5000_usize,
        kind in 0..3,
    ) {
        let value = HeaderValue::from_static("AAAAAA==");
        let chunked = match kind {
            0 => AwsChunked::signed(),
            1 => AwsChunked::signed().trailer(CRC32C, value),
            _ => AwsChunked::unsigned().trailer(CRC32C, value),
        };
        let chunked = chunked.any_chunk_size(chunk_size);
        let data = pieces.concat();
        let mut expected = Vec::new();
        payload(data.len(), &chunked).reader(&*data).read_to_end(&mut expected).unwrap();
        let body = payload(data.len(), &chunked).body(Frames::data(&pieces));
        let (wire, error) = run(collect(body));
        prop_assert!(error.is_none(), "{error:?}");
        prop_assert!(wire == expected);
    }
}

#[test]
fn bodies_that_are_not_what_was_declared_are_errors() {
    let data = |length: usize| Ok(Frame::data(Bytes::from(vec![7; length])));
    let trailers = || {
        let mut map = HeaderMap::new();
        map.insert(CRC32C, HeaderValue::from_static("AAAAAA=="));
        Ok(Frame::trailers(map))
    };
    let cases = [
        (10, Frames::of([data(9)]), CoreError::BodyTooShort),
        (10, Frames::of([data(11)]), CoreError::BodyTooLong),
        (10, Frames::of([data(10), data(0), data(1)]), CoreError::BodyTooLong),
        (0, Frames::of([data(1)]), CoreError::BodyTooLong),
        (70_000, Frames::of([data(69_999)]), CoreError::BodyTooShort),
        (10, Frames::of([data(10), trailers()]), CoreError::TrailerNotDeclared),
    ];
    for (declared, frames, expected) in cases {
        let (_, error) = run(collect(payload(declared, &AwsChunked::signed()).body(frames)));
        match error {
            Some(ChunkedError::Payload(error)) => assert_eq!(error, expected),
            other => panic!("{other:?} instead of {expected:?}"),
        }
    }
    let failing = Frames::of([data(70_000), Err("the disk is gone")]);
    let (wire, error) = run(collect(payload(140_000, &AwsChunked::signed()).body(failing)));
    assert_eq!(error.unwrap().to_string(), "the body failed: the disk is gone");
    assert!(wire.len() > 65_536, "the first chunk was sent");
}
