//! A slow, naive signer for every scheme, written from AWS's documentation alone.
//!
//! It shares no code with `awsauth-core`, so an agreement of the two means something. There is one file per
//! scheme and one function per step of AWS's text. Every input has a defined answer: an [`Answer`] with each
//! step on the way, or a [`Refusal`] that names the reason.
//!
//! Where AWS's documentation is silent, the choice is written at the function that makes it:
//!
//! | question | answer |
//! |---|---|
//! | `+` in a query | a space, unless [`Plus::Literal`] |
//! | `+` in a path | a plus |
//! | `%2F` in a path that is encoded once | a `/` in the S3 family, data elsewhere ([`EncodedSlash`]) |
//! | `%zz` in a path or query, in any scheme that reads it | [`Refusal::BadPercentEscape`] |
//! | control characters on the wire, in a header value or in a credential | [`Refusal::ControlCharacter`]; a tab in a header value is allowed |
//! | header values | space and tab trimmed at the ends, each run of them within becomes one space |
//! | parameters of one name | signed in the order of their values, sent in the order in which they came |
//! | a parameter repeated in an S3 query | [`Refusal::RepeatedParameter`], unless [`RepeatedParameters::Keep`] |
//! | `/a/.`, `/a/b/..` off S3 | `/a/`, as RFC 3986 says |
//! | old authentication in headers and query | dropped |
//! | repeated SigV2 parameters | all kept, sorted by raw name, then raw value |
//! | a query string beside a SigV2 form body | [`Refusal::QueryOnForm`] |
//! | the bucket of a virtual-host style request of the S3 scheme before SigV4 | the caller's, its case kept |
//! | `?acl=` in the S3 scheme before SigV4 | `acl` |
//! | segments `.` and `..` in the S3 scheme before SigV4 | `%2E` and `%2E%2E`, sent and signed |
//!
//! ```
//! use awsauth_conformance::reference::{Credentials, Request, Scope, Settings, Time, v4};
//!
//! let request = Request::from_url("GET", "https://examplebucket.s3.amazonaws.com/?lifecycle")?;
//! let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
//! let scope = Scope::new("us-east-1", "s3");
//! let time = Time::parse("20130524T000000Z")?;
//! let answer = v4::sign(&request, &credentials, &scope, &time, &Settings::for_service("s3"))?;
//! assert_eq!(answer.signature, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
//! # Ok::<(), awsauth_conformance::reference::Refusal>(())
//! ```

mod canonical_request;
mod case;
mod encoding;
mod hash;
mod headers;
mod host;
mod path;
mod query;
mod refusal;
mod request;
pub mod s3;
pub mod s3_post;
pub mod s3_query;
mod settings;
mod time;
pub mod v2_post;
pub mod v2_query;
pub mod v3;
pub mod v3_https;
pub mod v4;
pub mod v4_chunked;
pub mod v4_event;
pub mod v4_post;
pub mod v4_query;
pub mod v4a;
pub mod v4a_query;

pub use case::{sign_case, sign_case_with};
pub use headers::NEVER_SIGNED;
pub use refusal::Refusal;
pub use request::{Answer, Credentials, Request, Scope};
pub use settings::{EncodedSlash, Payload, Plus, RepeatedParameters, Settings, Token};
pub use time::Time;
