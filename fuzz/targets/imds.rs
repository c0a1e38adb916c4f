//! For any responses of an endpoint, providers return whole credentials or an error of one printable line, in few requests.
#![no_main]

use awsauth_fuzz::Exchange;
use awsauth_fuzz::exchange::{Outcome, run};

libfuzzer_sys::fuzz_target!(|input: Exchange<'_>| {
    let (found, requests) = run(&input);
    assert!(requests <= 12, "{requests} requests");
    let can_be_sent =
        |text: &str| !text.is_empty() && !text.chars().any(|c| c.is_control() || c.is_whitespace());
    match &found {
        Ok(Outcome::Credentials(id, secret, token, expires_at)) => {
            assert!(can_be_sent(id) && can_be_sent(secret) && token.as_deref().is_some_and(can_be_sent));
            assert!(expires_at.is_some());
        }
        Ok(Outcome::Text(text)) => assert!(!text.chars().any(char::is_control)),
        Err(error) => assert!(!error.is_empty() && !error.chars().any(char::is_control), "{error:?}"),
    }
    assert_eq!(run(&input), (found, requests));
});
