//! A case of the vectors, signed with its scheme.

use super::{
    Answer, Credentials, Payload, Refusal, Request, Scope, Settings, Time, Token, s3, s3_post, s3_query,
    v2_post, v2_query, v3, v3_https, v4, v4_chunked, v4_event, v4_post, v4_query, v4a, v4a_query,
};
use crate::vectors::{Case, Scheme};

/// Signs a case as its options say.
///
/// # Errors
/// [`Refusal::MissingOption`] where the scheme needs an option that the case does not have, and as the scheme.
pub fn sign_case(case: &Case) -> Result<Answer, Refusal> {
    sign_case_with(case, &Settings::of_case(case)?)
}

/// Signs a case with other settings than its own; they matter to `v4`, `v4-query`, `v4a`, `v4a-query` and
/// `v4-chunked`.
///
/// # Errors
/// As [`sign_case`].
pub fn sign_case_with(case: &Case, settings: &Settings) -> Result<Answer, Refusal> {
    let request = &Request::of_case(case)?;
    let credentials = &Credentials::of_case(case);
    let scope = &Scope::new(&case.region, &case.service);
    let time = &Time::parse(&case.time)?;
    let options = &case.options;
    let bucket = options.bucket_vhost.as_deref();
    match case.scheme {
        Scheme::S3 => s3::sign(request, credentials, time, given(options.date_header)?, bucket),
        Scheme::S3Post => s3_post::sign(&given(options.policy_b64.clone())?, credentials),
        Scheme::S3Query => s3_query::sign(request, credentials, given(options.expires_epoch)?, bucket),
        Scheme::V2Post => v2_post::sign(request, credentials, time),
        Scheme::V2Query => v2_query::sign(request, credentials, time),
        Scheme::V3 => v3::sign(request, credentials, time),
        Scheme::V3Https => v3_https::sign(request, credentials, time),
        Scheme::V4 => v4::sign(request, credentials, scope, time, settings),
        Scheme::V4Chunked => {
            let trailers: Vec<(String, Vec<u8>)> = options
                .trailers
                .iter()
                .map(|(name, value)| (name.clone(), value.clone().into_bytes()))
                .collect();
            let chunk_size = given(options.chunk_size)?;
            v4_chunked::sign(request, credentials, scope, time, settings, chunk_size, &trailers)
        }
        Scheme::V4Event => {
            let mut events = Vec::new();
            for event in &options.events {
                events.push((Time::parse(&event.time)?, event.payload.clone()));
            }
            v4_event::sign(credentials, scope, &given(options.seed.clone())?, &events)
        }
        Scheme::V4Post => v4_post::sign(&given(options.policy_b64.clone())?, credentials, scope, time),
        Scheme::V4Query => {
            v4_query::sign(request, credentials, scope, time, given(options.expires)?, settings)
        }
        Scheme::V4a => v4a::sign(request, credentials, scope, time, settings),
        Scheme::V4aQuery => {
            v4a_query::sign(request, credentials, scope, time, given(options.expires)?, settings)
        }
    }
}

impl Settings {
    /// The settings that a case's service and options ask for.
    ///
    /// # Errors
    /// [`Refusal::MissingOption`]: `payload` is `signed`, `unsigned` or `literal:<text>`.
    pub fn of_case(case: &Case) -> Result<Self, Refusal> {
        let options = &case.options;
        let defaults = Self::for_service(&case.service);
        let payload = match options.payload.as_deref() {
            None | Some("signed") => Payload::Signed,
            Some("unsigned") => Payload::Unsigned,
            Some(text) => Payload::Literal(given(text.strip_prefix("literal:"))?.to_owned()),
        };
        let token = match (options.omit_session_token, options.s3express) {
            (true, _) => Token::Unsigned,
            (false, true) => Token::S3Session,
            (false, false) => defaults.token,
        };
        Ok(Self {
            double_encode: options.double_encode.unwrap_or(defaults.double_encode),
            normalize: options.normalize.unwrap_or(defaults.normalize),
            payload,
            send_payload_hash: options.sha256_header,
            token,
            unsigned_headers: options.unsigned_headers.clone(),
            ..defaults
        })
    }
}

impl Request {
    /// The request of a case.
    ///
    /// # Errors
    /// As [`Request::from_url`].
    pub fn of_case(case: &Case) -> Result<Self, Refusal> {
        let headers = case.headers.iter().map(|(name, value)| (name.clone(), value.clone().into_bytes()));
        let request = Self::from_url(&case.method, &case.url)?;
        Ok(Self { headers: headers.collect(), body: case.body.clone(), ..request })
    }
}

impl Credentials {
    /// The credentials of a case.
    pub fn of_case(case: &Case) -> Self {
        Self {
            access_key_id: case.access_key.clone(),
            secret_access_key: case.secret_key.clone(),
            session_token: case.session_token.clone(),
        }
    }
}

/// An option that the scheme needs.
fn given<T>(option: Option<T>) -> Result<T, Refusal> {
    option.ok_or(Refusal::MissingOption)
}
