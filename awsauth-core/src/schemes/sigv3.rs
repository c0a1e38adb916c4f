//! Signature Version 3: `AWS3-HTTPS`, which signs the date alone, and `AWS3`, which signs the request with its body.
//!
//! Route 53 and SES accepted the first, DynamoDB and SWF the second. AWS no longer accepts either; emulators and
//! proxies do.
//!
//! ```
//! use awsauth_core::{Credentials, Request, Sigv3, Timestamp};
//!
//! let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
//! let request = Request::get("/2013-04-01/hostedzone", "route53.amazonaws.com");
//! let signed = Sigv3::new(credentials).sign_https(&request, Timestamp::parse("20150830T123600Z")?)?;
//! for (name, value) in signed.headers() {
//!     println!("{name}: {value}"); // x-amz-date, x-amzn-authorization
//! }
//! # Ok::<(), awsauth_core::Error>(())
//! ```

mod signed;
mod signer;

pub use signed::{Signed, StringToSign, Target};
pub use signer::Sigv3;

#[cfg(test)]
mod tests;
