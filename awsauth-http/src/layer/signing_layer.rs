use awsauth_core::PayloadHash;

use super::body::{AnyBody, BytesBody, FormBody, HttpBody};
use super::service::{Options, SigningService};
use crate::response::follow_redirects::FollowRedirects;
use crate::signing::signer::Signer;

/// A [`tower_layer::Layer`] that signs every request on its way to the inner service, for any
/// `Service<http::Request<B>>`.
///
/// Install it last, next to the client: a change that a layer further in makes breaks the signature
/// ([`UnchangedLayer`](crate::UnchangedLayer) detects that in debug builds). Layers that retry go outside, so that each
/// attempt arrives here unsigned and is signed anew for its own time:
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
/// - **Settings for one request:** put a [`SigningOverride`](crate::SigningOverride) into its extensions; also to add a
///   checksum.
/// - **Bodies:** [`new`](Self::new) hashes bodies that are in memory; see there for others.
/// - **Error responses** are put into the response's extensions as an [`ErrorResponse`](crate::ErrorResponse), and the
///   response's body is unchanged. Expired credentials are reported to the provider: the next request, or an outer layer's
///   retry, gets fresh ones.
/// - **A wrong clock:** if the signer has a [`ClockSkew`](crate::ClockSkew), the request is signed and sent once more. That
///   needs a body that can be sent again; without one the error response is returned, and later requests are right.
/// - **Redirects** are returned, unless [`follow_redirects`](Self::follow_redirects) says otherwise. Signed headers never go
///   to another host. Do not install a layer outside that follows redirects: a signer with a service and a region signs for
///   whatever host that layer sends a request to, session token included.
///
/// The response's body is an [`InspectedBody`](crate::InspectedBody).
#[doc(alias = "middleware")]
#[derive(Debug, Clone)]
pub struct SigningLayer<R = HttpBody> {
    signer: Signer,
    body: R,
    options: Options,
}

impl SigningLayer {
    /// Returns a layer for bodies that can be cloned and are in memory as a whole, such as `Full`, `Empty` and `String`: a
    /// clone is read to be hashed. Other bodies need another reader: [`for_bytes`](Self::for_bytes),
    /// [`for_any`](Self::for_any), [`read_body`](Self::read_body).
    #[must_use]
    pub fn new(signer: Signer) -> Self {
        Self { signer, body: HttpBody, options: Options::default() }
    }
}

impl<R> SigningLayer<R> {
    /// Takes requests whose bodies are [`BodyBytes`](crate::BodyBytes), such as `Bytes` and `()`.
    #[must_use]
    pub fn for_bytes(self) -> SigningLayer<BytesBody> {
        self.read_body(BytesBody)
    }

    /// Takes bodies like [`new`](Self::new) does that can also be made from bytes, such as `Full<Bytes>`: Signature Version
    /// 2 signs in the form that is posted, and replaces it by the signed one.
    #[must_use]
    pub fn for_forms(self) -> SigningLayer<FormBody> {
        self.read_body(FormBody)
    }

    /// Takes bodies of any type, which are neither read nor sent again. The payload hash of each request must be given, by
    /// a [`SigningOverride`](crate::SigningOverride) or for all requests by [`stream_payload`](Self::stream_payload).
    #[must_use]
    pub fn for_any(self) -> SigningLayer<AnyBody> {
        self.read_body(AnyBody)
    }

    /// Takes bodies that the application's own `body` reads.
    #[must_use]
    pub fn read_body<T>(self, body: T) -> SigningLayer<T> {
        SigningLayer { signer: self.signer, body, options: self.options }
    }

    /// Sets how bodies that stream are signed, such as [`PayloadHash::Unsigned`]. Without it and without an override, a
    /// request with such a body fails with [`Error::UnhashedBody`](crate::Error::UnhashedBody).
    #[must_use]
    pub fn stream_payload(mut self, payload: PayloadHash) -> Self {
        self.options.stream_payload = Some(payload);
        self
    }

    /// Sets which of S3's redirects are followed. The default is [`FollowRedirects::Never`].
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
