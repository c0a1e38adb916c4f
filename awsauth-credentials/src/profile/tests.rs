use proptest::prelude::*;

use super::*;
use crate::error::ErrorKind;

/// Each rule of the parser tests that AWS's SDKs share, with texts of our own: config file, credentials file, and the
/// profiles as `name{setting=value,..}` in order, line breaks shown as `|`.
const PARSED: &[(&str, &str, &str)] = &[
    ("", "", ""),
    ("[profile a]", "", "a{}"),
    ("[profile a]\n[profile b]", "", "a{} b{}"),
    // names
    ("[profile a-b:c/d_e%f.g@h+1]\n[profile no!]", "", "a-b:c/d_e%f.g@h+1{}"),
    ("[profile \t a \t]", "", "a{}"),
    ("[profile\ta]", "", "a{}"),
    ("[  profile  a  ]\nx = 1", "", "a{x=1}"),
    ("", "[  a  ]\nx = 1", "a{x=1}"),
    ("[profilea]\nx = 1\n[profile b]", "", "b{}"),
    ("[profile two words]\nx = 1\n[profile b]\ny = 2", "[two words]\nx = 1", "b{y=2}"),
    // properties
    ("[profile a]\nx = 1\ny=2", "", "a{x=1,y=2}"),
    ("[profile a]\r\nx = 1\r\n", "", "a{x=1}"),
    ("\u{feff}[profile a]\nx = 1", "", "a{x=1}"),
    ("[profile a]\nx = 1=2==", "", "a{x=1=2==}"),
    ("[profile a]\nx = \u{1f980}", "", "a{x=\u{1f980}}"),
    ("[profile a]\nx \t=\t 1 \t", "", "a{x=1}"),
    ("[profile a]\nx =", "", "a{x=}"),
    ("[profile a]\nXyZ = AbC", "", "a{xyz=AbC}"),
    ("[profile a]\nnot valid = 1", "", "a{}"),
    // blank lines and comments
    (" \t\n[profile a]\n\n \nx = 1\n\t\n", "", "a{x=1}"),
    ("# c\n; c\n[profile a] # c ; c\nx = 1 ; c # c", "", "a{x=1}"),
    ("[profile a]#c\n[profile b];c\nx = 1 #", "", "a{} b{x=1}"),
    ("[profile a]\nx = 1#c\ny = 2;c", "", "a{x=1#c,y=2;c}"),
    ("[profile a]\nx = 1\n  # indented\n  ; too\ny = 2", "", "a{x=1,y=2}"),
    // continuation
    ("[profile a]\nx = 1\n 2\n\t3 # not a comment ; here", "", "a{x=1|2|3 # not a comment ; here}"),
    ("[profile a]\nx = 1\n\n  2", "", "a{x=1|2}"),
    ("[profile a]\ns3 =\n x = 1\n\t\n y = 2\n z =", "", "a{s3=|x = 1|y = 2|z =}"),
    ("[profile a]\ns3 =\n not valid = 1", "", "a{s3=|not valid = 1}"),
    // merging
    ("[profile a]\nx = 1\n[profile a]\ny = 2", "", "a{x=1,y=2}"),
    ("[profile a]\nx = 1\nx = 2", "", "a{x=2}"),
    ("[profile a]\nX = 1\n[profile a]\nx = 2", "", "a{x=2}"),
    ("[profile a]\nx = 1", "[a]\ny = 2", "a{x=1,y=2}"),
    ("[profile a]\nx = 1", "[a]\nx = 2", "a{x=2}"),
    // prefixes
    ("[a]\nx = 1", "", ""),
    ("", "[profile a]\nx = 1", ""),
    ("[default]\nx = 1", "[default]\ny = 2", "default{x=1,y=2}"),
    ("[profile default]\nx = 1\n[default]\ny = 2", "", "default{x=1}"),
    (
        "[default]\ny = 2\n[profile default]\nx = 1\n[profile default]\nz = 3",
        "[default]\nk = v",
        "default{k=v,x=1,z=3}",
    ),
    // other kinds
    ("[sso-session a]\nx = 1\n[services b]\ny =\n z = 1\n[profile c]", "[sso-session a]\nx = 2", "c{}"),
    ("", "[sso-sessiona]\nx = 1", "sso-sessiona{x=1}"),
];

