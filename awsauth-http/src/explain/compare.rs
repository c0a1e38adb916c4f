//! Lays what was signed beside what the service made of the request.

mod headers;
mod path;
mod query;

use super::answer::Answer;
use super::canonical::Canonical;
use super::cause::Cause;
use super::codes::{said, skew, times};
use super::diagnosis::Diagnosis;
use super::secret;
use super::text::{difference, to_hex};
use super::trace::{SignedParts, Trace};
use super::variants::{Known, Search};

pub(super) fn by_comparison(trace: &Trace, answer: &Answer) -> Diagnosis {
    let signed = match &trace.signed {
        Ok(signed) => signed,
        Err(refusal) => {
            let evidence = format!("{}; as it was sent, {refusal}", said(trace, answer));
            return Diagnosis::new(Cause::RequestNotRead, evidence);
        }
    };
    let secret_access_key = trace.credentials.secret_access_key();
    if let Some(diagnosis) = answer.string_to_sign.as_deref().and_then(|theirs| scopes(signed, theirs)) {
        return diagnosis;
    }
    let key = signed.key(secret_access_key);
    let is_signed = |digest| key.as_ref().is_some_and(|key| signed.is_of(digest, key));
    let theirs_sha256 = answer.string_to_sign.as_deref().and_then(|text| text.lines().nth(3));
    let is_theirs = |digest| theirs_sha256 == Some(to_hex(&digest).as_str());
    let known = Known { body: trace.body.as_ref(), authority: trace.authority.as_deref() };

    // What the signature that was sent is of: the request as it is, or another reading of it. And what the service's is of,
    // where it tells but the hash.
    let own = signed.canonical.sha256();
    let seeks_theirs = answer.canonical.is_none() && theirs_sha256.is_some() && !is_theirs(own);
    let seeks_ours = key.is_some() && !is_signed(own);
    let [ours, theirs_of_own] = Search::of(&signed.canonical, known)
        .find([seeks_ours.then_some(&is_signed as _), seeks_theirs.then_some(&is_theirs as _)]);
    let found = if seeks_ours { ours } else { key.is_some().then(|| signed.canonical.clone()) };
    if found.is_none()
        && let Some((cause, evidence)) = secret::signed_with_spoiled(signed, secret_access_key)
    {
        return Diagnosis::new(cause, evidence);
    }
    let ours = found.as_ref().unwrap_or(&signed.canonical);
    let theirs = match (&answer.canonical, theirs_sha256) {
        (Some(canonical), _) => Some(canonical.clone()),
        (None, Some(_)) if is_theirs(ours.sha256()) => Some(ours.clone()),
        (None, Some(_)) if !seeks_theirs => Some(signed.canonical.clone()),
        (None, Some(_)) if *ours == signed.canonical => theirs_of_own,
        (None, Some(_)) => {
            let [theirs_of_ours] = Search::of(ours, known).find([Some(&is_theirs)]);
            theirs_of_ours.or(theirs_of_own)
        }
        // The service says nothing: it reads the request as AWS's documentation has it.
        (None, None) => Some(signed.canonical.clone()),
    };
    let Some(theirs) = theirs else {
        let evidence = format!(
            "the service's canonical request has the hash {}, ours {}; no known rule explains it",
            theirs_sha256.unwrap_or_default(),
            to_hex(&ours.sha256())
        );
        return match found {
            Some(_) => Diagnosis::new(Cause::Unexplained, evidence),
            None => Diagnosis::new(Cause::ChangedAfterSigning, evidence),
        };
    };
    if let Some(diagnosis) = canonical_requests(trace, ours, &theirs) {
        return diagnosis;
    }
    equal(trace, answer, found.is_some())
}

/// Seconds that AWS's services let a clock be off.
const LARGEST_SKEW: u64 = 900;

