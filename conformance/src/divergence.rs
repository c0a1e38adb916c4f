//! The questions on which well-known signers disagree, each with a request that shows it and the right answer.
//!
//! They are `divergence/cases.json`. The grade says how sure the answer is: `T`, AWS's test suite, documentation or
//! constants; `L`, what a live service answered, as quoted in a public issue; `C`, a comment in AWS's own source; `M`,
//! what most signers do, and nothing better.

use awsauth_core::{
    CredentialScope, Error, Header, PayloadHash, Protocol, Request, SignedHeaders, SigningKey, Sigv4,
    Timestamp,
};
use serde::Deserialize;

use crate::driver;
use crate::vectors::{self, DateHeader, Scheme};

/// The access key ID of every case.
pub const ACCESS_KEY_ID: &str = "AKIDEXAMPLE";
/// The region of every case.
pub const REGION: &str = "us-east-1";
/// The secret access key of every case.
pub const SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
/// The time of every case.
pub const TIME: &str = "20150830T123600Z";

/// A question, and a request on which the answers differ. Bodies are empty.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Unique name of the case.
    pub id: String,
    /// The question.
    pub asks: String,
    /// The scheme to sign with.
    #[serde(default = "sigv4")]
    pub scheme: Scheme,
    /// HTTP method.
    #[serde(default = "get")]
    pub method: String,
    /// URL, as wire text.
    pub url: String,
    /// Header names and values, in the order sent.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// Signing name of the service.
    #[serde(default = "service")]
    pub service: String,
    /// Which date header is sent, in S3's scheme before SigV4.
    pub date_header: Option<DateHeader>,
    /// The answer.
    pub right: Right,
    /// How sure it is.
    pub grade: Grade,
    /// Why it is right, and where it is open.
    pub why: String,
}

/// The answer, as it shows in what is signed.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Right {
    /// Lines of the canonical headers, one after the other.
    Headers(Vec<String>),
    /// The canonical URI.
    Path(String),
    /// The canonical query string.
    Query(String),
    /// The error, by its name.
    Refused(String),
    /// The whole string to sign: schemes without a canonical request.
    StringToSign(String),
    /// A header that is not signed.
    Unsigned(String),
}

/// How sure an answer is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
pub enum Grade {
    /// A comment in AWS's own source.
    C,
    /// What a live service answered, quoted in a public issue.
    L,
    /// What most signers do.
    M,
    /// AWS's test suite, documentation or constants.
    T,
}

/// All cases.
///
/// # Errors
/// What is wrong with `divergence/cases.json`.
pub fn cases() -> serde_json::Result<Vec<Case>> {
    serde_json::from_str(include_str!("../divergence/cases.json"))
}

impl Case {
    /// Scheme of the URL, host, and path with query.
    #[must_use]
    pub fn url_parts(&self) -> (&str, &str, &str) {
        let (scheme, rest) = self.url.split_once("://").unwrap_or(("https", &self.url));
        let (host, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        (scheme, host, target)
    }

    /// What awsauth signs, the canonical request or the string to sign; or why it refuses, by the error's name.
    ///
    /// # Errors
    /// The error's name.
    pub fn signed_text(&self) -> Result<String, String> {
        if self.scheme == Scheme::V4 {
            return self.canonical_request().map_err(|error| format!("{error:?}"));
        }
        let outcome = driver::sign(&self.as_vector());
        outcome.string_to_sign.ok_or(outcome.error.unwrap_or_default())
    }

    /// The same request as a case of the vectors.
    #[must_use]
    pub fn as_vector(&self) -> vectors::Case {
        vectors::Case {
            id: self.id.clone(),
            scheme: self.scheme,
            method: self.method.clone(),
            url: self.url.clone(),
            headers: self.headers.clone(),
            body: Vec::new(),
            service: self.service.clone(),
            region: REGION.into(),
            time: TIME.into(),
            access_key: ACCESS_KEY_ID.into(),
            secret_key: vectors::Secret(SECRET_ACCESS_KEY.into()),
            session_token: None,
            options: vectors::Options {
                date_header: self.date_header,
                sha256_header: true,
                ..vectors::Options::default()
            },
            features: Vec::new(),
            expected: vectors::Expected::default(),
        }
    }

    fn canonical_request(&self) -> Result<String, Error> {
        let now = Timestamp::parse(TIME)?;
        let scope = CredentialScope::new(now.date(), REGION, &self.service)?;
        let key = SigningKey::derive(SECRET_ACCESS_KEY, scope);
        let headers: Vec<_> =
            self.headers.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
        let (scheme, host, target) = self.url_parts();
        let protocol = if scheme == "http" { Protocol::Http } else { Protocol::Https };
        let request = Request::new(&self.method, target, host).protocol(protocol).headers(&headers);
        let signer = Sigv4::new(ACCESS_KEY_ID, &key).signed_headers(SignedHeaders::AllButHopByHop);
        Ok(signer.sign(&request, PayloadHash::EMPTY, now)?.canonical_request().to_string())
    }
}

impl Right {
    /// Whether a canonical request or string to sign, or the name of an error, is as it should be.
    #[must_use]
    pub fn agrees(&self, signed: &Result<String, String>) -> bool {
        let text = match (self, signed) {
            (Self::Refused(error), Err(refused)) => return error == refused,
            (Self::Refused(_), Ok(_)) | (_, Err(_)) => return false,
            (_, Ok(text)) => text,
        };
        let lines: Vec<_> = text.split('\n').collect();
        match self {
            Self::Headers(headers) => lines.windows(headers.len()).any(|lines| lines.iter().eq(headers)),
            Self::Path(path) => lines.get(1) == Some(&path.as_str()),
            Self::Query(query) => lines.get(2) == Some(&query.as_str()),
            Self::Refused(_) => false,
            Self::StringToSign(whole) => text == whole,
            Self::Unsigned(name) => {
                let signed = lines.iter().rev().nth(1).copied().unwrap_or_default();
                !signed.is_empty() && !signed.split(';').any(|signed| signed == name)
            }
        }
    }
}

fn get() -> String {
    "GET".into()
}

fn service() -> String {
    "service".into()
}

fn sigv4() -> Scheme {
    Scheme::V4
}
