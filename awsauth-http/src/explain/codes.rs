//! Causes that a service names, by code or in its message.

use std::time::UNIX_EPOCH;

use awsauth_core::Timestamp;
use awsauth_core::verify::{PartName, Refusal};

use super::answer::Answer;
use super::cause::Cause;
use super::diagnosis::Diagnosis;
use super::text::redacted;
use super::trace::Trace;
use crate::response::server_time;

/// The cause, unless the answer is that the signature is wrong, or says nothing at all.
pub(super) fn by_code(trace: &Trace, answer: &Answer) -> Option<Diagnosis> {
    if (200..300).contains(&answer.status) {
        return Some(Diagnosis::new(Cause::Accepted, format!("status {}", answer.status)));
    }
    refusal(trace, answer)
        .or_else(|| time(trace, answer))
        .or_else(|| scope(trace, answer))
        .or_else(|| credentials(trace, answer))
        .or_else(|| authentication(trace, answer))
        .or_else(|| payload(trace, answer))
        .or_else(|| permissions(trace, answer))
}

/// What [`Refusal`] says of itself, where servers that verify with awsauth send that as their message. Those that are not here
/// are told by the code that they send.
const REFUSALS: [(Refusal, Cause); 19] = [
    (Refusal::ChunkSignatureMismatch, Cause::BodyChanged),
    (Refusal::Expired, Cause::ExpiredUrl),
    (Refusal::ExpiryOutOfRange, Cause::ExpiryOutOfRange),
    (Refusal::MalformedPayloadHash, Cause::RequestNotRead),
    (Refusal::MissingDate, Cause::DroppedHeader),
    (Refusal::MissingPayloadHash, Cause::MissingContentSha256),
    (Refusal::MissingSignedHeader(PartName::EMPTY), Cause::DroppedHeader),
    (Refusal::NotYetValid, Cause::NotYetValidUrl),
    (Refusal::PayloadHashNeeded, Cause::MissingContentSha256),
    (Refusal::PayloadOfAnotherAlgorithm, Cause::PayloadLiteral),
    (Refusal::RepeatedAuthentication(PartName::EMPTY), Cause::RepeatedAuthentication),
    (Refusal::ScopeOfAnotherDay, Cause::ScopeOfAnotherDay),
    (Refusal::StreamingPayloadRefused, Cause::PayloadLiteral),
    (Refusal::TooManySignedHeaders, Cause::RequestNotRead),
    (Refusal::UnsignedHeader(PartName::EMPTY), Cause::UnsignedHeader),
    (Refusal::UnsignedPayloadRefused, Cause::PayloadLiteral),
    (Refusal::UnsupportedAlgorithm, Cause::WrongScheme),
    (Refusal::WrongRegion, Cause::WrongRegion),
    (Refusal::WrongService, Cause::WrongService),
];

fn refusal(trace: &Trace, answer: &Answer) -> Option<Diagnosis> {
    // Behind a colon there may be the name of a header or parameter.
    let says = |sentence| {
        let rest = answer.message.trim().strip_prefix(sentence);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    };
    let (_, cause) = REFUSALS.iter().find(|(refusal, _)| says(refusal.as_str()))?;
    let signed = trace.signed.as_ref().ok();
    let more = match (cause, signed) {
        (Cause::ExpiredUrl | Cause::NotYetValidUrl, Some(_)) => format!("; {}", times(trace, answer)),
        (Cause::ScopeOfAnotherDay, Some(signed)) => format!("; scope {}, time {}", signed.date, signed.time),
        (Cause::UnsignedHeader, Some(_)) => format!("; not signed: {}", trace.unsigned.join(", ")),
        (Cause::WrongRegion | Cause::WrongService, Some(signed)) => {
            format!("; signed for {} in {}", signed.service, signed.region)
        }
        _ => String::new(),
    };
    Some(Diagnosis::new(*cause, said(trace, answer) + &more))
}

fn time(trace: &Trace, answer: &Answer) -> Option<Diagnosis> {
    let signed = trace.signed.as_ref().ok();
    let expires = signed.and_then(|signed| signed.expires);
    if answer.says(&["Request has expired"]) && expires.is_some() {
        return Some(Diagnosis::new(Cause::ExpiredUrl, times(trace, answer)));
    }
    if answer.says(&["Request is not yet valid", "Request is not valid yet"]) {
        return Some(Diagnosis::new(Cause::NotYetValidUrl, times(trace, answer)));
    }
    let skewed = answer.is(&["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"])
        || answer.says(&[
            "Signature expired",
            "Signature not yet current",
            "Request timestamp is too skewed",
            "difference between the request time",
        ]);
    if skewed {
        return Some(Diagnosis::new(Cause::ClockSkew, times(trace, answer)));
    }
    if answer.says(&["X-Amz-Expires must be"]) {
        let seconds = expires.map_or_else(|| "X-Amz-Expires".to_owned(), |seconds| format!("{seconds} s"));
        return Some(Diagnosis::new(Cause::ExpiryOutOfRange, format!("asked for {seconds}")));
    }
    None
}

