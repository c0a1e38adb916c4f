//! AWS credentials and where they come from: environment, profiles, processes, chains of providers, and a cache that
//! renews them in time. No HTTP: the providers that need it are in `awsauth-imds`.
//!
//! [`Credentials`] hold the keys. A provider implements [`ProvideCredentials`], which serves async and blocking callers
//! and needs no executor:
//!
//! | provider | credentials from |
//! |---|---|
//! | [`StaticProvider`] | code |
//! | [`EnvProvider`] | environment variables |
//! | [`ProfileProvider`] | `~/.aws/credentials` and `~/.aws/config`: keys, and with the feature `process` a command |
//! | [`Chain`] | the first of several that is configured |
//! | [`CachedProvider`] | another provider, renewed before they expire |
//!
//! Only constructors named `from_env` or `from_process` read the environment of the process; tests and embedders pass an
//! [`Environment`], [`ProfileFiles`] or a [`Clock`].
//!
//! ```no_run
//! use awsauth_credentials::{CachedProvider, Chain, EnvProvider, ErrorKind, ProfileProvider, ProvideCredentials};
//!
//! let provider = CachedProvider::new(Chain::new().then(EnvProvider::from_env()).then(ProfileProvider::from_env()));
//! match provider.provide_blocking() {
//!     Ok(credentials) => println!("signing as {}", credentials.access_key_id()),
//!     Err(error) if error.kind() == ErrorKind::NotConfigured => {
//!         error.tried().iter().for_each(|tried| println!("{tried}"));
//!     }
//!     Err(error) => println!("{error}"),
//! }
//! ```
//!
//! A provider of your own returns the same to both kinds of callers:
//!
//! ```
//! use awsauth_credentials::{Credentials, CredentialsError, CredentialsFuture, ErrorKind, ProvideCredentials};
//!
//! #[derive(Debug)]
//! struct Vault;
//!
//! impl ProvideCredentials for Vault {
//!     fn provide(&self) -> CredentialsFuture<'_> {
//!         Box::pin(async { self.provide_blocking() })
//!     }
//!
//!     fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
//!         Err(CredentialsError::new("vault", ErrorKind::Unreachable, "it is sealed; unseal it"))
//!     }
//! }
//!
//! assert_eq!(Vault.provide_blocking().unwrap_err().to_string(), "no credentials from vault: it is sealed; unseal it");
//! ```
//!
//! Secrets are wiped from memory when dropped, and neither `Debug` nor an error shows them.
//!
//! # Features
//!
//! - `process`: `ProcessProvider`, and `credential_process` in profiles; adds `serde_json`.

mod cache;
mod chain;
mod credentials;
mod env_provider;
mod environment;
mod error;
mod expiration;
mod offload;
#[cfg(feature = "process")]
mod process;
mod profile;
mod provider;
mod static_provider;

pub use cache::{CachedProvider, Clock, Random, SystemClock, SystemRandom};
pub use chain::Chain;
pub use credentials::Credentials;
pub use env_provider::EnvProvider;
pub use environment::Environment;
pub use error::{CredentialsError, ErrorKind};
pub use expiration::parse_expiration;
#[cfg(feature = "process")]
pub use process::ProcessProvider;
pub use profile::{Profile, ProfileFiles, ProfileProvider, ProfileSet, ProfileSource};
pub use provider::{CredentialsFuture, ProvideCredentials, SharedProvider};
pub use static_provider::StaticProvider;
