//! AWS Signature Version 4A: asymmetric, multi-Region signatures, no_std
