//! What a service's response shows, in words.

use awsauth_core::Timestamp;

use super::response::ServiceResponse;
use super::text::redacted;
use super::trace::Trace;
use crate::response::server_time;

/// Status, code and message of the response.
pub(super) fn quote_response(trace: &Trace, response: &ServiceResponse) -> String {
    let code = if response.code.is_empty() { "no code" } else { &response.code };
    // Services repeat the authorization header, and some repeat the token.
    let secrets = [Some(trace.credentials.secret_access_key()), trace.credentials.session_token()];
    let message = redacted(&response.message, secrets.into_iter().flatten());
    let colon = if message.is_empty() { "" } else { ": " };
    format!("the service responded with {} {code}{colon}{message}", response.status)
}

/// How many seconds the time of a signed request is from the service's; `None` for a presigned URL.
pub(super) fn skew(trace: &Trace, response: &ServiceResponse) -> Option<u64> {
    let signed = trace.signed.as_ref().ok().filter(|signed| signed.expires.is_none())?;
    Some(signed.time.unix_seconds().abs_diff(server_time(response)?.unix_seconds()))
}

fn server_time(response: &ServiceResponse) -> Option<Timestamp> {
    response.server_time.as_deref().and_then(server_time::parse).or_else(|| {
        // "Signature expired: 20140325T143453Z is now earlier than 20140325T143751Z (20140325T145251Z - 15 min.)"
        let (_, behind) = response.message.rsplit_once('(')?;
        server_time::parse(behind.get(..16)?)
    })
}

/// The signed time, the service's time, and how far apart they are.
pub(super) fn times(trace: &Trace, response: &ServiceResponse) -> String {
    let Ok(signed) = &trace.signed else { return quote_response(trace, response) };
    let Some(server) = server_time(response) else { return format!("signed at {}", signed.time) };
    let apart = signed.time.unix_seconds().abs_diff(server.unix_seconds());
    let order = if signed.time > server { "ahead" } else { "behind" };
    format!("signed at {}, the service has {server}: {apart} s {order}", signed.time)
}
