//! SigV4 over the events of a stream: "Event stream encoding", as Amazon Transcribe documents it.

use super::encoding::hex;
use super::hash::sha256;
use super::v4::{credential_scope, signature, signing_key};
use super::{Answer, Credentials, Refusal, Scope, Time};

/// Signs events one after the other, each with its own time and encoded payload.
///
/// The seed is the signature of the request that opened the stream, in hex. Date and scope of the key are those
/// of each event's own time.
///
/// # Errors
/// [`Refusal::BadSeed`], or [`Refusal::ControlCharacter`] in the scope or the credentials.
pub fn sign(
    credentials: &Credentials,
    scope: &Scope,
    seed: &str,
    events: &[(Time, Vec<u8>)],
) -> Result<Answer, Refusal> {
    credentials.check()?;
    scope.check()?;
    let is_hex = seed.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if seed.len() != 64 || !is_hex {
        return Err(Refusal::BadSeed);
    }
    let mut signatures = Vec::new();
    let mut previous = seed.to_owned();
    for (time, payload) in events {
        let string_to_sign = string_to_sign(time, &credential_scope(scope, time)?, &previous, payload);
        previous = signature(&signing_key(credentials, scope, time), string_to_sign.as_bytes());
        signatures.push(previous.clone());
    }
    Ok(Answer { signatures, signature: previous, ..Answer::default() })
}

/// The string to sign of an event, which carries the signature before it.
fn string_to_sign(time: &Time, credential_scope: &str, previous: &str, payload: &[u8]) -> String {
    let (headers, payload) = (hex(&sha256(&date_header(time))), hex(&sha256(payload)));
    let time = time.iso8601_basic();
    format!("AWS4-HMAC-SHA256-PAYLOAD\n{time}\n{credential_scope}\n{previous}\n{headers}\n{payload}")
}

/// The encoded `:date` header: length of the name, name, type 8 (timestamp), milliseconds since 1970.
fn date_header(time: &Time) -> Vec<u8> {
    [&[5], &b":date"[..], &[8], &time.unix_milliseconds().to_be_bytes()].concat()
}
