//! Says why a service refused a signature: the cause by name, the byte that differs, the fix.
//!
//! Take a [`Trace`] of a signed request before it is sent; none is taken unless asked for. Together with the response it
//! yields a [`Diagnosis`], which prints for a terminal and shows no secret, token or signature.
//!
//! ```
//! use awsauth_http::explain::{Cause, Trace};
//! use awsauth_http::{Credentials, Signer};
//!
//! let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
//! let mut request = http::Request::get("https://bucket.s3.eu-west-1.amazonaws.com/a").body(())?;
//! let signed = signer.sign_blocking(&mut request)?;
//! let trace = Trace::of(&request, signed.credentials());
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
//! If a service returns its canonical request, as S3 and API Gateway do, it is compared with ours. If it returns only the
//! hash, or nothing at all, ours is changed in the ways in which signers and servers are known to differ, until the hash, or
//! the signature that was sent, matches: each part by itself, and pairs of parts within a fixed amount of work. For async
//! callers, [`Trace::explain_in_background`] and `InspectedBody::explain` do that on a thread of its own.
//!
//! AWS's own page on the subject is [Troubleshoot Signature Version 4 signing for AWS API requests][troubleshoot].
//!
//! [troubleshoot]: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html

mod background;
mod body_digests;
mod canonical;
mod cause;
mod codes;
mod compare;
mod diagnose;
mod diagnosis;
mod evidence;
#[cfg(feature = "http-body")]
mod inspected_body;
mod payload;
mod response;
mod secret;
mod text;
mod trace;
mod variants;

pub use cause::Cause;
pub use diagnosis::Diagnosis;
pub use trace::Trace;
