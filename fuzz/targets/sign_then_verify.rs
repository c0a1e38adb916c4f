//! What is signed verifies, in the headers and in the URL.
#![no_main]

use awsauth_fuzz::Signing;
use awsauth_fuzz::received::Received;

libfuzzer_sys::fuzz_target!(|input: Signing<'_>| {
    let mut input = input;
    // Nothing else tells the server that the body is unsigned.
    input.content_sha256_header |= input.unsigned_payload;
    for expires in [None, Some(900)] {
        if let Ok(signed) = input.sign(expires) {
            assert_eq!(Received::new(&input, &signed).verify(&input), Some(Ok(())), "{signed:?}");
        }
    }
});
