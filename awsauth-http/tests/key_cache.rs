//! Cached keys: a signer gives the signature of a fresh key, whatever it signed before and on whichever thread.

#![allow(clippy::unwrap_used, reason = "tests")]

use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

use awsauth_http::awsauth_credentials::CredentialsFuture;
use awsauth_http::{Credentials, CredentialsError, PayloadHash, ProvideCredentials, Signer};
use http::Request;

#[allow(dead_code, reason = "each test uses its part")]
mod wire;
use wire::{at, expected_signature, signature_of};

const DAY: u64 = 86_400;

/// What a key depends on. Names that run together differently, and secrets of one access key ID, are among them.
#[derive(Clone, Copy)]
struct Scope {
    secret: &'static str,
    day: u64,
    region: &'static str,
    service: &'static str,
}

fn scopes() -> Vec<Scope> {
    let mut scopes = Vec::new();
    for secret in ["secret", "secret2", "s"] {
        for day in [16_000, 16_001] {
            for (region, service) in [
                ("us-east-1", "s3"),
                ("us-east-1s", "3"),
                ("us-east-1", "sqs"),
                ("us-east-11", "s3"),
                ("a", "bc"),
                ("ab", "c"),
            ] {
                scopes.push(Scope { secret, day, region, service });
            }
        }
    }
    scopes
}

/// Signs with the keys that all clones of the signer share.
fn sign(signer: &Signer, scope: Scope) -> String {
    let Scope { secret, day, region, service } = scope;
    let signer = signer.clone().region(region).service(service).clock(move || at(day * DAY + 5));
    let credentials = Credentials::new("AKIDEXAMPLE", secret);
    let mut request = Request::get("https://example.com/").body(()).unwrap();
    signer.sign_with(&credentials, &mut request, PayloadHash::EMPTY).unwrap();
    let signature = signature_of(&request);
    assert_eq!(
        signature,
        expected_signature(&request, secret, region, service),
        "{secret} {day} {region} {service}"
    );
    signature
}

fn signer() -> Signer {
    Signer::new(Credentials::new("AKIDEXAMPLE", "of no use"))
}

#[test]
fn every_part_of_a_scope_makes_another_key() {
    let (signer, scopes) = (signer(), scopes());
    assert!(scopes.len() > 32, "more than the cache holds");
    let mut signatures: Vec<_> = scopes.iter().map(|scope| sign(&signer, *scope)).collect();
    // Forwards and backwards again: found in the cache, evicted, of yesterday.
    for (scope, signature) in scopes.iter().zip(&signatures).rev().chain(scopes.iter().zip(&signatures)) {
        assert_eq!(sign(&signer, *scope), *signature);
    }
    signatures.sort_unstable();
    signatures.dedup();
    assert_eq!(signatures.len(), scopes.len());
}

#[test]
fn eight_threads_share_the_keys() {
    let (signer, scopes) = (&signer(), &scopes());
    std::thread::scope(|threads| {
        for thread in 0..8 {
            threads.spawn(move || {
                for round in 0..10 {
                    for at in 0..scopes.len() {
                        // Each thread goes its own way through them.
                        sign(signer, scopes[(at * (2 * thread + 5) + round) % scopes.len()]);
                    }
                }
            });
        }
    });
}

#[test]
fn changed_credentials_of_a_provider_are_seen() {
    let rotating = Arc::new(Rotating::default());
    let signer = Signer::new(Arc::clone(&rotating)).service("s3").region("us-east-1");
    for generation in [0, 1, 0] {
        rotating.0.store(generation, Ordering::Relaxed);
        let mut request = Request::get("https://example.com/").body(()).unwrap();
        signer.sign_blocking(&mut request).unwrap();
        let secret = format!("secret{generation}");
        assert_eq!(signature_of(&request), expected_signature(&request, &secret, "us-east-1", "s3"));
    }
}

#[test]
fn each_request_has_the_token_of_its_own_credentials() {
    let signer = signer().service("s3").region("us-east-1").clock(|| at(5));
    let credentials = Credentials::new("AKIDEXAMPLE", "secret");
    for token in [Some("one"), Some("two"), None, Some("one"), None] {
        let credentials = match token {
            Some(token) => credentials.clone().with_session_token(token),
            None => credentials.clone(),
        };
        let mut request = Request::get("https://example.com/").body(()).unwrap();
        for _ in 0..2 {
            signer.sign_with(&credentials, &mut request, PayloadHash::EMPTY).unwrap();
            let sent = request.headers().get("x-amz-security-token");
            assert_eq!(sent.map(|value| value.to_str().unwrap()), token);
            assert!(sent.is_none_or(http::HeaderValue::is_sensitive));
        }
    }
}

/// Gives another secret for the same access key ID, by its number.
#[derive(Debug, Default)]
struct Rotating(AtomicU64);

impl ProvideCredentials for Rotating {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(core::future::ready(self.provide_blocking()))
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        Ok(Credentials::new("AKIDEXAMPLE", format!("secret{}", self.0.load(Ordering::Relaxed))))
    }
}
