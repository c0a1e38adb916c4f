//! The shared config and credentials files, and the provider of their credentials.

mod files;
mod parse;
mod provider;
mod set;
mod settings;
mod source;

pub use files::ProfileFiles;
pub use provider::ProfileProvider;
pub use set::ProfileSet;
pub use settings::Profile;
pub use source::ProfileSource;

#[cfg(test)]
mod tests;
