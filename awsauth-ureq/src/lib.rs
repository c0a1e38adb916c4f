//! Signs `ureq` requests for AWS: once a client, with credentials that renew themselves.
//!
//! ```no_run
//! use awsauth_ureq::{Credentials, Signer, Signing};
//!
//! # fn main() -> Result<(), ureq::Error> {
//! let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
//! let agent: ureq::Agent = ureq::Agent::config_builder().middleware(Signing::new(signer)).build().into();
//!
//! let queues = agent.get("https://sqs.eu-west-1.amazonaws.com/?Action=ListQueues").call()?;
//! let put = agent.put("https://bucket.s3.eu-west-1.amazonaws.com/report.txt").send("21.5")?;
//! # Ok(())
//! # }
//! ```
//!
//! Add [`Signing`] as the last middleware: what one after it adds is not signed. A redirect is handed back, not followed:
//! the client would send the signed headers, a session token among them, to wherever it points.
//!
//! A single request is signed with [`sign`]. Bodies that stream, from any [`Read`](std::io::Read), are signed chunk by chunk
//! as they are sent, neither read twice nor held in memory: [`sign_chunked`], and [`Signing::payload`].
//!
//! # Features
//!
//! - `checksums`: checksums of bodies, in a header (`WithChecksum` of a `Request`, [`SigningOverride`] with the middleware)
//!   or, computed as they are sent, in the trailer of chunked ones.
//! - `explain`: the function `explain` says why a service refused, of one request; `Signing::explain_refusals` of every one
//!   of an agent.
//! - `xxhash`: the checksums of the xxHash family.
//!
//! No TLS backend is forced: choose one with ureq's own features.

#[cfg(feature = "explain")]
mod explain;
mod sign;
mod signing;

#[cfg(feature = "explain")]
pub use explain::explain;
pub use sign::{sign, sign_chunked};
pub use signing::Signing;

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
