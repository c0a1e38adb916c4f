//! A tower layer that signs every request of a client.

use core::fmt;

use crate::PayloadHash;
use crate::error::Error;
use crate::response::follow_redirects::FollowRedirects;
use crate::signing::signer::Signer;

mod body;
mod service;
mod unchanged;

pub use body::{AnyBody, BytesBody, FormBody, HttpBody, ReadBody};
pub use service::SigningService;
pub use unchanged::{UnchangedLayer, UnchangedService};

/// Signs every request on its way to the service inside, for any `Service<http::Request<B>>`.
///
/// Install it last, next to the client: what an inner layer changes is no longer as it was signed
/// ([`UnchangedLayer`] finds that out in debug builds). Layers that retry go outside, so that each attempt comes here
/// unsigned, and is signed anew for its own instant:
///
/// ```
/// # use awsauth_http::{Credentials, Signer, SigningLayer};
/// # let credentials = Credentials::new("AKIDEXAMPLE", "secret");
/// # let client = tower::service_fn(|_: http::Request<String>| async { Ok::<_, std::io::Error>(http::Response::new(String::new())) });
/// let client = tower::ServiceBuilder::new()
///     // .layer(retries)
///     .layer(SigningLayer::new(Signer::new(credentials)))
///     .service(client);
/// ```
///
/// - **One request otherwise:** a [`SigningOverride`](crate::SigningOverride) in its extensions; checksums are asked for so, too.
/// - **Bodies:** [`new`](Self::new) hashes bodies that are at hand; see there for others.
/// - **Refusals** are put into the answer's extensions as [`ErrorResponse`](crate::ErrorResponse), and the answer's body is as it
///   came. Expired credentials are reported to the provider: the next request, or an outer layer's retry, gets fresh ones.
/// - **A wrong clock**, if the signer has a [`ClockSkew`](crate::ClockSkew): the request is signed and sent once more. So
///   the body must be one that can be sent again; if it cannot, the refusal is handed on, and later requests are right.
/// - **Redirects** are handed on, unless [`follow_redirects`](Self::follow_redirects) says otherwise. Signed headers
///   never go to another host. Have no layer outside that follows redirects: whatever host it sends a request to, a
///   signer with a service and a region signs for it, session token included.
///
/// The answer's body is a [`InspectedBody`](crate::InspectedBody).
#[derive(Debug, Clone)]
pub struct SigningLayer<R = HttpBody> {
    signer: Signer,
    body: R,
    options: Options,
}

/// Why a request got no answer through a layer.
#[derive(Debug)]
#[non_exhaustive]
pub enum SigningError<E> {
    /// It was not signed, or was changed after it, and not sent.
    Sign(Error),
    /// The service inside failed.
    Service(E),
}

#[derive(Debug, Clone, Default)]
struct Options {
    payload: Option<PayloadHash>,
    redirects: FollowRedirects,
}

impl SigningLayer {
    /// Signs bodies that can be cloned and are at hand as a whole, such as `Full`, `Empty` and `String`: their clones are
    /// read to be hashed. Other bodies need another reader: [`for_bytes`](Self::for_bytes), [`for_any`](Self::for_any),
    /// [`read_body`](Self::read_body).
    #[must_use]
    pub fn new(signer: Signer) -> Self {
        Self { signer, body: HttpBody, options: Options::default() }
    }
}

impl<R> SigningLayer<R> {
    /// The same for requests whose bodies are [`BodyBytes`](crate::BodyBytes), such as `Bytes` and `()`.
    #[must_use]
    pub fn for_bytes(self) -> SigningLayer<BytesBody> {
        self.read_body(BytesBody)
    }

    /// The same for bodies as [`new`](Self::new) takes them that can be made from bytes, such as `Full<Bytes>`: Signature
    /// Version 2 signs in the form that is posted, and puts the signed one in its place.
    #[must_use]
    pub fn for_forms(self) -> SigningLayer<FormBody> {
        self.read_body(FormBody)
    }

    /// The same for bodies of any type, which are neither read nor sent again: each request needs its payload in a
    /// [`SigningOverride`](crate::SigningOverride), or all by [`stream_payload`](Self::stream_payload).
    #[must_use]
    pub fn for_any(self) -> SigningLayer<AnyBody> {
        self.read_body(AnyBody)
    }

    /// The same with a reader of the application's own.
    #[must_use]
    pub fn read_body<T>(self, body: T) -> SigningLayer<T> {
        SigningLayer { signer: self.signer, body, options: self.options }
    }

    /// The same with this payload for bodies that are not at hand, such as [`PayloadHash::Unsigned`]. Without it, and
    /// without an override, such a request is an [`Error::UnhashedBody`].
    #[must_use]
    pub fn stream_payload(mut self, payload: PayloadHash) -> Self {
        self.options.payload = Some(payload);
        self
    }

    /// The same, following S3's redirects so.
    #[must_use]
    pub fn follow_redirects(mut self, follow: FollowRedirects) -> Self {
        self.options.redirects = follow;
        self
    }
}

impl<S, R: Clone> tower_layer::Layer<S> for SigningLayer<R> {
    type Service = SigningService<S, R>;

    fn layer(&self, inner: S) -> Self::Service {
        SigningService::new(inner, self.signer.clone(), self.body.clone(), self.options.clone())
    }
}

impl<E: fmt::Display> fmt::Display for SigningError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sign(error) => error.fmt(f),
            Self::Service(error) => error.fmt(f),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for SigningError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Sign(error) => Some(error),
            Self::Service(error) => Some(error),
        }
    }
}

impl<E> From<Error> for SigningError<E> {
    fn from(error: Error) -> Self {
        Self::Sign(error)
    }
}
