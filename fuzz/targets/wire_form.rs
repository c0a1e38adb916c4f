//! The target to send is canonical: signed again it stays as it is, and so does its signature.
#![no_main]

use awsauth_fuzz::Signing;

libfuzzer_sys::fuzz_target!(|input: Signing<'_>| {
    for expires in [None, Some(900)] {
        if let Ok(signed) = input.sign(expires) {
            let again = input.at(&signed.target).sign(expires).expect("what was signed can be signed again");
            assert_eq!(signed, again);
        }
    }
});
