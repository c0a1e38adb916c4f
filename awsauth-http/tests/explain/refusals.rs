//! What awsauth's own verifier says, as a server sends it.

use awsauth_http::explain::{Cause, Trace};
use awsauth_http::verify::Refusal;

use super::responses::xml;
use super::{credentials, object, signed};

#[test]
fn what_awsauths_own_verifier_says() {
    let trace = Trace::of(&signed(object()), &credentials());
    for (refusal, cause, evidence) in [
        (Refusal::ChunkSignatureMismatch, Cause::BodyChanged, "of a chunk"),
        (Refusal::Expired, Cause::ExpiredUrl, "signed at 20150830T123600Z"),
        (Refusal::ExpiryOutOfRange, Cause::ExpiryOutOfRange, "X-Amz-Expires"),
        (
            Refusal::IncompleteSignature("Signature".into()),
            Cause::IncompleteAuthorization,
            "it had all its parts",
        ),
        (Refusal::MalformedAuthorization, Cause::IncompleteAuthorization, "it had all its parts"),
        (Refusal::MalformedPayloadHash, Cause::RequestNotRead, "neither a SHA-256"),
        (Refusal::MalformedQueryAuthentication, Cause::RequestNotRead, "X-Amz-*"),
        (Refusal::MissingAuthentication, Cause::NotSigned, "was signed when it was traced"),
        (Refusal::MissingDate, Cause::DroppedHeader, "x-amz-date"),
        (Refusal::MissingPayloadHash, Cause::MissingContentSha256, "x-amz-content-sha256"),
        (Refusal::MissingSignedHeader("range".into()), Cause::DroppedHeader, "not in the request: range"),
        (Refusal::NotYetValid, Cause::NotYetValidUrl, "signed at 20150830T123600Z"),
        (Refusal::PayloadHashNeeded, Cause::MissingContentSha256, "x-amz-content-sha256"),
        (Refusal::PayloadMismatch, Cause::BodyChanged, "signed was"),
        (Refusal::PayloadOfAnotherAlgorithm, Cause::PayloadLiteral, "another algorithm"),
        (
            Refusal::RepeatedAuthentication("authorization".into()),
            Cause::RepeatedAuthentication,
            "more than one",
        ),
        (Refusal::ScopeOfAnotherDay, Cause::ScopeOfAnotherDay, "scope 20150830, time 20150830T123600Z"),
        (Refusal::SignatureMismatch, Cause::WrongSecretOrChanged, "it does not say what it compared"),
        (Refusal::StreamingPayloadRefused, Cause::PayloadLiteral, "not accepted here"),
        (Refusal::TimeTooSkewed, Cause::ClockSkew, "signed at 20150830T123600Z"),
        (Refusal::TooManySignedHeaders, Cause::RequestNotRead, "too many"),
        (Refusal::UnknownAccessKeyId, Cause::UnknownAccessKeyId, "not known"),
        (Refusal::UnsignedHeader("x-amz-acl".into()), Cause::UnsignedHeader, "not signed: "),
        (Refusal::UnsignedPayloadRefused, Cause::PayloadLiteral, "must be signed"),
        (Refusal::UnsupportedAlgorithm, Cause::WrongScheme, "algorithm"),
        (Refusal::WrongRegion, Cause::WrongRegion, "signed for s3 in eu-west-1"),
        (Refusal::WrongService, Cause::WrongService, "signed for s3 in eu-west-1"),
    ] {
        let answer = xml(refusal.http_status(), refusal.aws_error_code(), &refusal.to_string());
        let diagnosis = trace.explain(&answer);
        assert_eq!(diagnosis.cause(), cause, "{refusal:?}\n{diagnosis}");
        assert!(diagnosis.evidence().contains(evidence), "{refusal:?}\n{diagnosis}");
    }
}
