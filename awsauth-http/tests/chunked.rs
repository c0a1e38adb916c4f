//! `aws-chunked` bodies: AWS's own examples, and what may go wrong with a body.
#![allow(clippy::unwrap_used)]

use core::time::Duration;
use std::io::{self, Read};
use std::time::UNIX_EPOCH;

use awsauth_http::awsauth_core::Error as CoreError;
use awsauth_http::http::request::Parts;
use awsauth_http::{
    AwsChunked, ChunkedError, ChunkedPayload, Credentials, Error, PayloadHash, SignedHeaders, Signer,
};
use http::{HeaderName, HeaderValue, Request};

const CHUNK: usize = 64 * 1024;
const CRC32C: HeaderName = HeaderName::from_static("x-amz-checksum-crc32c");

/// The examples of "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks" and
/// of the page on trailing headers: 66560 times the letter a, on 24 May 2013.
fn example(chunked: &AwsChunked) -> (Parts, ChunkedPayload) {
    let signer =
        signer().signed_headers(SignedHeaders::EssentialAnd(&["content-encoding", "content-length"]));
    let (mut parts, ()) = Request::put("https://s3.amazonaws.com/examplebucket/chunkObject.txt")
        .header("x-amz-storage-class", "REDUCED_REDUNDANCY")
        .body(())
        .unwrap()
        .into_parts();
    let payload = signer.sign_chunked_blocking(&mut parts, 66_560, chunked).unwrap();
    (parts, payload)
}

fn signer() -> Signer {
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    Signer::new(credentials).clock(|| UNIX_EPOCH + Duration::from_secs(1_369_353_600)).region("us-east-1")
}

fn put() -> Parts {
    Request::put("https://bucket.s3.amazonaws.com/key").body(()).unwrap().into_parts().0
}

fn payload(length: u64, chunked: &AwsChunked) -> ChunkedPayload {
    signer().sign_chunked_blocking(&mut put(), length, chunked).unwrap()
}

fn read(payload: ChunkedPayload, data: impl Read) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    payload.reader(data).read_to_end(&mut body).map(|_| body)
}

fn text(wire: &[u8]) -> String {
    String::from_utf8_lossy(wire).replace(&"a".repeat(100), "")
}

fn core_error(error: &io::Error) -> CoreError {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<ChunkedError>()) {
        Some(ChunkedError::Payload(error)) => *error,
        other => panic!("{other:?} of {error:?}"),
    }
}

