//! Bodies that are signed as they are sent.

pub mod aws_chunked;
#[cfg(feature = "event-stream")]
pub mod event_stream;
