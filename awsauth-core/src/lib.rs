//! Sign, verify and explain AWS requests: no_std, no heap, no unsafe

#![no_std]

pub mod endpoint;
pub mod scheme;
