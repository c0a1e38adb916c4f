//! Known answers, a naive reference signer and live servers for awsauth
