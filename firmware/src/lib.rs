//! What a device does with awsauth-core, and the means to measure it.
//!
//! [`jobs`] is what is measured, and builds for any target; [`board`], where the only `unsafe` is, knows QEMU's
//! Cortex-M boards.

#![no_std]
#![deny(unsafe_code)]

#[cfg(all(target_arch = "arm", target_os = "none"))]
pub mod board;
pub mod jobs;
pub mod needles;
pub mod report;
