//! Causes that a service names, by code or in its message.

use std::time::UNIX_EPOCH;

use awsauth_core::Timestamp;
use awsauth_core::verify::{PartName, Refusal};

use super::cause::Cause;
use super::diagnosis::Diagnosis;
use super::evidence::{quote_response, times};
use super::payload::diagnose_payload;
use super::response::ServiceResponse;
use super::trace::Trace;

/// The cause, unless the response only says that the signature is wrong, or says nothing at all.
pub(super) fn by_code(trace: &Trace, response: &ServiceResponse) -> Option<Diagnosis> {
    if (200..300).contains(&response.status) {
        return Some(Diagnosis::new(Cause::Accepted, format!("status {}", response.status)));
    }
    verifier_message(trace, response)
        .or_else(|| time(trace, response))
        .or_else(|| scope(trace, response))
        .or_else(|| credentials(trace, response))
        .or_else(|| authentication(trace, response))
        .or_else(|| payload(trace, response))
        .or_else(|| permissions(trace, response))
}

/// Messages of servers that verify with awsauth and send the text of the [`Refusal`]. The code that they send identifies the
/// others.
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

fn verifier_message(trace: &Trace, response: &ServiceResponse) -> Option<Diagnosis> {
    // The name of a header or parameter may follow after a colon.
    let says = |sentence| {
        let rest = response.message.trim().strip_prefix(sentence);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    };
    let (_, cause) = REFUSALS.iter().find(|(refusal, _)| says(refusal.as_str()))?;
    let signed = trace.signed.as_ref().ok();
    let more = match (cause, signed) {
        (Cause::ExpiredUrl | Cause::NotYetValidUrl, Some(_)) => format!("; {}", times(trace, response)),
        (Cause::ScopeOfAnotherDay, Some(signed)) => format!("; scope {}, time {}", signed.date, signed.time),
        (Cause::UnsignedHeader, Some(_)) => format!("; not signed: {}", trace.unsigned.join(", ")),
        (Cause::WrongRegion | Cause::WrongService, Some(signed)) => {
            format!("; signed for {} in {}", signed.service, signed.region)
        }
        _ => String::new(),
    };
    Some(Diagnosis::new(*cause, quote_response(trace, response) + &more))
}

fn time(trace: &Trace, response: &ServiceResponse) -> Option<Diagnosis> {
    let signed = trace.signed.as_ref().ok();
    let expires = signed.and_then(|signed| signed.expires);
    if response.says(&["Request has expired"]) && expires.is_some() {
        return Some(Diagnosis::new(Cause::ExpiredUrl, times(trace, response)));
    }
    if response.says(&["Request is not yet valid", "Request is not valid yet"]) {
        return Some(Diagnosis::new(Cause::NotYetValidUrl, times(trace, response)));
    }
    let skewed = response.is(&["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"])
        || response.says(&[
            "Signature expired",
            "Signature not yet current",
            "Request timestamp is too skewed",
            "difference between the request time",
        ]);
    if skewed {
        return Some(Diagnosis::new(Cause::ClockSkew, times(trace, response)));
    }
    if response.says(&["X-Amz-Expires must be"]) {
        let seconds = expires.map_or_else(|| "X-Amz-Expires".to_owned(), |seconds| format!("{seconds} s"));
        return Some(Diagnosis::new(Cause::ExpiryOutOfRange, format!("asked for {seconds}")));
    }
    None
}

fn scope(trace: &Trace, response: &ServiceResponse) -> Option<Diagnosis> {
    let signed = trace.signed.as_ref().ok()?;
    if response.says(&[
        "Date in Credential scope does not match",
        "Invalid credential date",
        "date in the credential",
    ]) {
        let evidence = format!("scope {}, time {}", signed.date, signed.time);
        return Some(Diagnosis::new(Cause::ScopeOfAnotherDay, evidence));
    }
    let service = quoted(&response.message, "scoped to correct service:")
        .or_else(|| quoted(&response.message, "This endpoint belongs to"))
        .or_else(|| quoted(&response.message, "in credential scope; expected"))
        .or_else(|| quoted(&response.message, "expecting").filter(|_| response.says(&["incorrect service"])));
    if let Some(service) = service {
        let evidence = format!("signed for {}, the service wants {service}", signed.service);
        return Some(Diagnosis::new(Cause::WrongService, evidence));
    }
    let region = response.region.clone().or_else(|| quoted(&response.message, "expecting"));
    let wrong_region = response.says(&["scoped to a valid region", "is wrong; expecting"])
        || response.is(&["PermanentRedirect", "TemporaryRedirect", "IllegalLocationConstraint"])
        || (response.is(&["AuthorizationHeaderMalformed"]) && region.is_some())
        || (matches!(response.status, 301 | 307 | 400)
            && region.as_ref().is_some_and(|region| *region != signed.region));
    wrong_region.then(|| {
        let wanted = region.map_or_else(|| "wants another".to_owned(), |region| format!("wants {region}"));
        Diagnosis::new(Cause::WrongRegion, format!("signed for {}, the service {wanted}", signed.region))
    })
}

