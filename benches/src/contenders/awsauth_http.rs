//! awsauth-http: an `http::Request` signed in place, or made into a presigned URL.

use core::time::Duration;
use std::time::SystemTime;

use awsauth_http::{Credentials, PayloadHash, Signer};

use crate::case::{ACCESS_KEY_ID, Case, SECRET_ACCESS_KEY, UNIX_TIME};
use crate::contender::{Contender, Proof, Turns};

/// With its own cache of keys; service and region come from the host.
#[derive(Debug)]
pub struct AwsauthHttp<'c> {
    turns: Turns<'c>,
    signer: Signer,
    templates: Vec<http::Request<()>>,
    unsigned: Vec<http::Request<()>>,
    signed: Vec<http::Request<()>>,
}

impl<'c> AwsauthHttp<'c> {
    /// Over these cases.
    #[must_use]
    pub fn new(cases: &'c [Case]) -> Self {
        let mut credentials = Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY);
        if let Some(token) = cases[0].token {
            credentials = credentials.with_session_token(token);
        }
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(UNIX_TIME);
        let mut signer = Signer::new(credentials).clock(move || now);
        if cases[0].service != "s3" {
            signer = signer.signed_headers(awsauth_http::SignedHeaders::AllButHopByHop);
        }
        Self {
            turns: Turns::new(cases),
            signer,
            templates: cases.iter().map(super::http_request).collect(),
            unsigned: Vec::new(),
            signed: Vec::new(),
        }
    }
}

impl Contender for AwsauthHttp<'_> {
    fn name(&self) -> &'static str {
        "awsauth-http"
    }

    fn note(&self) -> &'static str {
        "an http::Request signed in place, which is not made in the timing, or a presigned URL; its own key cache; \
         service and region from the host"
    }

    fn derives(&self) -> bool {
        false
    }

    fn prepare(&mut self, jobs: usize) {
        let start = self.turns.place();
        self.signed.clear();
        self.signed.reserve(jobs);
        self.unsigned = self.templates.iter().cycle().skip(start).take(jobs).cloned().collect();
        self.unsigned.reverse();
    }

    fn run(&mut self) {
        let (_, case) = self.turns.next();
        let mut request = self.unsigned.pop().expect("as many as were prepared");
        match case.expires {
            Some(seconds) => {
                let expires = Duration::from_secs(seconds.into());
                let presigned =
                    self.signer.presign_blocking(&request, expires).expect("a well-formed request");
                *request.uri_mut() = presigned.url;
            }
            None => {
                let digest = case.body_sha256.unwrap_or("UNSIGNED-PAYLOAD");
                let payload = PayloadHash::parse(digest).expect("a digest");
                self.signer.sign_head_blocking(&mut request, payload).expect("a well-formed request");
            }
        }
        self.signed.push(request);
    }

    fn proof(&mut self) -> Option<Proof> {
        self.run();
        self.signed.last().map(super::proof_of)
    }
}
