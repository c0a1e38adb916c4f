//! AWS credentials over HTTP, renewed in time: on a laptop, in ECS, in EKS and on EC2.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use awsauth_credentials::ProvideCredentials;
//!
//! let provider = awsauth_imds::default_chain(); // once for the process; signers of this workspace take it
//! let credentials = provider.provide().await?; // or provide_blocking()
//! # Ok(())
//! # }
//! ```
//!
//! | credentials of | provider |
//! |---|---|
//! | whatever source AWS's SDKs would use | [`default_chain`], [`DefaultChain`] |
//! | the role of an EC2 instance, and other instance metadata | [`Imds`] |
//! | ECS, EKS Pod Identity, Greengrass, CloudShell | [`Container`] |
//! | EKS service accounts, CI systems (OIDC) | [`WebIdentity`] |
//! | a role on top of other credentials | [`AssumeRole`] |
//! | profiles of `~/.aws/config`, roles included | [`RoleProfile`] |
//!
//! All but [`default_chain`] fetch at each call: wrap them in a [`CachedProvider`](awsauth_credentials::CachedProvider),
//! which renews credentials in time, in the call of one caller, and keeps the old ones during an outage.
//!
//! # Drivers and TLS
//!
//! Each provider serves async and blocking callers. The feature `async` (default) adds the driver for async callers, over
//! reqwest on tokio; the feature `blocking` adds the one for blocking callers, over ureq. A call without its driver returns
//! an [`Unsupported`](awsauth_credentials::ErrorKind::Unsupported) error that names the feature.
//!
//! Instance metadata and container endpoints use plain http on the machine itself. STS, behind [`WebIdentity`], [`AssumeRole`]
//! and roles in profiles, needs https, and the TLS backend is the application's choice:
//! - the feature `rustls` here, or any TLS feature of reqwest 0.13 or ureq 3 in the application's own `Cargo.toml`, or
//! - an [`HttpClient`] of its own, which also allows other runtimes.
//!
//! The feature `process` allows `credential_process` in profiles.
//!
//! # Proxies
//!
//! Requests to instance metadata and container endpoints never go through a proxy, which would see credentials. Requests to
//! STS do, as with AWS's SDKs, whatever the driver: `HTTPS_PROXY` (or `https_proxy`) for https, `HTTP_PROXY` for an endpoint of http, else
//! `ALL_PROXY`; a URL of http or https, with `user:password@` if it needs them. `NO_PROXY` holds exceptions,
//! separated by commas: a host name for itself and all below it, an address, a block such as `10.0.0.0/8`, `*` for all. They are read
//! at each fetch from the [`Environment`](awsauth_credentials::Environment) of the provider.
//!
//! # Untrusted input
//!
//! Responses are read up to 64 KiB, and no redirect is followed. HTML, truncated JSON, missing parts and refusals are typed
//! errors that name the source and describe the response, never a secret.

mod chain;
mod configuration;
mod container;
mod document;
mod exchange;
mod http_client;
mod imds;
mod profile;
mod region;
mod sts;
mod text;
mod token_file;

pub use chain::default_chain::{DefaultChain, default_chain};
pub use container::Container;
pub use http_client::error::{HttpError, HttpErrorKind, MAX_RESPONSE_BYTES};
pub use http_client::transport::{HttpClient, HttpFuture, Request, Response};
pub use imds::Imds;
pub use imds::error::ImdsError;
pub use imds::identity::InstanceIdentity;
pub use profile::role_profile::RoleProfile;
pub use sts::assume_role::AssumeRole;
pub use sts::web_identity::WebIdentity;

// Types in the public API of this crate.
pub use awsauth_credentials;
pub use http;