/// Config file, line of the error, and words of it.
const REFUSED: &[(&str, usize, &str)] = &[
    ("[profile a", 1, "end with ']'"),
    ("[profile a # ]", 1, "end with ']'"),
    ("\nx = 1", 2, "expected a profile"),
    (" x = 1", 1, "expected a profile"),
    ("[profile a]\n = 1", 2, "remove the indent"),
    ("[profile a]\n x = 1", 2, "remove the indent"),
    ("[profile a]\nx = 1\n[profile a]\n 2", 4, "remove the indent"),
    ("[profile a]\n= 1", 2, "no name"),
    ("[profile a]\nkey : value", 2, "'='"),
    ("[profile a]\nx # = 1", 2, "'='"),
    ("[profile a]\ns3 =\n x", 3, "'='"),
    ("[profile a]\ns3 =\n = 1", 3, "no name"),
    ("[profile not valid]\nx", 2, "'='"),
];

#[test]
fn parsed() {
    for (config, credentials, expected) in PARSED {
        let profiles = ProfileSet::parse(config, credentials).unwrap();
        assert_eq!(show(&profiles), *expected, "config {config:?}, credentials {credentials:?}");
    }
}

#[test]
fn refused() {
    for (text, line, words) in REFUSED {
        let error = ProfileSet::parse(text, "").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert_eq!(error.source_name(), "shared config file");
        let prefix = format!("line {line}: ");
        assert!(error.detail().starts_with(&prefix) && error.detail().contains(words), "{text:?}: {error}");
        let in_credentials = ProfileSet::parse("", text).unwrap_err();
        assert_eq!(in_credentials.source_name(), "shared credentials file");
    }
}

#[test]
fn errors_and_debug_show_no_secret() {
    let error = ProfileSet::parse("", "[default]\naws_secret_access_key : wJalrSECRET").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("wJalr"));
    let profiles = ProfileSet::parse("", "[default]\naws_secret_access_key = wJalrSECRET").unwrap();
    let shown = format!("{profiles:?}");
    assert!(shown.contains("aws_secret_access_key") && !shown.contains("wJalr"), "{shown}");
}

#[test]
fn settings_are_looked_up_without_case() {
    let config = "[default]\nRegion = eu-west-1\nempty =\ns3 =\n  Use_Dualstack_Endpoint = true # c\n  empty =\n\
                  [sso-session corp]\nsso_region = us-east-1\n[services local]\nsts =\n endpoint_url = http://[::1]:1\n";
    let profiles = ProfileSet::parse(config, "").unwrap();
    let default = profiles.get("default").unwrap();
    assert_eq!(default.get("REGION"), Some("eu-west-1"));
    assert_eq!(default.get("empty"), None);
    assert_eq!(default.get("missing"), None);
    assert_eq!(default.nested_setting("S3", "use_dualstack_endpoint"), Some("true # c"));
    assert_eq!(default.nested_setting("s3", "empty"), None);
    assert_eq!(default.nested_setting("region", "x"), None);
    assert_eq!(default.setting_names().collect::<Vec<_>>(), ["empty", "region", "s3"]);
    assert_eq!(profiles.section("sso-session", "corp").unwrap().get("sso_region"), Some("us-east-1"));
    let local = profiles.section("services", "local").unwrap();
    assert_eq!(local.nested_setting("sts", "endpoint_url"), Some("http://[::1]:1"));
    assert!(profiles.section("profile", "corp").is_none());
}

fn source_of(settings: &str) -> Result<String, (ErrorKind, String)> {
    let profiles = ProfileSet::parse(&format!("[default]\n{settings}"), "").unwrap();
    match profiles.get("default").unwrap().source() {
        Ok(source) => Ok(format!("{source:?}")),
        Err(error) => Err((error.kind(), error.detail().to_owned())),
    }
}

const KEYS: &str = "aws_access_key_id = AKID\naws_secret_access_key = wJalr\n";

#[test]
fn sources_in_order() {
    let role = "role_arn = arn:aws:iam::1:role/r\n";
    let everything_below = format!("{KEYS}credential_process = /bin/true\n");
    let sso = "sso_account_id = 1\nsso_role_name = r\n";
    for (settings, expected) in [
        (format!("{role}web_identity_token_file = /t\nsource_profile = b\n{sso}"), "WebIdentity"),
        (format!("{role}source_profile = b\n{sso}{everything_below}"), "RoleFromProfile"),
        (format!("{role}credential_source = EcsContainer\n"), "RoleFromSource"),
        (format!("{sso}login_session = l\n{everything_below}"), "Sso"),
        (format!("login_session = l\n{everything_below}"), "LoginSession"),
        (everything_below, "Process"),
        (KEYS.to_owned(), "Keys"),
        ("credential_process = /bin/true --wJalr\n".to_owned(), "Process(..)"),
        ("region = eu-west-1\nsso_session = corp\nsource_profile = b\n".to_owned(), "Nothing"),
    ] {
        let source = source_of(&settings).unwrap();
        assert!(source.starts_with(expected), "{settings}: {source}");
        assert!(!source.contains("wJalr"));
    }
}

