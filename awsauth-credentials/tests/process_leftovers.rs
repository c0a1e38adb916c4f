//! Nothing of a `credential_process` outlives its end: no process, no thread, no file descriptor. One test alone in its
//! process, which counts its own.
#![cfg(all(feature = "process", target_os = "linux"))]
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used)]

use core::time::Duration;
use std::time::Instant;

use awsauth_credentials::{ErrorKind, ProcessProvider, ProvideCredentials};

/// Commands that do not end, most of them more than one process under dash.
const ENDLESS: &[&str] = &[
    "sleep 600",
    "exec sleep 600",
    "sleep 600; true",
    "sleep 600 | cat",
    "sleep 600 | cat | cat",
    "sleep 600 | sleep 600 | sleep 600",
    "cat | cat </dev/null; sleep 600 | cat",
    "(sleep 600)",
    "(sleep 600; true) | cat",
    "{ sleep 600; true; } 2>&1 | while read -r line; do echo \"$line\"; done",
    "sleep 600 & sleep 600 & wait",
    "sh -c 'sleep 600 | cat'",
    "sh -c 'sh -c \"sleep 600; true\"; true' | cat",
    "while :; do sleep 0.05; done",
    "while :; do sleep 0.05; done | cat",
    "echo \"$(sleep 600)\"",
    "trap '' HUP INT TERM; sleep 600 | cat",
    "trap 'sleep 600' EXIT; sleep 600 | cat",
    "nohup sleep 600 | cat",
    "exec 1>&-; sleep 600 | cat >&2",
    "exec 2>&-; sleep 600 | cat",
    "exec 1>&- 2>&-; sleep 600 | cat",
    "sleep 600 & printf '{\"Version\":1,'",
    "(sleep 600 | cat) & exit 0",
    "echo waiting >&2; sleep 600 | cat",
    // In a process group of its own.
    "timeout 600 sleep 600 | cat",
    "sleep 600 | timeout 600 cat",
];

/// Commands that print without end.
const ENDLESS_OUTPUT: &[&str] =
    &["yes", "yes | cat", "yes | sh -c 'cat; true' | cat", "yes & wait", "yes | timeout 600 cat"];

#[test]
fn nothing_is_left() {
    // Long-lived threads of the runtime and the test's own are there before.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let marker = format!("AWSAUTH_TEST_{}", std::process::id());
    let marked = |command: &str| ProcessProvider::new(format!("export {marker}=1; {command}"));
    let before = (count("task"), count("fd"));
    let check = |what: &str| {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let left = (count("task"), count("fd"), processes(&marker));
            if left == (before.0, before.1, Vec::new()) {
                return;
            }
            // What was killed may take a moment to go.
            assert!(
                Instant::now() < deadline,
                "{what}: threads, descriptors, processes: {before:?}, then {left:?}"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    };

    for command in ENDLESS {
        let provider = marked(command).time_limit(Duration::from_millis(150));
        let error = provider.provide_blocking().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut, "{command}: {error}");
        check(command);

        let provider = marked(command);
        runtime.block_on(async {
            tokio::select! {
                biased;
                result = provider.provide() => panic!("{command}: {result:?}"),
                () = async {
                    // Under way, and seen by this test.
                    while processes(&marker).is_empty() {
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                } => {}
            }
        });
        check(&format!("{command}, dropped"));
    }
    for command in ENDLESS_OUTPUT {
        let error = marked(command).provide_blocking().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{command}: {error}");
        check(command);
    }
    // Whatever it is that was left running, nobody listens to it any more.
    for command in ["echo '{\"Version\":2}'; sleep 1 & true", "sleep 1 & exit 1"] {
        marked(command).provide_blocking().unwrap_err();
        assert_eq!((count("task"), count("fd")), before, "{command}");
        check(command);
    }
}

fn count(what: &str) -> usize {
    // The directory that is read is one of the descriptors, each time.
    std::fs::read_dir(format!("/proc/self/{what}")).unwrap().count()
}

/// The processes that have the marker in their command or environment.
fn processes(marker: &str) -> Vec<String> {
    let this = std::process::id().to_string();
    let ids =
        std::fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let is_marked = |id: &String| {
        id.bytes().all(|byte| byte.is_ascii_digit()) && *id != this && {
            let read = |file| std::fs::read(format!("/proc/{id}/{file}")).unwrap_or_default();
            [read("cmdline"), read("environ")]
                .iter()
                .any(|text| String::from_utf8_lossy(text).contains(marker))
        }
    };
    ids.filter(is_marked).collect()
}
