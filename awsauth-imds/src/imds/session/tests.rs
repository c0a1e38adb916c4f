use awsauth_credentials::Environment;

use super::*;
use crate::imds::settings::Overrides;

const DOCUMENT: &str = "the document";

fn settings(overrides: &Overrides) -> Settings {
    Settings::read(&Environment::from_fn(|_| None), overrides).unwrap()
}

fn named(role: &str) -> Overrides {
    Overrides { instance_profile_name: Some(role.to_owned()), ..Overrides::default() }
}

/// Runs one fetch against a script of expected requests, as `VERB path`, and the results to return.
fn fetch(
    overrides: &Overrides,
    session: &mut Session,
    now: Duration,
    script: &[(&str, SendResult)],
) -> Result<String, ImdsError> {
    let mut fetch = Fetch::new(settings(overrides), session.clone(), Goal::Credentials);
    let mut results = script.iter();
    let mut outcome = None;
    loop {
        match fetch.step(outcome.take(), now) {
            Step::Send(request) => {
                let sent = format!("{} {}", request.method(), request.uri().path());
                let (expected, given) =
                    results.next().unwrap_or_else(|| panic!("one request too many: {sent}"));
                assert_eq!(sent, *expected);
                outcome = Some(given.clone());
            }
            Step::Done((kept, result)) => {
                assert_eq!(results.next().map(|(request, _)| request), None, "{result:?}");
                *session = kept;
                return result.map(|body| String::from_utf8(body.to_vec()).unwrap());
            }
        }
    }
}

fn ok(body: &str) -> SendResult {
    Ok(http::Response::new(body.as_bytes().to_vec()))
}

fn status(code: u16) -> SendResult {
    Ok(http::Response::builder().status(code).body(b"no".to_vec()).unwrap())
}

fn failure(kind: HttpErrorKind) -> SendResult {
    Err(HttpError::new(kind, "cause"))
}

const PUT: &str = "PUT /latest/api/token";
const LIST: &str = "GET /latest/meta-data/iam/security-credentials-extended/";
const ROLE: &str = "GET /latest/meta-data/iam/security-credentials-extended/role";
const OTHER: &str = "GET /latest/meta-data/iam/security-credentials-extended/other";
const LEGACY_LIST: &str = "GET /latest/meta-data/iam/security-credentials/";
const LEGACY_ROLE: &str = "GET /latest/meta-data/iam/security-credentials/role";
const LEGACY_OTHER: &str = "GET /latest/meta-data/iam/security-credentials/other";
const START: Duration = Duration::ZERO;

fn begun(list: &str, role: &str) -> Session {
    let mut session = Session::default();
    let mut script = vec![(PUT, ok("token"))];
    if list == LEGACY_LIST {
        script.push((LIST, status(404)));
    }
    script.extend([(list, ok("role\n")), (role, ok(DOCUMENT))]);
    assert_eq!(fetch(&Overrides::default(), &mut session, START, &script), Ok(DOCUMENT.to_owned()));
    session
}

// The cases of AWS's shared tests for account IDs from IMDS, as aws-sdk-go-v2 has them, named after its profiles.

#[test]
fn case_1_and_5_the_second_fetch_goes_straight_to_the_document() {
    let mut session = begun(LIST, ROLE);
    fetch(&Overrides::default(), &mut session, START, &[(ROLE, ok(DOCUMENT))]).unwrap();
}

#[test]
fn case_2_and_6_a_given_name_is_not_looked_up() {
    let mut session = Session::default();
    fetch(&named("role"), &mut session, START, &[(PUT, ok("token")), (ROLE, ok(DOCUMENT))]).unwrap();
    fetch(&named("role"), &mut session, START, &[(ROLE, ok(DOCUMENT))]).unwrap();
}

#[test]
fn case_3_and_7_a_role_that_is_gone_is_looked_up_again() {
    let mut session = begun(LIST, ROLE);
    let script = [(ROLE, status(404)), (LIST, ok("other")), (OTHER, ok(DOCUMENT))];
    fetch(&Overrides::default(), &mut session, START, &script).unwrap();
    fetch(&Overrides::default(), &mut session, START, &[(OTHER, ok(DOCUMENT))]).unwrap();
}

#[test]
fn case_4_8_and_12_a_given_name_that_is_wrong() {
    let script = [(PUT, ok("token")), (ROLE, status(404)), (LEGACY_ROLE, status(404))];
    let error = fetch(&named("role"), &mut Session::default(), START, &script).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.detail().contains("no instance profile `role`"), "{error}");
}

#[test]
fn case_9_an_instance_without_the_extended_path() {
    let mut session = begun(LEGACY_LIST, LEGACY_ROLE);
    fetch(&Overrides::default(), &mut session, START, &[(LEGACY_ROLE, ok(DOCUMENT))]).unwrap();
}

#[test]
fn case_10_a_given_name_without_the_extended_path() {
    let mut session = Session::default();
    let script = [(PUT, ok("token")), (ROLE, status(404)), (LEGACY_ROLE, ok(DOCUMENT))];
    fetch(&named("role"), &mut session, START, &script).unwrap();
    fetch(&named("role"), &mut session, START, &[(LEGACY_ROLE, ok(DOCUMENT))]).unwrap();
}

