//! What is signed as it stands is signed the same by the signer that canonicalises.
#![no_main]

use awsauth_fuzz::Signing;

libfuzzer_sys::fuzz_target!(|input: Signing<'_>| {
    if let Ok([taken, signed]) = input.sign_verbatim() {
        assert_eq!(taken, signed);
    }
});
