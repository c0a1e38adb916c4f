//! Three requests of a device, from secret or key to the bytes that are sent.

use awsauth_core::aws_chunked::Framing;
use awsauth_core::{
    ByteSink, CredentialScope, Error, Header, PayloadHash, Request, Signed, SigningKey, SigningSpace, Sigv4,
    Timestamp, Verbatim,
};

use crate::report::decimal;

/// AWS's own example of a secret access key.
pub const SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
/// AWS's own example of an access key ID.
pub const ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
/// Where the bucket is.
pub const REGION: &str = "eu-central-1";
/// 2026-01-15T12:36:00Z.
pub const UNIX_TIME: u64 = 1_768_480_560;

/// A buffer in place of a UART.
#[derive(Debug)]
pub struct Sent {
    bytes: [u8; Self::SIZE],
    length: usize,
}

impl Sent {
    const SIZE: usize = 6 * 1024;

    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { bytes: [0; Self::SIZE], length: 0 }
    }

    /// What was sent, or nothing if it did not fit.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// Begins again.
    pub fn clear(&mut self) {
        self.length = 0;
    }
}

impl ByteSink for Sent {
    /// What does not fit is counted and lost.
    #[inline(never)]
    fn put(&mut self, bytes: &[u8]) {
        let place = self.bytes.get_mut(self.length..).and_then(|rest| rest.get_mut(..bytes.len()));
        if let Some(place) = place {
            // `copy_from_slice` would leave its check of the lengths in an image for size.
            let (words, tail) = bytes.as_chunks::<4>();
            let (word_places, tail_place) = place.as_chunks_mut::<4>();
            word_places.iter_mut().zip(words).for_each(|(place, word)| *place = *word);
            tail_place.iter_mut().zip(tail).for_each(|(place, byte)| *place = *byte);
        }
        self.length = self.length.saturating_add(bytes.len());
    }
}

impl Default for Sent {
    fn default() -> Self {
        Self::new()
    }
}

/// The scope of `service` on the day of all jobs.
///
/// # Errors
/// None, as the parts are well-formed.
pub fn scope(service: &str) -> Result<CredentialScope<'_>, Error> {
    CredentialScope::new(Timestamp::from_unix(UNIX_TIME)?.date(), REGION, service)
}

/// Derives the key and signs a `PUT` to S3 with payload hash and session token.
///
/// # Errors
/// As [`Sigv4::sign`].
#[inline(never)]
pub fn put(secret_access_key: &str, token: &str, sent: &mut Sent) -> Result<(), Error> {
    let key = SigningKey::derive(secret_access_key, scope("s3")?);
    put_with(&key, token, sent)
}

/// The same with a key that is there.
///
/// # Errors
/// As [`Sigv4::sign`].
#[inline(never)]
pub fn put_with(key: &SigningKey<'_>, token: &str, sent: &mut Sent) -> Result<(), Error> {
    let headers = [Header::new("content-type", b"application/octet-stream")];
    let request = Request::put("/telemetry/42", "bucket.s3.eu-central-1.amazonaws.com").headers(&headers);
    let now = Timestamp::from_unix(UNIX_TIME)?;
    let payload = PayloadHash::Sha256(BODY_SHA256);
    let mut space = SigningSpace::new();
    let signer = Sigv4::new(ACCESS_KEY_ID, key).session_token(token);
    send(signer.sign_into(&mut space, &request, payload, now)?, sent);
    Ok(())
}

/// As [`put`], by the signer that takes requests as they stand.
///
/// # Errors
/// As [`Verbatim::sign`].
#[inline(never)]
pub fn verbatim(secret_access_key: &str, token: &str, sent: &mut Sent) -> Result<(), Error> {
    let key = SigningKey::derive(secret_access_key, scope("s3")?);
    verbatim_with(&key, token, sent)
}

