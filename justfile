# One recipe per check; `just` lists them.
_default:
    @just --list

# Everything that CI runs.
ci:
    bash .ci/run

fmt:
    cargo fmt --all --check

clippy:
    cargo clippy --workspace --all-targets --all-features -- -D warnings

doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --all-features

# Each feature alone (cargo-hack).
features:
    cargo hack check --each-feature --no-dev-deps

# The published crates with the Rust that Cargo.toml names as the minimum (rustup).
minimum-rust:
    .ci/minimum-rust

# The published crates for systems that no test runs on: Windows, macOS, ARM, WebAssembly (rustup).
platforms:
    .ci/platforms

test:
    cargo test

# The core's tests where words are short (32-bit x86).
short-words:
    .ci/short-words

# Signs real requests and sends them to a server that verifies them.
roundtrip:
    cargo run -p awsauth-reqwest --example s3_roundtrip

bare-metal:
    .ci/bare-metal

dependencies:
    .ci/dependencies

# Known answers from the folder in AWSAUTH_VECTORS, else ../shared/vectors.
vectors:
    cargo test -p awsauth-conformance --test vectors

# Side by side with other signers.
ratios:
    cargo run --release -p awsauth-benches --bin ratios

# Flash, stack and instructions on a Cortex-M4, under QEMU.
firmware:
    firmware/measure
