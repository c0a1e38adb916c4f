//! `Imds` over both drivers against a fake service on loopback.

#![allow(clippy::unwrap_used, reason = "a test")]

mod support;

use core::time::Duration;
use std::time::Instant;

use awsauth_credentials::{CachedProvider, Environment, ErrorKind, ProvideCredentials, parse_expiration};
use awsauth_imds::Imds;
use support::fake_imds::FakeImds;
use support::{Reply, assert_tells_no_secret, document, provide, with_each_driver};

const PUT: &str = "PUT /latest/api/token";
const LIST: &str = "GET /latest/meta-data/iam/security-credentials-extended/";
const DOCUMENT: &str = "GET /latest/meta-data/iam/security-credentials-extended/demo";

#[test]
fn one_put_and_two_gets_bring_credentials() {
    let fake = FakeImds::start();
    for result in with_each_driver(|| fake.imds()) {
        let credentials = result.unwrap();
        assert_eq!(credentials.access_key_id(), "ASIAFIRST");
        assert_eq!(credentials.secret_access_key(), support::SECRET);
        assert_eq!(credentials.session_token(), Some(support::SESSION_TOKEN));
        assert_eq!(credentials.account_id(), Some("123456789012"));
        assert_eq!(credentials.expires_at(), parse_expiration("2030-01-01T00:00:00Z"));
    }
    for requests in fake.server.take_lines().chunks(3) {
        assert_eq!(requests, [PUT, LIST, DOCUMENT]);
    }
}

#[test]
fn token_and_role_are_kept_between_fetches_and_clones() {
    let fake = FakeImds::start();
    let imds = fake.imds();
    provide(&imds).unwrap();
    fake.server.take_lines();
    provide(&imds.clone()).unwrap();
    assert_eq!(fake.server.take_lines(), [DOCUMENT]);
}

#[test]
fn a_revoked_token_is_replaced_at_once() {
    let fake = FakeImds::start();
    let imds = fake.imds();
    provide(&imds).unwrap();
    fake.server.take_lines();
    fake.revoke_tokens();
    provide(&imds).unwrap();
    assert_eq!(fake.server.take_lines(), [DOCUMENT, PUT, DOCUMENT]);
    provide(&imds).unwrap();
    assert_eq!(fake.server.take_lines(), [DOCUMENT]);
}

#[test]
fn expired_credentials_are_handed_on() {
    let fake = FakeImds::start();
    fake.hand_out("ASIAEXPIRED", "2001-01-01T00:00:00Z");
    for result in with_each_driver(|| fake.imds()) {
        let credentials = result.unwrap();
        assert_eq!(credentials.access_key_id(), "ASIAEXPIRED");
        assert_eq!(credentials.expires_at(), parse_expiration("2001-01-01T00:00:00Z"));
    }
}

#[test]
fn disabled_means_that_no_request_is_sent() {
    let fake = FakeImds::start();
    let url = fake.server.url();
    let disabled = || {
        Imds::new(Environment::from_vars([
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", url.as_str()),
        ]))
    };
    for result in with_each_driver(disabled) {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::NotConfigured);
    }
    for result in with_each_driver(|| disabled().endpoint(url.as_str())) {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::NotConfigured);
    }
    assert_eq!(fake.server.connections(), 0);
    // The same environment but for the switch does reach the service.
    let enabled = || Imds::new(Environment::from_vars([("AWS_EC2_METADATA_SERVICE_ENDPOINT", url.as_str())]));
    assert!(with_each_driver(enabled).iter().all(Result::is_ok));
    assert!(fake.server.connections() > 0);
}

