//! No secret is in what types print of themselves: `Debug` of every public type that can hold one, with secrets planted in
//! it, and `Display` of every error. What the exact canonical forms print is their purpose, and not looked at here.

#![allow(clippy::unwrap_used, reason = "tests")]
#![allow(clippy::needless_borrows_for_generic_args, reason = "what is copied and what is not reads the same")]

mod core_types;
mod credentials_types;
mod http_types;
mod list;

use core::fmt::Debug;

use awsauth_core::Timestamp;

const ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLE/TOKEN+=";
/// As URLs have it.
const ENCODED_TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLE%2FTOKEN%2B%3D";
const TIME: &str = "20150830T123600Z";

fn now() -> Timestamp {
    Timestamp::parse(TIME).unwrap()
}

/// What was printed, under the names of the types.
#[derive(Default)]
struct Shown {
    texts: Vec<(&'static str, String)>,
    secrets: Vec<String>,
}

impl Shown {
    fn add(&mut self, name: &'static str, value: impl Debug) {
        self.texts.push((name, format!("{value:?} {value:#?}")));
    }

    fn error(&mut self, name: &'static str, error: impl core::error::Error) {
        self.add(name, &error);
        let mut cause: Option<&dyn core::error::Error> = Some(&error);
        while let Some(error) = cause {
            self.texts.push((name, error.to_string()));
            cause = error.source();
        }
    }

    /// A signature or another secret that was made on the way.
    fn secret(&mut self, secret: impl ToString) {
        let secret = secret.to_string();
        assert!(secret.len() >= 20, "{secret}: too short to be told from other text");
        self.secrets.push(secret);
    }

    /// The names of the types, none of which told anything.
    fn clean(&self) -> Vec<&'static str> {
        let given = [SECRET, TOKEN, ENCODED_TOKEN, "wJalrXUtn", "IQoJb3Jp"].map(str::to_owned);
        for (name, text) in &self.texts {
            assert!(!text.is_empty(), "{name} prints nothing");
            for secret in given.iter().chain(&self.secrets) {
                assert!(!text.contains(secret.as_str()), "{name} shows `{secret}`: {text}");
                // As a list of bytes.
                let bytes = format!("{:?}", &secret.as_bytes()[..8]);
                let bytes = bytes.trim_matches(['[', ']']);
                assert!(!text.contains(bytes), "{name} shows the bytes of `{secret}`: {text}");
            }
        }
        self.texts.iter().map(|(name, _)| *name).collect()
    }
}

#[test]
fn nothing_printed_shows_a_secret() {
    let mut planted = Vec::new();
    for plant in [core_types::plant, credentials_types::plant, http_types::plant] {
        let mut shown = Shown::default();
        plant(&mut shown);
        planted.extend(shown.clean());
    }
    list::check(&planted);
}
