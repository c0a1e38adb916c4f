//! Signature Version 2: query strings and form posts, signed with the secret itself.
//!
//! SimpleDB (see [HMAC-SHA Signature](https://docs.aws.amazon.com/AmazonSimpleDB/latest/DeveloperGuide/HMACAuth.html))
//! and Import/Export still require it; nearly every other service of AWS refuses it.
//!
//! ```
//! use awsauth_core::{Credentials, Request, Sigv2, Timestamp};
//!
//! let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
//! let signer = Sigv2::new(credentials);
//! let now = Timestamp::parse("20150830T123600Z")?;
//!
//! let request = Request::get("/?Action=ListDomains&Version=2009-04-15", "sdb.amazonaws.com");
//! let signed = signer.sign(&request, now)?;
//! assert!(signed.target().to_string().starts_with("/?AWSAccessKeyId=AKIDEXAMPLE&Action=ListDomains&"));
//!
//! let request = Request::post("/", "sdb.amazonaws.com");
//! let signed = signer.sign_form(&request, b"Action=ListDomains&Version=2009-04-15", now)?;
//! let (body, length) = (signed.body().to_string(), signed.body().len());
//! # assert_eq!(body.len(), length);
//! # Ok::<(), awsauth_core::Error>(())
//! ```

mod signature_method;
mod signed;
mod signer;

pub use signature_method::SignatureMethod;
pub use signed::{FormBody, Signed, SignedForm, StringToSign, Target};
pub use signer::{FORM_CONTENT_TYPE, Sigv2};

#[cfg(test)]
mod tests;