/// How many seconds a signed request, no URL, is from the service's time.
pub(super) fn skew(trace: &Trace, answer: &Answer) -> Option<u64> {
    let signed = trace.signed.as_ref().ok().filter(|signed| signed.expires.is_none())?;
    Some(signed.time.unix_seconds().abs_diff(server_time(answer)?.unix_seconds()))
}

fn server_time(answer: &Answer) -> Option<Timestamp> {
    answer.server_time.as_deref().and_then(server_time::parse).or_else(|| {
        // "Signature expired: 20140325T143453Z is now earlier than 20140325T143751Z (20140325T145251Z - 15 min.)"
        let (_, behind) = answer.message.rsplit_once('(')?;
        server_time::parse(behind.get(..16)?)
    })
}

/// The time that was signed, the service's, and how far they are apart.
pub(super) fn times(trace: &Trace, answer: &Answer) -> String {
    let Ok(signed) = &trace.signed else { return said(trace, answer) };
    let Some(server) = server_time(answer) else { return format!("signed at {}", signed.time) };
    let apart = signed.time.unix_seconds().abs_diff(server.unix_seconds());
    let order = if signed.time > server { "ahead" } else { "behind" };
    format!("signed at {}, the service has {server}: {apart} s {order}", signed.time)
}

fn scope(trace: &Trace, answer: &Answer) -> Option<Diagnosis> {
    let signed = trace.signed.as_ref().ok()?;
    if answer.says(&[
        "Date in Credential scope does not match",
        "Invalid credential date",
        "date in the credential",
    ]) {
        let evidence = format!("scope {}, time {}", signed.date, signed.time);
        return Some(Diagnosis::new(Cause::ScopeOfAnotherDay, evidence));
    }
    let service = quoted(&answer.message, "scoped to correct service:")
        .or_else(|| quoted(&answer.message, "This endpoint belongs to"))
        .or_else(|| quoted(&answer.message, "in credential scope; expected"))
        .or_else(|| quoted(&answer.message, "expecting").filter(|_| answer.says(&["incorrect service"])));
    if let Some(service) = service {
        let evidence = format!("signed for {}, the service wants {service}", signed.service);
        return Some(Diagnosis::new(Cause::WrongService, evidence));
    }
    let region = answer.region.clone().or_else(|| quoted(&answer.message, "expecting"));
    let wrong_region = answer.says(&["scoped to a valid region", "is wrong; expecting"])
        || answer.is(&["PermanentRedirect", "TemporaryRedirect", "IllegalLocationConstraint"])
        || (answer.is(&["AuthorizationHeaderMalformed"]) && region.is_some())
        || (matches!(answer.status, 301 | 307 | 400)
            && region.as_ref().is_some_and(|region| *region != signed.region));
    wrong_region.then(|| {
        let wanted = region.map_or_else(|| "wants another".to_owned(), |region| format!("wants {region}"));
        Diagnosis::new(Cause::WrongRegion, format!("signed for {}, the service {wanted}", signed.region))
    })
}

fn credentials(trace: &Trace, answer: &Answer) -> Option<Diagnosis> {
    let id = trace.credentials.access_key_id();
    let has_token = trace.signed.as_ref().is_ok_and(|signed| signed.has_token);
    if answer.is(&["ExpiredToken", "TokenRefreshRequired"])
        || answer.says(&["security token included in the request is expired"])
    {
        let expired_at = trace.credentials.expires_at().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        let expired_at = expired_at.and_then(|since| Timestamp::from_unix(since.as_secs()).ok());
        let when = expired_at.map_or_else(String::new, |at| format!("; their time was up at {at}"));
        let evidence = format!("{}{when}", said(trace, answer));
        return Some(Diagnosis::new(Cause::ExpiredSessionToken, evidence));
    }
    let unknown = answer.is(&[
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "UnrecognizedClient",
        "InvalidToken",
        "AuthFailure",
        "NotSignedUp",
    ]) || answer.says(&["security token included in the request is invalid"]);
    if !unknown {
        return None;
    }
    let kind = id.get(..4).unwrap_or_default();
    let cause = match (kind, has_token) {
        ("ASIA", false) => Cause::MissingSessionToken,
        ("AKIA", true) => Cause::StraySessionToken,
        (_, true) if answer.is(&["InvalidToken"]) || kind == "ASIA" => Cause::InvalidSessionToken,
        _ if id != id.trim() => Cause::MalformedAccessKeyId,
        _ => Cause::UnknownAccessKeyId,
    };
    let token = if has_token { "with" } else { "without" };
    Some(Diagnosis::new(
        cause,
        format!("{}; the key begins with {kind}, and was sent {token} a session token", said(trace, answer)),
    ))
}

