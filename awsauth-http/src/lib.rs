//! Sign the http crate's requests for AWS, in place
