//! Sign reqwest requests for AWS