#[test]
fn case_11_a_role_that_is_gone_without_the_extended_path() {
    let mut session = begun(LEGACY_LIST, LEGACY_ROLE);
    let script = [(LEGACY_ROLE, status(404)), (LEGACY_LIST, ok("other")), (LEGACY_OTHER, ok(DOCUMENT))];
    fetch(&Overrides::default(), &mut session, START, &script).unwrap();
}

#[test]
fn no_role_is_not_configured_and_the_extended_path_is_tried_again_later() {
    let mut session = Session::default();
    let script = [(PUT, ok("token")), (LIST, status(404)), (LEGACY_LIST, status(404))];
    let error = fetch(&Overrides::default(), &mut session, START, &script).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotConfigured);
    fetch(&Overrides::default(), &mut session, START, &[(LIST, ok("role")), (ROLE, ok(DOCUMENT))]).unwrap();
}

#[test]
fn a_server_error_of_the_extended_path_is_bridged_for_one_fetch() {
    let mut session = Session::default();
    let script =
        [(PUT, ok("token")), (LIST, status(500)), (LEGACY_LIST, ok("role")), (LEGACY_ROLE, ok(DOCUMENT))];
    fetch(&Overrides::default(), &mut session, START, &script).unwrap();
    fetch(&Overrides::default(), &mut session, START, &[(ROLE, ok(DOCUMENT))]).unwrap();
    let script = [(ROLE, status(500))];
    let error = fetch(&Overrides::default(), &mut session, START, &script).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
}

#[test]
fn a_role_that_keeps_being_gone_ends_the_fetch() {
    let mut session = begun(LIST, ROLE);
    let script = [(ROLE, status(404)), (LIST, ok("role")), (ROLE, status(404))];
    let error = fetch(&Overrides::default(), &mut session, START, &script).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotConfigured);
}

#[test]
fn the_token_is_renewed_120_s_before_its_end() {
    let mut session = begun(LIST, ROLE);
    let last = Duration::from_secs(21_600 - 121);
    fetch(&Overrides::default(), &mut session, last, &[(ROLE, ok(DOCUMENT))]).unwrap();
    let due = Duration::from_secs(21_600 - 120);
    fetch(&Overrides::default(), &mut session, due, &[(PUT, ok("new")), (ROLE, ok(DOCUMENT))]).unwrap();
    fetch(&Overrides::default(), &mut session, due * 3 / 2, &[(ROLE, ok(DOCUMENT))]).unwrap();
}

#[test]
fn a_shorter_life_that_the_service_grants_counts() {
    let granted = |seconds: &str| {
        let response = http::Response::builder().header(TOKEN_TTL, seconds).body(b"token".to_vec());
        Ok(response.unwrap())
    };
    let mut session = Session::default();
    let script = [(PUT, granted("300")), (LIST, ok("role")), (ROLE, ok(DOCUMENT))];
    fetch(&Overrides::default(), &mut session, START, &script).unwrap();
    fetch(&Overrides::default(), &mut session, Duration::from_secs(179), &[(ROLE, ok(DOCUMENT))]).unwrap();
    let script = [(PUT, granted("1")), (ROLE, ok(DOCUMENT))];
    fetch(&Overrides::default(), &mut session, Duration::from_secs(180), &script).unwrap();
}

#[test]
fn a_401_gets_a_new_token_at_once_and_only_once() {
    let mut session = begun(LIST, ROLE);
    let script = [(ROLE, status(401)), (PUT, ok("new")), (ROLE, ok(DOCUMENT))];
    fetch(&Overrides::default(), &mut session, START, &script).unwrap();
    assert_eq!(session.token.as_ref().map(|token| token.value.as_bytes()), Some(&b"new"[..]));

    let script = [(ROLE, status(401)), (PUT, ok("newer")), (ROLE, status(401))];
    let error = fetch(&Overrides::default(), &mut session, START, &script).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(!format!("{error:?} {session:?}").contains("newer"));
    fetch(&Overrides::default(), &mut session, START, &[(PUT, ok("newest")), (ROLE, ok(DOCUMENT))]).unwrap();
}

#[test]
fn each_request_has_its_attempts() {
    let two = Overrides { attempts: Some(2), ..Overrides::default() };
    let script = [
        (PUT, failure(HttpErrorKind::Broken)),
        (PUT, ok("token")),
        (LIST, failure(HttpErrorKind::TimedOut)),
        (LIST, ok("role")),
        (ROLE, status(503)),
        (ROLE, ok(DOCUMENT)),
    ];
    fetch(&two, &mut Session::default(), START, &script).unwrap();
    let script = [(PUT, failure(HttpErrorKind::Broken)), (PUT, status(500))];
    assert_eq!(fetch(&two, &mut Session::default(), START, &script).unwrap_err().kind(), ErrorKind::Refused);
    let script = [(PUT, failure(HttpErrorKind::TooLarge))];
    assert_eq!(
        fetch(&two, &mut Session::default(), START, &script).unwrap_err().kind(),
        ErrorKind::Malformed
    );
}