/// The same with a key that is there.
///
/// # Errors
/// As [`Verbatim::sign`].
#[inline(never)]
pub fn verbatim_with(key: &SigningKey<'_>, token: &str, sent: &mut Sent) -> Result<(), Error> {
    let headers = [Header::new("content-type", b"application/octet-stream")];
    let request = Request::put("/telemetry/42", "bucket.s3.eu-central-1.amazonaws.com").headers(&headers);
    let now = Timestamp::from_unix(UNIX_TIME)?;
    let payload = PayloadHash::Sha256(BODY_SHA256);
    let signed = Verbatim::new(ACCESS_KEY_ID, key).session_token(token).sign(&request, payload, now)?;
    sent.put(b"/telemetry/42\n");
    for (name, value) in signed.headers() {
        send_header(name, |sent| value.write_to(sent), sent);
    }
    Ok(())
}

/// Presigns the URL of IoT's websocket, with the token appended unsigned, as that service wants it.
///
/// # Errors
/// As [`Sigv4::presign`].
#[inline(never)]
pub fn websocket(secret_access_key: &str, token: &str, sent: &mut Sent) -> Result<(), Error> {
    let key = SigningKey::derive(secret_access_key, scope("iotdevicegateway")?);
    let request = Request::get("/mqtt", "a1b2c3d4e5f6g7-ats.iot.eu-central-1.amazonaws.com");
    let now = Timestamp::from_unix(UNIX_TIME)?;
    let mut space = SigningSpace::new();
    let signer = Sigv4::new(ACCESS_KEY_ID, &key).session_token(token);
    send(signer.presign_into(&mut space, &request, PayloadHash::EMPTY, now, 900)?, sent);
    Ok(())
}

/// Signs an `aws-chunked` upload of `body` in chunks of `chunk_size` bytes, and sends all of it.
///
/// # Errors
/// As [`Sigv4::sign`] and [`Framing::with_any_chunk_size`].
#[inline(never)]
pub fn upload(secret_access_key: &str, body: &[u8], chunk_size: usize, sent: &mut Sent) -> Result<(), Error> {
    let key = SigningKey::derive(secret_access_key, scope("s3")?);
    let framing = Framing::new(PayloadHash::StreamingSigned, body.len() as u64, &[])?
        .with_any_chunk_size(chunk_size)?;
    let (digits, start) = decimal(framing.decoded_length());
    let headers = [
        Header::new("content-encoding", b"aws-chunked"),
        Header::new("x-amz-decoded-content-length", digits.get(start..).unwrap_or_default()),
    ];
    let request = Request::put("/telemetry/log", "bucket.s3.eu-central-1.amazonaws.com").headers(&headers);
    let now = Timestamp::from_unix(UNIX_TIME)?;
    let mut space = SigningSpace::new();
    let signer = Sigv4::new(ACCESS_KEY_ID, &key);
    let signed = signer.sign_into(&mut space, &request, framing.payload_hash(), now)?;
    send(signed, sent);
    let mut encoder = framing.encoder(signed, &key)?;
    let mut rest = body;
    while let Some((data, tail)) = rest.split_at_checked(encoder.next_chunk_size()) {
        if data.is_empty() {
            break;
        }
        let frame = encoder.chunk(data)?;
        frame.write_head(sent);
        sent.put(data);
        sent.put(frame.tail());
        rest = tail;
    }
    encoder.finish(&[])?.write_to(sent);
    Ok(())
}

/// The request line and the headers that signing adds.
fn send(signed: &Signed<'_>, sent: &mut Sent) {
    signed.target().write_to(sent);
    sent.put(b"\n");
    for (name, value) in signed.headers() {
        send_header(name, |sent| value.write_to(sent), sent);
    }
}

fn send_header(name: &str, write_value: impl FnOnce(&mut Sent), sent: &mut Sent) {
    sent.put(name.as_bytes());
    sent.put(b": ");
    write_value(sent);
    sent.put(b"\n");
}

/// Of `21.5`.
const BODY_SHA256: [u8; 32] = [
    0xa2, 0x0f, 0xa1, 0x23, 0xd4, 0xd8, 0x97, 0x77, 0x82, 0xc8, 0x09, 0x81, 0xdd, 0xbe, 0x61, 0x77, 0xa8,
    0xd5, 0xba, 0x29, 0x4e, 0xaf, 0xfd, 0x08, 0xa8, 0x86, 0x69, 0xe2, 0x46, 0xc3, 0x71, 0x10,
];
