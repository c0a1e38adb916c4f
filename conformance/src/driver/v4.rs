//! SigV4: header and presigned query.

use awsauth_core::{
    CredentialScope, Header, PathRule, PayloadHash, Protocol, RepeatedParameters, Request, SignedHeaders,
    SigningKey, SigningOptions, Sigv4, Timestamp, TokenPlacement,
};

use super::{Outcome, Refused};
use crate::vectors::Case;

/// What the vectors leave out of the signed headers (their README).
const NOT_SIGNED: [&str; 15] = [
    "authorization",
    "baggage",
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
];

pub(super) fn header(case: &Case) -> Result<Outcome, Refused> {
    sign(case, None)
}

pub(super) fn query(case: &Case) -> Result<Outcome, Refused> {
    sign(case, Some(u32::try_from(case.options.expires.unwrap_or(3_600))?))
}

fn sign(case: &Case, expires: Option<u32>) -> Result<Outcome, Refused> {
    let now = Timestamp::parse(&case.time)?;
    let scope = CredentialScope::new(now.date(), &case.region, &case.service)?;
    let key = SigningKey::derive(&case.secret_key.0, scope);
    let parts = Parts::of(case);
    let headers = parts.headers();
    let request = parts.request(&headers);
    let names = parts.signed_names(case);
    let signer = Sigv4::new(&case.access_key, &key).options(options(case, &names));
    let payload = payload(case)?;
    let signed = match expires {
        Some(expires) => signer.presign(&request, payload, now, expires)?,
        None => signer.sign(&request, payload, now)?,
    };
    Ok(Outcome {
        signature: Some(signed.signature().to_string()),
        canonical_request: Some(signed.canonical_request().to_string()),
        string_to_sign: Some(signed.string_to_sign().to_string()),
        authorization: signed
            .headers()
            .find(|(name, _)| *name == "authorization")
            .map(|(_, value)| value.to_string()),
        ..Outcome::default()
    })
}

/// A case's URL in its parts, and its headers as an HTTP/1.1 parser hands them on.
pub(super) struct Parts<'c> {
    method: &'c str,
    protocol: Protocol,
    host: &'c str,
    target: String,
    headers: Vec<(&'c str, String)>,
}

impl<'c> Parts<'c> {
    pub(super) fn of(case: &'c Case) -> Self {
        let (scheme, rest) = case.url.split_once("://").unwrap_or(("https", &case.url));
        let (host, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let slash = if target.starts_with('/') { "" } else { "/" };
        Self {
            method: &case.method,
            protocol: if scheme == "http" { Protocol::Http } else { Protocol::Https },
            host,
            target: format!("{slash}{target}"),
            headers: case.headers.iter().map(|(name, value)| (name.as_str(), unfold(value))).collect(),
        }
    }

    pub(super) fn headers(&self) -> Vec<Header<'_>> {
        self.headers.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect()
    }

    pub(super) fn request<'a>(&'a self, headers: &'a [Header<'a>]) -> Request<'a> {
        Request::new(self.method, &self.target, self.host).headers(headers).protocol(self.protocol)
    }

    pub(super) fn signed_names(&self, case: &Case) -> Vec<&'c str> {
        let left_out = |name: &str| {
            let unsigned = case.options.unsigned_headers.iter().map(String::as_str);
            NOT_SIGNED.into_iter().chain(unsigned).any(|other| other.eq_ignore_ascii_case(name))
        };
        self.headers.iter().map(|(name, _)| *name).filter(|name| !left_out(name)).collect()
    }
}

pub(super) fn options<'a>(case: &'a Case, names: &'a [&'a str]) -> SigningOptions<'a> {
    let given = &case.options;
    let mut options = SigningOptions::DEFAULT;
    options.content_sha256_header = given.sha256_header;
    // The signers that agreed on the vectors keep them all; that S3 itself is refused them is tested in the core.
    options.repeated_parameters = RepeatedParameters::Allowed;
    options.session_token = case.session_token.as_deref();
    options.signed_headers = SignedHeaders::Named(names);
    if let (Some(double_encode), Some(normalize)) = (given.double_encode, given.normalize) {
        options.path_rule = Some(PathRule { double_encode, normalize });
    }
    if given.s3express {
        options.token_placement = TokenPlacement::S3Express;
    }
    if given.omit_session_token {
        options.token_placement = TokenPlacement::AppendedUnsigned;
    }
    options
}

pub(super) fn payload(case: &Case) -> Result<PayloadHash, Refused> {
    Ok(match case.options.payload.as_deref() {
        Some("unsigned") => PayloadHash::Unsigned,
        Some(given) => match given.strip_prefix("literal:") {
            Some(literal) => PayloadHash::parse(literal)?,
            None => PayloadHash::of(&case.body),
        },
        None => PayloadHash::of(&case.body),
    })
}

/// AWS's suite has a header folded over several lines. RFC 9112, section 5.2, has the receiver replace each fold by
/// a space before the value is interpreted; no HTTP client can send one.
fn unfold(value: &str) -> String {
    value.replace("\r\n", "\n").split('\n').map(str::trim).collect::<Vec<_>>().join(" ")
}