#[test]
fn refusals_are_named() {
    for (request, status, word) in [
        (PUT, 400, "HTTP 400"),
        (PUT, 403, "turned off for this instance"),
        (PUT, 404, "no IMDSv2 token"),
        (PUT, 405, "no IMDSv2 token"),
        (PUT, 500, "HTTP 500"),
        (DOCUMENT, 401, "the token it has just given"),
        (DOCUMENT, 403, "HTTP 403"),
        (DOCUMENT, 500, "HTTP 500"),
    ] {
        for (index, result) in with_each_driver(|| {
            let fake = FakeImds::start();
            provide(&fake.imds()).unwrap();
            fake.fault(request, Reply::status(status));
            fake.imds()
        })
        .into_iter()
        .enumerate()
        {
            let error = result.err().filter(|error| error.detail().contains(word));
            let error = error.unwrap_or_else(|| panic!("{request} {status} driver {index}"));
            assert_eq!((error.kind(), error.source_name()), (ErrorKind::Refused, "EC2 instance metadata"));
        }
    }
}

#[test]
fn broken_documents_are_typed_errors_without_the_secret() {
    let whole = document("ASIAFIRST", "2030-01-01T00:00:00Z");
    for (body, kind) in [
        ("<html><body>Please sign in</body></html>".to_owned(), ErrorKind::Malformed),
        (whole[..whole.len() / 2].to_owned(), ErrorKind::Malformed),
        (whole.replace("Success", "Failed"), ErrorKind::Refused),
        (whole.replace("\"Token\"", "\"Tok\""), ErrorKind::Malformed),
        (whole.replace("2030-01-01T00:00:00Z", "+292278994-08-17T07:12:55Z"), ErrorKind::Malformed),
        (format!("{whole}{}", " ".repeat(64 * 1024)), ErrorKind::Malformed),
        (String::new(), ErrorKind::Malformed),
    ] {
        let fake = FakeImds::start();
        fake.fault(DOCUMENT, Reply::ok(body.as_str()));
        for result in with_each_driver(|| fake.imds()) {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), kind, "{error}");
            assert_tells_no_secret(&error);
        }
    }
}

#[test]
fn a_body_without_end_is_cut_off() {
    let fake = FakeImds::start();
    let mut endless = b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n".to_vec();
    endless.resize(endless.len() + 1024 * 1024, b' ');
    fake.fault(DOCUMENT, Reply::Raw(endless));
    for result in with_each_driver(|| fake.imds().timeout(Duration::from_secs(20))) {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert!(error.detail().contains("64 KiB"), "{error}");
    }
}

#[test]
fn connections_that_break() {
    for reply in
        [Reply::Reset, Reply::Raw(b"SSH-2.0-OpenSSH\r\n".to_vec()), Reply::Raw(b"HTTP/1.1 200".to_vec())]
    {
        let fake = FakeImds::start();
        fake.fault(PUT, reply);
        for result in with_each_driver(|| fake.imds()) {
            assert_eq!(result.unwrap_err().kind(), ErrorKind::Unreachable);
        }
    }
}

#[test]
fn attempts_outlast_a_broken_connection() {
    let flaky = std::sync::Mutex::new(0);
    let server = support::Server::start(move |request| {
        let mut count = flaky.lock().unwrap();
        *count += 1;
        match (*count % 2, request.method.as_str()) {
            (1, _) => Reply::Reset,
            (_, "PUT") => Reply::ok("token"),
            _ if request.target.ends_with('/') => Reply::ok("demo"),
            _ => Reply::ok(document("ASIAFLAKY", "2030-01-01T00:00:00Z")),
        }
    });
    let imds = || Imds::new(Environment::from_fn(|_| None)).endpoint(server.url()).attempts(2);
    for result in with_each_driver(imds) {
        assert_eq!(result.unwrap().access_key_id(), "ASIAFLAKY");
    }
}

/// A response that never comes is what a hop limit of 1 looks like from a container.
#[test]
fn silence_after_connecting_is_a_hop_limit_and_ends_in_time() {
    let fake = FakeImds::start();
    fake.fault(PUT, Reply::Hang);
    let start = Instant::now();
    let results = with_each_driver(|| fake.imds());
    // A second each; the slack is for a busy machine.
    assert!(start.elapsed() < Duration::from_secs(6));
    for result in results {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        assert!(error.detail().contains("hop limit of 1"), "{error}");
    }
    assert!(fake.server.take_lines().iter().all(|line| line == PUT));
}