#[test]
fn sources_that_contradict_themselves() {
    let role = "role_arn = arn:aws:iam::1:role/r\n";
    for (settings, kind, words) in [
        (format!("{role}source_profile = a\ncredential_source = b\n"), ErrorKind::Malformed, "both"),
        (format!("{role}{KEYS}"), ErrorKind::Incomplete, "source_profile"),
        ("web_identity_token_file = /t\n".to_owned(), ErrorKind::Incomplete, "role_arn"),
        ("aws_access_key_id = AKID\n".to_owned(), ErrorKind::Incomplete, "no aws_secret_access_key"),
        ("aws_secret_access_key = wJalr\n".to_owned(), ErrorKind::Incomplete, "no aws_access_key_id"),
        ("aws_access_key_id = AKID\naws_secret_access_key =\n".to_owned(), ErrorKind::Incomplete, "secret"),
        (format!("{KEYS} continued\n"), ErrorKind::Malformed, "secret access key"),
    ] {
        let (actual, detail) = source_of(&settings).unwrap_err();
        assert_eq!(actual, kind, "{settings}");
        assert!(detail.contains(words) && !detail.contains("wJalr"), "{settings}: {detail}");
    }
}

#[test]
fn keys_with_token_and_account() {
    let profiles = ProfileSet::parse(
        "[profile a]\nregion = eu-west-1\n[profile old]",
        "[a]\naws_access_key_id = AKID\naws_secret_access_key = wJalr\naws_session_token = new\n\
         aws_security_token = old\naws_account_id = 123456789012\n[old]\naws_access_key_id = A\naws_secret_access_key = s\naws_security_token = old",
    )
    .unwrap();
    let keys = profiles.get("a").unwrap().static_credentials().unwrap().unwrap();
    assert_eq!((keys.access_key_id(), keys.secret_access_key()), ("AKID", "wJalr"));
    assert_eq!((keys.session_token(), keys.account_id()), (Some("new"), Some("123456789012")));
    let old = profiles.get("old").unwrap().static_credentials().unwrap().unwrap();
    assert_eq!((old.session_token(), old.account_id()), (Some("old"), None));
}

proptest! {
    #[test]
    fn never_panics(config in lines(), credentials in lines()) {
        if let Ok(profiles) = ProfileSet::parse(&config, &credentials) {
            for profile in profiles.iter() {
                let _ = profile.source();
                for setting in profile.setting_names() {
                    let _ = profile.nested_setting(setting, "x");
                }
            }
        }
    }

    #[test]
    fn what_is_written_is_read(
        names in prop::collection::btree_set("[a-zA-Z0-9_./%@:+-]{1,12}", 1..5),
        values in prop::collection::btree_map("[a-z0-9_-]{1,12}", "[!-:<-~]([ -~]{0,20}[!-~])?", 0..6),
    ) {
        // A value with a comment in it would not be read back.
        let values: Vec<_> = values.into_iter().filter(|(_, v)| !v.starts_with('#') && !v.contains(" #") && !v.contains(" ;")).collect();
        let body: String = values.iter().map(|(name, value)| format!("{name} = {value}\n")).collect();
        let text: String = names.iter().map(|name| format!("[profile {name}]\n{body}")).collect();
        let profiles = ProfileSet::parse(&text, "").unwrap();
        prop_assert_eq!(profiles.iter().map(Profile::name).collect::<Vec<_>>(), names.iter().collect::<Vec<_>>());
        for profile in profiles.iter() {
            prop_assert_eq!(profile.setting_names().count(), values.len());
            for (name, value) in &values {
                prop_assert_eq!(profile.get(name), Some(value.as_str()));
            }
        }
    }
}

/// Text with the characters that mean something.
fn lines() -> impl Strategy<Value = String> {
    prop_oneof![
        "(\\[(profile )?[a-c ]{0,3}\\]?[#;]?\n|[ \t]?[a-c]{0,2} ?=? ?[a-c#; ]{0,4}\r?\n){0,12}",
        "[\\[\\]=#; \t\r\n\\\\a-c\u{feff}é]{0,60}",
        "\\PC{0,60}",
    ]
}

fn show(profiles: &ProfileSet) -> String {
    let profile = |profile: &Profile| {
        let properties =
            profile.properties.iter().map(|(name, value)| format!("{name}={}", value.replace('\n', "|")));
        format!("{}{{{}}}", profile.name(), properties.collect::<Vec<_>>().join(","))
    };
    profiles.iter().map(profile).collect::<Vec<_>>().join(" ")
}
