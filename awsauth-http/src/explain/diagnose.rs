use http::{HeaderMap, StatusCode};

use super::background;
use super::codes::by_code;
use super::compare::by_comparison;
use super::diagnosis::Diagnosis;
use super::response::ServiceResponse;
use super::trace::Trace;
use crate::request::body::BodyBytes;
use crate::signing::signer::Signer;

impl Trace {
    /// Says why the service refused the request, going by its response.
    pub fn explain<B: BodyBytes>(&self, response: &http::Response<B>) -> Diagnosis {
        self.explain_parts(response.status(), response.headers(), response.body().body_bytes())
    }

    /// Does what [`explain`](Self::explain) does, for responses of other clients. It reads the first
    /// [`BODY_LIMIT`](Self::BODY_LIMIT) bytes of the body.
    #[must_use]
    pub fn explain_parts(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Diagnosis {
        let response = ServiceResponse::read(status, headers, body.get(..Self::BODY_LIMIT).unwrap_or(body));
        diagnose(self, &response).shown_without(&self.secrets())
    }

    /// Does what [`explain_parts`](Self::explain_parts) does, on a thread of its own, for async callers: it takes
    /// milliseconds, some tens of them for a long request, during which it would block an executor's thread. Where there are
    /// no threads, as in browsers, it runs where it is polled.
    ///
    /// It needs no runtime. Each diagnosis under way has one thread.
    pub async fn explain_in_background(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        body: Vec<u8>,
    ) -> Diagnosis {
        let (trace, headers) = (self.clone(), headers.clone());
        background::run(move || trace.explain_parts(status, &headers, &body)).await
    }
}

impl Signer {
    /// Says why a service refused a request, like [`Trace::explain`] does. The trace is that of the request as it was
    /// signed, with [`Signed::credentials`](crate::Signed::credentials).
    #[must_use]
    pub fn explain<B: BodyBytes>(&self, trace: &Trace, response: &http::Response<B>) -> Diagnosis {
        trace.explain(response)
    }
}

fn diagnose(trace: &Trace, response: &ServiceResponse) -> Diagnosis {
    by_code(trace, response).unwrap_or_else(|| by_comparison(trace, response))
}
