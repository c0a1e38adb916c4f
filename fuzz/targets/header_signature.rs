//! A signature in the headers is the naive signer's, and so is each step to it.
#![no_main]

use awsauth_fuzz::{Signing, naive};

libfuzzer_sys::fuzz_target!(|input: Signing<'_>| {
    naive::assert_agree(&input.sign(None), &naive::sign(&input, None));
});
