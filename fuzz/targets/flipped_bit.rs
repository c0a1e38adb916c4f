//! No bit of what is signed can be flipped, unless it means the same.
#![no_main]

use awsauth_core::verify::Refusal;
use awsauth_fuzz::received::Received;
use awsauth_fuzz::{Flip, Token};

libfuzzer_sys::fuzz_target!(|input: Flip<'_>| {
    let Flip { at, bit, mut signing } = input;
    // What is left is signed, all of it.
    signing.message.headers =
        signing.message.headers.iter().copied().filter(|(name, _)| signing.signs(name, false)).collect();
    let replaced = ["host", "x-amz-content-sha256"];
    signing
        .message
        .headers
        .retain(|(name, _)| !replaced.iter().any(|other| other.eq_ignore_ascii_case(name)));
    signing.content_sha256_header = true;
    signing.unsigned_payload = false;
    if signing.token == Token::AppendedUnsigned {
        return;
    }
    let stated = signing.stated_payload();
    for expires in [None, Some(900)] {
        let signing = if expires.is_some() { signing.stating(&stated) } else { signing.clone() };
        let Ok(signed) = signing.sign(expires) else { continue };
        let received = Received::new(&signing, &signed);
        match received.verify(&signing) {
            // What a signer joins, a server does not take.
            Some(Err(Refusal::RepeatedHeader(_))) => continue,
            answer => assert_eq!(answer, Some(Ok(())), "{signed:?}"),
        }
        let mut flipped = received.clone();
        flipped.flip(at.into(), bit);
        let rule = signing.path_rule();
        let means_the_same = flipped.meaning(rule) == received.meaning(rule);
        let accepted = flipped.verify(&signing) == Some(Ok(()));
        assert_eq!(accepted, means_the_same, "{signed:?}");
    }
});
