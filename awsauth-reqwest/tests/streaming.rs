//! Bodies that stream, to a store that verifies them.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

use core::pin::Pin;
use core::task::{Context, Poll};

use awsauth_conformance::s3_server::S3Server;
use awsauth_http::awsauth_core;
use awsauth_http::http_body::{Body, Frame};
use awsauth_reqwest::reqwest::{self, Client, StatusCode};
use awsauth_reqwest::{AwsChunked, ChunkedError, Credentials, Error, Payload, SignRequest, Signer};
use bytes::Bytes;

const CHUNK: usize = 64 * 1024;

/// Gives these pieces, and does not tell how many they are.
struct Pieces(Vec<Result<Vec<u8>, &'static str>>);

impl Pieces {
    fn of(data: &[u8], size: usize) -> Self {
        Self(data.chunks(size).rev().map(|piece| Ok(piece.to_vec())).collect())
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        Poll::Ready(self.0.pop().map(|piece| piece.map(|piece| Frame::data(piece.into()))))
    }
}

struct Store {
    server: S3Server,
    client: Client,
    signer: Signer,
}

impl Store {
    async fn start(payload: impl Into<Payload>) -> Self {
        let keys = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        let server = S3Server::start(keys.0, keys.1).unwrap();
        let signer = Signer::new(Credentials::new(keys.0, keys.1)).service("s3").region("us-east-1");
        let store = Self { server, client: Client::new(), signer: signer.stream_payload(payload) };
        let create = store.client.put(store.url("")).aws_sign(&store.signer).await.unwrap();
        assert_eq!(create.send().await.unwrap().status(), 200);
        store
    }

    fn url(&self, key: &str) -> String {
        format!("{}/bucket/{key}", self.server.endpoint())
    }

    async fn put(
        &self,
        body: reqwest::Body,
        length: Option<usize>,
    ) -> Result<StatusCode, Box<dyn core::error::Error>> {
        let mut put = self.client.put(self.url("key")).body(body);
        if let Some(length) = length {
            put = put.header("content-length", length);
        }
        Ok(put.aws_sign(&self.signer).await?.send().await?.status())
    }

    async fn get(&self) -> Bytes {
        let get = self.client.get(self.url("key")).aws_sign(&self.signer).await.unwrap();
        get.send().await.unwrap().error_for_status().unwrap().bytes().await.unwrap()
    }

    fn is_empty(&self) -> bool {
        !self.server.object("bucket", "key").exists()
    }
}

/// All that an error says, from our own down.
fn reasons(error: &(dyn core::error::Error + 'static)) -> String {
    let chain = core::iter::successors(Some(error), |error| error.source());
    let ours = chain.skip_while(|error| !error.is::<ChunkedError>());
    ours.map(|error| format!("{error}\n")).collect()
}

#[tokio::test]
async fn streams_any_size_in_chunks() {
    let store = Store::start(AwsChunked::signed()).await;
    let data: Vec<u8> = (0..3 * CHUNK + 17).map(|at| (at % 251) as u8).collect();
    for size in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 17] {
        for piece in [1000, CHUNK, 100_000] {
            let body = reqwest::Body::wrap(Pieces::of(&data[..size], piece));
            assert_eq!(store.put(body, Some(size)).await.unwrap(), 200, "{size} by {piece}");
            assert!(store.get().await == data[..size], "{size} by {piece}");
        }
    }
}

#[tokio::test]
async fn a_file_is_streamed() {
    let store = Store::start(AwsChunked::signed().chunk_size(8192)).await;
    let data = vec![b'x'; 300_000];
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &data).unwrap();
    let open = tokio::fs::File::open(file.path()).await.unwrap();
    assert_eq!(store.put(open.into(), Some(data.len())).await.unwrap(), 200);
    assert!(store.get().await == data);
}

#[tokio::test]
async fn a_body_that_breaks_leaves_nothing() {
    let store = Store::start(AwsChunked::signed()).await;
    let data = vec![7; 2 * CHUNK];
    let mut broken = Pieces::of(&data, 1000);
    broken.0[60] = Err("the disk is gone");
    let bodies = [
        (broken, 2 * CHUNK, "the disk is gone"),
        (Pieces::of(&data, 1000), 2 * CHUNK + 1, "shorter than declared"),
        (Pieces::of(&data, 1000), 2 * CHUNK - 1, "longer than declared"),
    ];
    for (body, length, expected) in bodies {
        let error = store.put(reqwest::Body::wrap(body), Some(length)).await.unwrap_err();
        let reasons = reasons(&*error);
        assert!(reasons.contains(expected), "{reasons} of {error:?}");
        assert!(store.is_empty());
    }
}

#[tokio::test]
async fn what_cannot_be_signed_is_left_as_it_was() {
    let sign = async |payload: Payload, url: &str, length: Option<&str>| {
        let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "secret")).stream_payload(payload);
        let mut request = reqwest::Request::new(reqwest::Method::PUT, url.parse().unwrap());
        *request.body_mut() = Some(reqwest::Body::wrap(Pieces::of(b"hello", 2)));
        if let Some(length) = length {
            request.headers_mut().insert("content-length", length.parse().unwrap());
        }
        let before = request.headers().clone();
        let result = signer.sign(&mut request).await;
        if result.is_err() {
            assert_eq!(*request.headers(), before);
        }
        (result.map(|_| ()), signer, request)
    };
    let s3 = "https://bucket.s3.eu-west-1.amazonaws.com/key";
    let chunked = || Payload::AwsChunked(AwsChunked::signed());
    let refused = |result: Result<(), Error>| match result {
        Err(Error::Sign(error)) => error,
        other => panic!("{other:?}"),
    };

    let (result, ..) = sign(Payload::Signed, s3, Some("5")).await;
    assert_eq!(refused(result), awsauth_http::Error::UnhashedBody);
    for length in [None, Some("five"), Some("-5")] {
        let (result, ..) = sign(chunked(), s3, length).await;
        assert_eq!(refused(result), awsauth_http::Error::UnknownLength);
    }
    let (result, ..) = sign(chunked(), "https://sqs.eu-west-1.amazonaws.com/", Some("5")).await;
    assert_eq!(refused(result), awsauth_http::Error::ChunkedPayload);
    let (result, ..) = sign(AwsChunked::signed().chunk_size(1).into(), s3, Some("5")).await;
    assert_eq!(refused(result), awsauth_http::Error::Request(awsauth_core::Error::ChunkSizeOutOfRange));

    let (result, signer, mut request) = sign(chunked(), s3, Some("5")).await;
    result.unwrap();
    assert_eq!(request.headers()["x-amz-decoded-content-length"], "5");
    assert_eq!(refused(signer.sign(&mut request).await.map(|_| ())), awsauth_http::Error::AlreadyChunked);
    let (result, _, request) = sign(Payload::Unsigned, s3, None).await;
    result.unwrap();
    assert_eq!(request.headers()["x-amz-content-sha256"], "UNSIGNED-PAYLOAD");
}
