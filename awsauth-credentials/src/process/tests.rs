//! The commands are for a POSIX shell.
#![cfg(unix)]

use std::process::Stdio;

use super::*;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn printing(json: &str) -> ProcessProvider {
    ProcessProvider::new(format!("printf '%s' '{json}'"))
}

fn parse(output: &[u8]) -> Result<Credentials, CredentialsError> {
    match document::parse(output, "p") {
        Document::Whole(result) => result,
        Document::Truncated(error) => Err(error),
    }
}

fn failing(command: &str) -> CredentialsError {
    let error = ProcessProvider::new(command).source_name("p").provide_blocking().unwrap_err();
    assert_eq!(error.source_name(), "p");
    assert!(!error.to_string().contains("wJalr"), "{error}");
    error
}

#[test]
fn a_full_document() {
    let json = format!(
        r#"{{"Version": 1, "AccessKeyId": "AKID", "SecretAccessKey": "{SECRET}", "SessionToken": "token/+=",
            "Expiration": "2030-01-01T00:00:00+00:00", "AccountId": "123456789012", "More": [1, {{}}]}}"#
    );
    let credentials = printing(&json).provide_blocking().unwrap();
    assert_eq!((credentials.access_key_id(), credentials.secret_access_key()), ("AKID", SECRET));
    assert_eq!(credentials.session_token(), Some("token/+="));
    assert_eq!(credentials.account_id(), Some("123456789012"));
    assert_eq!(credentials.expires_at(), crate::parse_expiration("2030-01-01T00:00:00Z"));
}

#[test]
fn a_bare_document_with_names_in_any_case() {
    let json = r#"{"version": 1, "accesskeyid": "AKID", "SECRETACCESSKEY": "s", "SessionToken": "", "Expiration": null}"#;
    let credentials = printing(json).provide_blocking().unwrap();
    assert_eq!((credentials.access_key_id(), credentials.secret_access_key()), ("AKID", "s"));
    assert_eq!((credentials.session_token(), credentials.expires_at()), (None, None));
}

