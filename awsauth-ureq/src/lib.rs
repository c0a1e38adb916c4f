//! Signs `ureq` requests for AWS: set up once per agent, with credentials that renew themselves.
//!
//! ```no_run
//! use awsauth_ureq::{Credentials, Signer, SigningMiddleware};
//!
//! # fn main() -> Result<(), ureq::Error> {
//! let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
//! let agent: ureq::Agent = ureq::Agent::config_builder().middleware(SigningMiddleware::new(signer)).build().into();
//!
//! let queues = agent.get("https://sqs.eu-west-1.amazonaws.com/?Action=ListQueues").call()?;
//! let put = agent.put("https://bucket.s3.eu-west-1.amazonaws.com/report.txt").send("21.5")?;
//! # Ok(())
//! # }
//! ```
//!
//! Add [`SigningMiddleware`] as the last middleware: what a later one adds is not signed. Redirects are returned, not
//! followed, as the client would send the signed headers, with the session token, to another host.
//!
//! [`sign`] signs a single request. Bodies that stream, from any [`Read`](std::io::Read), can be signed chunk by chunk as they
//! are sent, without reading them twice or holding them in memory: [`sign_chunked`], and
//! [`SigningMiddleware::stream_payload`]. To presign a URL, call [`Signer::presign_blocking`] with a `ureq::http::Request`.
//!
//! # Features
//!
//! - `checksums`: checksums of bodies, in a header (`WithChecksum` for a `Request`, [`SigningOverride`] with the middleware)
//!   or in the trailer of a chunked body, computed as it is sent.
//! - `explain`: says why a service refused a request: the function `explain` for one request,
//!   `SigningMiddleware::explain_errors` for every request of an agent.
//! - `xxhash`: the checksums of the xxHash family.
//!
//! This crate chooses no TLS backend: choose one with ureq's own features.

#[cfg(feature = "explain")]
mod explain;
mod middleware;
mod sign;

#[cfg(feature = "explain")]
pub use explain::explain;
pub use middleware::SigningMiddleware;
pub use sign::{sign, sign_chunked};

#[cfg(feature = "explain")]
pub use awsauth_http::explain::{Cause, Diagnosis, Trace};
pub use awsauth_http::{
    AwsChunked, BodyBytes, ChunkedError, Credentials, CredentialsError, Error, PathRule, Payload,
    PayloadHash, PlusSign, Presigned, ProvideCredentials, RepeatedParameters, Scheme, Signed, SignedHeaders,
    Signer, SigningOverride, TokenPlacement,
};
#[cfg(feature = "checksums")]
pub use awsauth_http::{Checksum, WithChecksum};
pub use {awsauth_http, ureq};
