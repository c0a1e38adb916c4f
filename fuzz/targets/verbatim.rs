//! What is signed as it stands is signed the same by the signer that canonicalises.
#![no_main]

use awsauth_core::is_authentication_header;
use awsauth_fuzz::Signing;

libfuzzer_sys::fuzz_target!(|input: Signing<'_>| {
    // `Sigv4` leaves out what belongs to another signature, and here it is the caller's word that it does not.
    if input.message.headers.iter().any(|(name, _)| is_authentication_header(name)) {
        return;
    }
    if let Ok([taken, signed]) = input.sign_verbatim() {
        assert_eq!(taken, signed);
    }
});
