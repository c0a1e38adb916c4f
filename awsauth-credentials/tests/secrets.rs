//! Nothing that is printed shows a secret.
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used)]

use awsauth_credentials::{
    CachedProvider, Chain, Credentials, CredentialsError, EnvProvider, Environment, ErrorKind, ProfileFiles,
    ProfileProvider, ProfileSet, ProvideCredentials, StaticProvider,
};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "AQoDYXdzEJrEXAMPLETOKEN";

fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", SECRET).with_session_token(TOKEN)
}

fn assert_clean(what: &str, shown: &str) {
    assert!(!shown.contains("wJalr") && !shown.contains("AQoD"), "{what}: {shown}");
}

#[test]
fn debug_of_everything() {
    let environment = Environment::from_vars([
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
        ("AWS_SESSION_TOKEN", TOKEN),
    ]);
    let text = format!(
        "[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = {SECRET}\naws_session_token = {TOKEN}\n"
    );
    let profiles = ProfileSet::parse("", &text).unwrap();
    let default = profiles.get("default").unwrap();
    let env_provider = EnvProvider::new(environment.clone());
    let cached =
        CachedProvider::new(Chain::new().then(StaticProvider::new(credentials())).then(env_provider.clone()));
    let held = cached.provide_blocking().unwrap();
    assert_eq!(held.secret_access_key(), SECRET);

    for (what, shown) in [
        ("Credentials", format!("{:?} {:#?}", credentials(), held)),
        ("Result", format!("{:?}", cached.provide_blocking())),
        ("CachedProvider", format!("{cached:?} {cached:#?}")),
        ("EnvProvider", format!("{env_provider:?}")),
        ("Environment", format!("{environment:?}")),
        ("ProfileSet", format!("{profiles:?} {default:?}")),
        ("ProfileSource", format!("{:?}", default.source())),
        ("ProfileProvider", format!("{:?}", ProfileProvider::new(ProfileFiles::new(&environment)))),
    ] {
        assert_clean(what, &shown);
        assert!(!shown.is_empty());
    }
    assert!(format!("{held:?}").contains("AKIDEXAMPLE"), "the access key ID is not a secret");
}

#[test]
fn errors_about_bad_values() {
    for (credentials, part) in [
        (Credentials::new("AKID", format!("{SECRET}\n{SECRET}")), "secret access key"),
        (Credentials::new("AKID\r1", SECRET), "access key ID"),
        (credentials().with_session_token(format!("{TOKEN}\0")), "session token"),
        (credentials().with_account_id("1\n2"), "account ID"),
        (Credentials::new("AKID", format!("{SECRET}\u{fffd}")), "secret access key"),
    ] {
        let error = credentials.checked("test").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert!(error.detail().contains(part), "{error}");
        assert_clean("error", &format!("{error} {error:?}"));
    }
    let empty = Credentials::new("", SECRET).checked("test").unwrap_err();
    assert_eq!((empty.kind(), empty.source_name()), (ErrorKind::Incomplete, "test"));
    let good: Result<Credentials, CredentialsError> = credentials().checked("test");
    assert!(good.is_ok());
}

#[test]
fn white_space_around_a_part_is_dropped() {
    for blank in ["", "\n", "\r\n", " ", "\t", "\u{a0}", "\u{2028}", " \n\n"] {
        for before in ["", blank] {
            let around = |text: &str| format!("{before}{text}{blank}");
            let credentials = Credentials::new(around("AKIDEXAMPLE"), around(SECRET))
                .with_session_token(around(TOKEN))
                .checked("test")
                .unwrap();
            assert_eq!(credentials.access_key_id(), "AKIDEXAMPLE", "{blank:?}");
            assert_eq!(credentials.secret_access_key(), SECRET, "{blank:?}");
            assert_eq!(credentials.session_token(), Some(TOKEN), "{blank:?}");
        }
    }
    // Inner blanks are kept: they are for whoever checks the signature to judge.
    assert_eq!(Credentials::new("AKID", "two words").secret_access_key(), "two words");
    assert_eq!(Credentials::new("AKID", " \n").checked("test").unwrap_err().kind(), ErrorKind::Incomplete);
}

#[test]
fn clones_are_the_same_value_and_equal_ones_are_not() {
    let one = credentials();
    assert!(one.same_as(&one.clone()));
    assert!(!one.same_as(&credentials()));
    assert!(!one.same_as(&one.clone().with_account_id("123456789012")));
    // Whichever copy a cache hands out, on whatever thread.
    let cached = CachedProvider::new(StaticProvider::new(one.clone()));
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| assert!(cached.provide_blocking().unwrap().same_as(&one)));
        }
    });
}