fn credentials(trace: &Trace, response: &ServiceResponse) -> Option<Diagnosis> {
    let id = trace.credentials.access_key_id();
    let has_token = trace.signed.as_ref().is_ok_and(|signed| signed.has_token);
    if response.is(&["ExpiredToken", "TokenRefreshRequired"])
        || response.says(&["security token included in the request is expired"])
    {
        let expired_at = trace.credentials.expires_at().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        let expired_at = expired_at.and_then(|since| Timestamp::from_unix(since.as_secs()).ok());
        let when = expired_at.map_or_else(String::new, |at| format!("; their time was up at {at}"));
        let evidence = format!("{}{when}", quote_response(trace, response));
        return Some(Diagnosis::new(Cause::ExpiredSessionToken, evidence));
    }
    let unknown = response.is(&[
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "UnrecognizedClient",
        "InvalidToken",
        "AuthFailure",
        "NotSignedUp",
    ]) || response.says(&["security token included in the request is invalid"]);
    if !unknown {
        return None;
    }
    let kind = id.get(..4).unwrap_or_default();
    let cause = match (kind, has_token) {
        ("ASIA", false) => Cause::MissingSessionToken,
        ("AKIA", true) => Cause::StraySessionToken,
        (_, true) if response.is(&["InvalidToken"]) || kind == "ASIA" => Cause::InvalidSessionToken,
        _ if id != id.trim() => Cause::MalformedAccessKeyId,
        _ => Cause::UnknownAccessKeyId,
    };
    let token = if has_token { "with" } else { "without" };
    Some(Diagnosis::new(
        cause,
        format!(
            "{}; the key begins with {kind}, and was sent {token} a session token",
            quote_response(trace, response)
        ),
    ))
}

fn authentication(trace: &Trace, response: &ServiceResponse) -> Option<Diagnosis> {
    if let Some(names) = &response.headers_not_signed {
        return Some(Diagnosis::new(Cause::UnsignedHeader, format!("not signed: {names}")));
    }
    if response.says(&["which were not signed", "must be a 'SignedHeader'"]) {
        let evidence = format!("not signed: {}", trace.unsigned.join(", "));
        return Some(Diagnosis::new(Cause::UnsignedHeader, evidence));
    }
    if response.says(&["Only one auth mechanism allowed"])
        || matches!(trace.signed, Err(Refusal::RepeatedAuthentication(_)))
    {
        return Some(Diagnosis::new(Cause::RepeatedAuthentication, quote_response(trace, response)));
    }
    if response.says(&[
        "The authorization mechanism you have provided is not supported",
        "require AWS Signature Version 4",
    ]) {
        return Some(Diagnosis::new(Cause::WrongScheme, quote_response(trace, response)));
    }
    if response.is(&["MissingAuthenticationToken", "MissingSecurityHeader"])
        || response.says(&["Missing Authentication Token", "Signature is required"])
        || trace.signed.as_ref().err() == Some(&Refusal::MissingAuthentication) && response.status < 500
    {
        let evidence = match &trace.signed {
            Ok(_) => {
                format!("{}; the request was signed when it was traced", quote_response(trace, response))
            }
            Err(_) => format!("{}; the request has no signature", quote_response(trace, response)),
        };
        return Some(Diagnosis::new(Cause::NotSigned, evidence));
    }
    if response.says(&["not a valid key=value pair", "the Credential is mal-formed"]) {
        let id = trace.credentials.access_key_id();
        let blank = id.bytes().any(|byte| !byte.is_ascii_alphanumeric());
        let cause = if blank { Cause::MalformedAccessKeyId } else { Cause::IncompleteAuthorization };
        let evidence = if blank {
            "the access key ID is not of letters and digits alone".to_owned()
        } else {
            quote_response(trace, response)
        };
        return Some(Diagnosis::new(cause, evidence));
    }
    if response.is(&["IncompleteSignature", "AuthorizationHeaderMalformed"])
        || response.says(&["Authorization header requires"])
    {
        let traced = match &trace.signed {
            Ok(_) => "when it was traced it had all its parts".to_owned(),
            Err(refusal) => format!("as it was traced, {refusal}"),
        };
        let evidence = format!("{}; {traced}", quote_response(trace, response));
        return Some(Diagnosis::new(Cause::IncompleteAuthorization, evidence));
    }
    if response.is(&["AuthorizationQueryParametersError"]) {
        return Some(Diagnosis::new(Cause::RequestNotRead, quote_response(trace, response)));
    }
    None
}

fn payload(trace: &Trace, response: &ServiceResponse) -> Option<Diagnosis> {
    if response.says(&["Missing required header for this request: x-amz-content-sha256"]) {
        return Some(Diagnosis::new(Cause::MissingContentSha256, quote_response(trace, response)));
    }
    if !response.is(&["XAmzContentSHA256Mismatch"])
        && !response.says(&["x-amz-content-sha256' header does not match"])
    {
        return None;
    }
    let signed = trace.signed.as_ref().ok()?;
    Some(match &response.computed_sha256 {
        Some(theirs) => diagnose_payload(trace, &signed.canonical.payload, theirs),
        None => {
            let evidence =
                format!("{}; signed was {}", quote_response(trace, response), signed.canonical.payload);
            Diagnosis::new(Cause::BodyChanged, evidence)
        }
    })
}

fn permissions(trace: &Trace, response: &ServiceResponse) -> Option<Diagnosis> {
    let denied = response.is(&["AccessDenied", "UnauthorizedOperation", "AuthorizationError"])
        || response.says(&["is not authorized to perform"]);
    let fine = response.status >= 500 || trace.signed.is_ok() && !response.is_about_signature();
    (denied || fine).then(|| Diagnosis::new(Cause::NotAuthentication, quote_response(trace, response)))
}

/// The text in quotes, single or double, after `after`.
fn quoted(message: &str, after: &str) -> Option<String> {
    let (_, rest) = message.split_once(after)?;
    let quote = rest.chars().find(|c| matches!(c, '\'' | '"'))?;
    let (_, rest) = rest.split_once(quote)?;
    Some(rest.split_once(quote)?.0.to_owned())
}
