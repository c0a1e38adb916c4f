//! SigV4 with a body signed in chunks: "Signature Calculations for the Authorization Header: Transferring
//! Payload in Multiple Chunks", with or without trailing headers.

use super::encoding::hex;
use super::hash::sha256;
use super::headers::{Header, checked, joined_and_sorted, lines, trim};
use super::v4::{credential_scope, signature, signing_key};
use super::{Answer, Credentials, Payload, Refusal, Request, Scope, Settings, Time, v4};

/// Signs a request, each chunk of its body and its trailers; `body` of the answer is what to send.
///
/// The payload line follows from the trailers, whatever the settings say. The headers `content-encoding`,
/// `x-amz-decoded-content-length` and `x-amz-trailer` are the request's own.
///
/// # Errors
/// [`Refusal::NoChunkSize`], and as [`v4::sign`]; the trailers are held to the rules of headers.
pub fn sign(
    request: &Request,
    credentials: &Credentials,
    scope: &Scope,
    time: &Time,
    settings: &Settings,
    chunk_size: usize,
    trailers: &[(String, Vec<u8>)],
) -> Result<Answer, Refusal> {
    if chunk_size == 0 {
        return Err(Refusal::NoChunkSize);
    }
    let payload = match trailers {
        [] => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        _ => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    };
    let settings = Settings {
        payload: Payload::Literal(payload.to_owned()),
        send_payload_hash: true,
        ..settings.clone()
    };
    let seed = v4::sign(request, credentials, scope, time, &settings)?;
    let key = signing_key(credentials, scope, time);
    let scope = credential_scope(scope, time)?;

    let mut body = Vec::new();
    let mut chunk_signatures: Vec<String> = Vec::new();
    let mut previous = seed.signature.clone();
    for chunk in request.body.chunks(chunk_size).chain([&[][..]]) {
        previous = signature(&key, chunk_string_to_sign(time, &scope, &previous, chunk).as_bytes());
        body.extend(format!("{:x};chunk-signature={previous}\r\n", chunk.len()).into_bytes());
        body.extend(chunk);
        if !chunk.is_empty() {
            body.extend(b"\r\n");
        }
        chunk_signatures.push(previous.clone());
    }

    let mut answer = Answer { chunk_signatures, seed_signature: Some(seed.signature.clone()), ..seed };
    if !trailers.is_empty() {
        let trailers = checked_trailers(trailers)?;
        let lines = lines(&joined_and_sorted(&trailers));
        let string_to_sign = trailer_string_to_sign(time, &scope, &previous, &lines);
        previous = signature(&key, string_to_sign.as_bytes());
        for (name, value) in &trailers {
            body.extend([name.as_bytes(), b":", value, b"\r\n"].concat());
        }
        body.extend(format!("x-amz-trailer-signature:{previous}\r\n").into_bytes());
        answer.trailer_string_to_sign = Some(string_to_sign);
        answer.trailer_signature = Some(previous.clone());
    }
    body.extend(b"\r\n");
    Ok(Answer { body: Some(body), signature: previous, ..answer })
}

/// The string to sign of a chunk, which carries the signature before it.
fn chunk_string_to_sign(time: &Time, credential_scope: &str, previous: &str, chunk: &[u8]) -> String {
    let (empty, data) = (hex(&sha256(b"")), hex(&sha256(chunk)));
    let time = time.iso8601_basic();
    format!("AWS4-HMAC-SHA256-PAYLOAD\n{time}\n{credential_scope}\n{previous}\n{empty}\n{data}")
}

/// The string to sign of the trailers, which carries the signature of the last chunk.
fn trailer_string_to_sign(time: &Time, credential_scope: &str, previous: &str, lines: &[u8]) -> String {
    let (time, hash) = (time.iso8601_basic(), hex(&sha256(lines)));
    format!("AWS4-HMAC-SHA256-TRAILER\n{time}\n{credential_scope}\n{previous}\n{hash}")
}

/// The trailers under lower-case names, trimmed: sent in the order given, signed in the order of their names.
fn checked_trailers(trailers: &[(String, Vec<u8>)]) -> Result<Vec<Header>, Refusal> {
    let trailers = checked(&Request { headers: trailers.to_vec(), ..Request::default() })?;
    Ok(trailers.into_iter().map(|(name, value)| (name, trim(&value).to_vec())).collect())
}
