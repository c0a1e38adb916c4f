//! What is signed verifies, in the headers and in the URL.
#![no_main]

use awsauth_core::verify::Refusal;
use awsauth_fuzz::Signing;
use awsauth_fuzz::received::Received;

libfuzzer_sys::fuzz_target!(|input: Signing<'_>| {
    let mut input = input;
    // What the caller says of the body himself can be wrong, and nothing else says that it is unsigned.
    input.message.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("x-amz-content-sha256"));
    input.content_sha256_header |= input.unsigned_payload;
    let stated = input.stated_payload();
    for expires in [None, Some(900)] {
        let input = if expires.is_some() { input.stating(&stated) } else { input.clone() };
        if let Ok(signed) = input.sign(expires) {
            match Received::new(&input, &signed).verify(&input) {
                // What a signer joins, a server does not take.
                Some(Err(Refusal::RepeatedHeader(_))) => {}
                answer => assert_eq!(answer, Some(Ok(())), "{signed:?}"),
            }
        }
    }
});
