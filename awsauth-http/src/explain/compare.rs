//! Compares what was signed with what the service made of the request.

mod headers;
mod path;
mod query;

use super::canonical::Canonical;
use super::cause::Cause;
use super::diagnosis::Diagnosis;
use super::evidence::{quote_response, skew, times};
use super::payload::diagnose_payload;
use super::response::ServiceResponse;
use super::secret;
use super::text::{difference, to_hex};
use super::trace::{SignedParts, Trace};
use super::variants::{RequestFacts, Search};

pub(super) fn by_comparison(trace: &Trace, response: &ServiceResponse) -> Diagnosis {
    let signed = match &trace.signed {
        Ok(signed) => signed,
        Err(refusal) => {
            let evidence = format!("{}; as it was sent, {refusal}", quote_response(trace, response));
            return Diagnosis::new(Cause::RequestNotRead, evidence);
        }
    };
    let secret_access_key = trace.credentials.secret_access_key();
    if let Some(diagnosis) = response.string_to_sign.as_deref().and_then(|theirs| scopes(signed, theirs)) {
        return diagnosis;
    }
    let key = signed.key(secret_access_key);
    let is_signed = |digest| key.as_ref().is_some_and(|key| signed.is_of(digest, key));
    let theirs_sha256 = response.string_to_sign.as_deref().and_then(|text| text.lines().nth(3));
    let is_theirs = |digest| theirs_sha256 == Some(to_hex(&digest).as_str());
    let facts = RequestFacts { body: trace.body.as_ref(), authority: trace.authority.as_deref() };

    // What the signature that was sent was computed from: the request as it is, or a variant of it. And what the service's was
    // computed from, if it states only the hash.
    let own = signed.canonical.sha256();
    let seeks_theirs = response.canonical.is_none() && theirs_sha256.is_some() && !is_theirs(own);
    let seeks_ours = key.is_some() && !is_signed(own);
    let [ours, theirs_of_own] = Search::new(&signed.canonical, facts)
        .find([seeks_ours.then_some(&is_signed as _), seeks_theirs.then_some(&is_theirs as _)]);
    let signed_variant = if seeks_ours { ours } else { key.is_some().then(|| signed.canonical.clone()) };
    if signed_variant.is_none()
        && let Some((cause, evidence)) = secret::signed_with_damaged(signed, secret_access_key)
    {
        return Diagnosis::new(cause, evidence);
    }
    let ours = signed_variant.as_ref().unwrap_or(&signed.canonical);
    let theirs = match (&response.canonical, theirs_sha256) {
        (Some(canonical), _) => Some(canonical.clone()),
        (None, Some(_)) if is_theirs(ours.sha256()) => Some(ours.clone()),
        (None, Some(_)) if !seeks_theirs => Some(signed.canonical.clone()),
        (None, Some(_)) if *ours == signed.canonical => theirs_of_own,
        (None, Some(_)) => {
            let [theirs_of_ours] = Search::new(ours, facts).find([Some(&is_theirs)]);
            theirs_of_ours.or(theirs_of_own)
        }
        // The service states nothing: assume that it reads the request as AWS's documentation says.
        (None, None) => Some(signed.canonical.clone()),
    };
    let Some(theirs) = theirs else {
        let evidence = format!(
            "the service's canonical request has the hash {}, ours {}; no known rule explains it",
            theirs_sha256.unwrap_or_default(),
            to_hex(&ours.sha256())
        );
        return match signed_variant {
            Some(_) => Diagnosis::new(Cause::Unexplained, evidence),
            None => Diagnosis::new(Cause::ChangedAfterSigning, evidence),
        };
    };
    if let Some(diagnosis) = canonical_requests(trace, ours, &theirs) {
        return diagnosis;
    }
    equal(trace, response, signed_variant.is_some())
}

/// How many seconds AWS's services allow a clock to be off.
const LARGEST_SKEW: u64 = 900;

/// Both sides hash the same canonical request, so the key must differ.
fn equal(trace: &Trace, response: &ServiceResponse, is_ours: bool) -> Diagnosis {
    if let Some((cause, evidence)) = secret::damaged(trace.credentials.secret_access_key()) {
        return Diagnosis::new(cause, evidence);
    }
    let has_comparison = response.canonical.is_some() || response.string_to_sign.is_some();
    match (has_comparison, is_ours) {
        (true, true) => {
            let evidence =
                format!("both strings to sign are equal{}", secret::length_note(&trace.credentials));
            Diagnosis::new(Cause::WrongSecret, evidence)
        }
        (true, false) => Diagnosis::new(
            Cause::ChangedAfterSigning,
            "the service's canonical request is that of the request as it was traced; the signature is of another one, \
             or made with another secret",
        ),
        (false, true) if skew(trace, response).is_some_and(|seconds| seconds > LARGEST_SKEW) => {
            Diagnosis::new(Cause::ClockSkew, times(trace, response))
        }
        (false, true) => {
            let evidence = format!(
                "{}; it does not say what it compared, and as it was traced the request is signed by AWS's rules{}",
                quote_response(trace, response),
                secret::length_note(&trace.credentials)
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
    // Before the headers, as `x-amz-content-sha256` repeats the payload hash.
    if ours.payload != theirs.payload {
        return Some(diagnose_payload(trace, &ours.payload, &theirs.payload));
    }
    if let Some(diagnosis) = headers::diagnose(ours, theirs) {
        return Some(diagnosis);
    }
    (ours.signed_headers != theirs.signed_headers).then(|| {
        let evidence = difference("signed headers", &ours.signed_headers, &theirs.signed_headers);
        Diagnosis::new(Cause::DifferentSignedHeaders, evidence)
    })
}
