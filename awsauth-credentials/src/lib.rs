//! AWS credentials: owned, refreshed, chained. No HTTP; sources that need it are in `awsauth-imds`.

mod credentials;
mod error;
mod provider;

pub use credentials::Credentials;
pub use error::{CredentialsError, ErrorKind};
pub use provider::{CredentialsFuture, ProvideCredentials, SharedProvider};