#[test]
fn documents_that_are_none() {
    let keys = r#""AccessKeyId": "AKID", "SecretAccessKey": "wJalr""#;
    for (json, kind, words) in [
        (String::new(), ErrorKind::Malformed, "not a JSON object"),
        ("<html>wJalr</html>".to_owned(), ErrorKind::Malformed, "not a JSON object"),
        (format!(r#"{{"Version": 1, {keys}"#), ErrorKind::Malformed, "line 1"),
        (format!(r#"{{"Version": 1, {keys}}} {{}}"#), ErrorKind::Malformed, "line 1"),
        ("[1]".to_owned(), ErrorKind::Malformed, "not a JSON object"),
        (format!("{{{keys}}}"), ErrorKind::Malformed, "Version"),
        (format!(r#"{{"Version": 2, {keys}}}"#), ErrorKind::Unsupported, "Version"),
        (format!(r#"{{"Version": "1", {keys}}}"#), ErrorKind::Unsupported, "Version"),
        (r#"{"Version": 1, "AccessKeyId": "AKID"}"#.to_owned(), ErrorKind::Incomplete, "SecretAccessKey"),
        (r#"{"Version": 1, "SecretAccessKey": "wJalr"}"#.to_owned(), ErrorKind::Incomplete, "AccessKeyId"),
        (
            r#"{"Version": 1, "AccessKeyId": 7, "SecretAccessKey": "wJalr"}"#.to_owned(),
            ErrorKind::Malformed,
            "AccessKeyId",
        ),
        (format!(r#"{{"Version": 1, {keys}, "Expiration": "wJalr"}}"#), ErrorKind::Malformed, "Expiration"),
        (
            format!(r#"{{"Version": 1, {keys}, "Expiration": 1893456000}}"#),
            ErrorKind::Malformed,
            "Expiration",
        ),
        (
            format!(r#"{{"Version": 1, {keys}, "SessionToken": "wJalr\r\nwJalr"}}"#),
            ErrorKind::Malformed,
            "session token",
        ),
    ] {
        let error = printing(&json).provide_blocking().unwrap_err();
        assert_eq!(error.kind(), kind, "{json}: {error}");
        assert!(error.detail().contains(words) && !error.to_string().contains("wJalr"), "{json}: {error}");
    }
    assert!(parse(&[b'['; 60_000]).is_err(), "deep nesting is refused");
    assert!(parse(b"\xff{}").is_err());
}

#[test]
fn a_failure_tells_what_the_command_said() {
    let error = failing("printf 'token\\033[31m has\\n\\n expired' >&2; exit 3");
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.detail().contains('3'), "{error}");
    assert!(error.detail().ends_with("it said: token [31m has expired"), "{error}");

    let long = failing("yes no | head -c 1000000 >&2; exit 1");
    assert!(long.detail().len() < 700, "{}", long.detail().len());
    assert_eq!(failing("exit 1").kind(), ErrorKind::Refused);
    assert_eq!(failing("/no/such/command").kind(), ErrorKind::Refused);
    assert_eq!(failing("kill -9 $$").kind(), ErrorKind::Refused);
}

#[test]
fn output_is_bounded() {
    let error = failing("yes");
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(error.detail().contains("64 KiB"), "{error}");
    // As much as is allowed, most of it blank.
    let padded = ProcessProvider::new(
        r#"printf '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s"}'; printf '%65000s' ''"#,
    );
    assert_eq!(padded.provide_blocking().unwrap().access_key_id(), "A");
}

#[test]
fn time_is_bounded() {
    for command in ["sleep 600", "exec 1>&-; sleep 600", "echo waiting for you >&2; exec sleep 600"] {
        let started = Instant::now();
        let provider = ProcessProvider::new(command).time_limit(Duration::from_millis(200));
        let error = provider.provide_blocking().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut, "{command}: {error}");
        assert_eq!(error.detail().contains("waiting for you"), command.contains("echo"), "{error}");
        assert!(started.elapsed() < Duration::from_secs(300), "{command}");
    }
}

#[test]
fn what_is_left_running_is_not_waited_for() {
    const DOCUMENT: &str = r#"echo '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s"}'"#;
    const KEYS: Option<&str> = Some("A");
    // The sleepers hold the output and standard error open.
    for (command, expected, words) in [
        (format!("sleep 20 >/dev/null & {DOCUMENT}"), KEYS, ""),
        (format!("sleep 20 & {DOCUMENT}"), KEYS, ""),
        (format!("(sleep 20 | cat) & {DOCUMENT}; echo warning >&2"), KEYS, ""),
        (format!("{DOCUMENT}; sleep 20 & true"), KEYS, ""),
        // The document comes from what is left running.
        (format!("(sleep 0.3; {DOCUMENT}; sleep 20) & true"), KEYS, ""),
        (format!("({DOCUMENT} | sed s/,/,,,/2 | sed s/,,,/,/; sleep 20) & true"), KEYS, ""),
        // What is whole and wrong is said at once, as is a failure.
        ("sleep 20 & echo '{\"Version\":2}'".to_owned(), None, "Version is not 1"),
        ("sleep 20 & echo '<html>'".to_owned(), None, "not a JSON object"),
        (format!("sleep 20 & {DOCUMENT}; echo 'log in' >&2; exit 3"), None, "it said: log in"),
    ] {
        let started = Instant::now();
        match (ProcessProvider::new(command.as_str()).provide_blocking(), expected) {
            (Ok(credentials), Some(expected)) => assert_eq!(credentials.access_key_id(), expected),
            (Err(error), None) => assert!(error.detail().contains(words), "{command}: {error}"),
            (result, _) => panic!("{command}: {result:?}"),
        }
        assert!(started.elapsed() < Duration::from_secs(15), "{command}");
    }
    // Half a document is waited for.
    let half = r#"sleep 600 & printf '{"Version":1,"AccessKeyId":"A",'"#;
    let provider = ProcessProvider::new(half).time_limit(Duration::from_millis(300));
    assert_eq!(provider.provide_blocking().unwrap_err().kind(), ErrorKind::TimedOut);
}

#[tokio::test]
async fn async_callers_do_not_block_and_a_dropped_future_kills() {
    let marker = std::env::temp_dir().join(format!("awsauth-credentials-killed-{}", std::process::id()));
    let _ = std::fs::remove_file(&marker);
    let command = format!("echo $$ > '{}'; exec sleep 600", marker.display());
    // Not its own limit is to end it.
    let provider = ProcessProvider::new(command).time_limit(Duration::from_secs(600));
    let mut future = provider.provide();
    let pid = loop {
        tokio::select! {
            biased;
            _ = &mut future => panic!("it sleeps"),
            () = tokio::time::sleep(Duration::from_millis(10)) => {}
        }
        match std::fs::read_to_string(&marker) {
            Ok(pid) if pid.ends_with('\n') => break pid.trim().to_owned(),
            _ => {}
        }
    };
    drop(future);
    let is_running = || {
        let check = Command::new("sh").arg("-c").arg(format!("kill -0 {pid}")).stderr(Stdio::null()).status();
        check.unwrap().success()
    };
    let deadline = Instant::now() + Duration::from_secs(60);
    while is_running() {
        assert!(Instant::now() < deadline, "the command outlives its caller");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let _ = std::fs::remove_file(&marker);

    let json = r#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s"}"#;
    assert_eq!(printing(json).provide().await.unwrap().access_key_id(), "A");
}

#[test]
fn debug_shows_no_command() {
    let shown = format!("{:?}", ProcessProvider::new("tool --password wJalr"));
    assert!(shown.contains("time_limit") && !shown.contains("wJalr"), "{shown}");
}

proptest::proptest! {
    #[test]
    fn documents_never_panic_and_errors_never_quote(
        members in proptest::collection::vec(
            ("Version|AccessKeyId|SecretAccessKey|SessionToken|Expiration|AccountId|x", "1|2|null|\"\"|\"wJalr\"|\"wJ\\\\u0000\"|\\[\\{\\}\\]|2e9|tru"),
            0..7,
        ),
        cut in 0_usize..200,
    ) {
        let members: Vec<_> = members.into_iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        let document = format!("{{{}}}", members.join(","));
        let cut = document.get(..cut).unwrap_or(&document);
        for text in [document.as_str(), cut] {
            if let Err(error) = parse(text.as_bytes()) {
                proptest::prop_assert!(!format!("{error} {error:?}").contains("wJ"), "{}", error);
            }
        }
    }

    #[test]
    fn any_bytes_never_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..100)) {
        let _ = document::parse(&bytes, "p");
    }
}
