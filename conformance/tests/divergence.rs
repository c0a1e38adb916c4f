//! The right answer to each question on which well-known signers disagree is what both the core and the naive reference
//! give.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use awsauth_conformance::divergence::{Right, cases};
use awsauth_conformance::reference::sign_case;

#[test]
fn the_core_is_right() {
    for case in cases().unwrap() {
        let signed = case.signed_text();
        assert!(case.right.agrees(&signed), "{}: {}\n{signed:?}\n{:?}", case.id, case.why, case.right);
    }
}

#[test]
fn the_reference_is_right() {
    for case in cases().unwrap() {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let signed = sign_case(&case.as_vector())
            .map(|answer| text(answer.canonical_request.or(answer.string_to_sign).unwrap()))
            .map_err(|refusal| format!("{refusal:?}"));
        assert!(case.right.agrees(&signed), "{}: {}\n{signed:?}\n{:?}", case.id, case.why, case.right);
    }
}

#[test]
fn cases_are_distinct_and_say_why() {
    let cases = cases().unwrap();
    let ids: BTreeSet<_> = cases.iter().map(|case| &case.id).collect();
    assert_eq!(ids.len(), cases.len());
    assert!(cases.len() >= 40, "{}", cases.len());
    for case in &cases {
        assert!(case.asks.ends_with('?') && case.why.ends_with('.'), "{}", case.id);
    }
}

/// Each kind of answer can be wrong.
#[test]
fn a_wrong_answer_does_not_agree() {
    let signed = Ok("GET\n/a\nb=\nhost:h\nx:1\n\nhost;x\nhash".to_owned());
    let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    for (right, wrong) in [
        (Right::Headers(lines(&["host:h", "x:1"])), Right::Headers(lines(&["x:1", "host:h"]))),
        (Right::Path("/a".into()), Right::Path("/b".into())),
        (Right::Query("b=".into()), Right::Query("b".into())),
        (Right::Unsigned("y".into()), Right::Unsigned("x".into())),
    ] {
        assert!(right.agrees(&signed) && !wrong.agrees(&signed), "{right:?}");
    }
    assert!(!Right::Refused("MalformedHost".into()).agrees(&signed));
    assert!(!Right::Path("/a".into()).agrees(&Err("MalformedHost".into())));
}