#[test]
fn signs_as_the_example_of_aws_does() {
    let (parts, payload) = example(&AwsChunked::signed());
    assert_eq!(parts.headers["content-encoding"], "aws-chunked");
    assert_eq!(parts.headers["content-length"], "66824");
    assert_eq!(parts.headers["x-amz-decoded-content-length"], "66560");
    assert_eq!(parts.headers["x-amz-content-sha256"], "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
    assert!(!parts.headers.contains_key("x-amz-trailer"));
    assert_eq!((payload.decoded_length(), payload.encoded_length()), (66_560, 66_824));
    assert_eq!(
        payload.signed().signature().unwrap().to_string(),
        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
    );
    let wire = read(payload, &[b'a'; 66_560][..]).unwrap();
    assert_eq!(wire.len(), 66_824);
    let wire = text(&wire);
    for head in [
        "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n",
        "400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n",
        "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n",
    ] {
        assert!(wire.contains(head), "{head} is not in {wire}");
    }
}

#[test]
fn signs_trailers_as_the_example_of_aws_does() {
    let chunked = AwsChunked::signed().trailer(CRC32C, HeaderValue::from_static("sOO8/Q=="));
    let (parts, payload) = example(&chunked);
    assert_eq!(parts.headers["x-amz-trailer"], "x-amz-checksum-crc32c");
    assert_eq!(parts.headers["x-amz-content-sha256"], "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER");
    let length = payload.encoded_length();
    let wire = read(payload, &[b'a'; 66_560][..]).unwrap();
    assert_eq!(wire.len() as u64, length);
    let wire = text(&wire);
    assert!(
        wire.contains(
            "x-amz-checksum-crc32c:sOO8/Q==\r\n\
             x-amz-trailer-signature:"
        ),
        "{wire}"
    );
    assert!(wire.ends_with("\r\n\r\n"));
}

#[test]
fn any_size_has_the_length_that_was_declared() {
    let value = HeaderValue::from_static("AAAAAA==");
    for chunked in [
        AwsChunked::signed(),
        AwsChunked::signed().trailer(CRC32C, value.clone()),
        AwsChunked::unsigned().trailer(CRC32C, value.clone()),
        AwsChunked::signed().any_chunk_size(1000),
    ] {
        for size in [0, 1, 8191, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 17] {
            let payload = payload(size as u64, &chunked);
            let length = payload.encoded_length();
            let wire = read(payload, io::repeat(b'x').take(size as u64)).unwrap();
            assert_eq!(wire.len() as u64, length, "{size} {chunked:?}");
        }
    }
}

#[test]
fn merges_the_callers_content_encoding() {
    let mut parts = put();
    parts.headers.append("content-encoding", HeaderValue::from_static("gzip, br"));
    parts.headers.append("content-encoding", HeaderValue::from_static("AWS-chunked"));
    parts.headers.insert("transfer-encoding", HeaderValue::from_static("chunked"));
    let _ = signer().sign_chunked_blocking(&mut parts, 5, &AwsChunked::signed()).unwrap();
    let encodings: Vec<_> = parts.headers.get_all("content-encoding").iter().collect();
    assert_eq!(encodings, ["aws-chunked,gzip,br"]);
    assert!(!parts.headers.contains_key("transfer-encoding"));
    let once = parts.headers.clone();
    let _ = signer().sign_chunked_blocking(&mut parts, 5, &AwsChunked::signed()).unwrap();
    assert_eq!(parts.headers, once);
}

#[test]
fn a_refused_request_is_as_it_was() {
    let refused = |mut parts: Parts, chunked: &AwsChunked| {
        parts.headers.append("content-encoding", HeaderValue::from_static("gzip"));
        parts.headers.append("content-encoding", HeaderValue::from_static("br"));
        let before = parts.headers.clone();
        let error = signer().sign_chunked_blocking(&mut parts, 5, chunked).unwrap_err();
        assert_eq!(parts.headers, before);
        error
    };
    let twice = AwsChunked::signed()
        .trailer(CRC32C, HeaderValue::from_static("AAAAAA=="))
        .trailer(CRC32C, HeaderValue::from_static("AAAAAA=="));
    let cases = [
        (AwsChunked::signed().chunk_size(8191), CoreError::ChunkSizeOutOfRange),
        (AwsChunked::signed().chunk_size(16_777_217), CoreError::ChunkSizeOutOfRange),
        (AwsChunked::signed().any_chunk_size(0), CoreError::ChunkSizeOutOfRange),
        (AwsChunked::unsigned(), CoreError::TrailerMissing),
        (twice, CoreError::RepeatedTrailer),
    ];
    for (chunked, expected) in cases {
        assert_eq!(refused(put(), &chunked), Error::Request(expected));
    }
    let sqs = Request::post("https://sqs.eu-west-1.amazonaws.com/").body(()).unwrap().into_parts().0;
    assert_eq!(refused(sqs, &AwsChunked::signed()), Error::ChunkedPayload);
    let nowhere = Request::put("/key").body(()).unwrap().into_parts().0;
    assert_eq!(refused(nowhere, &AwsChunked::signed()), Error::NoHost);
    let mut parts = put();
    let error = signer().sign_head_blocking(&mut parts, PayloadHash::StreamingUnsignedTrailer);
    assert!(error.is_ok(), "S3 takes it: {error:?}");
}

#[test]
fn a_body_of_another_length_is_an_error() {
    for (declared, sent, expected) in [
        (5_u64, 4_u64, CoreError::BodyTooShort),
        (5, 6, CoreError::BodyTooLong),
        (0, 1, CoreError::BodyTooLong),
        (1, 0, CoreError::BodyTooShort),
        (CHUNK as u64, CHUNK as u64 + 1, CoreError::BodyTooLong),
        (CHUNK as u64 + 1, CHUNK as u64, CoreError::BodyTooShort),
        (2 * CHUNK as u64, 1, CoreError::BodyTooShort),
    ] {
        let payload = payload(declared, &AwsChunked::signed());
        let length = payload.encoded_length();
        let mut reader = payload.reader(io::repeat(1).take(sent));
        let mut wire = Vec::new();
        let error = reader.read_to_end(&mut wire).unwrap_err();
        assert_eq!((error.kind(), core_error(&error)), (io::ErrorKind::InvalidData, expected));
        assert!((wire.len() as u64) < length, "{declared} {sent}");
        // It stays so.
        assert_eq!(core_error(&reader.read(&mut [0; 10]).unwrap_err()), expected);
    }
}

#[test]
fn trailers_must_be_as_declared() {
    let late = |value: Option<&'static str>| {
        let chunked =
            AwsChunked::signed().trailer_with(CRC32C, 8, move || value.map(HeaderValue::from_static));
        read(payload(3, &chunked), &b"abc"[..])
    };
    assert!(text(&late(Some("AAAAAA==")).unwrap()).contains("x-amz-checksum-crc32c:AAAAAA==\r\n"));
    assert_eq!(core_error(&late(None).unwrap_err()), CoreError::TrailerMissing);
    assert_eq!(core_error(&late(Some("AAAA")).unwrap_err()), CoreError::TrailerOfAnotherLength);
    // Spaces are folded, and the length is that of what is sent.
    let name = HeaderName::from_static("x-amz-meta-note");
    let chunked = AwsChunked::signed().trailer(name, HeaderValue::from_static("  two   words "));
    let payload = payload(3, &chunked);
    let length = payload.encoded_length();
    let wire = read(payload, &b"abc"[..]).unwrap();
    assert_eq!(wire.len() as u64, length);
    assert!(text(&wire).contains("x-amz-meta-note:two words\r\n"));
}

