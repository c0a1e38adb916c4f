//! A body of 1 MiB in chunks of 64 KiB, each signed and framed, beside SHA-256 over the same bytes.

use core::hint::black_box;

use awsauth_core::aws_chunked::Framing;
use awsauth_core::{CredentialScope, PayloadHash, Request, SigningKey, Sigv4, Timestamp};
use sha2::{Digest, Sha256};

use crate::case::{ACCESS_KEY_ID, SECRET_ACCESS_KEY};
use crate::contender::{Contender, Disagreement, Proof};

const SIZE: usize = 1024 * 1024;

/// The floor, and awsauth.
///
/// # Errors
/// [`Disagreement`] if awsauth does not sign AWS's example of a chunked body as AWS does.
pub fn field() -> Result<Vec<Box<dyn Contender>>, Disagreement> {
    // AWS: "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks".
    let known = "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9";
    let ours = last_signature(&[b'a'; 66_560], &mut Vec::new());
    if !ours.contains(known) {
        return Err(Disagreement::with_aws("chunks-1mib", known, ours));
    }
    Ok(vec![
        Box::new(Bare(vec![b'a'; SIZE])),
        Box::new(Chunked { body: vec![b'a'; SIZE], frames: Vec::new() }),
    ])
}

#[derive(Debug)]
struct Bare(Vec<u8>);

#[derive(Debug)]
struct Chunked {
    body: Vec<u8>,
    frames: Vec<u8>,
}

impl Contender for Bare {
    fn name(&self) -> &'static str {
        "floor"
    }

    fn note(&self) -> &'static str {
        "bare SHA-256 over the body"
    }

    fn run(&mut self) {
        black_box(Sha256::digest(black_box(&self.0)));
    }

    fn proof(&mut self) -> Option<Proof> {
        None
    }
}

impl Contender for Chunked {
    fn name(&self) -> &'static str {
        "awsauth"
    }

    fn note(&self) -> &'static str {
        "derives the key, signs the request, signs and frames its chunks"
    }

    fn prepare(&mut self, _jobs: usize) {
        self.frames.reserve(4096);
    }

    fn run(&mut self) {
        self.frames.clear();
        black_box(last_signature(black_box(&self.body), &mut self.frames));
    }

    fn proof(&mut self) -> Option<Proof> {
        None
    }
}

/// AWS's example, over any body; the data itself is not copied.
fn last_signature(body: &[u8], frames: &mut Vec<u8>) -> String {
    let now = Timestamp::parse("20130524T000000Z").expect("a time");
    let scope = CredentialScope::new(now.date(), "us-east-1", "s3").expect("a scope");
    let key = SigningKey::derive(SECRET_ACCESS_KEY, scope);
    let framing = Framing::new(PayloadHash::StreamingSigned, body.len() as u64, &[]).expect("a framing");
    let headers = [
        awsauth_core::Header::new("content-encoding", b"aws-chunked"),
        awsauth_core::Header::new("content-length", b"66824"),
        awsauth_core::Header::new("x-amz-decoded-content-length", b"66560"),
        awsauth_core::Header::new("x-amz-storage-class", b"REDUCED_REDUNDANCY"),
    ];
    let request = Request::put("/examplebucket/chunkObject.txt", "s3.amazonaws.com").headers(&headers);
    let signed = Sigv4::new(ACCESS_KEY_ID, &key)
        .signed_headers(awsauth_core::SignedHeaders::EssentialAnd(&["content-encoding", "content-length"]))
        .sign(&request, framing.payload_hash(), now)
        .expect("a well-formed request");
    let mut encoder = framing.encoder(&signed, &key).expect("of this request");
    let mut rest = body;
    while encoder.next_chunk_size() > 0 {
        let (chunk, tail) = rest.split_at(encoder.next_chunk_size());
        encoder
            .chunk(chunk)
            .expect("of this size")
            .write_head(&mut |bytes: &[u8]| frames.extend_from_slice(bytes));
        rest = tail;
    }
    let start = frames.len();
    let last = encoder.finish(&[]).expect("the end");
    last.write_to(&mut |bytes: &[u8]| frames.extend_from_slice(bytes));
    String::from_utf8_lossy(&frames[start..]).into_owned()
}
