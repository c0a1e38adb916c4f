//! `aws-sigv4`, the signer of AWS's own SDK.

use core::hint::black_box;
use core::time::Duration;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningParams, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;

use crate::case::{ACCESS_KEY_ID, Case, REGION, SECRET_ACCESS_KEY, TIME, UNIX_TIME};
use crate::contender::{Contender, Proof, Turns};

/// Its instructions, not yet applied to a request.
#[derive(Debug)]
pub struct AwsSigv4<'c> {
    turns: Turns<'c>,
    params: Vec<SigningParams<'static>>,
    urls: Vec<String>,
}

/// Applied to an `http::Request` in place, as the SDK does.
#[derive(Debug)]
pub struct Applied<'c> {
    turns: Turns<'c>,
    params: Vec<SigningParams<'static>>,
    templates: Vec<http::Request<()>>,
    unsigned: Vec<http::Request<()>>,
    signed: Vec<http::Request<()>>,
}

impl<'c> AwsSigv4<'c> {
    /// Over these cases.
    #[must_use]
    pub fn new(cases: &'c [Case]) -> Self {
        let urls = cases.iter().map(Case::url).collect();
        Self { turns: Turns::new(cases), params: params(cases), urls }
    }
}

impl Contender for AwsSigv4<'_> {
    fn name(&self) -> &'static str {
        "aws-sigv4"
    }

    fn note(&self) -> &'static str {
        "its instructions alone, not applied to a request; derives the key each time; its parameters are made once"
    }

    fn run(&mut self) {
        let (place, case) = self.turns.next();
        let headers = case.headers.iter().copied();
        let request = SignableRequest::new(case.method, black_box(&self.urls[place]), headers, body(case));
        let signed = sign(request.expect("a well-formed request"), &self.params[place]).expect("signing");
        black_box(signed);
    }

    fn proof(&mut self) -> Option<Proof> {
        let (place, case) = self.turns.next();
        let headers = case.headers.iter().copied();
        let request = SignableRequest::new(case.method, &self.urls[place], headers, body(case));
        let signed = sign(request.expect("a well-formed request"), &self.params[place]);
        Some(Proof { time: TIME.to_owned(), signature: signed.expect("signing").signature().to_owned() })
    }
}

impl<'c> Applied<'c> {
    /// Over these cases.
    #[must_use]
    pub fn new(cases: &'c [Case]) -> Self {
        Self {
            turns: Turns::new(cases),
            params: params(cases),
            templates: cases.iter().map(super::http_request).collect(),
            unsigned: Vec::new(),
            signed: Vec::new(),
        }
    }
}

impl Contender for Applied<'_> {
    fn name(&self) -> &'static str {
        "aws-sigv4+apply"
    }

    fn note(&self) -> &'static str {
        "an http::Request signed in place, which is not made in the timing; otherwise as aws-sigv4"
    }

    fn prepare(&mut self, jobs: usize) {
        let start = self.turns.place();
        self.signed.clear();
        self.signed.reserve(jobs);
        self.unsigned = self.templates.iter().cycle().skip(start).take(jobs).cloned().collect();
        self.unsigned.reverse();
    }

    fn run(&mut self) {
        let (place, case) = self.turns.next();
        let mut request = self.unsigned.pop().expect("as many as were prepared");
        let instructions = {
            let uri = request.uri().to_string();
            let headers =
                request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().expect("ASCII")));
            let signable = SignableRequest::new(request.method().as_str(), uri, headers, body(case));
            sign(signable.expect("a well-formed request"), &self.params[place])
                .expect("signing")
                .into_parts()
                .0
        };
        instructions.apply_to_request_http1x(&mut request);
        self.signed.push(request);
    }

    fn proof(&mut self) -> Option<Proof> {
        self.run();
        self.signed.last().map(super::proof_of)
    }
}

/// With the settings that the SDK has for S3, and for the others.
fn params(cases: &[Case]) -> Vec<SigningParams<'static>> {
    // Lent for good: they borrow it, and a bench ends soon.
    let token = cases[0].token.map(str::to_owned);
    let credentials = Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY, token, None, "bench");
    let identity: &'static Identity = Box::leak(Box::new(credentials.into()));
    cases.iter().map(|case| params_of(case, identity)).collect()
}

fn params_of(case: &Case, identity: &'static Identity) -> SigningParams<'static> {
    let mut settings = SigningSettings::default();
    if case.service == "s3" {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    }
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    if let Some(expires) = case.expires {
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_secs(expires.into()));
    }
    v4::SigningParams::builder()
        .identity(identity)
        .region(REGION)
        .name(case.service)
        .time(SystemTime::UNIX_EPOCH + Duration::from_secs(UNIX_TIME))
        .settings(settings)
        .build()
        .expect("nothing is missing")
        .into()
}

fn body(case: &Case) -> SignableBody<'static> {
    match case.body_sha256 {
        Some(digest) => SignableBody::Precomputed(digest.to_owned()),
        None => SignableBody::UnsignedPayload,
    }
}