/// Both sides hash the same: what is left is the key.
fn equal(trace: &Trace, answer: &Answer, is_ours: bool) -> Diagnosis {
    if let Some((cause, evidence)) = secret::spoiled(trace.credentials.secret_access_key()) {
        return Diagnosis::new(cause, evidence);
    }
    let told = answer.canonical.is_some() || answer.string_to_sign.is_some();
    match (told, is_ours) {
        (true, true) => {
            let evidence = format!("both strings to sign are equal{}", secret::shape(&trace.credentials));
            Diagnosis::new(Cause::WrongSecret, evidence)
        }
        (true, false) => Diagnosis::new(
            Cause::ChangedAfterSigning,
            "the service's canonical request is that of the request as it was traced; the signature is of another one, \
             or made with another secret",
        ),
        (false, true) if skew(trace, answer).is_some_and(|seconds| seconds > LARGEST_SKEW) => {
            Diagnosis::new(Cause::ClockSkew, times(trace, answer))
        }
        (false, true) => {
            let evidence = format!(
                "{}; it does not say what it compared, and as it was traced the request is signed by AWS's rules{}",
                said(trace, answer),
                secret::shape(&trace.credentials)
            );
            Diagnosis::new(Cause::WrongSecretOrChanged, evidence)
        }
        (false, false) => {
            let evidence = "the signature is not of this request with this secret, by any known rule";
            Diagnosis::new(Cause::ChangedAfterSigning, evidence)
        }
    }
}

/// The first three lines of the string to sign.
fn scopes(signed: &SignedParts, theirs: &str) -> Option<Diagnosis> {
    let mut lines = theirs.lines();
    let (algorithm, time, scope) = (lines.next()?, lines.next()?, lines.next()?);
    if algorithm != "AWS4-HMAC-SHA256" {
        let evidence = format!("the service computed {}", algorithm.chars().take(30).collect::<String>());
        return Some(Diagnosis::new(Cause::WrongScheme, evidence));
    }
    if time != signed.time.to_string() {
        let evidence = difference("string to sign, time", &signed.time.to_string(), time);
        return Some(Diagnosis::new(Cause::WrongTime, evidence));
    }
    if scope == signed.scope() {
        return None;
    }
    let mut parts = scope.split('/');
    let (date, region) = (parts.next()?, parts.next()?);
    let cause = if date != signed.date {
        Cause::ScopeOfAnotherDay
    } else if region != signed.region {
        Cause::WrongRegion
    } else {
        Cause::WrongService
    };
    Some(Diagnosis::new(cause, difference("credential scope", &signed.scope(), scope)))
}

/// The first line that differs; `None` if all are equal.
pub(super) fn canonical_requests(trace: &Trace, ours: &Canonical, theirs: &Canonical) -> Option<Diagnosis> {
    if ours.method != theirs.method {
        let evidence = difference("method", &ours.method, &theirs.method);
        return Some(Diagnosis::new(Cause::DifferentMethod, evidence));
    }
    if ours.path != theirs.path {
        let cause = path::cause(&ours.path, &theirs.path);
        return Some(Diagnosis::new(cause, difference("canonical URI", &ours.path, &theirs.path)));
    }
    if ours.query != theirs.query {
        return Some(query::diagnose(ours, theirs));
    }
    // The payload's header is only as wrong as the payload.
    if ours.payload != theirs.payload {
        return Some(payloads(trace, &ours.payload, &theirs.payload));
    }
    if let Some(diagnosis) = headers::diagnose(ours, theirs) {
        return Some(diagnosis);
    }
    (ours.signed_headers != theirs.signed_headers).then(|| {
        let evidence = difference("signed headers", &ours.signed_headers, &theirs.signed_headers);
        Diagnosis::new(Cause::DifferentSignedHeaders, evidence)
    })
}

/// The payload hash that was signed, and the service's.
pub(super) fn payloads(trace: &Trace, ours: &str, theirs: &str) -> Diagnosis {
    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let is_hash = |payload: &str| payload.len() == 64;
    let newlines = trace.body.as_ref().is_some_and(|body| {
        let digests: Vec<String> = body.other_newlines.iter().chain([&body.sent]).map(to_hex).collect();
        digests.iter().any(|digest| digest == theirs) && digests.iter().any(|digest| digest == ours)
    });
    let cause = match (ours, theirs) {
        (ours, theirs) if !is_hash(ours) || !is_hash(theirs) => Cause::PayloadLiteral,
        (EMPTY, _) => Cause::BodyNotSigned,
        (_, EMPTY) => Cause::BodyNotReceived,
        _ if newlines => Cause::BodyNewline,
        _ => Cause::BodyChanged,
    };
    Diagnosis::new(cause, difference("payload hash", ours, theirs))
}
