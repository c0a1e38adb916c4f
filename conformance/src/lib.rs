//! Known answers, a naive reference signer and live servers for awsauth

pub mod endpoint_table;