fn authentication(trace: &Trace, answer: &Answer) -> Option<Diagnosis> {
    if let Some(names) = &answer.headers_not_signed {
        return Some(Diagnosis::new(Cause::UnsignedHeader, format!("not signed: {names}")));
    }
    if answer.says(&["which were not signed", "must be a 'SignedHeader'"]) {
        let evidence = format!("not signed: {}", trace.unsigned.join(", "));
        return Some(Diagnosis::new(Cause::UnsignedHeader, evidence));
    }
    if answer.says(&["Only one auth mechanism allowed"])
        || matches!(trace.signed, Err(Refusal::RepeatedAuthentication(_)))
    {
        return Some(Diagnosis::new(Cause::RepeatedAuthentication, said(trace, answer)));
    }
    if answer.says(&[
        "The authorization mechanism you have provided is not supported",
        "require AWS Signature Version 4",
    ]) {
        return Some(Diagnosis::new(Cause::WrongScheme, said(trace, answer)));
    }
    if answer.is(&["MissingAuthenticationToken", "MissingSecurityHeader"])
        || answer.says(&["Missing Authentication Token", "Signature is required"])
        || trace.signed.as_ref().err() == Some(&Refusal::MissingAuthentication) && answer.status < 500
    {
        let evidence = match &trace.signed {
            Ok(_) => format!("{}; the request was signed when it was traced", said(trace, answer)),
            Err(_) => format!("{}; the request has no signature", said(trace, answer)),
        };
        return Some(Diagnosis::new(Cause::NotSigned, evidence));
    }
    if answer.says(&["not a valid key=value pair", "the Credential is mal-formed"]) {
        let id = trace.credentials.access_key_id();
        let blank = id.bytes().any(|byte| !byte.is_ascii_alphanumeric());
        let cause = if blank { Cause::MalformedAccessKeyId } else { Cause::IncompleteAuthorization };
        let evidence = if blank {
            "the access key ID is not of letters and digits alone".to_owned()
        } else {
            said(trace, answer)
        };
        return Some(Diagnosis::new(cause, evidence));
    }
    if answer.is(&["IncompleteSignature", "AuthorizationHeaderMalformed"])
        || answer.says(&["Authorization header requires"])
    {
        let traced = match &trace.signed {
            Ok(_) => "when it was traced it had all its parts".to_owned(),
            Err(refusal) => format!("as it was traced, {refusal}"),
        };
        let evidence = format!("{}; {traced}", said(trace, answer));
        return Some(Diagnosis::new(Cause::IncompleteAuthorization, evidence));
    }
    if answer.is(&["AuthorizationQueryParametersError"]) {
        return Some(Diagnosis::new(Cause::RequestNotRead, said(trace, answer)));
    }
    None
}

fn payload(trace: &Trace, answer: &Answer) -> Option<Diagnosis> {
    if answer.says(&["Missing required header for this request: x-amz-content-sha256"]) {
        return Some(Diagnosis::new(Cause::MissingContentSha256, said(trace, answer)));
    }
    if !answer.is(&["XAmzContentSHA256Mismatch"])
        && !answer.says(&["x-amz-content-sha256' header does not match"])
    {
        return None;
    }
    let signed = trace.signed.as_ref().ok()?;
    Some(match &answer.computed_sha256 {
        Some(theirs) => super::compare::payloads(trace, &signed.canonical.payload, theirs),
        None => {
            let evidence = format!("{}; signed was {}", said(trace, answer), signed.canonical.payload);
            Diagnosis::new(Cause::BodyChanged, evidence)
        }
    })
}

fn permissions(trace: &Trace, answer: &Answer) -> Option<Diagnosis> {
    let denied = answer.is(&["AccessDenied", "UnauthorizedOperation", "AuthorizationError"])
        || answer.says(&["is not authorized to perform"]);
    let fine = answer.status >= 500 || trace.signed.is_ok() && !answer.is_about_signature();
    (denied || fine).then(|| Diagnosis::new(Cause::NotAuthentication, said(trace, answer)))
}

/// Status, code and message.
pub(super) fn said(trace: &Trace, answer: &Answer) -> String {
    let code = if answer.code.is_empty() { "no code" } else { &answer.code };
    // Services repeat the authorization header, and some the token.
    let secrets = [Some(trace.credentials.secret_access_key()), trace.credentials.session_token()];
    let message = redacted(&answer.message, secrets.into_iter().flatten());
    let colon = if message.is_empty() { "" } else { ": " };
    format!("the service answered {} {code}{colon}{message}", answer.status)
}

/// What stands in quotes, single or double, behind `after`.
fn quoted(message: &str, after: &str) -> Option<String> {
    let (_, rest) = message.split_once(after)?;
    let quote = rest.chars().find(|c| matches!(c, '\'' | '"'))?;
    let (_, rest) = rest.split_once(quote)?;
    Some(rest.split_once(quote)?.0.to_owned())
}
