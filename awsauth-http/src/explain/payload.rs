use super::cause::Cause;
use super::diagnosis::Diagnosis;
use super::text::{difference, to_hex};
use super::trace::Trace;

/// Compares the signed payload hash with the service's.
pub(super) fn diagnose_payload(trace: &Trace, ours: &str, theirs: &str) -> Diagnosis {
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
