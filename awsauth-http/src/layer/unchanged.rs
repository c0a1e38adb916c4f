use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use http::Request;
use tower_service::Service;

use super::error::SigningError;
use crate::request::snapshot::SignedSnapshot;

/// A layer that checks in debug builds that a request is sent as it was signed. Install it inside of all other layers, around
/// the client. A request whose signed headers, method, path or query were changed after signing is not sent, and fails with
/// [`Error::ChangedHeader`](crate::Error::ChangedHeader) or [`Error::ChangedTarget`](crate::Error::ChangedTarget). In
/// release builds it does nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct UnchangedLayer;

/// A service whose requests are checked: made by [`UnchangedLayer`].
#[derive(Debug, Clone)]
pub struct UnchangedService<S>(S);

impl<S> tower_layer::Layer<S> for UnchangedLayer {
    type Service = UnchangedService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        UnchangedService(inner)
    }
}

impl<S, B> Service<Request<B>> for UnchangedService<S>
where
    S: Service<Request<B>>,
    S::Future: Send + 'static,
    S::Error: 'static,
    S::Response: 'static,
{
    type Response = S::Response;
    type Error = SigningError<S::Error>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context).map_err(SigningError::Service)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if cfg!(debug_assertions) {
            let changed =
                request.extensions().get().and_then(|signed: &SignedSnapshot| signed.check(&request).err());
            if let Some(error) = changed {
                return Box::pin(async { Err(error.into()) });
            }
        }
        let response = self.0.call(request);
        Box::pin(async { response.await.map_err(SigningError::Service) })
    }
}
