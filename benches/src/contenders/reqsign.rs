//! `reqsign-aws-v4`, the signer of OpenDAL.

use core::pin::pin;
use core::task::{Context as TaskContext, Poll, Waker};
use core::time::Duration;

use http::request::Parts;
use reqsign_aws_v4::{Credential, RequestSigner};
use reqsign_core::{Context, SignRequest};

use crate::case::{ACCESS_KEY_ID, Case, REGION, SECRET_ACCESS_KEY};
use crate::contender::{Contender, Proof, Turns};

/// Signs `http` parts in place.
#[derive(Debug)]
pub struct Reqsign<'c> {
    turns: Turns<'c>,
    signer: RequestSigner,
    context: Context,
    credential: Credential,
    templates: Vec<http::Request<()>>,
    unsigned: Vec<Parts>,
    signed: Vec<Parts>,
}

impl<'c> Reqsign<'c> {
    /// Over these cases.
    #[must_use]
    pub fn new(cases: &'c [Case]) -> Self {
        Self {
            turns: Turns::new(cases),
            signer: RequestSigner::new(cases[0].service, REGION),
            context: Context::new(),
            credential: Credential {
                access_key_id: ACCESS_KEY_ID.to_owned(),
                secret_access_key: SECRET_ACCESS_KEY.to_owned(),
                session_token: cases[0].token.map(str::to_owned),
                expires_in: None,
            },
            templates: cases.iter().map(template).collect(),
            unsigned: Vec::new(),
            signed: Vec::new(),
        }
    }
}

impl Contender for Reqsign<'_> {
    fn name(&self) -> &'static str {
        "reqsign-aws-v4"
    }

    fn note(&self) -> &'static str {
        "http parts signed in place, which are not made in the timing, and have x-amz-content-sha256 already; derives \
         the key each time; reads the clock itself, so that it signs another instant than the rest"
    }

    fn prepare(&mut self, jobs: usize) {
        let start = self.turns.place();
        self.signed.clear();
        self.signed.reserve(jobs);
        let templates = self.templates.iter().cycle().skip(start).take(jobs);
        self.unsigned = templates.map(|template| template.clone().into_parts().0).collect();
        self.unsigned.reverse();
    }

    fn run(&mut self) {
        let (_, case) = self.turns.next();
        let mut parts = self.unsigned.pop().expect("as many as were prepared");
        let expires = case.expires.map(|seconds| Duration::from_secs(seconds.into()));
        {
            let signing =
                pin!(self.signer.sign_request(&self.context, &mut parts, Some(&self.credential), expires));
            // It waits for nothing.
            let Poll::Ready(signed) = signing.poll(&mut TaskContext::from_waker(Waker::noop())) else {
                panic!("reqsign waits");
            };
            signed.expect("signing");
        }
        self.signed.push(parts);
    }

    fn proof(&mut self) -> Option<Proof> {
        self.run();
        self.signed.pop().map(|parts| super::proof_of(&http::Request::from_parts(parts, ())))
    }
}

/// It takes the payload's hash from this header.
fn template(case: &Case) -> http::Request<()> {
    let mut request = super::http_request(case);
    if let Some(digest) = case.body_sha256 {
        request.headers_mut().insert("x-amz-content-sha256", http::HeaderValue::from_static(digest));
    }
    request
}
