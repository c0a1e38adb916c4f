//! AWS credentials: owned, refreshed, chained. No HTTP; sources that need it are in `awsauth-imds`.

mod cache;
mod chain;
mod credentials;
mod env_provider;
mod environment;
mod error;
mod expiration;
//mod profile;
mod provider;
mod static_provider;

pub use cache::{CachedProvider, Clock, Random, SystemClock, SystemRandom};
pub use chain::Chain;
pub use credentials::Credentials;
pub use env_provider::EnvProvider;
pub use environment::Environment;
pub use error::{CredentialsError, ErrorKind};
pub use expiration::parse_expiration;
pub use provider::{CredentialsFuture, ProvideCredentials, SharedProvider};
pub use static_provider::StaticProvider;
