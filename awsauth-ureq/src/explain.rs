use std::io::{self, Cursor, Read};

use awsauth_http::explain::{Diagnosis, Trace};
use ureq::Body;
use ureq::http::Response;

/// Says why a service refused a request: the cause by name, the byte that differs, the fix. Take the trace of the request
/// right before it is sent.
///
/// ```
/// use awsauth_ureq::{Cause, Credentials, Signer, Trace};
/// use ureq::http::Request;
///
/// let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
/// let mut request = Request::get("https://bucket.s3.eu-west-1.amazonaws.com/a").body(())?;
/// let signed = awsauth_ureq::sign(&signer, &mut request)?;
/// let trace = Trace::of(&request, signed.credentials());
///
/// let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
/// // let response = agent.run(request)?;
/// # let response = ureq::http::Response::builder().status(400).body(ureq::Body::builder().data(
/// #     "<Error><Code>AuthorizationHeaderMalformed</Code><Message>The authorization header is malformed; the region \
/// #     'eu-west-1' is wrong; expecting 'eu-central-1'</Message><Region>eu-central-1</Region></Error>"))?;
/// let (diagnosis, mut response) = awsauth_ureq::explain(&trace, response);
/// assert_eq!(diagnosis.cause(), Cause::WrongRegion);
/// assert_eq!(
///     diagnosis.to_string(),
///     "cause    the credential scope names another region than the service's\n\
///      evidence signed for eu-west-1, the service wants eu-central-1\n\
///      fix      set the region: Signer::region, or a host that names it"
/// );
/// assert!(response.body_mut().read_to_string()?.starts_with("<Error>")); // as it came
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The response is returned complete: of its body, the first [`Trace::BODY_LIMIT`] bytes are read ahead. An error while
/// reading ahead appears again when the body is read. ureq decodes compression and charset as it reads: the returned body has
/// no [`charset`](Body::charset), and no [`content_length`](Body::content_length) if it is longer than what was read ahead.
///
/// A service that refuses before it has read the body may close the connection, so that an I/O error comes in place of a
/// response. With the header `expect: 100-continue` the service can refuse before the body is sent.
///
/// The cause for a success is [`Cause::Accepted`](crate::Cause::Accepted). For requests that an agent signs, see
/// [`SigningMiddleware::explain_errors`](crate::SigningMiddleware::explain_errors).
pub fn explain(trace: &Trace, response: Response<Body>) -> (Diagnosis, Response<Body>) {
    let (parts, body) = response.into_parts();
    if parts.status.is_success() {
        return (trace.explain_parts(parts.status, &parts.headers, &[]), Response::from_parts(parts, body));
    }
    let (start, body) = read_ahead(body);
    (trace.explain_parts(parts.status, &parts.headers, &start), Response::from_parts(parts, body))
}

/// The beginning of a body, and the complete body.
fn read_ahead(body: Body) -> (Vec<u8>, Body) {
    let mut rebuilt = Body::builder();
    if let Some(mime_type) = body.mime_type() {
        rebuilt = rebuilt.mime_type(mime_type);
    }
    let length = body.content_length();
    let mut rest = body.into_reader();
    let mut start = Vec::new();
    let outcome = (&mut rest).take(Trace::BODY_LIMIT as u64).read_to_end(&mut start);
    let body = match outcome {
        // All of it was read: keep its length.
        Ok(read) if length == Some(read as u64) => rebuilt.data(start.clone()),
        Ok(_) => rebuilt.reader(Cursor::new(start.clone()).chain(rest)),
        Err(error) => rebuilt.reader(Cursor::new(start.clone()).chain(FailOnce(Some(error)))),
    };
    (start, body)
}

/// A reader that fails once and then ends.
struct FailOnce(Option<io::Error>);

impl Read for FailOnce {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
