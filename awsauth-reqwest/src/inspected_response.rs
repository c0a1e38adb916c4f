#[cfg(feature = "middleware")]
use awsauth_http::ErrorResponse;
use awsauth_http::InspectedBody;
#[cfg(feature = "explain")]
use awsauth_http::explain::{Diagnosis, Trace};
use awsauth_http::http::{self, response::Parts};
use reqwest::{Body, Response, ResponseBuilderExt, Url};

/// A response whose body may have been read ahead. It can be turned back into a complete response.
pub(crate) struct InspectedResponse {
    parts: Parts,
    body: InspectedBody<Body>,
    url: Url,
}

impl InspectedResponse {
    pub(crate) fn new(response: Response) -> Self {
        let url = response.url().clone();
        let (parts, body) = http::Response::<Body>::from(response).into_parts();
        Self { parts, body: InspectedBody::new(body), url }
    }

    #[cfg(feature = "middleware")]
    pub(crate) async fn error_response(&mut self) -> Option<ErrorResponse> {
        self.body.error_response(self.parts.status, &self.parts.headers).await
    }

    #[cfg(feature = "explain")]
    pub(crate) async fn explain(&mut self, trace: &Trace) -> Diagnosis {
        self.body.explain(trace, self.parts.status, &self.parts.headers).await
    }

    #[cfg(feature = "middleware")]
    pub(crate) fn extensions_mut(&mut self) -> &mut http::Extensions {
        &mut self.parts.extensions
    }

    pub(crate) fn into_response(self) -> Response {
        let Self { mut parts, body, url } = self;
        // reqwest keeps the URL of a response in an extension that only its builder can set.
        if let Ok(with_url) = http::Response::builder().url(url).body(()) {
            parts.extensions.extend(with_url.into_parts().0.extensions);
        }
        http::Response::from_parts(parts, Body::wrap(body)).into()
    }
}
