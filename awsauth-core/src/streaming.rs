//! Bodies that are signed while they are sent.

pub mod aws_chunked;
#[cfg(feature = "event-stream")]
pub mod event_stream;
