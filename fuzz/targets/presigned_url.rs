//! A presigned URL is the naive signer's, and so is each step to it.
#![no_main]

use awsauth_fuzz::{Signing, naive};

libfuzzer_sys::fuzz_target!(|input: Signing<'_>| {
    naive::assert_agree(&input.sign(Some(900)), &naive::sign(&input, Some(900)));
});