#[test]
fn a_hop_limit_is_told_from_a_machine_off_ec2() {
    let error = |kind| {
        fetch(&Overrides::default(), &mut Session::default(), START, &[(PUT, failure(kind))]).unwrap_err()
    };
    let hop_limit = error(HttpErrorKind::TimedOut);
    assert_eq!(hop_limit.kind(), ErrorKind::TimedOut);
    assert!(hop_limit.detail().contains("HttpPutResponseHopLimit"), "{hop_limit}");
    let off_ec2 = error(HttpErrorKind::Connect);
    assert_eq!(off_ec2.kind(), ErrorKind::Unreachable);
    assert!(
        off_ec2.detail().contains("not an EC2 instance") && !off_ec2.detail().contains("Hop"),
        "{off_ec2}"
    );
}

#[test]
fn v1_only_where_it_is_allowed_and_not_disabled() {
    let allowed = Overrides { allow_v1: true, ..Overrides::default() };
    for refused in [status(403), status(404), status(405), failure(HttpErrorKind::TimedOut)] {
        let script = [(PUT, refused.clone())];
        fetch(&Overrides::default(), &mut Session::default(), START, &script).unwrap_err();

        let script = [(PUT, refused.clone()), (LIST, ok("role")), (ROLE, ok(DOCUMENT))];
        fetch(&allowed, &mut Session::default(), START, &script).unwrap();

        let disabled = Settings { v1_disabled: true, ..settings(&allowed) };
        let mut fetch = Fetch::new(disabled, Session::default(), Goal::Credentials);
        assert!(matches!(fetch.step(None, START), Step::Send(_)));
        assert!(matches!(fetch.step(Some(refused), START), Step::Done((_, Err(_)))));
    }
    for other in [status(400), status(500), failure(HttpErrorKind::Connect), failure(HttpErrorKind::Broken)] {
        fetch(&allowed, &mut Session::default(), START, &[(PUT, other)]).unwrap_err();
    }
    let script = [(PUT, status(403)), (LIST, status(401))];
    let error = fetch(&allowed, &mut Session::default(), START, &script).unwrap_err();
    assert!(error.detail().contains("demands IMDSv2"), "{error}");
}

#[test]
fn tokens_and_role_names_that_are_none() {
    for token in ["", " \n", "a b", "a\nb", "<html>", "{}", "t\u{f6}ken"] {
        let error =
            fetch(&Overrides::default(), &mut Session::default(), START, &[(PUT, ok(token))]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{token}");
    }
    for role in ["", "\nrole", "<html>", "../../user-data", "..", "a/b", "r\u{f6}le"] {
        let script = [(PUT, ok("token")), (LIST, ok(role))];
        let error = fetch(&Overrides::default(), &mut Session::default(), START, &script).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{role}");
    }
}

#[test]
fn requests_carry_the_ttl_or_the_token() {
    let mut fetch =
        Fetch::new(settings(&Overrides::default()), Session::default(), Goal::Path("/x".to_owned()));
    let Step::Send(put) = fetch.step(None, START) else { panic!() };
    assert_eq!(put.uri(), "http://169.254.169.254/latest/api/token");
    assert_eq!(put.headers()["x-aws-ec2-metadata-token-ttl-seconds"], "21600");
    assert_eq!(put.headers().get("x-aws-ec2-metadata-token"), None);
    let Step::Send(get) = fetch.step(Some(ok("token")), START) else { panic!() };
    assert_eq!(get.uri(), "http://169.254.169.254/x");
    assert_eq!(get.headers()["x-aws-ec2-metadata-token"], "token");
    assert_eq!(get.headers().get("x-aws-ec2-metadata-token-ttl-seconds"), None);
    assert!(!format!("{get:?} {fetch:?}").contains("\"token\""), "{fetch:?}");
}

proptest::proptest! {
    /// Whatever the other side says, a fetch ends, and soon.
    #[test]
    fn any_conversation_ends(results in proptest::collection::vec((0_u8..8, "[a-z<]{0,4}"), 60), v1: bool, attempts in 0_u32..4) {
        let overrides = Overrides { allow_v1: v1, attempts: Some(attempts), ..Overrides::default() };
        let mut fetch = Fetch::new(settings(&overrides), Session::default(), Goal::Credentials);
        let mut outcome = None;
        let mut sent = 0;
        for (kind, body) in results {
            match fetch.step(outcome.take(), START) {
                Step::Done(_) => return Ok(()),
                Step::Send(_) => sent += 1,
            }
            outcome = Some(match kind {
                0 => status(401),
                1 => status(404),
                2 => status(403),
                3 => status(500),
                4 => failure(HttpErrorKind::TimedOut),
                5 => failure(HttpErrorKind::Connect),
                _ => ok(&body),
            });
        }
        proptest::prop_assert!(false, "{} requests and no end", sent);
    }
}
