use http::{HeaderMap, StatusCode};
use http_body::Body;

use super::diagnosis::Diagnosis;
use super::trace::Trace;
use crate::response::inspected_body::InspectedBody;

impl<B: Body> InspectedBody<B> {
    /// Says why a service refused a request, as [`Trace::explain`] does, without taking anything of the body away: reads
    /// its first [`Trace::ANSWER_LIMIT`] bytes, or what there is of it up to its end or an error. The body of a success is
    /// left alone. The work is done on a thread of its own: [`Trace::explain_aside`].
    pub async fn explain(&mut self, trace: &Trace, status: StatusCode, headers: &HeaderMap) -> Diagnosis {
        let start = if status.is_success() { Vec::new() } else { self.start(Trace::ANSWER_LIMIT).await };
        trace.explain_aside(status, headers, start).await
    }
}
