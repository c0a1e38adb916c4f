//! AWS credentials over HTTP: EC2 instance metadata, containers, STS.

mod assume_role;
mod configuration;
mod container;
mod default_chain;
mod document;
mod exchange;
mod http_client;
mod imds;
mod role_profile;
mod sts;
mod text;
mod token_file;
mod web_identity;

pub use assume_role::AssumeRole;
pub use container::Container;
pub use default_chain::{DefaultChain, default_chain};
pub use http_client::{HttpClient, HttpError, HttpErrorKind, HttpFuture, MAX_BODY, Request, Response};
pub use imds::{Imds, ImdsError, InstanceIdentity};
pub use role_profile::RoleProfile;
pub use web_identity::WebIdentity;

// Types that this crate's own show.
pub use awsauth_credentials;
pub use http;
