use awsauth_http::Signed;
use awsauth_http::explain::{Diagnosis, Trace};
use reqwest::{Request, Response};

use crate::head::Head;
use crate::inspected_response::InspectedResponse;
use crate::signer::Signer;

impl Signer {
    /// Records a signed request, to explain an error response from. Call it last, right before the request is sent, so that
    /// changes after signing show.
    ///
    /// It copies the headers, and hashes the body unless that streams.
    #[must_use]
    pub fn trace(&self, request: &Request, signed: &Signed) -> Trace {
        let mut head = Request::new(request.method().clone(), request.url().clone());
        head.headers_mut().clone_from(request.headers());
        let body = match request.body() {
            None => Some(&[][..]),
            Some(body) => body.as_bytes(),
        };
        Trace::of_head(&Head(&mut head), body, signed.credentials())
    }

    /// Says why a service refused a request: the cause by name, the byte that differs, the fix. Take the trace of the request
    /// right before it is sent.
    ///
    /// ```
    /// use awsauth_reqwest::{Cause, Credentials, Signer};
    ///
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = reqwest::Client::new();
    /// let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
    /// let mut request = client.get("https://bucket.s3.eu-west-1.amazonaws.com/a").build()?;
    /// let signed = signer.sign(&mut request).await?;
    /// let trace = signer.trace(&request, &signed);
    ///
    /// // let response = client.execute(request).await?;
    /// # let response = awsauth_reqwest::awsauth_http::http::Response::builder().status(400).body(
    /// #     "<Error><Code>AuthorizationHeaderMalformed</Code><Message>The authorization header is malformed; the region \
    /// #     'eu-west-1' is wrong; expecting 'eu-central-1'</Message><Region>eu-central-1</Region></Error>")?.into();
    /// let (diagnosis, response) = signer.explain(&trace, response).await;
    /// assert_eq!(diagnosis.cause(), Cause::WrongRegion);
    /// assert_eq!(
    ///     diagnosis.to_string(),
    ///     "cause    the credential scope names another region than the service's\n\
    ///      evidence signed for eu-west-1, the service wants eu-central-1\n\
    ///      fix      set the region: Signer::region, or a host that names it"
    /// );
    /// assert!(response.text().await?.starts_with("<Error>")); // as it came
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The response is returned complete: of its body, the first [`Trace::BODY_LIMIT`] bytes are read ahead. An error while
    /// reading ahead appears again when the body is read.
    ///
    /// The cause for a success is [`Cause::Accepted`](crate::Cause::Accepted). For requests that a middleware signs, see
    /// `SigningMiddleware::explain_errors`.
    pub async fn explain(&self, trace: &Trace, response: Response) -> (Diagnosis, Response) {
        let mut response = InspectedResponse::new(response);
        let diagnosis = response.explain(trace).await;
        (diagnosis, response.into_response())
    }
}
