//! Says why a service refused a signature: the cause by name, the byte that differs, the fix.
//!
//! A [`Trace`] is kept of a signed request, before it is sent; nothing keeps one unless asked. With the answer it gives a
//! [`Diagnosis`], which prints for a terminal, and shows no secret, token or signature.
//!
//! ```
//! use awsauth_http::explain::{Cause, Trace};
//! use awsauth_http::{Credentials, Signer};
//!
//! let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
//! let mut request = http::Request::get("https://bucket.s3.eu-west-1.amazonaws.com/a").body(())?;
//! let signed = signer.sign_blocking(&mut request)?;
//! let trace = Trace::new(&request, signed.credentials());
//!
//! # let response = http::Response::builder().status(400).body(
//! #     "<Error><Code>AuthorizationHeaderMalformed</Code><Message>The authorization header is malformed; the region \
//! #     'eu-west-1' is wrong; expecting 'eu-central-1'</Message><Region>eu-central-1</Region></Error>")?;
//! // The request is sent, and refused.
//! let diagnosis = signer.explain(&trace, &response);
//! assert_eq!(diagnosis.cause(), Cause::WrongRegion);
//! assert_eq!(
//!     diagnosis.to_string(),
//!     "cause    the credential scope names another region than the service's\n\
//!      evidence signed for eu-west-1, the service wants eu-central-1\n\
//!      fix      set the region: Signer::region, or a host that names it"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Where a service returns its canonical request, as S3 and API Gateway do, it is laid beside ours. Where only its hash
//! comes back, or nothing at all, ours is changed in the ways in which signers and servers are known to differ, until
//! the hash, or the signature that was sent, is met: each part by itself, and two at once as far as a fixed amount of work
//! goes. Async callers have it done on a thread of its own, by [`Trace::explain_aside`] or `InspectedBody::explain`.

mod answer;
mod aside;
mod body_digests;
mod canonical;
mod cause;
mod codes;
mod compare;
mod diagnosis;
#[cfg(feature = "http-body")]
pub(crate) mod inspected_body;
mod secret;
mod signer;
mod text;
mod trace;
mod variants;

pub use cause::Cause;
pub use diagnosis::Diagnosis;
pub use trace::Trace;
