//! Tower layers that sign every request of a client.

mod body;
mod error;
mod service;
mod signing_layer;
mod unchanged;

pub use body::{AnyBody, BytesBody, FormBody, HttpBody, ReadBody};
pub use error::SigningError;
pub use service::SigningService;
pub use signing_layer::SigningLayer;
pub use unchanged::{UnchangedLayer, UnchangedService};