#[test]
fn a_late_response_within_the_timeout_is_taken() {
    let fake = FakeImds::start();
    fake.fault(PUT, Reply::Late(Duration::from_millis(100), Box::new(Reply::ok("token-1"))));
    for result in with_each_driver(|| fake.imds().timeout(Duration::from_secs(20))) {
        result.unwrap();
    }
}

#[test]
fn nobody_listening_is_not_on_ec2() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for result in
        with_each_driver(|| Imds::new(Environment::from_fn(|_| None)).endpoint(format!("http://{closed}")))
    {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreachable);
        assert!(error.detail().contains("not an EC2 instance"), "{error}");
    }
}

/// A queue that is full drops what comes, as the network does with packets to nowhere.
#[cfg(target_os = "linux")]
#[test]
fn no_reply_to_connecting_is_not_on_ec2_and_ends_in_time() {
    let listener = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    listener.bind(&core::net::SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    listener.listen(0).unwrap();
    let address = listener.local_addr().unwrap().as_socket().unwrap();
    let mut queued = Vec::new();
    while let Ok(stream) = std::net::TcpStream::connect_timeout(&address, Duration::from_millis(300)) {
        queued.push(stream);
    }
    let start = Instant::now();
    let results =
        with_each_driver(|| Imds::new(Environment::from_fn(|_| None)).endpoint(format!("http://{address}")));
    assert!(start.elapsed() < Duration::from_secs(6));
    for result in results {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreachable);
        assert!(error.detail().contains("not an EC2 instance"), "{error}");
    }
}

#[test]
fn other_metadata_by_the_same_token() {
    let fake = FakeImds::start();
    let imds = fake.imds();
    #[cfg(feature = "async")]
    support::runtime().block_on(async {
        assert_eq!(imds.region().await.unwrap(), "eu-central-1");
        assert_eq!(imds.instance_identity().await.unwrap().instance_id(), "i-1234567890abcdef0");
        let error = imds.get("/latest/user-data").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused);
        imds.provide().await.unwrap();
    });
    #[cfg(feature = "blocking")]
    {
        assert_eq!(imds.region_blocking().unwrap(), "eu-central-1");
        assert_eq!(imds.instance_identity_blocking().unwrap().account_id(), "123456789012");
        assert_eq!(imds.get_blocking("/latest/user-data").unwrap_err().kind(), ErrorKind::Refused);
        imds.provide_blocking().unwrap();
    }
    let puts = fake.server.take_lines().iter().filter(|line| *line == PUT).count();
    assert_eq!(puts, 1);
    for path in ["user-data", "@127.0.0.1:1/", "/a b", "/\r\n", ""] {
        #[cfg(feature = "async")]
        assert_eq!(support::runtime().block_on(imds.get(path)).unwrap_err().kind(), ErrorKind::Malformed);
        #[cfg(feature = "blocking")]
        assert_eq!(imds.get_blocking(path).unwrap_err().kind(), ErrorKind::Malformed);
    }
}

#[cfg(not(feature = "blocking"))]
#[test]
fn a_blocking_call_without_its_driver_names_the_feature() {
    let fake = FakeImds::start();
    let error = fake.imds().provide_blocking().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.detail().contains("feature `blocking`"), "{error}");
    assert_eq!(fake.server.connections(), 0);
}

#[cfg(not(feature = "async"))]
#[test]
fn an_async_call_without_its_driver_names_the_feature() {
    let fake = FakeImds::start();
    let error = support::runtime().block_on(fake.imds().provide()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.detail().contains("feature `async`"), "{error}");
    assert_eq!(fake.server.connections(), 0);
}

#[test]
fn a_cache_around_it_fetches_once() {
    let fake = FakeImds::start();
    let cached = CachedProvider::new(fake.imds());
    let first = provide(&cached).unwrap();
    assert!(provide(&cached).unwrap().same_as(&first));
    assert_eq!(fake.server.take_lines(), [PUT, LIST, DOCUMENT]);
}