/// Fails, and goes on if it is asked again.
struct Stumbling {
    data: io::Take<io::Repeat>,
    failures: Vec<io::ErrorKind>,
}

impl Read for Stumbling {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.failures.pop() {
            Some(kind) => Err(kind.into()),
            None => {
                let length = buffer.len().min(777);
                self.data.read(&mut buffer[..length])
            }
        }
    }
}

#[test]
fn a_failing_reader_fails_the_body_and_an_interrupted_one_does_not() {
    let sent = |failures| {
        let payload = payload(100_000, &AwsChunked::signed());
        read(payload, Stumbling { data: io::repeat(7).take(100_000), failures })
    };
    let whole = sent(Vec::new()).unwrap();
    assert_eq!(whole, read(payload(100_000, &AwsChunked::signed()), &[7; 100_000][..]).unwrap());
    assert_eq!(sent(vec![io::ErrorKind::Interrupted]).unwrap(), whole);
    assert_eq!(
        sent(vec![io::ErrorKind::ConnectionReset]).unwrap_err().kind(),
        io::ErrorKind::ConnectionReset
    );
}

#[test]
fn reads_the_same_by_any_buffer() {
    let whole = read(payload(70_000, &AwsChunked::signed()), &[7; 70_000][..]).unwrap();
    for size in [1, 7, 85, 8192, 1 << 20] {
        let mut reader = payload(70_000, &AwsChunked::signed()).reader(&[7; 70_000][..]);
        let (mut wire, mut buffer) = (Vec::new(), vec![0; size]);
        loop {
            match reader.read(&mut buffer).unwrap() {
                0 => break,
                read => wire.extend_from_slice(&buffer[..read]),
            }
        }
        assert!(wire == whole, "by {size}");
    }
}

#[test]
fn debug_shows_no_secret() {
    let payload = payload(1, &AwsChunked::signed());
    let shown = format!("{payload:?}");
    assert!(shown.contains("decoded_length: 1") && !shown.contains("wJalr"), "{shown}");
    let shown = format!("{:?}", payload.reader(&b"x"[..]));
    assert_eq!(shown, "ChunkedReader(..)");
}
