#[cfg(feature = "middleware")]
use awsauth_http::ErrorResponse;
use awsauth_http::InspectedBody;
#[cfg(feature = "explain")]
use awsauth_http::explain::{Diagnosis, Trace};
use awsauth_http::http::{self, response::Parts};
use reqwest::{Body, Response, ResponseBuilderExt, Url};

/// A response that is looked into, and given back as it was.
pub(crate) struct Answer {
    parts: Parts,
    body: InspectedBody<Body>,
    url: Url,
}

impl Answer {
    pub(crate) fn of(response: Response) -> Self {
        let url = response.url().clone();
        let (parts, body) = http::Response::<Body>::from(response).into_parts();
        Self { parts, body: InspectedBody::new(body), url }
    }

    #[cfg(feature = "middleware")]
    pub(crate) async fn refusal(&mut self) -> Option<ErrorResponse> {
        self.body.refusal(self.parts.status, &self.parts.headers).await
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
        // reqwest keeps the URL of an answer in an extension that only its builder sets.
        if let Ok(with_url) = http::Response::builder().url(url).body(()) {
            parts.extensions.extend(with_url.into_parts().0.extensions);
        }
        http::Response::from_parts(parts, Body::wrap(body)).into()
    }
}
