//! AWS credentials over HTTP: EC2 instance metadata, containers, STS
