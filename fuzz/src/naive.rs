//! The naive signer, and what it means for the two to agree.

use awsauth_conformance::reference::{
    Answer, Credentials, EncodedSlash, Payload, Plus, Refusal, RepeatedParameters, Request, Scope, Settings,
    Time, Token as NaiveToken, v4, v4_query,
};
use awsauth_core::Error;

use crate::signing::Signature;
use crate::{ACCESS_KEY_ID, NOW, REGION, Rule, SECRET_ACCESS_KEY, SESSION_TOKEN, Signing, Token};

/// Signs as [`Signing::sign`] does.
pub fn sign(input: &Signing<'_>, expires: Option<u64>) -> Result<Answer, Refusal> {
    let request = request(input);
    // A presigned URL carries no header of ours.
    let settings = Settings {
        send_payload_hash: input.content_sha256_header && expires.is_none(),
        ..settings(input, expires.is_some())
    };
    let session_token = (input.token != Token::None).then(|| SESSION_TOKEN.to_owned());
    let credentials = Credentials { session_token, ..Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY) };
    let (scope, time) = (Scope::new(REGION, input.service()), Time::parse(NOW)?);
    match expires {
        Some(expires) => v4_query::sign(&request, &credentials, &scope, &time, expires, &settings),
        None => v4::sign(&request, &credentials, &scope, &time, &settings),
    }
}

/// Both sign, and every step is the same; or both refuse. The fast one may refuse more: what no client sends, and what is
/// beyond its documented limits.
pub fn assert_agree(fast: &Result<Signature, Error>, naive: &Result<Answer, Refusal>) {
    match (fast, naive) {
        (Ok(fast), Ok(naive)) => {
            let canonical_request = naive.canonical_request.as_deref().unwrap_or_default();
            assert_eq!(
                fast.canonical_request.escape_ascii().to_string(),
                canonical_request.escape_ascii().to_string()
            );
            assert_eq!(Some(fast.string_to_sign.as_bytes()), naive.string_to_sign.as_deref());
            assert_eq!(fast.digits, naive.signature);
            let query = fast.target.split_once('?').map_or("", |(_, query)| query);
            assert_eq!(Some(query), naive.query.as_deref());
            if let Some(authorization) = &naive.authorization {
                assert_eq!(fast.headers.last(), Some(&("authorization", authorization.clone())));
            }
        }
        (Err(_), Err(_)) => {}
        (Err(error), Ok(_)) => assert!(
            matches!(
                error,
                Error::FragmentInTarget
                    | Error::MalformedHost
                    | Error::PayloadHashContradicts
                    | Error::TooManyHeaders
                    | Error::TooManyParameters
                    | Error::TooManySegments
            ),
            "the fast signer alone refuses: {error}"
        ),
        (Ok(fast), Err(refusal)) => panic!("the naive signer alone refuses: {refusal}: {fast:?}"),
    }
}

fn request(input: &Signing<'_>) -> Request {
    let message = &input.message;
    Request {
        method: message.method.into(),
        scheme: if input.http { "http" } else { "https" }.into(),
        authority: message.host.into(),
        path: message.path.into(),
        query: message.query.into(),
        headers: message.headers.iter().map(|(name, value)| ((*name).to_owned(), value.to_vec())).collect(),
        body: message.body.into(),
    }
}

fn settings(input: &Signing<'_>, presigned: bool) -> Settings {
    let defaults = Settings::for_service(input.service());
    let rule = input.path_rule();
    let unsigned = input.message.headers.iter().filter(|(name, _)| !input.signs(name, presigned));
    Settings {
        double_encode: rule.double_encode,
        encoded_slash: match input.rule {
            Rule::OfService => defaults.encoded_slash,
            Rule::Given { normalize: true, .. } => EncodedSlash::Data,
            Rule::Given { normalize: false, .. } => EncodedSlash::Separator,
        },
        normalize: rule.normalize,
        payload: if input.unsigned_payload { Payload::Unsigned } else { Payload::Signed },
        plus: if input.literal_plus { Plus::Literal } else { Plus::Space },
        repeated_parameters: match input.repeats_allowed {
            true => RepeatedParameters::Keep,
            false => defaults.repeated_parameters,
        },
        send_payload_hash: input.content_sha256_header,
        token: match input.token {
            Token::None | Token::Signed => NaiveToken::Signed,
            Token::AppendedUnsigned => NaiveToken::Unsigned,
            Token::S3Express => NaiveToken::S3Session,
        },
        unsigned_headers: unsigned.map(|(name, _)| (*name).to_owned()).collect(),
    }
}
