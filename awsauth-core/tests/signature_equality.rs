//! `==` of signatures is `ct_eq` of their bytes: every bit counts, and equal ones hash alike.

#![allow(clippy::unwrap_used)]

use core::hash::BuildHasher;
use std::hash::RandomState;

use awsauth_core::{Credentials, Request, Signature, Sigv2, Timestamp};

#[test]
fn every_bit_counts() {
    let hasher = RandomState::new();
    let signature = Signature::from_bytes([0x5a; 32]);
    assert_eq!(signature, Signature::parse(&signature.to_string()).unwrap());
    assert_eq!(hasher.hash_one(signature), hasher.hash_one(Signature::from_bytes([0x5a; 32])));
    for bit in 0..256 {
        let mut bytes = *signature.as_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert_ne!(signature, Signature::from_bytes(bytes), "{bit}");
        assert!(!signature.ct_eq(&Signature::from_bytes(bytes)));
    }
}

#[test]
fn older_signatures_compare_by_their_bytes() {
    let now = Timestamp::parse("20150830T123600Z").unwrap();
    let sign = |target| {
        let signer = Sigv2::new(Credentials::new("AKIDEXAMPLE", "secret").unwrap());
        signer.sign(&Request::get(target, "example.com"), now).unwrap().signature()
    };
    let hasher = RandomState::new();
    assert_eq!(sign("/?a=1"), sign("/?a=1"));
    assert_eq!(hasher.hash_one(sign("/?a=1")), hasher.hash_one(sign("/?a=1")));
    assert_ne!(sign("/?a=1"), sign("/?a=2"));
    #[cfg(feature = "sha1")]
    {
        let sha1 = Sigv2::new(Credentials::new("AKIDEXAMPLE", "secret").unwrap())
            .signature_method(awsauth_core::sigv2::SignatureMethod::HmacSha1);
        let sha1 = sha1.sign(&Request::get("/?a=1", "example.com"), now).unwrap().signature();
        assert!(sha1 != sign("/?a=1") && sha1.as_bytes().len() == 20);
    }
}
