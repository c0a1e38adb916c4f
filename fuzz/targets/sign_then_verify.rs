//! What is signed verifies, in the headers and in the URL.
#![no_main]

use awsauth_fuzz::Signing;
use awsauth_fuzz::received::Received;

libfuzzer_sys::fuzz_target!(|input: Signing<'_>| {
    let mut input = input;
    // The verifier reads lists of names from URLs as they are: names that are escaped there it refuses.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if input.message.headers.iter().any(|(name, _)| !name.bytes().all(plain)) {
        return;
    }
    // Nothing else tells the server that the body is unsigned.
    input.content_sha256_header |= input.unsigned_payload;
    for expires in [None, Some(900)] {
        if let Ok(signed) = input.sign(expires) {
            assert_eq!(Received::new(&input, &signed).verify(&input), Some(Ok(())), "{signed:?}");
        }
    }
});
