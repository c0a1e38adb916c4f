//! `aws-chunked` bodies of requests: what is declared beforehand, and the bodies that are framed and signed as they are
//! sent. The framing itself is [`awsauth_core::aws_chunked`].

pub(crate) mod aws_chunked;
#[cfg(feature = "http-body")]
mod body;
mod chunked_payload;
mod chunks;
mod error;
mod headers;
mod reader;
mod sign;
mod trailer;

pub use aws_chunked::AwsChunked;
#[cfg(feature = "http-body")]
pub use body::ChunkedBody;
pub use chunked_payload::ChunkedPayload;
pub use error::ChunkedError;
pub use headers::declare_decoded_body;
pub use headers::is_aws_chunked;
pub use reader::ChunkedReader;
