use http::{HeaderMap, StatusCode};
use http_body::Body;

use super::diagnosis::Diagnosis;
use super::trace::Trace;
use crate::response::inspected_body::InspectedBody;

impl<B: Body> InspectedBody<B> {
    /// Says why a service refused a request, like [`Trace::explain`] does, and leaves the body complete: it reads ahead the
    /// first [`Trace::BODY_LIMIT`] bytes, or as many as come before the end or an error. The body of a success is not read.
    /// The work is done on a thread of its own, by [`Trace::explain_in_background`].
    pub async fn explain(&mut self, trace: &Trace, status: StatusCode, headers: &HeaderMap) -> Diagnosis {
        let start = if status.is_success() { Vec::new() } else { self.read_ahead(Trace::BODY_LIMIT).await };
        trace.explain_in_background(status, headers, start).await
    }
}
