use super::diagnosis::Diagnosis;
use super::trace::Trace;
use crate::request::body::BodyBytes;
use crate::signing::signer::Signer;

impl Signer {
    /// Says why a service refused a request, as [`Trace::explain`] does: the trace is of the request as it was signed, with
    /// [`Signed::credentials`](crate::Signed::credentials).
    #[must_use]
    pub fn explain<B: BodyBytes>(&self, trace: &Trace, response: &http::Response<B>) -> Diagnosis {
        trace.explain(response)
    }
}
